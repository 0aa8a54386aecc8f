// What happened to a ticket, in plain words, the latest first.
const time = require('../../lib/time.js');

Component({
  properties: {
    events: { type: Array, value: /** @type {(Schemas['TimelineLine'] | Schemas['HistoryLine'])[]} */ ([]) },
    ticket: { type: String, value: '' },
    who: { type: String, value: 'resident' },
  },
  data: { lines: /** @type {(Schemas['TimelineLine'] & { key: number, when: string })[]} */ ([]) },
  observers: {
    /** @param {Schemas['TimelineLine'][]} events */
    events(events) {
      const shown = (events || []).map((event, n) => Object.assign({}, event, { key: n, when: time.day(event.at) }));
      this.setData({ lines: shown.reverse() });
    },
  },
});
