// The in-app inbox, of a resident or of staff (`?who=staff`). What was shown is marked as read.
const api = require('../../lib/api.js');
const frame = require('../../lib/frame.js');
const go = require('../../lib/go.js');
const once = require('../../lib/once.js');
const time = require('../../lib/time.js');

Page(
  frame.framed({
    data: {
      who: 'resident',
      items: /** @type {(Schemas['InboxLine'] & { when: string })[]} */ ([]),
      next: /** @type {string | null} */ (null),
      loaded: false,
      asked: /** @type {(Schemas['StatementAsked'] & { when: string, words: string })[]} */ ([]),
    },
    /** @param {Record<string, string | undefined>} query */
    onLoad(query) {
      this.setData({ who: query.who === 'staff' ? 'staff' : 'resident' });
    },
    onShow() {
      this.load();
      this.ask();
    },
    /** @returns {'/staff/inbox' | '/api/inbox'} */
    base() {
      return this.data.who === 'staff' ? '/staff/inbox' : '/api/inbox';
    },
    load() {
      return this.fetch('').then(
        (/** @type {{ items: (Schemas['InboxLine'] & { when: string })[], next: string | null }} */ page) => {
          if (!page) return;
          this.setData({ items: page.items, next: page.next, loaded: true });
          const newest = page.items.find((item) => item.unread);
          if (newest) this.mark(page.items[0].id);
        }
      );
    },
    /** 请您说明: what a leader has put to this person; what is being written stays as it is. */
    ask() {
      if (this.data.who !== 'staff') return Promise.resolve();
      return api.ask({ who: 'staff', path: '/staff/statements' }).then(
        (answer) => {
          /** @type {Record<string, string>} */
          const words = {};
          this.data.asked.forEach((each) => (words[each.id] = each.words));
          const asked = answer.items.map((each) =>
            Object.assign({}, each, { when: time.day(each.due_at), words: words[each.id] || '' })
          );
          this.setData({ asked: asked });
        },
        (/** @type {Failure} */ failure) => this.fail(failure)
      );
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onWords(event) {
      const id = event.currentTarget.dataset.id;
      const words = event.detail.value;
      this.setData({
        asked: this.data.asked.map((each) => (each.id === id ? Object.assign({}, each, { words: words }) : each)),
      });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onState(event) {
      const id = event.currentTarget.dataset.id;
      const words = this.data.asked.find((each) => each.id === id).words.trim();
      if (this.data.busy) return;
      if (words.length < 2) return this.say('请先写几个字');
      this.last = once.keyFor(this.last, { id: id, text: words });
      this.setData({ busy: true });
      const body = { text: words };
      const path = /** @type {const} */ (`/staff/statements/${api.part(id)}`);
      return api.ask({ who: 'staff', method: 'POST', path: path, body: body, key: this.last.key }).then(
        () => {
          this.setData({ busy: false });
          this.say('已交给提出的领导', 'tips');
          this.ask();
        },
        (/** @type {Failure} */ failure) => {
          this.setData({ busy: false });
          this.fail(failure);
        }
      );
    },
    /** @param {string} after */
    fetch(after) {
      return api.ask({ who: this.data.who, path: this.base(), query: { after: after } }).then(
        (page) => {
          const items = page.items.map((item) => Object.assign({}, item, { when: time.day(item.at) }));
          return { items: items, next: page.next };
        },
        (/** @type {Failure} */ failure) => this.fail(failure)
      );
    },
    /** @param {string} until */
    mark(until) {
      api
        .ask({
          who: this.data.who,
          method: 'POST',
          path: /** @type {const} */ (`${this.base()}/read`),
          body: { until: until },
        })
        .catch(() => {});
    },
    onReachBottom() {
      if (!this.data.next || this.data.busy) return;
      this.setData({ busy: true });
      this.fetch(this.data.next).then((page) => {
        this.setData({ busy: false });
        if (page) this.setData({ items: this.data.items.concat(page.items), next: page.next });
      });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onOpen(event) {
      const id = event.currentTarget.dataset.id;
      const home = this.data.who === 'staff' ? '/staff/' : '/pages/';
      if (event.currentTarget.dataset.template === 'nearby_published') go.to('/pages/nearby/index');
      else if (id) go.to(home + 'ticket/index' + api.query({ id: id }));
    },
    onPullDownRefresh() {
      this.load().then(() => wx.stopPullDownRefresh());
    },
  })
);
