// 小票: the ticket of a slip becomes one's own, by the last four digits of the phone where one was left.
const api = require('../../lib/api.js');
const consent = require('../../lib/consent.js');
const frame = require('../../lib/frame.js');
const hello = require('../../lib/hello.js');

Page(
  frame.framed({
    data: { asks: false, digits: '' },
    /** @param {Record<string, string | undefined>} query */
    onLoad(query) {
      this.code = query.code || '';
      consent.wanted().then((ids) => {
        this.templates = ids;
      });
      this.load();
    },
    load() {
      return this.claim('');
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onDigits(event) {
      this.setData({ digits: event.detail.value });
    },
    onSubmit() {
      if (this.data.busy) return;
      if (!/^[0-9]{4}$/.test(this.data.digits)) return this.say('请输入四位数字');
      this.quiet();
      return consent.ask(this.templates || []).then(() => this.claim(this.data.digits));
    },
    /** @param {string} digits */
    claim(digits) {
      this.setData({ busy: true });
      return api.ask({ method: 'POST', path: '/api/slips', body: { code: this.code, digits: digits } }).then(
        (ticket) => {
          hello.leave(ticket.id, 'claimed');
          wx.redirectTo({ url: '/pages/ticket/index' + api.query({ id: ticket.id }) });
        },
        (/** @type {Failure} */ failure) => {
          const asks = (failure.fields || []).includes('digits');
          this.setData({ busy: false, asks: this.data.asks || asks });
          if (!asks || digits) this.fail(failure);
        }
      );
    },
  })
);
