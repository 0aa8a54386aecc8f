// 待发送: how many acts are still on the phone, and the way to them.
Component({ properties: { count: { type: Number, value: 0 } } });
