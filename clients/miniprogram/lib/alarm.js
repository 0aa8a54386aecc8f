// What must be noticed in a pocket: something urgent has come, or something was refused after its sender had left.

const SOUND = '/sounds/urgent.wav';
/** @type {WechatMiniprogram.InnerAudioContext | null} */
let sound = null;

/** Something urgent: heard and felt. */
function ring() {
  buzz();
  try {
    if (!sound) sound = wx.createInnerAudioContext();
    sound.src = SOUND;
    sound.stop();
    sound.play();
  } catch (silent) {
    sound = null; // an old phone: it is felt, and seen
  }
}

/** Felt alone. */
function buzz() {
  wx.vibrateLong({ fail: () => {} });
}

module.exports = { ring, buzz };
