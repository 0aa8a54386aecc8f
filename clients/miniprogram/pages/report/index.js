// 上报: in under a minute, without typing the place. What is typed is kept until it has arrived.
const api = require('../../lib/api.js');
const codes = require('../../lib/code.js');
const config = require('../../config.js');
const consent = require('../../lib/consent.js');
const danger = require('../../lib/danger.js');
const drafts = require('../../lib/drafts.js');
const frame = require('../../lib/frame.js');
const matters = require('../../lib/matters.js');
const once = require('../../lib/once.js');
const photos = require('../../lib/photos.js');
const points = require('../../lib/point.js');

const PAUSE = 1200; // milliseconds without a key: a thought is complete
const SHORTEST = 4; // characters that say what it is about

const EMPTY = { text: '', place_text: '', category: '', name: '', phone: '', confidential: false };

Page(
  frame.framed({
    data: { point: null, placeName: '', form: EMPTY, photos: [], groups: [], kinds: [], group: '', canFillPhone: false, progress: '', alike: [], dangers: danger.KINDS },
    onLoad(query) {
      this.code = codes.codeIn(query.code);
      this.draft = 'report.' + (this.code || 'typed');
      const draft = drafts.read(this.draft);
      this.last = draft.last || null;
      this.setData({
        form: Object.assign({}, EMPTY, draft.form),
        photos: draft.photos || [],
        canFillPhone: config.channel === 'wechat' && wx.canIUse('button.open-type.getPhoneNumber'),
      });
      consent.wanted().then((ids) => {
        this.templates = ids;
      });
      const known = points.recall(this.code);
      if (known) this.show(known);
      this.load();
    },
    load() {
      return points.load(this.code).then(
        (point) => this.show(point),
        (failure) => {
          if (!this.data.point) this.fail(failure);
        }
      );
    },
    show(point) {
      const groups = point.categories.filter((each) => !each.parent);
      const chosen = point.categories.find((each) => each.code === this.data.form.category);
      this.setData({ point: point, placeName: point.place ? point.place.full_name : '', groups: groups });
      if (chosen) this.pick(chosen.parent || chosen.code);
    },
    onInput(event) {
      this.put({ [event.currentTarget.dataset.name]: event.detail.value });
    },
    onText(event) {
      this.onInput(event);
      clearTimeout(this.pausing);
      this.pausing = setTimeout(() => this.look(), PAUSE);
    },
    onUnload() {
      clearTimeout(this.pausing);
    },
    /** Whether neighbours have it open already, once what was typed stands still. Nobody waits for it. */
    look() {
      const text = this.data.form.text.trim();
      if (!this.data.placeName || text === this.looked || text.length < SHORTEST) return;
      this.looked = text;
      matters.alike(this.code, text).then((items) => {
        if (text === this.looked) this.setData({ alike: items });
      });
    },
    onJoin(event) {
      matters.join(this, event.detail.id, (id) => this.carry(id));
    },
    /** What was typed goes along, as the draft of a word on the ticket that was joined. */
    carry(id) {
      drafts.write('comment.' + id, { text: this.data.form.text.trim(), photos: this.data.photos });
      drafts.clear(this.draft);
      this.setData({ form: EMPTY, photos: [], alike: [] });
    },
    /** Never blocked: what is not filled in is not asked for. */
    onDanger(event) {
      const typed = this.data.form.place_text.trim();
      const where = this.data.placeName ? { point: this.code } : { place_text: typed || '没有写地点，请回电' };
      return danger.report(this, event.detail, where, this.data.form.text.trim());
    },
    onConfidential(event) {
      this.put({ confidential: event.detail.value });
    },
    onGroup(event) {
      const group = event.currentTarget.dataset.code;
      this.pick(group === this.data.group ? '' : group);
      this.put({ category: '' });
    },
    pick(group) {
      this.setData({ group: group, kinds: this.data.point.categories.filter((each) => group && each.parent === group) });
    },
    onCategory(event) {
      const code = event.currentTarget.dataset.code;
      this.put({ category: code === this.data.form.category ? '' : code });
    },
    onPhotos(event) {
      this.setData({ photos: event.detail.photos });
      this.keep();
    },
    onPhotoFail(event) {
      this.fail(event.detail.failure);
    },
    onPhoneNumber(event) {
      if (!event.detail.code) return;
      api.ask({ method: 'POST', path: '/api/phone', body: { code: event.detail.code } }).then(
        (answer) => this.put({ phone: answer.phone }),
        (failure) => this.say(failure.message)
      );
    },
    put(fields) {
      this.setData({ form: Object.assign({}, this.data.form, fields) });
      this.keep();
    },
    keep() {
      drafts.write(this.draft, { form: this.data.form, photos: this.data.photos, last: this.last });
    },
    onSubmit() {
      if (this.data.busy) return;
      const lacking = this.lacking();
      if (lacking) return this.say(lacking);
      this.quiet();
      this.setData({ busy: true, progress: '正在提交' });
      return consent.ask(this.templates || []).then(() => this.send());
    },
    lacking() {
      const form = this.data.form;
      if (form.text.trim().length < 2) return '请写几个字说明是什么事';
      if (!this.data.placeName && form.place_text.trim().length < 2) return '请写明在哪里，例如：盛华景苑4号楼2楼';
      if (form.phone && !/^[0-9+\-\s()（）转]{5,30}$/.test(form.phone)) return '电话号码好像不对，请检查；不想留也可以清空';
      return '';
    },
    send() {
      if (this.data.photos.length) this.setData({ progress: '正在传照片' });
      return photos
        .uploadAll(this.data.photos, 'resident', (all) => {
          this.setData({ photos: all });
          this.keep();
        })
        .then((all) => this.post(this.body(all)))
        .then(
          (ticket) => this.done(ticket),
          (failure) => {
            this.setData({ busy: false });
            this.say(failure.message, 'warn', failure.status === 0 || failure.status >= 500 ? 'onSubmit' : '', '再提交');
          }
        );
    },
    body(all) {
      const form = this.data.form;
      const body = { text: form.text.trim(), photos: all.map((photo) => photo.id), confidential: form.confidential };
      if (form.category) body.category = form.category;
      if (this.data.placeName) body.point = this.code;
      else body.place_text = form.place_text.trim();
      if (form.name || form.phone) body.contact = { name: form.name.trim(), phone: form.phone.trim() };
      return body;
    },
    post(body) {
      this.last = once.keyFor(this.last, body);
      this.keep();
      return api.ask({ method: 'POST', path: '/api/tickets', body: body, key: this.last.key });
    },
    done(ticket) {
      drafts.clear(this.draft);
      photos.discard(this.data.photos);
      wx.vibrateShort({ type: 'light', fail: () => {} });
      wx.redirectTo({ url: '/pages/ticket/index' + api.query({ id: ticket.id, fresh: 'reported' }) });
    },
  })
);
