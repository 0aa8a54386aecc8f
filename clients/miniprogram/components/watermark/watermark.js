// Who is looking, over every staff page with a ticket on it: a photo of the screen says whose screen it was (design §7).
const sessions = require('../../lib/sessions.js');
const time = require('../../lib/time.js');

Component({
  properties: { viewer: { type: Object, value: /** @type {Schemas['Named'] | null} */ (null) } },
  data: { text: '', marks: Array.from({ length: 30 }, (_, n) => n) },
  lifetimes: {
    attached() {
      const me = this.data.viewer || sessions.staff();
      if (me)
        this.setData({
          text: me.name + ' ' + me.code + ' ' + time.day(new Date(time.now()).toISOString(), 0).slice(5),
        });
    },
  },
});
