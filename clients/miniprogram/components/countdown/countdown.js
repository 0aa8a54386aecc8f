// How long until a due instant, counting: the page hands in `now` (milliseconds, server's clock), so that one timer serves all.
const time = require('../../lib/time.js');

Component({
  properties: {
    due: { type: String, value: '' },
    now: { type: Number, value: 0 },
    rings: { type: Array, value: /** @type {string[]} */ ([]) }, // when its ladder rings; none: it is never soon
    paused: { type: Boolean, value: false },
    plain: { type: Boolean, value: false }, // in the colour of the words around it: on a red row no other can be read
  },
  data: { text: '', tone: 'calm' },
  observers: {
    /**
     * @param {string} due
     * @param {number} now
     * @param {boolean} paused
     * @param {string[]} rings
     */
    'due, now, paused, rings'(due, now, paused, rings) {
      const left = paused
        ? { text: '时限已暂停', tone: 'paused' }
        : due && now
          ? time.left(due, now, rings)
          : { text: '', tone: '' };
      if (left.text !== this.data.text || left.tone !== this.data.tone)
        this.setData({ text: left.text, tone: left.tone });
    },
  },
});
