// The acts that a phone offers, as data: their words, and the fields of their form. Which of them someone may do now is the
// server's answer (`acts` of the ticket); what is missing here is done at the desk.
// `quick`: answers that one tap sends, or fills in.
// A field: { name, kind: text | pick | switch | choice | photos, label, hint, required, options }.

const note = (label, hint, required) => ({ name: 'note', kind: 'text', label: label, hint: hint, required: Boolean(required) });
const words = (name, label, hint) => ({ name: name, kind: 'text', label: label, hint: hint, required: true });
const unit = { name: 'unit_id', kind: 'pick', label: '单位', options: 'units', required: true };
const photos = (label) => ({ name: 'photos', kind: 'photos', label: label });
const days = Array.from({ length: 10 }, (_, n) => ({ code: n + 1, name: n + 1 + ' 个工作日' })); // rule 14
const reviews = [7, 14, 30, 60].map((n) => ({ code: n, name: n + ' 天后' }));

const said = (...texts) => texts.map((text) => ({ name: text, filled: { text: text } }));

const DONE_AT_ONCE = []; // no form: one tap

/** @type {Record<string, { name: string, by: string, fields: any[], quick?: { name: string, filled: any }[], warn?: string }>} */
const ACTS = {
  take: { name: '签收', by: 'staff', fields: DONE_AT_ONCE },
  'on-my-way': { name: '我已出发', by: 'staff', fields: DONE_AT_ONCE },
  arrived: { name: '已到现场', by: 'staff', fields: [note('现场情况', '可不填'), photos('现场照片')] },
  contact: {
    name: '已与居民联系',
    by: 'staff',
    fields: [note('说了什么', '例如：已电话说明，今天下午上门', true)],
    quick: [
      { name: '电话已接通，已说明怎么处理', filled: { note: '电话已接通，已说明怎么处理' } },
      { name: '已当面沟通，居民知道了', filled: { note: '已当面沟通，居民知道了' } },
    ],
  },
  'unit-feedback': { name: '初步反馈', by: 'staff', fields: [words('text', '告诉居民', '打算怎么办，什么时候办好')] },
  progress: {
    name: '填写进展',
    by: 'staff',
    fields: [
      words('text', '进展', '做到哪一步了'),
      photos('照片'),
      { name: 'public', kind: 'switch', label: '居民可以看到', on: true },
    ],
  },
  resolve: {
    name: '办结',
    by: 'staff',
    fields: [
      words('note', '怎么办好的', '例如：已更换灯泡，现场试亮正常'),
      photos('办好后的照片（公共设施必须有）'),
      { name: 'feedback', kind: 'text', label: '给居民的话', hint: '没有做过初步反馈的，请在这里告诉居民' },
    ],
  },
  'ask-extension': {
    name: '申请延期',
    by: 'staff',
    fields: [{ name: 'working_days', kind: 'pick', label: '延期', options: days, required: true }, words('reason', '原因', '为什么来不及')],
  },
  'add-assisting': { name: '请单位协办', by: 'staff', fields: [unit, note('请他们做什么', '例如：请协助疏通主管道', true)] },
  'finish-assisting': { name: '协办完成', by: 'staff', fields: [note('做了什么', '例如：主管道已疏通', true)] },
  'waive-assisting': {
    name: '免除协办',
    by: 'staff',
    fields: [{ name: 'unit_id', kind: 'pick', label: '单位', options: 'assisting', required: true }, note('原因', '为什么不再需要', true)],
  },
  wait: { name: '请居民补充', by: 'staff', fields: [words('question', '想问居民什么', '例如：请问是几楼的灯不亮')] },
  resume: { name: '恢复办理', by: 'staff', fields: [note('原因', '例如：居民已补充', true)] },
  suspend: {
    name: '挂账',
    by: 'staff',
    fields: [words('reason', '原因', '为什么现在办不了'), { name: 'review_days', kind: 'pick', label: '复核', options: reviews, required: true }],
    warn: '挂账后办理时限暂停，到复核日期会再提醒',
  },
  return: {
    name: '退单',
    by: 'staff',
    fields: [{ name: 'reason', kind: 'pick', label: '原因', options: 'return_reasons', required: true }, note('说明', '应由哪个单位办')],
    warn: '退回后由工作站重新派单；最多退两次',
  },
  transfer: { name: '转办', by: 'staff', fields: [unit, note('原因', '为什么由他们办', true)] },
  verify: {
    name: '核查',
    by: 'staff',
    fields: [{ name: 'ok', kind: 'choice', label: '现场看到', yes: '已经办好', no: '没有办好' }, note('说明', '可不填'), photos('现场照片')],
  },
  'answer-supervision': {
    name: '答复督办',
    by: 'staff',
    fields: [words('text', '答复', '打算怎么办，什么时候办好')],
    quick: said('收到，今天办结', '收到，两个工作日内办结', '已安排人员到现场'),
  },
  comment: {
    name: '留言',
    by: 'staff',
    fields: [words('text', '留言', ''), photos('照片'), { name: 'public', kind: 'switch', label: '发给居民', on: true }],
  },
  supervise: {
    name: '督办',
    by: 'desk',
    fields: [words('text', '督办要求', '要求什么，什么时候前答复')],
    quick: said('请今天内到现场并答复', '请说明超期原因和办结时间', '请单位负责人亲自办理'),
  },
  'decide-extension': {
    name: '审批延期',
    by: 'desk',
    fields: [{ name: 'approved', kind: 'choice', label: '延期申请', yes: '同意', no: '不同意' }, note('说明', '不同意时请写原因')],
    quick: [{ name: '同意延期', filled: { approved: true } }],
  },
  'assign-finally': { name: '签派', by: 'desk', fields: [unit, note('原因', '为什么由他们办', true)], warn: '签派后不能再退单' },
  dispatch: { name: '派单', by: 'desk', fields: [unit, note('说明', '可不填')] },
  answer: { name: '当场答复', by: 'desk', fields: [words('text', '答复居民', '')] },
  'propose-explanation': {
    name: '提请解释结案',
    by: 'staff',
    fields: [
      words('ground', '依据', '哪条法律、政策'),
      words('text', '向居民的说明', '为什么办不了'),
      words('elsewhere', '不同意还可以到哪里', '例如：区信访办复查'),
    ],
    warn: '由片区领导决定；居民会看到这三项，不算已解决',
  },
  'decide-explanation': {
    name: '决定解释结案',
    by: 'desk',
    fields: [{ name: 'approved', kind: 'choice', label: '依法解释结案', yes: '同意结案', no: '接着办' }, note('意见', '不同意时请写还要做什么')],
  },
  rework: { name: '退回重办', by: 'desk', fields: [words('reason', '原因', '哪里没有办好')] },
};
const MAIN = ['take', 'on-my-way', 'arrived', 'resolve', 'answer-supervision', 'decide-extension', 'verify', 'supervise', 'assign-finally'];
const REPEATABLE = ['comment', 'progress', 'contact', 'add-assisting', 'supervise'];

/** The buttons of a ticket: { main, more }, each [{ act, name, form, quick }]; `elsewhere` when the desk may do more. What
 *  already waits in the outbox (`waiting`: titles) is not offered again. 我已出发 is a public comment, so it needs that right. */
function buttons(ticket, waiting) {
  const isOffered = (act) => REPEATABLE.indexOf(act) >= 0 || waiting.indexOf(ACTS[act].name) < 0;
  const allowed = (ticket.acts || []).slice();
  if (allowed.indexOf('arrived') >= 0 && allowed.indexOf('comment') >= 0 && !ticket.arrived) allowed.push('on-my-way');
  const known = Object.keys(ACTS).filter((act) => allowed.indexOf(act) >= 0 && isOffered(act));
  const button = (act) => ({ act: act, name: ACTS[act].name, form: ACTS[act].fields.length > 0, quick: ACTS[act].quick || [] });
  return {
    main: MAIN.filter((act) => known.indexOf(act) >= 0).map(button),
    more: known.filter((act) => MAIN.indexOf(act) < 0).map(button),
    elsewhere: allowed.some((act) => !ACTS[act]),
  };
}

/** Where an act goes and with what: { path, body }. `filled` are the fields of its form without photos, `me` who acts, `at`
 *  milliseconds since 1970. */
function requestFor(act, ticket, filled, me, at) {
  const base = '/' + ACTS[act].by + '/tickets/' + encodeURIComponent(ticket.id) + '/';
  if (act === 'on-my-way') return { path: base + 'comment', body: { text: '我已出发，正在赶往现场', public: true } };
  const body = Object.assign({}, filled);
  if (act === 'answer-supervision' && !body.order_id) body.order_id = openOrder(ticket);
  if (act === 'finish-assisting') body.unit_id = me.unit;
  if (body.review_days) {
    body.review_at = new Date(at + body.review_days * 24 * 3600 * 1000).toISOString();
    delete body.review_days;
  }
  return { path: base + act, body: body };
}

/** The oldest supervision order without an answer. */
function openOrder(ticket) {
  const open = (ticket.supervision_orders || []).find((order) => !order.answered_at);
  return open ? open.id : '';
}

/** What is missing in a form, as a sentence, or ''. Texts need two characters, as the server wants. */
function missing(act, filled) {
  const lacking = ACTS[act].fields.find((field) => {
    const value = filled[field.name];
    if (field.kind === 'choice') return value !== true && value !== false;
    if (!field.required) return false;
    return field.kind === 'text' ? String(value || '').trim().length < 2 : value === undefined || value === '';
  });
  return lacking ? '请填写“' + lacking.label + '”' + (lacking.kind === 'text' ? '（至少两个字）' : '') : '';
}

module.exports = { ACTS, buttons, requestFor, missing, openOrder };
