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
const outbox = require('../../lib/outbox.js');
const photos = require('../../lib/photos.js');
const points = require('../../lib/point.js');

const PAUSE = 1200; // milliseconds without a key: a thought is complete
const TITLE = 16; // characters of a report by which its owner knows it
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
      unsent: /** @type {Entry | null} */ (null), // this report, on the phone until there is a signal
      dangers: danger.KINDS,
      parties: avoiding.parties([]),
    },
    /** @param {Record<string, string | undefined>} query */
    onLoad(query) {
      const unsent = outbox.find(query.kept || '');
      this.code = codes.codeIn(unsent ? String(unsent.filled.code) : query.code);
      this.draft = 'report.' + (this.code || 'typed');
      this.restore();
      this.setData({
        unsent: unsent,
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
    /** The form as it was left. */
    restore() {
      const draft = drafts.read(this.draft);
      const form = Object.assign({}, EMPTY, draft.form);
      this.setData({
        form: form,
        parties: avoiding.parties(form.avoid),
        photos: draft.photos || [],
        recording: draft.recording || null,
      });
    },
    onShow() {
      this.unwatch = outbox.watch((sent, answer) => this.follow(sent, answer));
      this.follow();
    },
    onHide() {
      this.unwatch();
    },
    /** What became of the report that waits: it has gone, was refused, or waits for another reason now.
     *  @param {Entry} [sent]
     *  @param {Schemas['Reported']} [answer] */
    follow(sent, answer) {
      const id = this.data.unsent && this.data.unsent.id;
      if (!id) return;
      if (sent && sent.id === id) return this.done(answer);
      this.setData({ unsent: outbox.find(id) });
      if (!this.data.unsent) this.say('刚才存下的已提交，在“我反映的事”里看进展', 'tips');
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
    onText(event) {
      this.onInput(event);
      clearTimeout(this.pausing);
      this.pausing = setTimeout(() => this.look(), PAUSE);
    },
    onUnload() {
      clearTimeout(this.pausing);
      this.unwatch();
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
    keep() {
      drafts.write(this.draft, {
        form: this.data.form,
        photos: this.data.photos,
        recording: this.data.recording,
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
    /** By the outbox: without a signal it waits there and leaves by itself, whatever page is open then. */
    send() {
      const { form, photos: pictures, recording } = this.data;
      if (pictures.length || recording) this.setData({ progress: '正在传照片和录音' });
      const about = {
        who: 'resident',
        title: form.text.trim().slice(0, TITLE) || '用说的反映',
        photos: pictures,
        recording: recording,
        filled: Object.assign({ code: this.code }, form),
      };
      return outbox
        .send(Object.assign(about, { path: /** @type {const} */ ('/api/tickets'), body: this.body() }))
        .then((result) => this.sent(result));
    },
    /** @param {Result<Schemas['Reported']>} result */
    sent(result) {
      this.setData({ busy: false });
      if (result.state === 'sent') return this.done(result.answer);
      if (result.state === 'refused') {
        this.say(result.message);
        return this.markRefused(result.failure && result.failure.fields);
      }
      drafts.clear(this.draft);
      this.setData({
        unsent: outbox.find(result.id),
        form: EMPTY,
        photos: [],
        recording: null,
        alike: [],
        known: null,
      });
    },
    onNow() {
      if (this.data.busy) return;
      this.setData({ busy: true });
      return outbox.flush().then(() => this.setData({ busy: false }));
    },
    /** Back into the form, with why where it was refused. */
    onMend() {
      const other = drafts.read(this.draft).form;
      if (!other || !other.text) return this.mend();
      wx.showModal({
        title: '换掉正在写的另一件？',
        content: '“' + other.text.slice(0, TITLE) + '”还没有提交，改这一件会把它换掉',
        confirmText: '换掉',
        success: (answer) => {
          if (answer.confirm) this.mend();
        },
      });
    },
    mend() {
      const entry = this.data.unsent;
      drafts.write(this.draft, { form: entry.filled, photos: entry.photos, recording: entry.recording });
      this.setData({ unsent: null });
      outbox.drop(entry.id, true);
      this.restore();
      if (entry.state !== 'refused') return;
      this.say(entry.message);
      this.markRefused(entry.fields);
    },
    onAnother() {
      this.setData({ unsent: null });
      this.restore();
    },
    onDrop() {
      wx.showModal({
        title: '不反映了？',
        content: '写的内容和照片会从手机上删除',
        confirmText: '不反映了',
        cancelText: '先留着',
        success: (answer) => {
          if (!answer.confirm) return;
          const id = this.data.unsent.id;
          this.onAnother();
          outbox.drop(id);
        },
      });
    },
    /** What is asked for; photos and the recording are added as they are sent. */
    body() {
      const form = this.data.form;
      /** @type {Schemas['ReportBody']} */
      const body = { text: form.text.trim(), confidential: form.confidential };
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
    /** @param {Schemas['Reported']} ticket */
    done(ticket) {
      drafts.clear(this.draft);
      this.setData({ unsent: null });
      wx.vibrateShort({ type: 'light', fail: () => {} });
      hello.leave(ticket.id, 'reported');
      wx.redirectTo({ url: '/pages/ticket/index' + api.query({ id: ticket.id }) });
    },
  })
);
