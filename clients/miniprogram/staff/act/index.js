// The form of one act (`?id=&act=`), as the server declares it. Kept on the phone until it has arrived; sent by the outbox.
const acts = require('../../lib/acts.js');
const api = require('../../lib/api.js');
const directory = require('../../lib/directory.js');
const drafts = require('../../lib/drafts.js');
const frame = require('../../lib/frame.js');
const outbox = require('../../lib/outbox.js');
const seen = require('../../lib/seen.js');
const time = require('../../lib/time.js');

Page(
  frame.framed({
    data: {
      name: '',
      place: '',
      number: '',
      hint: '',
      quick: /** @type {Schemas['Quick'][]} */ ([]),
      fields: /** @type {ReturnType<typeof acts.fieldsOf>} */ ([]),
      filled: /** @type {Schemas['Quick']['filled']} */ ({}),
      photos: /** @type {Photo[]} */ ([]),
      choices: /** @type {Record<string, Schemas['Option'][]>} */ ({}),
      picked: /** @type {Record<string, number>} */ ({}),
      pickedNames: /** @type {Record<string, string>} */ ({}),
    },
    /** @param {Record<string, string | undefined>} query */
    onLoad(query) {
      this.id = query.id;
      this.act = query.act;
      this.draft = 'act.' + this.id + '.' + this.act;
      this.load();
    },
    load() {
      return this.ticketOf().then(
        (ticket) => this.begin(ticket),
        (/** @type {Failure} */ failure) => this.fail(failure)
      );
    },
    /** As the page before showed it: an act is done to what the person was looking at. */
    ticketOf() {
      const known = seen.recall(`ticket.${this.id}`);
      return known
        ? Promise.resolve(known.value)
        : api.ask({ who: 'staff', path: `/staff/tickets/${api.part(this.id)}` });
    },
    /** @param {Schemas['StaffTicket']} ticket */
    begin(ticket) {
      const offer = acts.offerOf(ticket, this.act);
      if (!offer) return this.say('这张工单现在不能这样做，请返回看看最新情况');
      const draft = drafts.read(this.draft);
      this.ticket = ticket;
      this.offer = offer;
      this.setData({
        name: offer.label,
        place: ticket.where.name,
        number: ticket.number,
        hint: offer.hint,
        quick: offer.quick,
        filled: Object.assign(acts.startOf(offer), draft.filled),
        photos: draft.photos || [],
      });
      this.draw();
      return this.loadChoices();
    },
    draw() {
      this.setData({ fields: acts.fieldsOf(this.offer, this.data.filled, this.queued()) });
    },
    queued() {
      return outbox.queued(this.id);
    },
    loadChoices() {
      const town = acts.needsTown(this.offer) ? directory.read() : Promise.resolve(null);
      return town.then(
        (found) => {
          this.town = found;
          this.showChoices();
        },
        (/** @type {Failure} */ failure) => this.fail(failure)
      );
    },
    showChoices() {
      const lists = this.data.fields.filter((field) => field.drawn === 'list');
      /** @param {Schemas['OfferedField']} field */
      const optionsOf = (field) => acts.choicesOf(field, this.data.filled, this.town);
      this.setData({
        choices: lists.reduce((all, field) => Object.assign(all, { [field.name]: optionsOf(field) }), {}),
      });
      lists.forEach((field) => this.showPicked(field.name));
    },
    /** @param {string} name */
    showPicked(name) {
      const options = this.data.choices[name] || [];
      const index = options.findIndex((option) => option.code === this.data.filled[name]);
      this.setData({
        picked: Object.assign({}, this.data.picked, { [name]: Math.max(index, 0) }),
        pickedNames: Object.assign({}, this.data.pickedNames, { [name]: index < 0 ? '' : options[index].name }),
      });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onPick(event) {
      const name = event.currentTarget.dataset.name;
      const option = (this.data.choices[name] || [])[Number(event.detail.value)];
      if (!option) return;
      this.put({ [name]: option.code });
      this.showChoices();
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onInput(event) {
      this.put({ [event.currentTarget.dataset.name]: event.detail.value });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onChoose(event) {
      this.put({ [event.currentTarget.dataset.name]: event.currentTarget.dataset.value });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onQuick(event) {
      this.put(event.currentTarget.dataset.filled);
      this.showChoices();
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onPhotos(event) {
      this.setData({ photos: event.detail.photos });
      this.keep();
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onPhotoFail(event) {
      this.say(event.detail.failure.message);
    },
    /** @param {Record<string, unknown>} fields */
    put(fields) {
      this.setData({ filled: Object.assign({}, this.data.filled, fields) });
      this.clearRefused(Object.keys(fields));
      this.draw();
      this.keep();
    },
    keep() {
      drafts.write(this.draft, { filled: this.data.filled, photos: this.data.photos });
    },
    onSubmit() {
      if (this.data.busy || !this.offer) return;
      const lacking = acts.missing(this.offer, this.data.filled, this.data.photos.length, this.queued());
      const field = acts.lackingIn(this.offer, this.data.filled, this.data.photos.length, this.queued());
      if (lacking) return this.refuse(lacking, field);
      this.quiet();
      this.setData({ busy: true });
      const queued = acts.queuedFor(this.offer, this.ticket, this.data.filled, time.now());
      return outbox.send(Object.assign({ photos: this.data.photos }, queued)).then((result) => this.sent(result));
    },
    /** @param {Result} result */
    sent(result) {
      this.setData({ busy: false });
      if (result.state === 'refused') return this.refused(result);
      drafts.clear(this.draft);
      const title = result.state === 'sent' ? '已提交' : outbox.waitsBecause(result);
      wx.showToast({ title: title, icon: 'none', duration: 2500 });
      if (getCurrentPages().length > 1) wx.navigateBack({ delta: 1 });
      else wx.redirectTo({ url: '/staff/ticket/index' + api.query({ id: this.id }) });
    },
    /** Somebody was faster: the next try is made against the ticket as it stands now.
     *  @param {Result} result */
    refused(result) {
      this.say(result.message);
      this.markRefused(result.failure && result.failure.fields);
      if (!result.failure || result.failure.code !== 'stale') return;
      return api.ask({ who: 'staff', path: `/staff/tickets/${api.part(this.id)}` }).then(
        (/** @type {Schemas['StaffTicket']} */ ticket) => {
          this.ticket = ticket;
          this.offer = acts.offerOf(ticket, this.act) || this.offer;
          seen.remember(`ticket.${this.id}`, ticket);
          this.draw();
        },
        () => {}
      );
    },
  })
);
