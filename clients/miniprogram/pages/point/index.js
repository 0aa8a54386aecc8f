// Where a scanned code leads: the place, whom to call, what is open here, and the way to report.
const api = require('../../lib/api.js');
const codes = require('../../lib/code.js');
const drafts = require('../../lib/drafts.js');
const consent = require('../../lib/consent.js');
const danger = require('../../lib/danger.js');
const frame = require('../../lib/frame.js');
const go = require('../../lib/go.js');
const matters = require('../../lib/matters.js');
const photos = require('../../lib/photos.js');
const points = require('../../lib/point.js');
const time = require('../../lib/time.js');

const OLD_SCAN = 2 * 3600; // seconds after which a page that WeChat brings back may be of another place

Page(
  frame.framed({
    data: {
      point: /** @type {Schemas['PointPage'] | null} */ (null),
      hint: '',
      typed: '',
      dangers: danger.KINDS,
    },
    /** @param {Record<string, string | undefined>} query */
    onLoad(query) {
      const slip = codes.slipIn(query.q);
      if (slip) return this.claim(slip);
      this.code = codes.codeOf(query);
      this.scannedAt = Number(query.scancode_time) || 0;
      this.setData({ point: points.recall(this.code) });
      this.load();
    },
    load() {
      return points.load(this.code).then(
        (point) => {
          this.quiet();
          this.setData({ point: point, hint: point.message || this.staleHint() });
          if (point.open.length && !this.templates) this.fetchTemplates();
        },
        (/** @type {Failure} */ failure) => this.fail(failure)
      );
    },
    /** What joining asks consent to: known before the tap, as WeChat wants it. */
    fetchTemplates() {
      this.templates = [];
      consent.wanted().then((ids) => {
        this.templates = ids;
      });
    },
    staleHint() {
      const isOld = this.scannedAt && time.now() / 1000 - this.scannedAt > OLD_SCAN;
      const when = isOld ? time.day(new Date(this.scannedAt * 1000).toISOString()) : '';
      return isOld ? '这是您 ' + when + ' 扫的码；如果现在在别处，请重新扫码' : '';
    },
    /** 转发到楼道群: what is open here, and one tap for whoever has it too; never what somebody wrote. */
    onShareAppMessage() {
      const point = this.data.point;
      if (!point) return { title: '有事码上反映', path: '/pages/point/index' }; // before it has come
      const [open] = point.open.filter(matters.isTold);
      const what = open ? (open.category || open.public_text) + '，点“我也是”' : '有事码上反映';
      const where = point.place ? point.place.full_name + '：' : '';
      return { title: where + what, path: '/pages/point/index' + api.query({ code: this.placed() }) };
    },
    onPullDownRefresh() {
      this.load().then(() => wx.stopPullDownRefresh());
    },
    onReport() {
      go.to('/pages/report/index' + api.query({ code: this.placed() }));
    },
    placed() {
      return this.data.point.place ? this.code : '';
    },
    /** 说: the form opens with what was spoken.
     *  @param {WechatMiniprogram.CustomEvent} event */
    onSpoken(event) {
      if (event.detail.recording) this.begin({ recording: event.detail.recording });
    },
    /** 拍: the camera first, the form with the photos after. */
    onShoot() {
      photos.choose(photos.MOST).then(
        (chosen) => chosen.length && this.begin({ photos: chosen }),
        (/** @type {Failure} */ failure) => this.fail(failure)
      );
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onFail(event) {
      this.fail(event.detail.failure);
    },
    /** @param {Record<string, unknown>} made */
    begin(made) {
      const name = 'report.' + (this.placed() || 'typed');
      drafts.write(name, Object.assign({}, drafts.read(name), made));
      this.onReport();
    },
    /** Without a code the place is typed first; the form has the same button.
     *  @param {WechatMiniprogram.CustomEvent<{ kind: Schemas['DangerKind']; name: string }>} event */
    onDanger(event) {
      if (!this.data.point.place) return this.onReport();
      return danger.report(this, event.detail, { point: this.code }, '');
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onCall(event) {
      wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.number, fail: () => {} });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onJoin(event) {
      matters.join(this, event.detail.id);
    },
    onScan() {
      codes.scan().then((found) => {
        if (found.slip) this.claim(found.slip);
        else if (found.code) this.open(found.code);
        else if (found.seen) this.say('这不是“码上就来”的二维码，请对准楼道里或马路边的民情二维码再扫');
      });
    },
    /** 小票: what was entered at the counter becomes one's own.
     *  @param {string} slip */
    claim(slip) {
      wx.redirectTo({ url: '/pages/claim/index' + api.query({ code: slip }) });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onType(event) {
      this.setData({ typed: event.detail.value });
    },
    onGo() {
      const code = codes.codeIn(this.data.typed);
      if (code) this.open(code);
      else this.say('请输入二维码下面的 7 位编号');
    },
    /** @param {string} code */
    open(code) {
      this.code = code;
      this.scannedAt = 0;
      this.setData({ point: points.recall(code), typed: '' });
      this.load();
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onLarge(event) {
      frame.setLarge(event.detail.value);
      this.setData({ large: event.detail.value });
    },
  })
);
