Component({
  properties: { text: { type: String, value: "" } },
  methods: {
    tell() {
      this.triggerEvent("told", { text: this.data.text });
    },
  },
});
