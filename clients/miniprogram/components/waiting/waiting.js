// 待发送: how much is still on the phone, and the way there.
const go = require('../../lib/go.js');

Component({
  properties: { count: { type: Number, value: 0 } },
  data: { openType: 'navigate' },
  lifetimes: {
    attached() {
      this.setData({ openType: go.how() });
    },
  },
});
