// 110, 119, 120 and the gas number in one red row, first on every first page (rule 22); the town's other numbers are folded.
const FIRST = 4;

Component({
  properties: {
    numbers: { type: Array, value: /** @type {Schemas['PhoneNumber'][]} */ ([]) },
    few: { type: Boolean, value: false }, // 关怀版: these four alone
  },
  data: {
    first: /** @type {Schemas['PhoneNumber'][]} */ ([]),
    more: /** @type {Schemas['PhoneNumber'][]} */ ([]),
    open: false,
  },
  observers: {
    /** @param {Schemas['PhoneNumber'][]} numbers */
    numbers(numbers) {
      this.setData({ first: numbers.slice(0, FIRST), more: numbers.slice(FIRST) });
    },
  },
  methods: {
    /** @param {WechatMiniprogram.CustomEvent} event */
    onCall(event) {
      wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.number, fail: () => {} });
    },
    onMore() {
      this.setData({ open: !this.data.open });
    },
  },
});
