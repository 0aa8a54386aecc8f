// 念给我听: the words read aloud, where the platform can; without a voice there is no button.
const config = require('../../config.js');

const voice = config.voice;

Component({
  properties: {
    text: { type: String, value: '' },
  },
  data: { can: false, on: false },
  lifetimes: {
    attached() {
      if (voice) voice.whenReady(() => this.setData({ can: voice.can() }));
    },
    detached() {
      if (this.data.on) voice.stop();
    },
  },
  methods: {
    onTap() {
      if (this.data.on) return voice.stop();
      this.setData({ on: true });
      voice.say(this.data.text, () => this.setData({ on: false }));
    },
  },
});
