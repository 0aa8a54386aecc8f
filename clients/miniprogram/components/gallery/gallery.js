// Photos of a ticket by their ids: thumbnails by short-lived links, the whole picture at a tap.
const photos = require('../../lib/photos.js');

Component({
  properties: {
    ids: { type: Array, value: /** @type {(string | Schemas['PhotoId'])[]} */ ([]) },
    ticket: { type: String, value: '' },
    who: { type: String, value: 'resident' },
    label: { type: String, value: '照片' },
  },
  data: { shown: /** @type {{ id: string, url: string, text: string }[]} */ ([]) },
  observers: {
    /** @param {(string | Schemas['PhotoId'])[]} ids
     *  @param {string} ticket */
    'ids, ticket'(ids, ticket) {
      const wanted = (ids || []).map((photo) => (typeof photo === 'string' ? photo : photo.id));
      if (!ticket || wanted.join() === this.data.shown.map((photo) => photo.id).join()) return;
      this.setData({ shown: wanted.map((id) => ({ id: id, url: '', text: '正在打开' })) });
      wanted.forEach((id, n) => this.open(id, n));
    },
  },
  methods: {
    /** @param {string} id
     *  @param {number} n */
    open(id, n) {
      /** @param {Record<string, string>} fields */
      const put = (fields) => {
        const current = this.data.shown[n];
        if (current && current.id === id)
          this.setData({ ['shown[' + n + ']']: Object.assign({ id: id, url: '', text: '' }, fields) });
      };
      photos.link(id, this.data.ticket, this.data.who, true).then(
        (url) => put({ url: url }),
        () => put({ text: '照片暂时打不开' })
      );
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onLook(event) {
      const ids = this.data.shown.map((photo) => photo.id);
      Promise.all(ids.map((id) => photos.link(id, this.data.ticket, this.data.who, false).catch(() => ''))).then(
        (urls) => {
          const known = urls.filter(Boolean);
          const wanted = urls[event.currentTarget.dataset.index];
          if (known.length) wx.previewImage({ current: wanted || known[0], urls: known });
        }
      );
    },
  },
});
