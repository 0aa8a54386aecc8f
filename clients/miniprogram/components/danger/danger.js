// 有人有危险: one tap, and one more for what it is. Nothing else is asked, and nothing holds it up (rule 81).
Component({
  properties: {
    kinds: { type: Array, value: /** @type {{ code: Schemas['DangerKind'], name: string }[]} */ ([]) },
    busy: { type: Boolean, value: false },
    begin: { type: Boolean, value: false }, // it was tapped before this page stood
    heard: { type: Boolean, value: false }, // what is being typed says so: asked first, and nothing waits for the answer
  },
  data: { open: false },
  observers: {
    /** @param {boolean} begin */
    begin(begin) {
      if (begin) this.setData({ open: true });
    },
  },
  methods: {
    onOpen() {
      this.setData({ open: !this.data.open });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onChoose(event) {
      this.setData({ open: false });
      this.triggerEvent('choose', { kind: event.currentTarget.dataset.kind, name: event.currentTarget.dataset.name });
    },
  },
});
