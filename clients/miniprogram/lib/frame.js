// What every page has: large type, a notice with one sentence, seconds that tick while it is looked at, and above it what is
// pressing where a member of staff is signed in.

const go = require('./go.js');
const kept = require('./kept.js');
const listening = require('./listening.js');
const outbox = require('./outbox.js');
const sessions = require('./sessions.js');
const signal = require('./signal.js');
const time = require('./time.js');

/** @typedef {'warn' | 'tips'} Tone red, or green */
/** @typedef {{ text: string, tone: Tone, act?: string, actText?: string }} Notice */
/** @typedef {{ say(text: string, tone?: Tone, act?: string, actText?: string): void }} Speaking */
/** @typedef {{ large: boolean, now: number, waiting: number, openType: string, notice: Notice | null, busy: boolean, keptOf: string, pressing: Schemas['WatchedRow'][], refused: Record<string, boolean>, focusOn: string }} Frame */

const LARGE = 'large';
const LOOK_AGAIN = 10; // seconds: how often a page that shows what was kept asks for what is so now

/** @type {Record<string, string>} */
const NAMES = { contact: 'phone', place: 'place_text', point: 'place_text' };

const GROWN = 1.2; // of WeChat's own text from which its owner wants ours large too

/** As the person chose here; else as WeChat's own text is (关怀模式, 字体大小). */
function isLarge() {
  const chosen = kept.get(LARGE, null);
  if (chosen !== null) return Boolean(chosen);
  /** @type {{ fontSizeScaleFactor?: number, fontSizeSetting?: number }} */
  const base = wx.getAppBaseInfo ? wx.getAppBaseInfo() : {};
  return (base.fontSizeScaleFactor || (base.fontSizeSetting || 0) / 17) >= GROWN;
}

/** @param {boolean} large */
function setLarge(large) {
  kept.set(LARGE, large);
}

/** What a page with a form (`data.form`) has besides: what is typed is kept at once by the page's own `keep`. */
const FORM = /** @type {Record<string, any>} */ ({
  /** @param {WechatMiniprogram.Input} event */
  onInput(event) {
    this.put({ [event.currentTarget.dataset.name]: event.detail.value });
  },
  /** @param {Record<string, unknown>} fields */
  put(fields) {
    this.setData({ form: Object.assign({}, this.data.form, fields) });
    this.clearRefused(Object.keys(fields));
    this.keep();
  },
  /** @param {WechatMiniprogram.CustomEvent<{ failure: Failure }>} event */
  onPhotoFail(event) {
    this.say(event.detail.failure.message);
  },
});

/** A field of the API as the pages call it: `contact.phone` is the phone, what is of on_behalf is the other person's.
 *  @param {string} field */
function nameOf(field) {
  const steps = field.split('.');
  const last = steps[steps.length - 1];
  if (steps[0] === 'on_behalf') return steps.length > 1 ? 'other_' + last : 'other_phone';
  return NAMES[last] || last;
}

/** The options of a page with the frame around them. `ticking: true` keeps `data.now` at the second; `onSignal` is called when
 *  the signal returns, in the place of loading again what could not be read; `onChanged` at the first look at a member of
 *  staff's queues, heard or not, and whenever something of them is another; `lists(id)` says whether the page shows that ticket in
 *  a list of its own. A page's data has none of the frame's own names.
 *  @template {{ data: Record<string, any> & Partial<Record<keyof Frame, never>> } & Record<string, any>} T
 *  @param {T & ThisType<Omit<T, 'data'> & { data: T['data'] & Frame, setData: Sets<T['data'] & Frame> } & Omit<WechatMiniprogram.Page.InstanceMethods<any>, 'data' | 'setData'> & Speaking & Record<string, any>>} page
 *  @returns {any} */
function framed(page) {
  const methods = /** @type {Record<string, any>} */ ({
    /** @param {string} text
     *  @param {Tone} [tone]
     *  @param {string} [act]
     *  @param {string} [actText] */
    say(text, tone, act, actText) {
      this._isShut = false;
      this.setData({ notice: { text: text, tone: tone || 'warn', act: act || '', actText: actText || '' } });
    },
    /** A failure as the sentence it carries, with the one thing to do about it.
     *  @param {Failure} failure */
    fail(failure) {
      if (failure.status === 401) this.say(failure.message, 'warn', 'signIn', '去登录');
      else if (failure.status === 0 || failure.status >= 500) this.say(failure.message, 'warn', 'retry', '重试');
      else this.say(failure.message, 'warn');
      this._isShut = Boolean(failure.isRead);
      this.markRefused(failure.fields);
    },
    /** A sentence, and where it is meant.
     *  @param {string} text
     *  @param {...string} fields */
    refuse(text, ...fields) {
      this.say(text);
      this.markRefused(fields);
    },
    /** Marks the fields that were refused, by their API names, and gives the first of them the focus; none takes the marks away.
     *  @param {unknown[]} [fields] */
    markRefused(fields) {
      const names = (fields || []).filter((each) => typeof each === 'string').map((each) => nameOf(String(each)));
      const marks = names.reduce((all, name) => Object.assign(all, { [name]: true }), {});
      this.setData({ refused: marks, focusOn: '' }); // a focus that is set already is none
      if (names.length) this.setData({ focusOn: names[0] });
    },
    /** What is typed or chosen anew is refused no more.
     *  @param {string[]} names */
    clearRefused(names) {
      if (!names.some((name) => this.data.refused[name])) return;
      const left = names.reduce((all, name) => Object.assign(all, { [name]: false }), {});
      this.setData({ refused: Object.assign({}, this.data.refused, left) }); // the focus stays: it is being typed
    },
    quiet() {
      this.setData({ notice: null, refused: {}, focusOn: '' });
    },
    /** @param {WechatMiniprogram.CustomEvent<{ act: string }>} event */
    onNoticeAct(event) {
      const act = event.detail.act;
      this.quiet();
      if (act === 'signIn') go.to('/staff/sign-in/index');
      else if (act === 'retry') this.reload();
      else if (this[act]) this[act]();
    },
    /** A page that could not be opened, or shows what was kept, opens by itself: it has said so. What was to be sent and was not
     *  keeps its sentence. A page behind another opens when it is next shown. */
    _signalled() {
      if (!this._isShown) this._signalMissed = true;
      else this._openAgain();
    },
    _openAgain() {
      const isShut = Boolean(this._isShut && this.data.notice);
      if (page.onSignal) return page.onSignal.call(this);
      if (isShut) this.quiet();
      if (isShut || this.data.keptOf) this.reload();
    },
    /** A signal may be told of before it carries anything, and a server that was down tells nobody that it is back. Not under a
     *  form being filled, nor over a sentence being read. */
    _tryAgain() {
      if (this.data.keptOf && !this.data.form && !this.data.notice) this.reload();
    },
    reload() {
      if (page.load) return page.load.call(this);
    },
    onShow() {
      this._isShown = true;
      this.setData({ large: isLarge(), now: time.now(), waiting: outbox.list().length, openType: go.how() });
      this._unwatch = outbox.watch(() => this.setData({ waiting: outbox.list().length }));
      if (!this._unsignal) this._unsignal = signal.watch(() => this._signalled());
      if (this._signalMissed) this._openAgain(); // while its own age still stands: the next line may take another page's
      this._signalMissed = false;
      this._unage = signal.watchAge((at) => this.setData({ keptOf: at ? time.day(at) : '' }));
      this._again = setInterval(() => this._tryAgain(), LOOK_AGAIN * 1000);
      if (page.ticking) this._tick = setInterval(() => this.setData({ now: time.now() }), 1000);
      if (page.onShow) page.onShow.call(this);
      this._listen();
    },
    /** Whatever page is open: what is pressing is heard, and shown where the page does not show it already. */
    _listen() {
      if (this.id) listening.see(this.id); // a page of one ticket
      if (!this._isShown || !sessions.token('staff')) return;
      this.listening = listening.start({
        changed: () => page.onChanged && page.onChanged.call(this),
        pressing: (rows) =>
          this.setData({ pressing: rows.filter((row) => !(page.lists && page.lists.call(this, row.ticket_id))) }),
      });
    },
    onPressingSeen() {
      /** @type {Frame['pressing']} */
      const rows = this.data.pressing;
      rows.forEach((row) => listening.see(row.ticket_id));
      this.setData({ pressing: [] });
    },
    onHide() {
      this._stop();
      if (this.data.notice && this.data.notice.tone === 'tips') this.quiet(); // what was done just now is not so when one comes back
      if (page.onHide) page.onHide.call(this);
    },
    onUnload() {
      this._stop();
      if (this._unsignal) this._unsignal();
      this._unsignal = null;
      if (page.onUnload) page.onUnload.call(this);
    },
    _stop() {
      this._isShown = false;
      if (this.listening) this.listening.stop();
      clearInterval(this._tick);
      clearInterval(this._again);
      if (this._unwatch) this._unwatch();
      this._unwatch = null;
      if (this._unage) this._unage();
      this._unage = null;
    },
  });
  /** @type {Omit<Frame, 'pressing' | 'refused' | 'focusOn'>} */
  const own = { large: false, now: 0, waiting: 0, openType: 'navigate', notice: null, busy: false, keptOf: '' };
  const data = Object.assign(own, { pressing: [], refused: {}, focusOn: '' }, page.data);
  return Object.assign({}, FORM, page, methods, { data: data });
}

module.exports = { framed, isLarge, setLarge };
