// 查看身份, field by field, with a reason. What is shown is kept nowhere and gone with the page; it never waits in the outbox.
const api = require('../../lib/api.js');
const frame = require('../../lib/frame.js');

// As in the directory's reveal_reasons; 紧急 is prefilled by the ticket, the call list is the desk's.
/** @type {{ code: Schemas['RevealBody']['reason'], name: string }[]} */
const REASONS = [
  { code: 'arrange_visit', name: '约时间上门' },
  { code: 'ask_details', name: '问清情况、地点' },
  { code: 'tell_result', name: '告知办理情况' },
  { code: 'follow_up', name: '回访' },
  { code: 'resident_calls', name: '居民来电、来访核对' },
  { code: 'other', name: '其他' },
];
/** @type {Record<string, string>} */
const NAMES = { name: '称呼', phone: '电话', text: '原话' };

Page(
  frame.framed({
    data: {
      options: [
        { value: 'phone', name: '电话', checked: true },
        { value: 'name', name: '称呼', checked: false },
        { value: 'text', name: '反映的原话', checked: false },
      ],
      reasons: REASONS,
      chosen: -1,
      reason: '',
      shown: /** @type {{ name: string, value: string, phone: boolean }[]} */ ([]),
    },
    /** @param {Record<string, string | undefined>} query */
    onLoad(query) {
      this.id = query.id;
      this.fields = ['phone'];
      if (query.urgent) this.ask('urgent');
    },
    onHide() {
      this.setData({ shown: [] });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onFields(event) {
      this.fields = event.detail.value;
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onReason(event) {
      this.setData({ reason: event.detail.value });
    },
    onSubmit() {
      if (this.data.busy) return;
      if (this.fields.length === 0) return this.say('请选择要查看什么');
      const chosen = REASONS[this.data.chosen];
      if (!chosen) return this.say('请选择理由');
      if (chosen.code === 'other' && this.data.reason.trim().length < 4) return this.say('请写明理由，至少四个字');
      return this.ask(chosen.code);
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onChoose(event) {
      this.setData({ chosen: Number(event.detail.value) });
    },
    /** @param {Schemas['RevealBody']['reason']} reason */
    ask(reason) {
      this.quiet();
      this.setData({ busy: true, shown: [] });
      /** @type {Schemas['RevealBody']} */
      const body = { fields: this.fields, reason: reason };
      if (reason === 'other') body.words = this.data.reason.trim();
      return api
        .ask({ who: 'staff', method: 'POST', path: `/staff/tickets/${api.part(this.id)}/reveal`, body: body })
        .then(
          (answer) => {
            const fields = /** @type {('name' | 'phone' | 'text')[]} */ (this.fields);
            const shown = fields.map((field) => ({
              name: NAMES[field],
              value: answer[field],
              phone: field === 'phone',
            }));
            this.setData({ busy: false, shown: shown });
          },
          (/** @type {Failure} */ failure) => {
            this.setData({ busy: false });
            if (failure.status === 401) this.fail(failure);
            else this.say(failure.message);
          }
        );
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onCall(event) {
      wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.number, fail: () => {} });
    },
  })
);
