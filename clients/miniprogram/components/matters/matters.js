// What neighbours have open already: how many, who has it, by when, each with "me too" in one tap.
const matters = require('../../lib/matters.js');
const time = require('../../lib/time.js');

Component({
  properties: {
    title: { type: String, value: '' },
    items: { type: Array, value: /** @type {(Schemas['OpenMatter'] & { reason?: string })[]} */ ([]) },
    busy: { type: Boolean, value: false },
  },
  data: { rows: /** @type {(Schemas['OpenMatter'] & { when: string, mayJoin: boolean, reason?: string })[]} */ ([]) },
  observers: {
    /** @param {(Schemas['OpenMatter'] & { reason?: string })[]} items */
    items(items) {
      /** @param {Schemas['OpenMatter'] & { reason?: string }} item */
      const shown = (item) => Object.assign({ when: whenOf(item), mayJoin: matters.isTold(item) }, item);
      this.setData({ rows: items.map(shown) });
    },
  },
  methods: {
    /** @param {WechatMiniprogram.CustomEvent} event */
    onJoin(event) {
      this.triggerEvent('join', { id: event.currentTarget.dataset.id });
    },
  },
});

/** 3 次反映，最早昨天; 今天反映.
 *  @param {Schemas['OpenMatter']} item */
function whenOf(item) {
  const on = time.date(item.received_on);
  return item.reports > 1 ? item.reports + ' 次反映，最早' + on : on + '反映';
}
