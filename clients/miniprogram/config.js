// What a deployment decides for this client. The browser host (clients/browser) puts its own values in the place of this file:
// `base` from the page's <base>, `channel` "browser" (an anonymous session instead of wx.login).
module.exports = {
  base: 'https://mslj.example.gov.cn', // PUBLIC_URL of the backend: https, no slash at the end; set before uploading
  channel: 'wechat',
};
