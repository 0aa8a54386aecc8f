// 110, 119, 120 and the gas number: first on every first page (rule 22).
Component({
  properties: { numbers: { type: Array, value: /** @type {any[]} */ ([]) } },
  methods: {
    onCall(event) {
      wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.number, fail: () => {} });
    },
  },
});
