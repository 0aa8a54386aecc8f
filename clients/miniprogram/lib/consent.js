// Consent to messages (订阅消息): asked in the tap that submits, for at most three templates of one kind, as WeChat wants it.

const api = require('./api.js');

const MOST = 3;

const ANY_OTHER = '*'; // among the notices of a template

/** The ids to ask for, fetched before the tap; [] where the town sends no such messages. `notice`: for this one alone.
 *  Never rejects.
 *  @param {string} [notice] */
function wanted(notice) {
  return api.ask({ path: '/api/subscriptions' }).then(
    (answer) => choose(answer, notice),
    () => /** @type {string[]} */ ([])
  );
}

/** One-time and long-term templates may not be asked for together; those with the fewest consents left come first.
 *  @param {Schemas['Items_Subscription_']} answer
 *  @param {string} [notice] */
function choose(answer, notice) {
  const all = (answer && answer.items) || [];
  const items = notice ? speaking(all, notice) : all;
  if (items.length === 0) return [];
  const ordered = items.slice().sort((one, other) => one.left - other.left);
  const same = ordered.filter((item) => item.kind === ordered[0].kind);
  return same.slice(0, MOST).map((item) => item.id);
}

/** The template that says this notice, as the server chooses it: the one that names it, else the first for any other.
 *  @param {Schemas['Subscription'][]} all
 *  @param {string} notice */
function speaking(all, notice) {
  const named = all.filter((item) => item.notices.includes(notice));
  const others = all.filter((item) => item.notices.includes(ANY_OTHER));
  return (named.length ? named : others).slice(0, 1);
}

/** Call it first thing in a tap. Goes on in any case: a refusal is an answer too.
 *  @param {string[]} ids */
function ask(ids) {
  if (ids.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    wx.requestSubscribeMessage({ tmplIds: ids, complete: () => resolve(undefined) });
  });
}

module.exports = { wanted, choose, ask };
