// One sentence that says what happened and what to do next, with at most one button.
Component({
  properties: { notice: { type: Object, value: /** @type {import('../../lib/frame').Notice | null} */ (null) } },
  methods: {
    onTap() {
      this.triggerEvent('act', { act: this.data.notice.act });
    },
  },
});
