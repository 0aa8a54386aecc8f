// My queues, the urgent on top, with their clocks counting. Reads again what has changed; without a signal it shows what was
// last seen. The first tickets of the queue are kept on the phone, so that they open in a stairwell.
const acts = require('../../lib/acts.js');
const api = require('../../lib/api.js');
const directory = require('../../lib/directory.js');
const frame = require('../../lib/frame.js');
const go = require('../../lib/go.js');
const listening = require('../../lib/listening.js');
const once = require('../../lib/once.js');
const outbox = require('../../lib/outbox.js');
const seen = require('../../lib/seen.js');
const sessions = require('../../lib/sessions.js');
const time = require('../../lib/time.js');

const KEPT = 10; // tickets of the queue that are on the phone before the signal goes
const MOST_CALLS = 3; // numbers beside an urgent row
const QUEUES = [
  { code: 'mine', name: '派给我的', empty: '现在没有派给您的工单' },
  { code: 'unit', name: '本单位', empty: '本单位现在没有工单' },
  { code: 'escalated', name: '升级督办', empty: '没有升级到您这里的工单' },
  { code: 'verify', name: '待核查', empty: '没有要核查的工单' },
];
const LEADERS = ['area_leader', 'town_leader'];
const HEADS = ['unit_head', 'station_head'];
const FINDERS = [
  'first_contact',
  'station_head',
  'grid_worker',
  'property_manager',
  'volunteer',
  'handler',
  'unit_head',
];

/** The queue that someone of these roles looks at first.
 *  @param {string[]} roles */
function firstOf(roles) {
  /** @param {string[]} some */
  const has = (some) => roles.some((role) => some.indexOf(role) >= 0);
  return has(LEADERS) ? 'escalated' : has(HEADS) ? 'unit' : 'mine';
}

/** @typedef {Schemas['QueueRow'] & { mark: string }} Row */
/** @typedef {Schemas['StaffTicket']['escalation'] & { taps: ReturnType<typeof acts.taps> }} Card */
/** @typedef {{ sending: string, refused: string, kept: boolean, card: Card | null, calls: Schemas['PhoneNumber'][], isChosen: boolean }} Beside */
/** @typedef {Row & Beside} ShownRow */

/** By what to know a row that has changed.
 *  @param {Schemas['QueueRow']} row
 *  @returns {Row} */
function withMark(row) {
  return Object.assign({}, row, { mark: JSON.stringify(row) });
}

/** The urgent on top, each part by when it is due.
 *  @param {Row} one
 *  @param {Row} other */
function urgentFirst(one, other) {
  if (one.urgent !== other.urgent) return one.urgent ? -1 : 1;
  return Date.parse(one.due_at) - Date.parse(other.due_at);
}

/** What was refused, one card for a ticket: [{ id, ticketId, where, titles, reasons }].
 *  @param {Entry[]} refused */
function byTicket(refused) {
  const firsts = refused.filter((entry, n) => n === refused.findIndex((other) => isSame(entry, other)));
  return firsts.map((first) => {
    const own = refused.filter((entry) => isSame(first, entry));
    const reasons = own.map((entry) => entry.message);
    return {
      id: first.id,
      ticketId: first.ticketId,
      where: first.where || '',
      titles: own.map((entry) => entry.title).join('、'),
      reasons: reasons.filter((reason, n) => n === reasons.indexOf(reason)),
    };
  });
}

/** @param {Entry} one
 *  @param {Entry} other */
function isSame(one, other) {
  return one.ticketId ? one.ticketId === other.ticketId : one.id === other.id;
}

Page(
  frame.framed({
    ticking: true,
    data: {
      me: /** @type {Schemas['MeHere'] | null} */ (null),
      queues: QUEUES,
      queue: '',
      items: /** @type {ShownRow[]} */ ([]),
      next: /** @type {string | null} */ (null),
      loaded: false,
      empty: '',
      old: '',
      mayFind: false,
      mayWalk: false,
      unread: 0,
      practice: false,
      failed: /** @type {ReturnType<typeof byTicket>} */ ([]),
      mayMany: /** @type {ReturnType<typeof acts.bulkTaps>} */ ([]),
      isChoosing: false,
      chosen: /** @type {string[]} */ ([]),
    },
    onShow() {
      const me = sessions.staff();
      if (!me || !sessions.token('staff')) return wx.redirectTo({ url: '/staff/sign-in/index' });
      const mayFind = me.roles.some((role) => FINDERS.indexOf(role) >= 0);
      const mayWalk = mayFind || me.roles.some((role) => LEADERS.indexOf(role) >= 0);
      this.setData({ me: me, mayFind: mayFind, mayWalk: mayWalk, queue: this.data.queue || firstOf(me.roles) });
      this.waited = 0;
      this.listSending();
      this.unwatch = outbox.watch(() => this.listSending());
    },
    onHide() {
      this.rest();
    },
    onUnload() {
      this.rest();
    },
    rest() {
      if (this.unwatch) this.unwatch();
    },
    onSignal() {
      this.load();
    },
    /** What was refused stands first on the page; what is on its way, in its row. Once all of it has gone the rows are read
     *  again: what they say is of before. */
    listSending() {
      const waits = outbox.list().filter((entry) => entry.state === 'waiting').length;
      const isSent = this.waited > 0 && waits === 0;
      this.waited = waits;
      this.setData({ failed: byTicket(outbox.refused()), items: this.marked(this.data.items) });
      if (isSent) this.load();
    },
    /** The mark is asked for first: what comes between the two is read twice, never missed. */
    onChanged() {
      return this.load().then(() => this.count());
    },
    /** @param {string} id */
    lists(id) {
      return this.data.items.some((row) => row.ticket_id === id);
    },
    load() {
      const queue = this.data.queue;
      return this.fetch(queue, '').then(
        (page) => {
          if (queue !== this.data.queue) return;
          this.quiet();
          seen.remember(`queue.${queue}`, page);
          this.show(page, '');
          this.keepFirst(queue);
        },
        (/** @type {Failure} */ failure) => this.offline(queue, failure)
      );
    },
    /** @param {string} queue
     *  @param {Failure} failure */
    offline(queue, failure) {
      const known = failure.status === 0 ? seen.recall(`queue.${queue}`) : null;
      if (known) this.show(known.value, time.day(new Date(known.at).toISOString()));
      else this.fail(failure);
    },
    /** The first of the queue onto the phone, one after the other; those that are there as they are now are not asked for.
     *  @param {string} queue */
    keepFirst(queue) {
      const rows = this.data.items.slice(0, KEPT).filter((row) => seen.markOf(`ticket.${row.ticket_id}`) !== row.mark);
      /** @type {(before: Promise<unknown>, row: Row) => Promise<unknown>} */
      const keep = (before, row) => before.then(() => (queue === this.data.queue ? this.keepOne(row) : undefined));
      const kept = rows.reduce(keep, Promise.resolve(undefined)).catch(() => {}); // without a signal: as far as it came
      return kept.then(() => this.setData({ items: this.marked(this.data.items) }));
    },
    /** @param {Row} row */
    keepOne(row) {
      const ask = api.ask({ who: 'staff', path: `/staff/tickets/${api.part(row.ticket_id)}`, query: { keep: true } });
      return ask.then((ticket) => seen.remember(`ticket.${row.ticket_id}`, ticket, row.mark));
    },
    /** @param {string} queue
     *  @param {string} after */
    fetch(queue, after) {
      return api.ask({ who: 'staff', path: `/staff/queues/${api.part(queue)}`, query: { after: after } });
    },
    /** @param {Schemas['Page_QueueRow_']} page
     *  @param {string} old */
    show(page, old) {
      const chosen = QUEUES.find((each) => each.code === this.data.queue);
      this.setData({
        items: this.marked(page.items.map(withMark)).sort(urgentFirst),
        next: page.next,
        loaded: true,
        old: old,
        empty: chosen ? chosen.empty : '',
      });
      this.setData({ practice: page.items.some((item) => item.practice) });
      if (this.listening) this.listening.show(); // what this queue has not
    },
    /** With what is still to be sent for a ticket beside it.
     *  @param {Row[]} items
     *  @returns {ShownRow[]} */
    marked(items) {
      const waiting = outbox.list();
      return items.map((item) => {
        const own = waiting.filter((entry) => entry.ticketId === item.ticket_id);
        const titles = (/** @type {Entry['state']} */ state) =>
          own
            .filter((entry) => entry.state === state)
            .map((entry) => entry.title)
            .join('、');
        return Object.assign({}, item, {
          sending: titles('waiting'),
          refused: titles('refused'),
          kept: this.isKept(item),
          card: this.cardOf(item),
          calls: this.callsOf(item),
          isChosen: this.data.chosen.indexOf(item.ticket_id) >= 0,
        });
      });
    },
    /** Whether what waits here keeps the clock that the row counts.
     *  @param {Row} item
     *  @returns {boolean} */
    isKept(item) {
      const known = seen.recall(`ticket.${item.ticket_id}`);
      return !!known && acts.kept(known.value, outbox.queued(item.ticket_id)).indexOf(item.clock) >= 0;
    },
    /** Of what climbed to this person: why it is here, with whom it lies, and what one tap does about it.
     *  @param {Row} item
     *  @returns {Card | null} */
    cardOf(item) {
      const known = seen.recall(`ticket.${item.ticket_id}`);
      if (!known || !known.value.escalation) return null;
      const taps = acts.taps(known.value, outbox.queued(item.ticket_id), time.now());
      return Object.assign({ taps: taps }, known.value.escalation);
    },
    /** Of what is urgent: whom to call for that place, in one tap; without a sheet of it the station.
     *  @param {Row} item
     *  @returns {Schemas['PhoneNumber'][]} */
    callsOf(item) {
      const known = item.urgent ? seen.recall(`ticket.${item.ticket_id}`) : null;
      if (!known) return [];
      const sheet = known.value.emergency;
      const rows = ((sheet && sheet.rows) || []).filter((row) => row.number);
      const station = known.value.station;
      const fallback = station && station.phone ? [{ name: station.name, number: station.phone }] : [];
      return (rows.length ? rows : fallback).slice(0, MOST_CALLS);
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onTap(event) {
      const chosen = event.currentTarget.dataset;
      const ticket = seen.recall(`ticket.${chosen.ticket}`).value;
      const offer = acts.offerOf(ticket, chosen.act);
      if (this.data.busy || !offer) return;
      this.setData({ busy: true });
      const filled = Object.assign(acts.startOf(offer), chosen.filled);
      const queued = Object.assign(acts.queuedFor(offer, ticket, filled, time.now()), { title: chosen.name });
      return outbox.send(queued).then((result) => {
        this.setData({ busy: false });
        if (result.state === 'refused') return this.say(result.message);
        return this.load().then(() =>
          this.say(
            result.state === 'sent' ? ticket.where.name + '：已' + chosen.name : outbox.waitsBecause(result),
            'tips'
          )
        );
      });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onCall(event) {
      wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.number, fail: () => {} });
    },
    /** Many at once: which, then one tap. */
    onMany() {
      if (this.data.isChoosing) return this.choose(false, []);
      return directory.read().then(
        (town) => {
          this.setData({ mayMany: acts.bulkTaps(town.acts, this.data.me.roles) });
          this.choose(
            true,
            this.data.items.map((each) => each.ticket_id)
          );
        },
        (/** @type {Failure} */ failure) => this.fail(failure)
      );
    },
    /** @param {boolean} isChoosing
     *  @param {string[]} chosen */
    choose(isChoosing, chosen) {
      this.setData({ isChoosing: isChoosing, chosen: chosen });
      this.setData({ items: this.marked(this.data.items) });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onChoose(event) {
      const id = event.currentTarget.dataset.ticket;
      const has = this.data.chosen.indexOf(id) >= 0;
      this.choose(true, has ? this.data.chosen.filter((each) => each !== id) : this.data.chosen.concat([id]));
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onForMany(event) {
      const given = event.currentTarget.dataset;
      if (this.data.busy || !this.data.chosen.length) return;
      this.setData({ busy: true });
      const body = { ticket_ids: this.data.chosen, given: given.filled };
      this.lastKey = once.keyFor(this.lastKey, [given.act, body]);
      return api
        .ask({
          who: 'staff',
          method: 'POST',
          path: /** @type {Offered<Schemas['Bulk']>} */ (`/desk/bulk/${api.part(given.act)}`),
          body: body,
          key: this.lastKey.key,
        })
        .then(
          (answer) => {
            this.lastKey = null;
            this.setData({ busy: false });
            this.choose(false, []);
            return this.load().then(() => this.tellMany(given.name, answer.results));
          },
          (/** @type {Failure} */ failure) => {
            this.setData({ busy: false });
            this.fail(failure);
          }
        );
    },
    /** @param {string} name
     *  @param {Schemas['Bulk']['results']} results */
    tellMany(name, results) {
      const failed = results.filter((each) => !each.ok);
      const done = results.length - failed.length;
      if (!failed.length) return this.say(done + ' 张已' + name, 'tips');
      this.say(done + ' 张已' + name + '，' + failed.length + ' 张没有成功：' + failed[0].message);
    },
    count() {
      return api.ask({ who: 'staff', path: '/staff/inbox' }).then(
        (/** @type {Schemas['Inbox']} */ page) => this.setData({ unread: page.unread || 0 }),
        () => {}
      );
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onQueue(event) {
      this.setData({
        queue: event.currentTarget.dataset.code,
        items: [],
        next: null,
        loaded: false,
        old: '',
        isChoosing: false,
        chosen: [],
      });
      this.load();
    },
    onReachBottom() {
      if (!this.data.next || this.data.busy) return;
      this.setData({ busy: true });
      this.fetch(this.data.queue, this.data.next).then(
        (page) =>
          this.setData({
            busy: false,
            items: this.data.items.concat(this.marked(page.items.map(withMark))).sort(urgentFirst),
            next: page.next,
          }),
        (/** @type {Failure} */ failure) => {
          this.setData({ busy: false });
          this.fail(failure);
        }
      );
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onOpen(event) {
      go.to('/staff/ticket/index' + api.query({ id: event.currentTarget.dataset.ticket }));
    },
    onFind() {
      go.to('/staff/find/index');
    },
    onWalk() {
      go.to('/staff/walk/index');
    },
    onInbox() {
      go.to('/pages/inbox/index?who=staff');
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
      listening.forget();
      wx.reLaunch({ url: '/pages/point/index' });
    },
    onPullDownRefresh() {
      this.load().then(() => wx.stopPullDownRefresh());
    },
  })
);
