// A ticket on a staff phone: its clocks, what may be done now (the server says so), what happened.
const acts = require('../../lib/acts.js');
const api = require('../../lib/api.js');
const frame = require('../../lib/frame.js');
const outbox = require('../../lib/outbox.js');
const seen = require('../../lib/seen.js');
const sessions = require('../../lib/sessions.js');
const time = require('../../lib/time.js');

const LOOK_AGAIN = 20; // seconds
const NONE = { main: [], more: [], elsewhere: false };

Page(
  frame.framed({
    ticking: true,
    data: { ticket: null, place: '', order: null, buttons: NONE, sending: [], old: '' },
    onLoad(query) {
      this.id = query.id;
      if (query.said) this.say(query.said, 'tips');
    },
    onShow() {
      this.listSending();
      this.unwatch = outbox.watch(() => this.listSending());
      this.load();
      this.looking = setInterval(() => this.load(true), LOOK_AGAIN * 1000);
    },
    onHide() {
      this.rest();
    },
    onUnload() {
      this.rest();
    },
    rest() {
      clearInterval(this.looking);
      if (this.unwatch) this.unwatch();
    },
    listSending() {
      const sending = outbox.list().filter((entry) => entry.ticketId === this.id);
      const wasMore = this.data.sending.length > sending.length;
      this.setData({ sending: sending });
      if (this.data.ticket) this.setData({ buttons: this.buttonsOf(this.data.ticket) });
      if (wasMore && this.data.ticket) this.load(true);
    },
    load(quietly) {
      return api.ask({ who: 'staff', path: api.path`/staff/tickets/${this.id}` }).then(
        (ticket) => {
          seen.remember('ticket.' + this.id, ticket);
          this.show(ticket, '');
        },
        (failure) => this.offline(failure, quietly)
      );
    },
    offline(failure, quietly) {
      const known = failure.status === 0 ? seen.recall('ticket.' + this.id) : null;
      if (known) this.show(known.value, time.day(new Date(known.at).toISOString()));
      else if (!quietly || failure.status === 401) this.fail(failure);
    },
    show(ticket, old) {
      if (this.data.notice && this.data.notice.act === 'retry') this.quiet();
      const running = (ticket.running || []).map((clock) => Object.assign({}, clock, { when: time.day(clock.due_at) }));
      this.setData({
        ticket: Object.assign({}, ticket, { running: running }),
        place: this.placeOf(ticket),
        order: (ticket.supervision_orders || []).find((order) => !order.answered_at) || null,
        buttons: this.buttonsOf(ticket),
        old: old,
      });
    },
    buttonsOf(ticket) {
      const waiting = this.data.sending.filter((entry) => entry.state === 'waiting').map((entry) => entry.title);
      return acts.buttons(ticket, waiting);
    },
    placeOf(ticket) {
      const names = (ticket.place_path || []).filter((place) => place.kind !== 'town' && place.kind !== 'area').map((place) => place.name);
      const own = ticket.where.name;
      return names.filter((name) => own.indexOf(name) < 0).concat([own]).join(' › ');
    },
    onPullDownRefresh() {
      this.load().then(() => wx.stopPullDownRefresh());
    },
    onCall(event) {
      wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.number, fail: () => {} });
    },
    onReveal() {
      wx.navigateTo({ url: '/pages/staff-reveal/index' + api.query(Object.assign({ id: this.id }, this.data.ticket.urgent ? { urgent: 1 } : {})) });
    },
    onAct(event) {
      const chosen = event.currentTarget.dataset;
      if (chosen.form) wx.navigateTo({ url: '/pages/staff-act/index' + api.query({ id: this.id, act: chosen.act }) });
      else this.perform(chosen.act, {});
    },
    onQuick(event) {
      const chosen = event.currentTarget.dataset;
      this.perform(chosen.act, chosen.filled);
    },
    perform(act, filled) {
      if (this.data.busy) return;
      this.quiet();
      this.setData({ busy: true });
      const ticket = this.data.ticket;
      const request = acts.requestFor(act, ticket, filled, sessions.staff(), time.now());
      const title = acts.ACTS[act].name;
      return outbox.send(Object.assign({ title: title, ticketId: ticket.id, version: ticket.version }, request)).then((result) => {
        this.setData({ busy: false });
        if (result.state === 'sent') this.say('已' + title.replace(/^我?已/, ''), 'tips');
        else if (result.state === 'refused') this.say(result.message);
        else if (result.failure && result.failure.status === 401) this.say(outbox.waitsBecause(result), 'warn', 'signIn', '去登录');
        else this.say('“' + title + '”' + outbox.waitsBecause(result), 'tips');
        return this.load(true);
      });
    },
  })
);
