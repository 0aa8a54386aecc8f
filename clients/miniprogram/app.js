// The mini-program: it starts, and sends what is waiting as soon as there is a signal again.
const outbox = require('./lib/outbox.js');

function sendWhatWaits() {
  if (outbox.list().some((entry) => entry.state === 'waiting')) outbox.flush();
}

App({
  onLaunch() {
    wx.onNetworkStatusChange((status) => {
      if (status.isConnected) sendWhatWaits();
    });
  },
  onShow() {
    sendWhatWaits();
  },
});
