// 满意度: solved or not, satisfied or not, in one's own words.
const api = require('../../lib/api.js');
const consent = require('../../lib/consent.js');
const drafts = require('../../lib/drafts.js');
const frame = require('../../lib/frame.js');
const hello = require('../../lib/hello.js');
const once = require('../../lib/once.js');

Page(
  frame.framed({
    data: { form: /** @type {Schemas['RatingBody']} */ ({ solved: null, satisfied: null, words: '' }) },
    /** @param {Record<string, string | undefined>} query */
    onLoad(query) {
      this.id = query.id;
      this.draft = 'rate.' + this.id;
      const draft = drafts.read(this.draft);
      this.last = draft.last || null;
      if (draft.form) this.setData({ form: draft.form });
      consent.wanted().then((ids) => {
        this.templates = ids;
      });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onChoose(event) {
      const chosen = event.currentTarget.dataset;
      this.put({ [chosen.name]: chosen.value });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onWords(event) {
      this.put({ words: event.detail.value });
    },
    /** @param {Record<string, unknown>} fields */
    put(fields) {
      this.setData({ form: Object.assign({}, this.data.form, fields) });
      this.keep();
    },
    keep() {
      drafts.write(this.draft, { form: this.data.form, last: this.last });
    },
    onSubmit() {
      if (this.data.busy) return;
      if (this.data.form.solved === null) return this.say('请先选“解决了”或“没有解决”');
      this.quiet();
      this.setData({ busy: true });
      return consent.ask(this.templates || []).then(() => this.send());
    },
    send() {
      this.last = once.keyFor(this.last, this.data.form);
      this.keep();
      const path = /** @type {const} */ (`/api/tickets/${api.part(this.id)}/rating`);
      return api.ask({ method: 'POST', path: path, body: this.data.form, key: this.last.key }).then(
        () => {
          drafts.clear(this.draft);
          this.setData({ busy: false });
          hello.leave(this.id, 'rated');
          wx.redirectTo({ url: '/pages/ticket/index' + api.query({ id: this.id }) });
        },
        (/** @type {Failure} */ failure) => {
          this.setData({ busy: false });
          this.say(failure.message, 'warn', failure.status === 0 || failure.status >= 500 ? 'onSubmit' : '', '再提交');
        }
      );
    },
  })
);
