// What neighbours have open already, each with "me too" in one tap.
Component({
  properties: {
    title: { type: String, value: '' },
    items: { type: Array, value: /** @type {(Schemas['OpenMatter'] & { reason?: string })[]} */ ([]) },
    busy: { type: Boolean, value: false },
  },
  methods: {
    onJoin(event) {
      this.triggerEvent('join', { id: event.currentTarget.dataset.id });
    },
  },
});
