// 还没有提交的: a resident's reports that wait for a signal, or were refused after their form was left.
const go = require('../../lib/go.js');
const outbox = require('../../lib/outbox.js');

Component({
  data: { items: /** @type {Entry[]} */ ([]), openType: 'navigate', unwatch: () => {} },
  lifetimes: {
    attached() {
      const list = () => this.setData({ items: outbox.reports(), openType: go.how() });
      this.data.unwatch = outbox.watch(list);
      list();
    },
    detached() {
      this.data.unwatch();
    },
  },
});
