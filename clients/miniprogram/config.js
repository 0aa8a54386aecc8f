// What a deployment decides for this client. The browser host (clients/browser) puts its own values in the place of this file:
// `base` from the page's <base>, `channel` "browser" (an anonymous session instead of wx.login), `voice` the browser's own.

const TOWN = 'https://mslj.example.gov.cn'; // PUBLIC_URL of the backend: https, no slash at the end; set before uploading
const DRILL = 'https://drill.mslj.example.gov.cn'; // the stage deployed with Practice=true: nobody is sent anywhere by it

/** Only the published version reports to the real desk: developers, testers and WeChat's reviewers reach the drill stage.
 *  @param {string} version */
function baseOf(version) {
  return version === 'release' ? TOWN : DRILL;
}

module.exports = {
  base: baseOf(wx.getAccountInfoSync().miniProgram.envVersion),
  baseOf,
  channel: 'wechat',
  voice: null, // 朗读: WeChat itself has none; a town with the plugin 同声传译 puts {can, whenReady, say, stop} here
};
