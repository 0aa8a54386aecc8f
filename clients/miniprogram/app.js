// The mini-program: it starts, and sends what is waiting as soon as there is a signal again.
const outbox = require('./lib/outbox.js');
const signal = require('./lib/signal.js');

const AGAIN = 30; // seconds: a server that was down tells nobody that it is back

/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;

/** A new version is used from the next start; whoever has the old one open is asked once, since the API moves on with it. */
function useNewVersion() {
  if (!wx.getUpdateManager) return;
  const manager = wx.getUpdateManager();
  manager.onUpdateReady(() =>
    wx.showModal({
      title: '有新版本',
      content: '重新打开后使用，填写的内容都还在',
      confirmText: '重新打开',
      cancelText: '等一会儿',
      success: (answer) => {
        if (answer.confirm) manager.applyUpdate();
      },
    })
  );
}

function sendWhatWaits() {
  if (outbox.list().some((entry) => entry.state === 'waiting')) outbox.flush();
}

App({
  onLaunch() {
    useNewVersion();
    wx.onNetworkStatusChange((status) => {
      if (!status.isConnected) return;
      sendWhatWaits();
      signal.back();
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
