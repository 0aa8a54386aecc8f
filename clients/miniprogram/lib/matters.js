// What is open near a code already: joined in one tap, and asked for by what is being typed.
const api = require('./api.js');

/** 我也是: join it and open it. `before(id)` runs once it is joined, before the page is left. */
function join(page, id, before) {
  if (page.data.busy) return Promise.resolve();
  page.setData({ busy: true });
  return api.ask({ method: 'POST', path: api.path`/api/tickets/${id}/join` }).then(
    () => {
      page.setData({ busy: false });
      if (before) before(id);
      wx.navigateTo({ url: '/pages/ticket/index' + api.query({ id: id, fresh: 'joined' }) });
    },
    (failure) => {
      page.setData({ busy: false });
      page.fail(failure);
    }
  );
}

/** What reads like `text`; none when it cannot be asked, since nobody waits for it. */
function alike(code, text) {
  const body = { point: code, text: text };
  return api.ask({ method: 'POST', path: '/api/tickets/similar', body: body }).then(
    (found) => found.items,
    () => []
  );
}

module.exports = { join, alike };
