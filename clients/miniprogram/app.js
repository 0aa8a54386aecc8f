// The mini-program: it starts, and sends what is waiting as soon as there is a signal again.
const outbox = require('./lib/outbox.js');

const AGAIN = 30; // seconds: a server that was down tells nobody that it is back

let timer;

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
    clearInterval(timer);
    timer = setInterval(sendWhatWaits, AGAIN * 1000);
  },
  onHide() {
    clearInterval(timer);
  },
});
