// 查看身份, field by field, with a reason. What is shown is kept nowhere and gone with the page; it never waits in the outbox.
const api = require('../../lib/api.js');
const directory = require('../../lib/directory.js');
const frame = require('../../lib/frame.js');

// 紧急 is prefilled by the ticket, the call list is the desk's.
const NOT_CHOSEN = ['urgent', 'call_list'];
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
      reasons: /** @type {Schemas['Directory']['reveal_reasons']} */ ([]),
      chosen: '',
      reason: '',
      shown: /** @type {{ name: string, value: string, phone: boolean }[]} */ ([]),
    },
    /** @param {Record<string, string | undefined>} query */
    onLoad(query) {
      this.id = query.id;
      this.fields = ['phone'];
      if (query.urgent) this.ask('urgent');
      return directory.read().then(
        (town) => {
          const reasons = town.reveal_reasons.filter((each) => NOT_CHOSEN.indexOf(each.code) < 0);
          this.setData({ reasons: reasons });
        },
        (/** @type {Failure} */ failure) => this.fail(failure)
      );
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
      const chosen = this.data.chosen;
      if (!chosen) return this.say('请选择理由');
      if (chosen === 'other' && this.data.reason.trim().length < 4) return this.say('请写明理由，至少四个字');
      return this.ask(/** @type {Schemas['RevealBody']['reason']} */ (chosen));
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onChoose(event) {
      this.setData({ chosen: event.detail.value });
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
