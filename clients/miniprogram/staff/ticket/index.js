// A ticket on a staff phone: its clocks, what may be done now (the server says so, and what waits here is taken as done), what
// happened.
const acts = require('../../lib/acts.js');
const api = require('../../lib/api.js');
const drafts = require('../../lib/drafts.js');
const frame = require('../../lib/frame.js');
const go = require('../../lib/go.js');
const outbox = require('../../lib/outbox.js');
const seen = require('../../lib/seen.js');
const sessions = require('../../lib/sessions.js');
const time = require('../../lib/time.js');

const LOOK_AGAIN = 20; // seconds
const CHECKERS = ['first_contact', 'station_head', 'area_leader', 'town_leader']; // who look after partners' orders
/** @type {ReturnType<typeof acts.buttons>} */
const NONE = { step: null, more: [], heldUp: [], elsewhere: false, stage_name: '', isProjected: false };

/** @typedef {Schemas['StaffTicket']['running'][number] & { when: string, kept: boolean }} Running */
/** @typedef {Omit<Schemas['StaffTicket'], 'running'> & { running: Running[] }} Shown */

/** A meeting as the page shows it: when, who, and what each unit undertook by when.
 *  @param {Schemas['StaffTicket']['meetings'][number]} meeting */
function meetingOf(meeting) {
  const undertakings = meeting.undertakings.map((one) => Object.assign({}, one, { when: time.day(one.due_at) }));
  return Object.assign({}, meeting, {
    when: time.day(meeting.at),
    who: meeting.units.concat(meeting.outside).join('、'),
    undertakings: undertakings,
  });
}

Page(
  frame.framed({
    ticking: true,
    data: {
      ticket: /** @type {Shown | null} */ (null),
      place: '',
      came: '',
      order: /** @type {Schemas['SupervisionOrder'] | null} */ (null),
      asksProxy: false,
      meetings: /** @type {ReturnType<typeof meetingOf>[]} */ ([]),
      beside: /** @type {Schemas['BesideTicket'] | null} */ (null),
      toCheck: /** @type {Schemas['ExchangeShown'][]} */ ([]),
      buttons: NONE,
      sending: /** @type {Entry[]} */ ([]),
      failed: /** @type {Entry[]} */ ([]),
      isOpen: false,
      old: '',
    },
    /** @param {Record<string, string | undefined>} query */
    onLoad(query) {
      this.id = query.id;
      if (query.said) this.say(query.said, 'tips');
    },
    onShow() {
      this.listSending();
      this.unwatch = outbox.watch(() => this.listSending());
      if (this.saidItWaits) this.quiet(); // the page says it below
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
      const own = outbox.list().filter((entry) => entry.ticketId === this.id);
      const wasMore = this.data.sending.length + this.data.failed.length > own.length;
      this.setData({
        sending: own.filter((entry) => entry.state === 'waiting').map(withReason),
        failed: own.filter((entry) => entry.state === 'refused'),
      });
      if (this.data.ticket)
        this.setData({
          buttons: this.buttonsOf(this.data.ticket),
          ticket: Object.assign({}, this.data.ticket, { running: this.runningOf(this.data.ticket) }),
        });
      if (wasMore && this.saidItWaits) this.quiet();
      if (wasMore && this.data.ticket) this.load(true);
    },
    onSignal() {
      this.load(true);
    },
    /** @param {boolean} [quietly] */
    load(quietly) {
      return api.ask({ who: 'staff', path: `/staff/tickets/${api.part(this.id)}` }).then(
        (/** @type {Schemas['StaffTicket']} */ ticket) => {
          seen.remember(`ticket.${this.id}`, ticket);
          const isNews = !quietly || !this.data.ticket || this.data.ticket.version !== ticket.version;
          this.show(ticket, '');
          if (isNews) this.listChecks(ticket);
        },
        (/** @type {Failure} */ failure) => this.offline(failure, quietly)
      );
    },
    /** 待核: what was odd in a partner's order, for whoever looks after orders; the ticket is shown without it too.
     *  @param {Schemas['StaffTicket']} ticket */
    listChecks(ticket) {
      const me = sessions.staff();
      const mayCheck = !!me && me.roles.some((role) => CHECKERS.indexOf(role) >= 0);
      if (!mayCheck || !(ticket.external_ids || []).length) return Promise.resolve();
      return api.ask({ who: 'staff', path: `/desk/tickets/${api.part(this.id)}/exchanges` }).then(
        (page) => this.setData({ toCheck: page.items.filter((each) => each.to_check) }),
        () => {}
      );
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onChecked(event) {
      if (this.data.busy) return;
      this.quiet();
      this.setData({ busy: true });
      const id = api.part(event.currentTarget.dataset.id);
      return api.ask({ who: 'staff', method: 'POST', path: `/desk/exchanges/${id}/checked` }).then(
        () => {
          this.setData({ busy: false });
          this.say('已核对', 'tips');
          return this.listChecks(this.data.ticket);
        },
        (/** @type {Failure} */ failure) => {
          this.setData({ busy: false });
          this.fail(failure);
        }
      );
    },
    /** @param {Failure} failure
     *  @param {boolean} [quietly] */
    offline(failure, quietly) {
      const known = failure.status === 0 ? seen.recall(`ticket.${this.id}`) : null;
      if (failure.status === 403 || failure.status === 404) this.gone(failure);
      else if (known) this.show(known.value, time.day(new Date(known.at).toISOString()));
      else if (!quietly || failure.status === 401) this.fail(failure);
    },
    /** It may not be seen here any more: neither on the page nor in what the phone keeps. Whoever had it is told so.
     *  @param {Failure} failure */
    gone(failure) {
      const had = Boolean(seen.recall(`ticket.${this.id}`)) || this.data.failed.length > 0;
      seen.drop(`ticket.${this.id}`);
      this.setData({ ticket: null, old: '' });
      if (had) this.say(outbox.LOST);
      else this.fail(failure);
    },
    /** @param {Schemas['StaffTicket']} ticket
     *  @param {string} [old] */
    show(ticket, old) {
      if (this.data.notice && this.data.notice.act === 'retry') this.quiet();
      this.setData({
        ticket: Object.assign({}, ticket, { running: this.runningOf(ticket) }),
        place: this.placeOf(ticket),
        came: this.cameOf(ticket),
        asksProxy: !!ticket.proxy && ticket.proxy.agreed === null,
        meetings: (ticket.meetings || []).map(meetingOf),
        order: (ticket.supervision_orders || []).find((order) => !order.answered_at) || null,
        buttons: this.buttonsOf(ticket),
        old: old,
      });
    },
    /** Each clock with when it is due, and whether what waits here keeps it; those that are still to be kept first.
     *  @param {Schemas['StaffTicket']} ticket
     *  @returns {Running[]} */
    runningOf(ticket) {
      const kept = acts.kept(ticket, outbox.queued(this.id));
      const all = (ticket.running || []).map((clock) =>
        Object.assign({}, clock, { when: time.day(clock.due_at), kept: kept.indexOf(clock.kind) >= 0 })
      );
      return all.filter((clock) => !clock.kept).concat(all.filter((clock) => clock.kept));
    },
    /** @param {Schemas['StaffTicket']} ticket */
    buttonsOf(ticket) {
      return acts.buttons(ticket, outbox.queued(this.id), time.now());
    },
    /** What the last merge brought: 并入1件，时限提前到…，新增照片2张、来话1条.
     *  @param {Schemas['StaffTicket']} ticket */
    cameOf(ticket) {
      const lines = (ticket.history || []).filter((line) => line.kind === 'absorbed' && line.details.came);
      return lines.length ? lines[lines.length - 1].details.came : '';
    },
    /** @param {Schemas['StaffTicket']} ticket */
    placeOf(ticket) {
      const names = (ticket.place_path || [])
        .filter((place) => place.kind !== 'town' && place.kind !== 'area')
        .map((place) => place.name);
      const own = ticket.where.name;
      return names
        .filter((name) => own.indexOf(name) < 0)
        .concat([own])
        .join(' › ');
    },
    onPullDownRefresh() {
      this.load().then(() => wx.stopPullDownRefresh());
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onCall(event) {
      wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.number, fail: () => {} });
    },
    onReveal() {
      const query = Object.assign({ id: this.id }, this.data.ticket.urgent ? { urgent: 1 } : {});
      go.to('/staff/reveal/index' + api.query(query));
    },
    onMore() {
      this.setData({ isOpen: !this.data.isOpen });
    },
    /** 这里的其他工单: asked for when they are opened, not at every look at the ticket. */
    onBeside() {
      if (this.data.beside) return this.setData({ beside: null });
      return api.ask({ who: 'staff', path: `/staff/tickets/${api.part(this.id)}/beside` }).then(
        (beside) => this.setData({ beside: beside }),
        (/** @type {Failure} */ failure) => this.fail(failure)
      );
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onAct(event) {
      const chosen = event.currentTarget.dataset;
      if (chosen.form) this.openForm(chosen.act);
      else this.perform(chosen.act, {});
    },
    /** @param {string} act */
    openForm(act) {
      go.to('/staff/act/index' + api.query({ id: this.id, act: act }));
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onQuick(event) {
      const chosen = event.currentTarget.dataset;
      this.perform(chosen.act, chosen.filled);
    },
    /** Back into the form of what was refused, to be put right.
     *  @param {WechatMiniprogram.CustomEvent} event */
    onMend(event) {
      const entry = outbox.reopen(event.currentTarget.dataset.id);
      if (entry) this.openForm(entry.act);
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onDrop(event) {
      outbox.drop(event.currentTarget.dataset.id);
    },
    /** 代反映: what the one whose matter it is said of the proxy's sight.
     *  @param {WechatMiniprogram.CustomEvent} event */
    onProxy(event) {
      const agreed = event.currentTarget.dataset.agreed;
      this.sendBeside(agreed ? '本人同意代办人看' : '本人不同意代办人看', 'proxy', { agreed: agreed });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onUndertakingNote(event) {
      this.undertakingNotes = Object.assign({}, this.undertakingNotes, {
        [event.currentTarget.dataset.id]: event.detail.value,
      });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onUndertakingDone(event) {
      const id = event.currentTarget.dataset.id;
      const note = ((this.undertakingNotes || {})[id] || '').trim();
      if (note.length < 2) return this.say('请写一句怎么办的');
      this.sendBeside('会商任务办好', `undertakings/${api.part(id)}`, { note: note });
    },
    /** What is no act of the server's list: by the outbox all the same.
     *  @template {string} Path
     *  @template Body
     *  @param {string} title
     *  @param {Path} path
     *  @param {Sent<'POST', `/staff/tickets/${string}/${Path}`, Body>} body */
    sendBeside(title, path, body) {
      if (this.data.busy) return;
      this.quiet();
      this.setData({ busy: true });
      const to = /** @type {Offered} */ (`/staff/tickets/${api.part(this.id)}/${path}`);
      const about = { title: title, ticketId: this.id, path: to, body: body };
      return outbox.send(about).then((result) => this.told({ label: title }, result));
    },
    /** At once what is complete; what still lacks something through its form.
     *  @param {string} act
     *  @param {Schemas['Quick']['filled']} given */
    perform(act, given) {
      const offer = acts.offerOf(this.data.ticket, act);
      if (this.data.busy || !offer) return;
      const filled = Object.assign(acts.startOf(offer), given);
      if (acts.missing(offer, filled, 0, outbox.queued(this.id))) {
        drafts.write('act.' + this.id + '.' + act, { filled: filled });
        return this.openForm(act);
      }
      this.quiet();
      this.setData({ busy: true, isOpen: false });
      return outbox
        .send(acts.queuedFor(offer, this.data.ticket, filled, time.now()))
        .then((result) => this.told(offer, result));
    },
    /** @param {{ label: string }} offer
     *  @param {Result} result */
    told(offer, result) {
      this.setData({ busy: false });
      this.saidItWaits = result.state === 'waiting';
      if (result.state === 'sent') this.say('已' + offer.label.replace(/^我?已/, ''), 'tips');
      else if (result.state === 'refused') this.say(result.message);
      else if (result.failure && result.failure.status === 401)
        this.say(outbox.waitsBecause(result), 'warn', 'signIn', '去登录');
      else this.say('“' + offer.label + '”' + outbox.waitsBecause(result), 'tips');
      return this.load(true);
    },
  })
);

/** What waits, with why where the page does not say it already.
 *  @param {Entry} entry */
function withReason(entry) {
  return Object.assign({}, entry, { message: entry.message === outbox.NO_SIGNAL ? '' : entry.message });
}
