// What is open near a code already: joined in one tap, and asked for by what is being typed.
const api = require('./api.js');
const consent = require('./consent.js');
const go = require('./go.js');
const hello = require('./hello.js');

/** 我也是: join it and open it. `before(id)` runs once it is joined, before the page is left.
 *  @param {Record<string, any>} page
 *  @param {string} id
 *  @param {(id: string) => void} [before] */
function join(page, id, before) {
  if (page.data.busy) return Promise.resolve();
  page.setData({ busy: true });
  const asked = consent.ask(page.templates || []); // in the tap itself: a promise of news is kept by a message
  return asked
    .then(() => api.ask({ method: 'POST', path: `/api/tickets/${api.part(id)}/join` }))
    .then(
      () => {
        page.setData({ busy: false });
        if (before) before(id);
        hello.leave(id, 'joined');
        go.to('/pages/ticket/index' + api.query({ id: id }));
      },
      (failure) => {
        page.setData({ busy: false });
        page.fail(failure);
      }
    );
}

/** What reads like `text`, and whether that says danger; none and no when it cannot be asked, since nobody waits for it.
 *  @param {string} code
 *  @param {string} text */
function alike(code, text) {
  const body = { point: code, text: text };
  return api.ask({ method: 'POST', path: '/api/tickets/similar', body: body }).then(
    (/** @type {Schemas['AlikeNearby']} */ found) => ({ items: found.items, danger: Boolean(found.danger) }),
    () => ({ items: /** @type {Schemas['AlikeNearby']['items']} */ ([]), danger: false })
  );
}

/** Whether a row says what it is of, by category, approved words or likeness: nobody joins what they cannot know.
 *  @param {Schemas['OpenMatter'] & { reason?: string }} matter */
function isTold(matter) {
  return Boolean(matter.category || matter.public_text || matter.reason);
}

module.exports = { join, alike, isTold };
