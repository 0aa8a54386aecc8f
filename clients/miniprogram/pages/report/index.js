// 上报: in under a minute, without typing the place. What is typed is kept until it has arrived.
const api = require('../../lib/api.js');
const avoiding = require('../../lib/avoiding.js');
const codes = require('../../lib/code.js');
const config = require('../../config.js');
const consent = require('../../lib/consent.js');
const danger = require('../../lib/danger.js');
const drafts = require('../../lib/drafts.js');
const frame = require('../../lib/frame.js');
const hello = require('../../lib/hello.js');
const known = require('../../lib/known.js');
const matters = require('../../lib/matters.js');
const once = require('../../lib/once.js');
const photos = require('../../lib/photos.js');
const points = require('../../lib/point.js');
const recordings = require('../../lib/recordings.js');

const PAUSE = 1200; // milliseconds without a key: a thought is complete
const SHORTEST = 4; // characters that say what it is about

const EMPTY = {
  text: '',
  place_text: '',
  category: '',
  name: '',
  phone: '',
  confidential: false,
  avoid: /** @type {Schemas['ReportBody']['avoid']} */ ([]),
  for_other: false,
  other_name: '',
  other_phone: '',
  may_enter: false,
  room: '',
};

Page(
  frame.framed({
    data: {
      point: /** @type {Schemas['PointPage'] | null} */ (null),
      placeName: '',
      form: EMPTY,
      photos: /** @type {Photo[]} */ ([]),
      recording: /** @type {Recording | null} */ (null),
      groups: /** @type {Schemas['CategoryToPick'][]} */ ([]),
      kinds: /** @type {Schemas['CategoryToPick'][]} */ ([]),
      group: '',
      canFillPhone: false,
      progress: '',
      begin: '', // what the page's own HTML was tapped for, before any script had come
      alike: /** @type {Schemas['AlikeNearby']['items']} */ ([]),
      known: /** @type {Schemas['EntryOffered']['items'][number] | null} */ (null),
      heard: false,
      dangers: danger.KINDS,
      parties: avoiding.parties([]),
    },
    /** @param {Record<string, string | undefined>} query */
    onLoad(query) {
      this.code = codes.codeIn(query.code);
      this.draft = 'report.' + (this.code || 'typed');
      const draft = drafts.read(this.draft);
      this.last = draft.last || null;
      this.setData({
        form: Object.assign({}, EMPTY, draft.form),
        parties: avoiding.parties((draft.form && draft.form.avoid) || []),
        photos: draft.photos || [],
        recording: draft.recording || null,
        canFillPhone: config.channel === 'wechat' && wx.canIUse('button.open-type.getPhoneNumber'),
      });
      consent.wanted().then((ids) => {
        this.templates = ids;
      });
      this.setData({ begin: query.begin || '' });
      const known = points.recall(this.code);
      if (known) this.show(known);
      this.load();
    },
    load() {
      return points.load(this.code).then(
        (point) => this.show(point),
        (/** @type {Failure} */ failure) => {
          if (!this.data.point) this.fail(failure);
        }
      );
    },
    /** @param {Schemas['PointPage']} point */
    show(point) {
      const groups = point.categories.filter((each) => !each.parent);
      const chosen = point.categories.find((each) => each.code === this.data.form.category);
      this.setData({ point: point, placeName: point.place ? point.place.full_name : '', groups: groups });
      if (chosen) this.pick(chosen.parent || chosen.code);
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onInput(event) {
      this.put({ [event.currentTarget.dataset.name]: event.detail.value });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onText(event) {
      this.onInput(event);
      clearTimeout(this.pausing);
      this.pausing = setTimeout(() => this.look(), PAUSE);
    },
    onUnload() {
      clearTimeout(this.pausing);
    },
    /** One question at most, once what was typed stands still: danger, else what neighbours have open, else what the knowledge answers. Nobody waits. */
    look() {
      const text = this.data.form.text.trim();
      if (text === this.looked || text.length < SHORTEST) return;
      this.looked = text;
      const nothing = { items: /** @type {Schemas['AlikeNearby']['items']} */ ([]), danger: false };
      const asked = this.data.placeName ? matters.alike(this.code, text) : Promise.resolve(nothing);
      asked.then(({ items, danger: heard }) => {
        if (text !== this.looked) return;
        this.setData({ heard: heard, alike: items, known: null });
        if (!heard && !items.length) this.ask(text);
      });
    },
    /** @param {string} text */
    ask(text) {
      known.answering(text).then(({ entry, danger: heard }) => {
        if (text !== this.looked) return;
        if (heard) this.setData({ heard: true });
        else if (!(entry && this.said === entry.code)) this.setData({ known: entry });
      });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onKnownNo(event) {
      this.said = event.detail.code;
      this.setData({ known: null });
    },
    /** Ended without a ticket. What was typed goes: it is answered.
     *  @param {WechatMiniprogram.CustomEvent} event */
    onKnownYes(event) {
      this.setData({ busy: true });
      known.answered(event.detail.code).then(
        () => {
          drafts.clear(this.draft);
          photos.discard(this.data.photos);
          this.looked = '';
          this.setData({ busy: false, form: EMPTY, photos: [], recording: null, known: null });
          this.say('好的，没有生成工单。要是还没解决，随时再写', 'tips');
        },
        (/** @type {Failure} */ failure) => {
          this.setData({ busy: false });
          this.fail(failure);
        }
      );
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onJoin(event) {
      matters.join(this, event.detail.id, (id) => this.carry(id));
    },
    /** What was typed goes along, as the draft of a word on the ticket that was joined.
     *  @param {string} id */
    carry(id) {
      drafts.write('comment.' + id, { text: this.data.form.text.trim(), photos: this.data.photos });
      drafts.clear(this.draft);
      this.setData({ form: EMPTY, photos: [], alike: [] });
    },
    /** Never blocked: what is not filled in is not asked for.
     *  @param {WechatMiniprogram.CustomEvent<{ kind: Schemas['DangerKind']; name: string }>} event */
    onDanger(event) {
      const typed = this.data.form.place_text.trim();
      const where = this.data.placeName ? { point: this.code } : { place_text: typed || '没有写地点，请回电' };
      return danger.report(this, event.detail, where, this.data.form.text.trim());
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onConfidential(event) {
      this.put({ confidential: event.detail.value });
    },
    /** 几室 is asked only where somebody must come in; it never stands in the text.
     *  @param {WechatMiniprogram.CustomEvent} event */
    onMayEnter(event) {
      this.put({ may_enter: event.detail.value });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onAvoid(event) {
      const avoid = avoiding.toggled(this.data.form.avoid || [], event.currentTarget.dataset.code);
      this.put({ avoid: avoid });
      this.setData({ parties: avoiding.parties(avoid) });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onForOther(event) {
      this.put({ for_other: event.detail.value });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onGroup(event) {
      const group = event.currentTarget.dataset.code;
      this.pick(group === this.data.group ? '' : group);
      this.put({ category: '' });
    },
    /** @param {string} group */
    pick(group) {
      this.setData({
        group: group,
        kinds: this.data.point.categories.filter((each) => group && each.parent === group),
      });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onCategory(event) {
      const code = event.currentTarget.dataset.code;
      this.put({ category: code === this.data.form.category ? '' : code });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onPhotos(event) {
      this.setData({ photos: event.detail.photos });
      this.keep();
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onPhotoFail(event) {
      this.fail(event.detail.failure);
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onSpoken(event) {
      if (!event.detail.recording && this.data.recording) photos.discard([this.data.recording]);
      this.setData({ recording: event.detail.recording });
      this.quiet();
      this.keep();
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onPhoneNumber(event) {
      if (!event.detail.code) return;
      api.ask({ method: 'POST', path: '/api/phone', body: { code: event.detail.code } }).then(
        (answer) => this.put({ phone: answer.phone }),
        (/** @type {Failure} */ failure) => this.say(failure.message)
      );
    },
    /** @param {Record<string, unknown>} fields */
    put(fields) {
      this.setData({ form: Object.assign({}, this.data.form, fields) });
      this.clearRefused(Object.keys(fields));
      this.keep();
    },
    keep() {
      drafts.write(this.draft, {
        form: this.data.form,
        photos: this.data.photos,
        recording: this.data.recording,
        last: this.last,
      });
    },
    onSubmit() {
      if (this.data.busy) return;
      const lacking = this.lacking();
      if (lacking) return this.refuse(lacking.words, lacking.field);
      this.quiet();
      this.setData({ busy: true, progress: '正在提交' });
      return consent.ask(this.templates || []).then(() => this.send());
    },
    lacking() {
      const form = this.data.form;
      if (form.text.trim().length < 2 && !this.data.recording)
        return { words: '请按住说话，或写几个字说明是什么事', field: 'text' };
      if (!this.data.placeName && form.place_text.trim().length < 2)
        return { words: '请写明在哪里，例如：盛华景苑4号楼2楼', field: 'place_text' };
      if (form.phone && !/^[0-9+\-\s()（）转]{5,30}$/.test(form.phone))
        return { words: '电话号码好像不对，请检查；不想留也可以清空', field: 'phone' };
      return null;
    },
    send() {
      if (this.data.photos.length || this.data.recording) this.setData({ progress: '正在传照片和录音' });
      return recordings
        .upload(this.data.recording)
        .then((recording) => {
          if (!recording) return;
          this.setData({ recording: recording });
          this.keep();
        })
        .then(() => this.sendPhotos())
        .then(
          (ticket) => this.done(ticket),
          (/** @type {Failure} */ failure) => this.notSent(failure)
        );
    },
    /** Without a signal it waits here and leaves by itself; the same key makes one report of it, however often it is sent. */
    notSent(/** @type {Failure} */ failure) {
      this.setData({ busy: false });
      this.waits = failure.status === 0;
      if (this.waits)
        this.say(
          '没有信号，已存在手机上。有信号后会自动提交，不用再点；紧急情况请直接打电话',
          'warn',
          'onSubmit',
          '现在提交'
        );
      else this.say(failure.message, 'warn', failure.status >= 500 ? 'onSubmit' : '', '再提交');
      this.markRefused(failure.fields);
    },
    onSignal() {
      if (!this.waits || this.data.busy) return;
      this.waits = false;
      this.setData({ busy: true, progress: '正在提交' });
      this.send();
    },
    sendPhotos() {
      return photos.uploadAndSend(
        this.data.photos,
        'resident',
        (all) => {
          this.setData({ photos: all });
          this.keep();
        },
        (all) => this.post(this.body(all))
      );
    },
    /** @param {Photo[]} all */
    body(all) {
      const form = this.data.form;
      /** @type {Schemas['ReportBody']} */
      const body = {
        text: form.text.trim(),
        photos: all.map((photo) => photo.id),
        confidential: form.confidential,
      };
      if (this.data.recording) body.recording = this.data.recording.id;
      if ((form.avoid || []).length) body.avoid = form.avoid;
      if (form.category) body.category = form.category;
      if (this.data.placeName) body.point = this.code;
      else body.place_text = form.place_text.trim();
      if (form.name || form.phone) body.contact = { name: form.name.trim(), phone: form.phone.trim() };
      if (form.may_enter) body.may_enter = true;
      if (form.may_enter && form.room.trim()) body.room = form.room.trim();
      if (form.for_other) body.on_behalf = { name: form.other_name.trim(), phone: form.other_phone.trim() };
      return body;
    },
    /** @param {Schemas['ReportBody']} body */
    post(body) {
      this.last = once.keyFor(this.last, body);
      this.keep();
      return api.ask({ method: 'POST', path: '/api/tickets', body: body, key: this.last.key });
    },
    /** @param {Schemas['Reported']} ticket */
    done(ticket) {
      drafts.clear(this.draft);
      photos.discard(this.data.photos.concat(this.data.recording || []));
      wx.vibrateShort({ type: 'light', fail: () => {} });
      hello.leave(ticket.id, 'reported');
      wx.redirectTo({ url: '/pages/ticket/index' + api.query({ id: ticket.id }) });
    },
  })
);
