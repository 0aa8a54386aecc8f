// What is pressing and was not looked at, above whatever page is open: one tap opens it.
const go = require('../../lib/go.js');

const MOST = 3; // rows; the rest is counted

Component({
  properties: { rows: { type: Array, value: /** @type {Schemas['WatchedRow'][]} */ ([]) } },
  data: { shown: /** @type {Schemas['WatchedRow'][]} */ ([]), more: 0, openType: 'navigate' },
  observers: {
    /** @param {Schemas['WatchedRow'][]} rows */
    rows(rows) {
      this.setData({ shown: rows.slice(0, MOST), more: Math.max(rows.length - MOST, 0), openType: go.how() });
    },
  },
  methods: {
    onSeen() {
      this.triggerEvent('seen');
    },
  },
});
