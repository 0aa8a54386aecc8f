// The in-app inbox, of a resident or of staff (`?who=staff`). What was shown is marked as read.
const api = require('../../lib/api.js');
const frame = require('../../lib/frame.js');
const time = require('../../lib/time.js');

Page(
  frame.framed({
    data: { who: 'resident', items: [], next: null, loaded: false },
    onLoad(query) {
      this.setData({ who: query.who === 'staff' ? 'staff' : 'resident' });
    },
    onShow() {
      this.load();
    },
    base() {
      return this.data.who === 'staff' ? '/staff/inbox' : '/api/inbox';
    },
    load() {
      return this.fetch('').then((page) => {
        if (!page) return;
        this.setData({ items: page.items, next: page.next, loaded: true });
        const newest = page.items.find((item) => item.unread);
        if (newest) this.mark(page.items[0].id);
      });
    },
    fetch(after) {
      return api.ask({ who: this.data.who, path: this.base() + api.query({ after: after }) }).then(
        (page) => {
          const items = page.items.map((item) => Object.assign({}, item, { when: time.day(item.at) }));
          return { items: items, next: page.next };
        },
        (failure) => this.fail(failure)
      );
    },
    mark(until) {
      api.ask({ who: this.data.who, method: 'POST', path: this.base() + '/read', body: { until: until } }).catch(() => {});
    },
    onReachBottom() {
      if (!this.data.next || this.data.busy) return;
      this.setData({ busy: true });
      this.fetch(this.data.next).then((page) => {
        this.setData({ busy: false });
        if (page) this.setData({ items: this.data.items.concat(page.items), next: page.next });
      });
    },
    onOpen(event) {
      const id = event.currentTarget.dataset.id;
      const name = this.data.who === 'staff' ? 'staff-ticket' : 'ticket';
      if (id) wx.navigateTo({ url: '/pages/' + name + '/index' + api.query({ id: id }) });
    },
    onPullDownRefresh() {
      this.load().then(() => wx.stopPullDownRefresh());
    },
  })
);
