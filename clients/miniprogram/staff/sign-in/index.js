// 登录 by a code of the desk; in WeChat the phone is bound at once, so that notices come to it.
const api = require('../../lib/api.js');
const config = require('../../config.js');
const frame = require('../../lib/frame.js');
const listening = require('../../lib/listening.js');
const outbox = require('../../lib/outbox.js');
const seen = require('../../lib/seen.js');
const sessions = require('../../lib/sessions.js');

Page(
  frame.framed({
    data: { code: '', staff: '' },
    onLoad() {
      const me = sessions.staff();
      if (me) this.setData({ staff: me.code });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onInput(event) {
      this.setData({ [event.currentTarget.dataset.name]: event.detail.value.trim() });
    },
    onSignIn() {
      if (this.data.busy) return;
      if (!this.data.code) return this.say('请输入工作站给的登录码');
      this.setData({ busy: true });
      return api.ask({ who: '', method: 'POST', path: '/staff/sessions', body: { code: this.data.code } }).then(
        (/** @type {Schemas['SignedIn']} */ answer) => this.signedIn(answer),
        (/** @type {Failure} */ failure) => {
          this.setData({ busy: false });
          this.say(failure.message);
        }
      );
    },
    /** @param {Schemas['SignedIn']} answer */
    signedIn(answer) {
      const before = sessions.staff();
      if (before && before.code !== answer.staff.code) {
        seen.forget();
        listening.forget();
      }
      sessions.keepStaff(answer.token, answer.staff);
      return this.bind().then(() => {
        this.setData({ busy: false });
        outbox.flush();
        if (before && before.code === answer.staff.code && getCurrentPages().length > 1) wx.navigateBack({ delta: 1 });
        else wx.redirectTo({ url: '/staff/work/index' });
      });
    },
    /** A phone that could not be bound still works; only notices do not come to it. */
    bind() {
      if (config.channel !== 'wechat') return Promise.resolve();
      return api
        .wechatCode()
        .then((code) => api.ask({ who: 'staff', method: 'POST', path: '/staff/wechat', body: { wechat_code: code } }))
        .catch(() => {
          wx.showToast({ title: '已登录，但微信通知没有绑定，请再登录一次', icon: 'none', duration: 3000 });
        });
    },
    onPush() {
      if (!this.data.staff) return this.say('请先填写工号');
      this.setData({ busy: true });
      return api.ask({ who: '', method: 'POST', path: '/staff/sign-in-codes', body: { staff: this.data.staff } }).then(
        (/** @type {Schemas['Message']} */ answer) => {
          this.setData({ busy: false });
          this.say(answer.message, 'tips');
        },
        (/** @type {Failure} */ failure) => {
          this.setData({ busy: false });
          this.say(failure.message);
        }
      );
    },
  })
);
