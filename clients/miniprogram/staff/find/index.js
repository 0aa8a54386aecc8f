// 主动发现: what was found on a round, reported from the spot by scanning the point's code; kept when there is no signal.
const codes = require('../../lib/code.js');
const directory = require('../../lib/directory.js');
const drafts = require('../../lib/drafts.js');
const frame = require('../../lib/frame.js');
const outbox = require('../../lib/outbox.js');
const points = require('../../lib/point.js');
const sessions = require('../../lib/sessions.js');

const DRAFT = 'find';
const EMPTY = { point: '', place_text: '', text: '', category: '' };
/** @type {{ code: Schemas['EnterBody']['source'], name: string }[]} */
const SOURCES = [
  { code: 'patrol', name: '网格巡查' },
  { code: 'visit', name: '走访' },
  { code: 'volunteer', name: '志愿者巡察' },
];

Page(
  frame.framed({
    data: {
      place: '',
      practice: false,
      form: EMPTY,
      photos: /** @type {Photo[]} */ ([]),
      sources: SOURCES,
      source: 0,
      categories: /** @type {Schemas['Directory']['categories']} */ ([]),
      category: 0,
    },
    onLoad() {
      const draft = drafts.read(DRAFT);
      const me = sessions.staff();
      const usual = me && me.roles.indexOf('volunteer') >= 0 ? 2 : 0;
      this.setData({
        form: Object.assign({}, EMPTY, draft.form),
        photos: draft.photos || [],
        source: draft.source === undefined ? usual : draft.source,
      });
      if (this.data.form.point) this.showPlace(this.data.form.point);
      this.load();
    },
    load() {
      return directory.read().then(
        (town) => {
          const leaves = town.categories.filter((each) => each.parent);
          const category = Math.max(
            leaves.findIndex((each) => each.code === this.data.form.category),
            0
          );
          this.setData({ categories: leaves, category: category });
        },
        (/** @type {Failure} */ failure) => {
          if (failure.status === 401) this.fail(failure);
        }
      );
    },
    onScan() {
      codes.scan().then((found) => {
        if (found.code) {
          this.put({ point: found.code, place_text: '' });
          this.showPlace(found.code);
        } else if (found.seen) this.say('这不是“码上就来”的点位码，请重新扫');
      });
    },
    /** Without a signal the place's name is not known; its code is enough to report.
     *  @param {string} code */
    showPlace(code) {
      this.setData({ place: '点位 ' + code });
      return points.load(code).then(
        (point) => {
          this.setData({ practice: point.practice, place: point.place ? point.place.full_name : '' });
          if (!point.place) {
            this.put({ point: '' });
            this.say(point.message);
          }
        },
        () => {}
      );
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onSource(event) {
      this.setData({ source: Number(event.detail.value) });
      this.keep();
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onCategory(event) {
      const index = Number(event.detail.value);
      this.setData({ category: index });
      this.put({ category: this.data.categories[index].code });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onPhotos(event) {
      this.setData({ photos: event.detail.photos });
      this.keep();
    },
    keep() {
      drafts.write(DRAFT, { form: this.data.form, photos: this.data.photos, source: this.data.source });
    },
    onSubmit() {
      if (this.data.busy) return;
      const form = this.data.form;
      if (!form.point && form.place_text.trim().length < 2) return this.refuse('请扫点位码，或写明地点', 'place_text');
      if (form.text.trim().length < 2) return this.refuse('请写几个字说明看到了什么', 'text');
      this.quiet();
      this.setData({ busy: true });
      return outbox
        .send({
          path: '/staff/tickets',
          body: this.body(),
          photos: this.data.photos,
          title: '上报：' + (this.data.place || form.place_text),
        })
        .then((result) => this.sent(result));
    },
    body() {
      const form = this.data.form;
      /** @type {Schemas['EnterBody']} */
      const body = { source: SOURCES[this.data.source].code, text: form.text.trim() };
      if (form.point) body.point = form.point;
      else body.place_text = form.place_text.trim();
      if (form.category) body.category = form.category;
      return body;
    },
    /** @param {Result<Schemas['Acted']>} result */
    sent(result) {
      this.setData({ busy: false });
      if (result.state === 'refused') return this.refuse(result.message, ...((result.failure || {}).fields || []));
      drafts.clear(DRAFT);
      const title = result.state === 'sent' ? '已上报 ' + result.answer.number : outbox.waitsBecause(result);
      wx.showToast({ title: title, icon: 'none', duration: 2500 });
      if (getCurrentPages().length > 1) wx.navigateBack({ delta: 1 });
      else wx.redirectTo({ url: '/staff/work/index' });
    },
  })
);
