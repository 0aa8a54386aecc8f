// My tickets, newest first.
const api = require('../../lib/api.js');
const frame = require('../../lib/frame.js');
const outbox = require('../../lib/outbox.js');
const time = require('../../lib/time.js');

Page(
  frame.framed({
    data: {
      items: /** @type {(Schemas['TicketLine'] & { when: string })[]} */ ([]),
      next: /** @type {string | null} */ (null),
      loaded: false,
    },
    onShow() {
      this.load();
      this.unwatch = outbox.watch((sent) => sent && this.load());
    },
    onHide() {
      this.unwatch();
    },
    onUnload() {
      this.unwatch();
    },
    load() {
      return this.fetch('').then((page) => page && this.setData({ items: page.items, next: page.next, loaded: true }));
    },
    /** @param {string} after */
    fetch(after) {
      return api.ask({ path: '/api/tickets', query: { after: after } }).then(
        (page) => {
          const items = page.items.map((item) => Object.assign({}, item, { when: time.day(item.received_at) }));
          return { items: items, next: page.next };
        },
        (/** @type {Failure} */ failure) => this.fail(failure)
      );
    },
    onReachBottom() {
      if (!this.data.next || this.data.busy) return;
      this.setData({ busy: true });
      this.fetch(this.data.next).then((page) => {
        this.setData({ busy: false });
        if (page) this.setData({ items: this.data.items.concat(page.items), next: page.next });
      });
    },
    onPullDownRefresh() {
      this.load().then(() => wx.stopPullDownRefresh());
    },
  })
);
