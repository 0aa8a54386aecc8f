// My queues, the most urgent first, with their clocks counting. Asks what has changed every ten seconds; without a signal it
// shows what was last seen.
const api = require('../../lib/api.js');
const frame = require('../../lib/frame.js');
const outbox = require('../../lib/outbox.js');
const seen = require('../../lib/seen.js');
const sessions = require('../../lib/sessions.js');
const time = require('../../lib/time.js');

const LOOK_AGAIN = 10; // seconds
const QUEUES = [
  { code: 'mine', name: '派给我的', empty: '现在没有派给您的工单' },
  { code: 'unit', name: '本单位', empty: '本单位现在没有工单' },
  { code: 'escalated', name: '升级督办', empty: '没有升级到您这里的工单' },
  { code: 'verify', name: '待核查', empty: '没有要核查的工单' },
];
const LEADERS = ['area_leader', 'town_leader'];
const HEADS = ['unit_head', 'station_head'];
const FINDERS = ['first_contact', 'station_head', 'grid_worker', 'property_manager', 'volunteer', 'handler', 'unit_head'];

/** The queue that someone of these roles looks at first. */
function firstOf(roles) {
  const has = (some) => roles.some((role) => some.indexOf(role) >= 0);
  return has(LEADERS) ? 'escalated' : has(HEADS) ? 'unit' : 'mine';
}

Page(
  frame.framed({
    ticking: true,
    data: { me: null, queues: QUEUES, queue: '', items: [], next: null, loaded: false, empty: '', old: '', mayFind: false, mayWalk: false, unread: 0, practice: false },
    onShow() {
      const me = sessions.staff();
      if (!me || !sessions.token('staff')) return wx.redirectTo({ url: '/pages/staff-sign-in/index' });
      const mayFind = me.roles.some((role) => FINDERS.indexOf(role) >= 0);
      const mayWalk = mayFind || me.roles.some((role) => LEADERS.indexOf(role) >= 0);
      this.setData({ me: me, mayFind: mayFind, mayWalk: mayWalk, queue: this.data.queue || firstOf(me.roles) });
      this.load();
      this.count();
      this.looking = setInterval(() => this.look(), LOOK_AGAIN * 1000);
    },
    onHide() {
      clearInterval(this.looking);
    },
    onUnload() {
      clearInterval(this.looking);
    },
    look() {
      const ask = api.ask({ who: 'staff', path: '/staff/live', etag: this.etag });
      return ask.then(
        (live) => {
          if (!live) return;
          const first = !this.etag;
          this.etag = live.etag;
          if (!first) this.load().then(() => this.count());
        },
        () => {}
      );
    },
    load() {
      const queue = this.data.queue;
      return this.fetch(queue, '').then(
        (page) => {
          if (queue !== this.data.queue) return;
          this.quiet();
          seen.remember('queue.' + queue, page);
          this.show(page, '');
        },
        (failure) => this.offline(queue, failure)
      );
    },
    offline(queue, failure) {
      const known = failure.status === 0 ? seen.recall('queue.' + queue) : null;
      if (known) this.show(known.value, time.day(new Date(known.at).toISOString()));
      else this.fail(failure);
    },
    fetch(queue, after) {
      return api.ask({ who: 'staff', path: api.path`/staff/queues/${queue}` + api.query({ after: after }) });
    },
    show(page, old) {
      const chosen = QUEUES.find((each) => each.code === this.data.queue);
      this.setData({ items: this.marked(page.items), next: page.next, loaded: true, old: old, empty: chosen ? chosen.empty : '' });
      this.setData({ practice: page.items.some((item) => item.practice) });
    },
    /** With what is still to be sent for a ticket beside it. */
    marked(items) {
      const waiting = outbox.list();
      return items.map((item) => {
        const own = waiting.filter((entry) => entry.ticketId === item.ticket_id).map((entry) => entry.title);
        return Object.assign({}, item, { sending: own.join('、') });
      });
    },
    count() {
      return api.ask({ who: 'staff', path: '/staff/inbox' }).then(
        (page) => this.setData({ unread: page.unread || 0 }),
        () => {}
      );
    },
    onQueue(event) {
      this.setData({ queue: event.currentTarget.dataset.code, items: [], next: null, loaded: false, old: '' });
      this.load();
    },
    onReachBottom() {
      if (!this.data.next || this.data.busy) return;
      this.setData({ busy: true });
      this.fetch(this.data.queue, this.data.next).then(
        (page) => this.setData({ busy: false, items: this.data.items.concat(this.marked(page.items)), next: page.next }),
        (failure) => {
          this.setData({ busy: false });
          this.fail(failure);
        }
      );
    },
    onFind() {
      wx.navigateTo({ url: '/pages/staff-find/index' });
    },
    onWalk() {
      wx.navigateTo({ url: '/pages/walk/index' });
    },
    onInbox() {
      wx.navigateTo({ url: '/pages/inbox/index?who=staff' });
    },
    onSignOut() {
      const count = outbox.list().length;
      const content = count ? '还有 ' + count + ' 项没有发出去。退出后它们留在手机上，您再登录时才会发送' : '';
      wx.showModal({ title: '退出登录？', content: content, success: (answer) => answer.confirm && this.signOut() });
    },
    signOut() {
      api.ask({ who: 'staff', method: 'POST', path: '/staff/sessions/end' }).catch(() => {});
      sessions.signOut();
      seen.forget();
      wx.reLaunch({ url: '/pages/point/index' });
    },
    onPullDownRefresh() {
      this.load().then(() => wx.stopPullDownRefresh());
    },
  })
);
