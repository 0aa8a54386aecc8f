// 待发送: what is still on the phone, and what the server refused meanwhile.
const frame = require('../../lib/frame.js');
const outbox = require('../../lib/outbox.js');
const time = require('../../lib/time.js');

Page(
  frame.framed({
    data: { entries: /** @type {(Entry & { when: string })[]} */ ([]) },
    onShow() {
      this.list();
      this.unwatch = outbox.watch(() => this.list());
    },
    onHide() {
      if (this.unwatch) this.unwatch();
    },
    onUnload() {
      if (this.unwatch) this.unwatch();
    },
    list() {
      const shown = outbox
        .list()
        .map((entry) => Object.assign({ when: time.day(new Date(entry.at).toISOString()) }, entry));
      this.setData({ entries: shown });
    },
    onSend() {
      this.setData({ busy: true });
      return outbox.flush().then((results) => this.report(results));
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onAgain(event) {
      this.setData({ busy: true });
      return outbox.again(event.currentTarget.dataset.id).then((results) => this.report(results));
    },
    /** @param {Record<string, Result>} results */
    report(results) {
      this.setData({ busy: false });
      const all = Object.keys(results).map((id) => results[id]);
      const failed = all.find((result) => result.state !== 'sent');
      if (failed && failed.failure) this.fail(failed.failure);
      else this.say('已发送', 'tips');
    },
    load() {
      return this.onSend();
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onDrop(event) {
      const id = event.currentTarget.dataset.id;
      wx.showModal({
        title: '放弃这一项？',
        content: '填写的内容和照片会从手机上删除',
        confirmText: '放弃',
        success: (answer) => {
          if (answer.confirm) outbox.drop(id);
        },
      });
    },
  })
);
