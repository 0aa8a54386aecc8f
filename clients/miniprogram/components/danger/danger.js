// 有人有危险: one tap, and one more for what it is. Nothing else is asked, and nothing holds it up (rule 81).
Component({
  properties: {
    kinds: { type: Array, value: /** @type {any[]} */ ([]) },
    busy: { type: Boolean, value: false },
  },
  data: { open: false },
  methods: {
    onOpen() {
      this.setData({ open: !this.data.open });
    },
    onChoose(event) {
      this.setData({ open: false });
      this.triggerEvent('choose', { kind: event.currentTarget.dataset.kind, name: event.currentTarget.dataset.name });
    },
  },
});
