// Consent to messages (订阅消息): asked in the tap that submits, for at most three templates of one kind, as WeChat wants it.

const api = require('./api.js');

const MOST = 3;

/** The ids to ask for, fetched before the tap; [] where the town sends no such messages. Never rejects. */
function wanted() {
  return api.ask({ path: '/api/subscriptions' }).then(choose, () => []);
}

/** One-time and long-term templates may not be asked for together; those with the fewest consents left come first. */
function choose(answer) {
  const items = (answer && answer.items) || [];
  if (items.length === 0) return [];
  const ordered = items.slice().sort((one, other) => one.left - other.left);
  const same = ordered.filter((item) => item.kind === ordered[0].kind);
  return same.slice(0, MOST).map((item) => item.id);
}

/** Call it first thing in a tap. Goes on in any case: a refusal is an answer too. */
function ask(ids) {
  if (ids.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    wx.requestSubscribeMessage({ tmplIds: ids, complete: () => resolve(undefined) });
  });
}

module.exports = { wanted, choose, ask };
