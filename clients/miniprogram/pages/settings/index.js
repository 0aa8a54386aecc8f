// Large type, privacy, one's own data, and the door for staff.
const api = require('../../lib/api.js');
const frame = require('../../lib/frame.js');
const sessions = require('../../lib/sessions.js');

Page(
  frame.framed({
    data: { staff: /** @type {Schemas['MeHere'] | null} */ (null) },
    onShow() {
      this.setData({ staff: sessions.token('staff') ? sessions.staff() : null });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onLarge(event) {
      frame.setLarge(event.detail.value);
      this.setData({ large: event.detail.value });
    },
    onExport() {
      api.ask({ path: '/api/me' }).then(
        (/** @type {Schemas['MyData']} */ mine) => {
          wx.setClipboardData({ data: JSON.stringify(mine.volunteer ? mine : mine.tickets, null, 2) });
          this.say('已复制 ' + mine.tickets.length + ' 件事的全部资料，可以粘贴到备忘录保存', 'tips');
        },
        (/** @type {Failure} */ failure) => this.say(failure.message)
      );
    },
    onForget() {
      wx.showModal({
        title: '删除身份信息？',
        content: '已结案事项里您的姓名、电话和原话将被删除，不能恢复',
        confirmText: '删除',
        success: (answer) => {
          if (answer.confirm) this.forget();
        },
      });
    },
    forget() {
      return api.ask({ method: 'POST', path: '/api/me/forget' }).then(
        (/** @type {Schemas['Forgotten']} */ done) =>
          this.say('已删除 ' + done.forgotten + ' 件事里的身份信息', 'tips'),
        (/** @type {Failure} */ failure) => this.say(failure.message)
      );
    },
  })
);
