// The one way from page to page. WeChat keeps ten pages and then does nothing, without a word: the last one is replaced instead.

const MOST = 10;

/** As navigator's open-type: 'redirect' where one more page would be one too many. */
function how() {
  return getCurrentPages().length < MOST ? 'navigate' : 'redirect';
}

/** @param {string} url */
function to(url) {
  if (how() === 'navigate') wx.navigateTo({ url: url });
  else wx.redirectTo({ url: url });
}

module.exports = { how, to };
