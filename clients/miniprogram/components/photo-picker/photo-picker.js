// Up to nine photos, taken or chosen. Tells the page with `change` { photos } and `fail` { failure }.
const photos = require('../../lib/photos.js');

Component({
  properties: {
    label: { type: String, value: '照片' },
    photos: { type: Array, value: /** @type {Photo[]} */ ([]) },
  },
  data: { most: photos.MOST },
  methods: {
    onAdd() {
      photos.choose(photos.MOST - this.data.photos.length).then(
        (chosen) => {
          if (chosen.length)
            this.triggerEvent('change', { photos: this.data.photos.concat(chosen).slice(0, photos.MOST) });
        },
        (/** @type {Failure} */ failure) => this.triggerEvent('fail', { failure: failure })
      );
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onRemove(event) {
      const index = event.currentTarget.dataset.index;
      photos.discard([this.data.photos[index]]);
      this.triggerEvent('change', { photos: this.data.photos.filter((_, n) => n !== index) });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onLook(event) {
      const paths = this.data.photos.map((photo) => photo.path);
      wx.previewImage({ current: paths[event.currentTarget.dataset.index], urls: paths });
    },
  },
});
