// What every page has: large type, a notice with one sentence, and seconds that tick while it is looked at.

const kept = require('./kept.js');
const outbox = require('./outbox.js');
const time = require('./time.js');

/** @typedef {{ large: boolean, now: number, waiting: number, notice: any, busy: boolean }} Frame */

const LARGE = 'large';

function isLarge() {
  return Boolean(kept.get(LARGE, false));
}

function setLarge(large) {
  kept.set(LARGE, large);
}

/** What a page with a form (`data.form`) has besides: what is typed is kept at once by the page's own `keep`. */
const FORM = /** @type {Record<string, any>} */ ({
  onInput(event) {
    this.put({ [event.currentTarget.dataset.name]: event.detail.value });
  },
  put(fields) {
    this.setData({ form: Object.assign({}, this.data.form, fields) });
    this.keep();
  },
  onPhotoFail(event) {
    this.say(event.detail.failure.message);
  },
});

/** The options of a page with the frame around them. `ticking: true` keeps `data.now` at the second.
 *  @template {Record<string, any>} T
 *  @param {T & ThisType<Omit<T, 'data'> & { data: T['data'] & Frame } & Omit<WechatMiniprogram.Page.InstanceMethods<any>, 'data'> & Record<string, any>>} page
 *  @returns {any} */
function framed(page) {
  const methods = /** @type {Record<string, any>} */ ({
    say(text, tone, act, actText) {
      this.setData({ notice: { text: text, tone: tone || 'warn', act: act || '', actText: actText || '' } });
    },
    /** A failure as the sentence it carries, with the one thing to do about it. */
    fail(failure) {
      if (failure.status === 401) this.say(failure.message, 'warn', 'signIn', '去登录');
      else if (failure.status === 0 || failure.status >= 500) this.say(failure.message, 'warn', 'retry', '重试');
      else this.say(failure.message, 'warn');
    },
    quiet() {
      this.setData({ notice: null });
    },
    onNoticeAct(event) {
      const act = event.detail.act;
      this.quiet();
      if (act === 'signIn') wx.navigateTo({ url: '/pages/staff-sign-in/index' });
      else if (act === 'retry') this.reload();
      else if (this[act]) this[act]();
    },
    reload() {
      if (page.load) return page.load.call(this);
    },
    onShow() {
      this.setData({ large: isLarge(), now: time.now(), waiting: outbox.list().length });
      this._unwatch = outbox.watch(() => this.setData({ waiting: outbox.list().length }));
      if (page.ticking) this._tick = setInterval(() => this.setData({ now: time.now() }), 1000);
      if (page.onShow) page.onShow.call(this);
    },
    onHide() {
      this._stop();
      if (page.onHide) page.onHide.call(this);
    },
    onUnload() {
      this._stop();
      if (page.onUnload) page.onUnload.call(this);
    },
    _stop() {
      clearInterval(this._tick);
      if (this._unwatch) this._unwatch();
      this._unwatch = null;
    },
  });
  const data = Object.assign({ large: false, now: 0, waiting: 0, notice: null, busy: false }, page.data);
  return Object.assign({}, FORM, page, methods, { data: data });
}

module.exports = { framed, isLarge, setLarge };
