// 这条答复了您吗？ One answer of the town's knowledge with its source, before anything is sent. It holds nothing up.
const time = require('../../lib/time.js');

Component({
  properties: {
    entry: { type: Object, value: /** @type {Schemas['EntryOffered']['items'][number] | null} */ (null) },
    busy: { type: Boolean, value: false },
  },
  data: { dated: '' },
  observers: {
    /** @param {Schemas['EntryOffered']['items'][number] | null} entry */
    entry(entry) {
      this.setData({ dated: entry && entry.source_date ? '（' + time.written(entry.source_date) + '）' : '' });
    },
  },
  methods: {
    onYes() {
      this.triggerEvent('yes', { code: this.data.entry.code });
    },
    onNo() {
      this.triggerEvent('no', { code: this.data.entry.code });
    },
  },
});
