// The form of one act (`?id=&act=`), drawn from lib/acts.js. Kept on the phone until it has arrived; sent by the outbox.
const acts = require('../../lib/acts.js');
const api = require('../../lib/api.js');
const directory = require('../../lib/directory.js');
const drafts = require('../../lib/drafts.js');
const frame = require('../../lib/frame.js');
const outbox = require('../../lib/outbox.js');
const seen = require('../../lib/seen.js');
const sessions = require('../../lib/sessions.js');
const time = require('../../lib/time.js');

Page(
  frame.framed({
    data: { name: '', place: '', number: '', warn: '', quick: [], fields: [], filled: {}, photos: [], choices: {}, picked: {}, pickedNames: {} },
    onLoad(query) {
      this.id = query.id;
      this.act = query.act;
      this.form = acts.ACTS[query.act];
      if (!this.form) return wx.navigateBack({ delta: 1 });
      this.draft = 'act.' + this.id + '.' + this.act;
      const draft = drafts.read(this.draft);
      const on = this.form.fields.filter((field) => field.on).reduce((all, field) => Object.assign(all, { [field.name]: true }), {});
      this.setData({
        name: this.form.name,
        warn: this.form.warn || '',
        quick: this.form.quick || [],
        fields: this.form.fields,
        filled: Object.assign(on, draft.filled),
        photos: draft.photos || [],
      });
      this.load();
    },
    load() {
      return this.ticketOf().then(
        (ticket) => {
          this.ticket = ticket;
          this.setData({ place: ticket.where.name, number: ticket.number });
          return this.loadChoices();
        },
        (failure) => this.fail(failure)
      );
    },
    /** As the page before showed it: an act is done to what the person was looking at. */
    ticketOf() {
      const known = seen.recall('ticket.' + this.id);
      return known ? Promise.resolve(known.value) : api.ask({ who: 'staff', path: api.path`/staff/tickets/${this.id}` });
    },
    loadChoices() {
      const picks = this.form.fields.filter((field) => field.kind === 'pick');
      if (picks.length === 0) return;
      const needsTown = picks.some((field) => field.options === 'units' || field.options === 'return_reasons');
      return (needsTown ? directory.read() : Promise.resolve({})).then(
        (town) => {
          const choices = picks.reduce((all, field) => Object.assign(all, { [field.name]: this.optionsOf(field, town) }), {});
          this.setData({ choices: choices });
          picks.forEach((field) => this.showPicked(field.name));
        },
        (failure) => this.fail(failure)
      );
    },
    optionsOf(field, town) {
      if (Array.isArray(field.options)) return field.options;
      if (field.options === 'return_reasons') return town.return_reasons;
      if (field.options === 'assisting') {
        const open = this.ticket.assisting.filter((part) => part.state === 'open');
        return open.map((part) => ({ code: part.unit_id, name: part.unit_name }));
      }
      return town.units.filter((unit) => unit.code !== this.ticket.lead_unit_id);
    },
    showPicked(name) {
      const options = this.data.choices[name] || [];
      const index = options.findIndex((option) => option.code === this.data.filled[name]);
      this.setData({
        picked: Object.assign({}, this.data.picked, { [name]: Math.max(index, 0) }),
        pickedNames: Object.assign({}, this.data.pickedNames, { [name]: index < 0 ? '' : options[index].name }),
      });
    },
    onPick(event) {
      const name = event.currentTarget.dataset.name;
      const option = (this.data.choices[name] || [])[Number(event.detail.value)];
      if (!option) return;
      this.put({ [name]: option.code });
      this.showPicked(name);
    },
    onInput(event) {
      this.put({ [event.currentTarget.dataset.name]: event.detail.value });
    },
    onChoose(event) {
      this.put({ [event.currentTarget.dataset.name]: event.currentTarget.dataset.value });
    },
    onQuick(event) {
      this.put(event.currentTarget.dataset.filled);
    },
    onPhotos(event) {
      this.setData({ photos: event.detail.photos });
      this.keep();
    },
    onPhotoFail(event) {
      this.say(event.detail.failure.message);
    },
    put(fields) {
      this.setData({ filled: Object.assign({}, this.data.filled, fields) });
      this.keep();
    },
    keep() {
      drafts.write(this.draft, { filled: this.data.filled, photos: this.data.photos });
    },
    onSubmit() {
      if (this.data.busy || !this.ticket) return;
      const lacking = acts.missing(this.act, this.data.filled);
      if (lacking) return this.say(lacking);
      this.quiet();
      this.setData({ busy: true });
      const request = acts.requestFor(this.act, this.ticket, this.data.filled, sessions.staff(), time.now());
      const about = { title: this.form.name, ticketId: this.id, version: this.ticket.version, photos: this.data.photos };
      return outbox.send(Object.assign(about, request)).then((result) => this.sent(result));
    },
    sent(result) {
      this.setData({ busy: false });
      if (result.state === 'refused') return this.refused(result);
      drafts.clear(this.draft);
      const title = result.state === 'sent' ? '已提交' : outbox.waitsBecause(result);
      wx.showToast({ title: title, icon: 'none', duration: 2500 });
      if (getCurrentPages().length > 1) wx.navigateBack({ delta: 1 });
      else wx.redirectTo({ url: '/pages/staff-ticket/index' + api.query({ id: this.id }) });
    },
    /** Somebody was faster: the next try is made against the ticket as it stands now. */
    refused(result) {
      this.say(result.message);
      if (!result.failure || result.failure.code !== 'stale') return;
      return api.ask({ who: 'staff', path: api.path`/staff/tickets/${this.id}` }).then(
        (ticket) => {
          this.ticket = ticket;
          seen.remember('ticket.' + this.id, ticket);
        },
        () => {}
      );
    },
  })
);
