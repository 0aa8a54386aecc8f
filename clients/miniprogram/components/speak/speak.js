// 按住说话. A hand that trembles may tap instead: a short touch goes on recording until the next one. Tells the page with
// `change` { recording } and `fail` { failure }.
const recordings = require('../../lib/recordings.js');

const HELD = 600; // milliseconds from which a touch is a hold, which ends with the finger
const KEY = 1000; // milliseconds after a touch in which a tap is that touch, and no key

/** @typedef {{ pressedAt?: number, touchedAt?: number, asking?: boolean, running?: boolean, ticking?: number }} Touch */

Component({
  properties: {
    recording: { type: Object, value: /** @type {Recording | null} */ (null) },
    busy: { type: Boolean, value: false },
  },
  // `touch` is not drawn: when it began and ended, what runs or is being asked.
  data: { on: false, seconds: 0, longest: recordings.LONGEST, touch: /** @type {Touch} */ ({}) },
  lifetimes: {
    detached() {
      if (this.data.touch.running) recordings.stop();
      clearInterval(this.data.touch.ticking);
    },
  },
  methods: {
    onPress() {
      this.data.touch.pressedAt = Date.now();
      this.data.touch.touchedAt = this.data.touch.pressedAt;
      this.toggle();
    },
    onRelease() {
      const isHeld = Date.now() - this.data.touch.pressedAt >= HELD;
      this.data.touch.touchedAt = Date.now();
      if (this.data.touch.running && isHeld) recordings.stop();
    },
    /** By key or by a screen reader: there is no holding. */
    onTap() {
      if (Date.now() - (this.data.touch.touchedAt || 0) > KEY) this.toggle();
    },
    toggle() {
      if (this.data.busy || this.data.touch.asking) return;
      if (this.data.touch.running) recordings.stop();
      else if (recordings.isAgreed()) this.begin();
      else this.ask();
    },
    ask() {
      this.data.touch.asking = true;
      recordings.agree().then((agreed) => {
        this.data.touch.asking = false;
        if (agreed) wx.showToast({ title: '好了，请再按住说话', icon: 'none' });
      });
    },
    begin() {
      this.data.touch.running = true;
      recordings
        .start(() => this.hear())
        .then(
          (recording) => this.end(() => this.triggerEvent('change', { recording: recording })),
          (/** @type {Failure} */ failure) => this.end(() => this.triggerEvent('fail', { failure: failure }))
        );
    },
    hear() {
      this.setData({ on: true, seconds: 0 });
      this.data.touch.ticking = setInterval(() => this.setData({ seconds: this.data.seconds + 1 }), 1000);
      wx.vibrateShort({ type: 'light', fail: () => {} });
    },
    /** @param {() => void} tell */
    end(tell) {
      this.data.touch.running = false;
      clearInterval(this.data.touch.ticking);
      this.setData({ on: false });
      tell();
    },
    onPlay() {
      const sound = wx.createInnerAudioContext();
      sound.src = this.data.recording.path;
      sound.play();
    },
    onRemove() {
      this.triggerEvent('change', { recording: null });
    },
  },
});
