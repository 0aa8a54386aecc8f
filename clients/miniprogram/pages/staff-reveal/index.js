// 查看身份, field by field, with a reason. What is shown is kept nowhere and gone with the page; it never waits in the outbox.
const api = require('../../lib/api.js');
const frame = require('../../lib/frame.js');

const NAMES = { name: '称呼', phone: '电话', text: '原话' };

Page(
  frame.framed({
    data: { options: [{ value: 'phone', name: '电话', checked: true }, { value: 'name', name: '称呼', checked: false }, { value: 'text', name: '反映的原话', checked: false }], reason: '', shown: [] },
    onLoad(query) {
      this.id = query.id;
      this.fields = ['phone'];
    },
    onHide() {
      this.setData({ shown: [] });
    },
    onFields(event) {
      this.fields = event.detail.value;
    },
    onReason(event) {
      this.setData({ reason: event.detail.value });
    },
    onSubmit() {
      if (this.data.busy) return;
      if (this.fields.length === 0) return this.say('请选择要查看什么');
      if (this.data.reason.trim().length < 2) return this.say('请写明理由，例如：需要电话约定上门时间');
      this.quiet();
      this.setData({ busy: true, shown: [] });
      const body = { fields: this.fields, reason: this.data.reason.trim() };
      return api.ask({ who: 'staff', method: 'POST', path: api.path`/staff/tickets/${this.id}/reveal`, body: body }).then(
        (answer) => {
          const shown = this.fields.map((field) => ({ name: NAMES[field], value: answer[field], phone: field === 'phone' }));
          this.setData({ busy: false, shown: shown });
        },
        (failure) => {
          this.setData({ busy: false });
          if (failure.status === 401) this.fail(failure);
          else this.say(failure.message);
        }
      );
    },
    onCall(event) {
      wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.number, fail: () => {} });
    },
  })
);
