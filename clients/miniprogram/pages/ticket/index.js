// One's own ticket: what happened, who has it, by when; words, withdrawal, rating, reopening.
const api = require('../../lib/api.js');
const avoiding = require('../../lib/avoiding.js');
const danger = require('../../lib/danger.js');
const drafts = require('../../lib/drafts.js');
const frame = require('../../lib/frame.js');
const go = require('../../lib/go.js');
const hello = require('../../lib/hello.js');
const once = require('../../lib/once.js');
const photos = require('../../lib/photos.js');
const time = require('../../lib/time.js');

const LOOK_AGAIN = 20; // seconds
/** @type {Record<string, string>} */
const HELLO = {
  reported: '已收到，这一页会自己更新',
  danger: '已发出，正在叫人。请留在安全的地方，保持电话畅通',
  claimed: '已放到您的手机上，有进展会告诉您',
  joined: '已记下“我也是”，有进展会一起告诉您',
  rated: '谢谢您的评价',
};

Page(
  frame.framed({
    ticking: true,
    data: {
      ticket: /** @type {Schemas['ResidentTicket']} */ (null),
      may: /** @type {Partial<Schemas['MayAct']>} */ ({}),
      viewers: /** @type {(Schemas['ResidentTicket']['viewers'][number] & { key: number, when: string })[]} */ ([]),
      comment: '',
      photos: /** @type {Photo[]} */ ([]),
      below: /** @type {import('../../lib/frame').Notice | null} */ (null),
      dangers: danger.KINDS,
      parties: avoiding.parties([]),
      kept: '',
      aloud: '',
      mayAvoid: false,
    },
    /** @param {Record<string, string | undefined>} query */
    onLoad(query) {
      this.id = query.id;
      this.draft = 'comment.' + this.id;
      const draft = drafts.read(this.draft);
      this.last = draft.last || null;
      this.setData({ comment: draft.text || '', photos: draft.photos || [] });
      const said = hello.take(this.id);
      if (said) this.say(HELLO[said], 'tips');
    },
    onShow() {
      this.load();
      this.looking = setInterval(() => this.load(true), LOOK_AGAIN * 1000);
    },
    onHide() {
      clearInterval(this.looking);
    },
    onUnload() {
      clearInterval(this.looking);
    },
    /** @param {boolean} [quietly] */
    load(quietly) {
      return api.ask({ path: `/api/tickets/${api.part(this.id)}` }).then(
        (ticket) => this.show(ticket),
        (/** @type {Failure} */ failure) => {
          if (!quietly) this.fail(failure);
        }
      );
    },
    /** @param {Schemas['ResidentTicket']} ticket */
    show(ticket) {
      const notice = this.data.notice;
      if (notice && notice.act === 'retry') this.quiet();
      const viewers = ticket.viewers.map((viewer, n) => Object.assign({ key: n, when: time.day(viewer.at) }, viewer));
      const kept = ticket.secrecy ? ticket.secrecy.kept_from.join('、') : '';
      this.setData({
        ticket: ticket,
        may: ticket.may,
        viewers: viewers,
        kept: kept,
        aloud: aloud(ticket),
        mayAvoid: Boolean(ticket.may.avoid),
      });
    },
    onPullDownRefresh() {
      this.load().then(() => wx.stopPullDownRefresh());
    },
    onCopy() {
      wx.setClipboardData({ data: this.data.ticket.number });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onCall(event) {
      wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.number, fail: () => {} });
    },
    /** 现在有人有危险吗？
     *  @param {WechatMiniprogram.CustomEvent} event */
    onAnswer(event) {
      return this.act('danger', { answer: event.currentTarget.dataset.answer }, '已记下');
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onDanger(event) {
      return this.act('danger', { answer: 'yes', kind: event.detail.kind }, '已按紧急办理，正在派人');
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onAvoid(event) {
      const code = event.currentTarget.dataset.code;
      return this.act('avoid', { avoid: [code] }, '已记下，不会让他们看到');
    },
    onAvoidNobody() {
      wx.showModal({
        title: '不用避开了吗？',
        content: '被反映的一方以后看得到这张工单；想改主意，可以再点一次避开谁',
        confirmText: '不用避开',
        cancelText: '还是避开',
        success: (answer) => {
          if (answer.confirm) this.act('avoid', { avoid: [] }, '已改为不用避开');
        },
      });
    },
    /** 能不能转告: yes or no to the very words that are shown.
     *  @param {WechatMiniprogram.CustomEvent} event */
    onConfront(event) {
      const agreed = event.currentTarget.dataset.answer === 'yes';
      const said = agreed ? '已转告，对方只看到这几句话' : '已记下，不会转告';
      return this.act('confront', { id: this.data.ticket.confront.id, agreed: agreed }, said);
    },
    onRate() {
      go.to('/pages/rate/index' + api.query({ id: this.id }));
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onComment(event) {
      this.setData({ comment: event.detail.value });
      this.keep();
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onPhotos(event) {
      this.setData({ photos: event.detail.photos });
      this.keep();
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onPhotoFail(event) {
      this.setData({ below: { text: event.detail.failure.message, tone: 'warn' } });
    },
    keep() {
      drafts.write(this.draft, { text: this.data.comment, photos: this.data.photos, last: this.last });
    },
    onSend() {
      if (this.data.busy) return;
      if (this.data.comment.trim().length < 2) return this.setData({ below: { text: '请先写几个字', tone: 'warn' } });
      this.setData({ busy: true, below: null });
      return photos
        .uploadAndSend(
          this.data.photos,
          'resident',
          (all) => {
            this.setData({ photos: all });
            this.keep();
          },
          (all) => this.post({ text: this.data.comment.trim(), photos: all.map((photo) => photo.id) })
        )
        .then(
          () => {
            photos.discard(this.data.photos);
            drafts.clear(this.draft);
            this.last = null;
            this.setData({ busy: false, comment: '', photos: [] });
            wx.showToast({ title: '已发送' });
            this.load();
          },
          (/** @type {Failure} */ failure) =>
            this.setData({ busy: false, below: { text: failure.message, tone: 'warn' } })
        );
    },
    /** @param {Schemas['ResidentCommentBody']} body */
    post(body) {
      this.last = once.keyFor(this.last, body);
      this.keep();
      const path = /** @type {const} */ (`/api/tickets/${api.part(this.id)}/comments`);
      return api.ask({ method: 'POST', path: path, body: body, key: this.last.key });
    },
    onWithdraw() {
      wx.showModal({
        title: '确定撤回吗？',
        content: '撤回后不再办理。如果还没有解决，可以不撤回，留言补充',
        confirmText: '撤回',
        cancelText: '不撤回',
        success: (answer) => {
          if (answer.confirm) this.act('withdraw', {}, '已撤回');
        },
      });
    },
    /** 代反映: whoever looks along for me does not any more. */
    onEndProxy() {
      wx.showModal({
        title: '不让代办人再看吗？',
        content: '以后只和您本人联系，代办人看不到进展',
        confirmText: '不让再看',
        cancelText: '先不改',
        success: (answer) => {
          if (answer.confirm) this.act('proxy/end', {}, '已不让代办人再看');
        },
      });
    },
    onSplit() {
      wx.showModal({
        title: '哪里不一样？',
        editable: true,
        placeholderText: '例如：我说的是三楼，那一件是一楼',
        confirmText: '分开办',
        success: (answer) => {
          const reason = (answer.content || '').trim();
          if (answer.confirm && reason.length < 2) this.say('请写几个字说明哪里不一样');
          else if (answer.confirm) this.act('split', { reason: reason }, '已分开，单独办理');
        },
      });
    },
    onReopen() {
      wx.showModal({
        title: '哪里没有解决？',
        editable: true,
        placeholderText: '例如：灯又不亮了',
        confirmText: '重新打开',
        success: (answer) => {
          const reason = (answer.content || '').trim();
          if (answer.confirm && reason.length < 2) this.say('请写几个字说明哪里没有解决');
          else if (answer.confirm) this.act('reopen', { reason: reason }, '已重新打开');
        },
      });
    },
    /** @template {string} Act
     *  @template Body
     *  @param {Act} name
     *  @param {Sent<'POST', `/api/tickets/${string}/${Act}`, Body>} body
     *  @param {string} said */
    act(name, body, said) {
      const key = once.fresh();
      const path = /** @type {Offered<unknown>} */ (`/api/tickets/${api.part(this.id)}/${name}`);
      wx.showLoading({ title: '正在提交', mask: true });
      return api.ask({ method: 'POST', path: path, body: body, key: key }).then(
        () => {
          wx.hideLoading();
          this.say(said, 'tips');
          this.load();
        },
        (/** @type {Failure} */ failure) => {
          wx.hideLoading();
          this.fail(failure);
        }
      );
    },
  })
);

/** What is read aloud: how it stands, and the last words that staff wrote, with who wrote them; what they were written with is of
 *  before where more has happened since.
 *  @param {Schemas['ResidentTicket']} ticket */
function aloud(ticket) {
  const said = ticket.timeline.filter((line) => line.note).pop();
  const isLast = said === ticket.timeline[ticket.timeline.length - 1];
  const words = [
    ticket.category_name,
    ticket.standing,
    said ? (isLast ? '' : '之前，') + said.what + '：' + said.note : '',
  ];
  return words.filter(Boolean).join('。');
}
