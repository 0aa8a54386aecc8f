// 附近办了什么: what was done around a place in the last month, in the desk's own words; which places to hear of once a day.
const api = require('../../lib/api.js');
const consent = require('../../lib/consent.js');
const frame = require('../../lib/frame.js');
const time = require('../../lib/time.js');

const NOTICE = 'nearby_published'; // what watching asks consent to

/** @typedef {Schemas['DoneThing'] & { n: number, when: string }} Done */
/** @typedef {Omit<Schemas['DoneNearby'], 'items'> & { items: Done[] }} Numbered */

Page(
  frame.framed({
    data: {
      place: '',
      around: /** @type {Numbered | null} */ (null),
      watches: /** @type {(Schemas['WatchedPlace'] & { on: boolean })[]} */ ([]),
      loaded: false,
    },
    /** @param {Record<string, string | undefined>} query */
    onLoad(query) {
      this.setData({ place: query.place || '' });
      this.templates = [];
      consent.wanted(NOTICE).then((ids) => {
        this.templates = ids;
      });
      this.load();
    },
    /** Without a place (out of a message) the places that are watched. */
    load() {
      const place = this.data.place;
      const around = place ? api.ask({ who: '', path: `/api/places/${api.part(place)}/done` }) : Promise.resolve(null);
      return Promise.all([around, this.watched()]).then(
        (/** @type {[Schemas['DoneNearby'] | null, Schemas['WatchedPlace'][]]} */ [page, mine]) => {
          this.quiet();
          this.setData({ around: numbered(page), watches: listed(page ? page.watchable : mine, mine), loaded: true });
        },
        (/** @type {Failure} */ failure) => this.fail(failure)
      );
    },
    watched() {
      return api
        .ask({ path: '/api/watches' })
        .then((/** @type {Schemas['Items_WatchedPlace_']} */ answer) => answer.items);
    },
    onPullDownRefresh() {
      this.load().then(() => wx.stopPullDownRefresh());
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onWatch(event) {
      const place = event.currentTarget.dataset.place;
      const wanted = event.detail.value;
      const asked = wanted ? consent.ask(this.templates) : Promise.resolve(); // in the tap itself, as WeChat wants it
      this.mark(place, wanted);
      return asked
        .then(() => (wanted ? watch(place) : unwatch(place)))
        .then(
          () => this.say(wanted ? '已关注，有新公开时每天最多告诉您一次' : '已取消关注', 'tips'),
          (/** @type {Failure} */ failure) => {
            this.mark(place, !wanted);
            this.fail(failure);
          }
        );
    },
    /** @param {string} place
     *  @param {boolean} on */
    mark(place, on) {
      this.setData({
        watches: this.data.watches.map((each) => (each.place === place ? Object.assign({}, each, { on: on }) : each)),
      });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onOpen(event) {
      this.setData({ place: event.currentTarget.dataset.place, around: null, loaded: false });
      this.load();
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onLook(event) {
      const { index, side, photo } = event.currentTarget.dataset;
      /** @type {Record<string, any>} */
      const item = this.data.around.items[index];
      const urls = item[side].map((/** @type {{ url: string }} */ each) => each.url);
      wx.previewImage({ current: urls[photo], urls: urls });
    },
    /** 转发: what was done here is what neighbours trust. */
    onShareAppMessage() {
      const name = this.data.around ? this.data.around.name + '：' : '';
      return { title: name + '近一个月办了什么', path: '/pages/nearby/index' + api.query({ place: this.data.place }) };
    },
  })
);

/** @returns {Promise<unknown>}
 *  @param {string} place */
function watch(place) {
  return api.ask({ method: 'POST', path: '/api/watches', body: { place: place } });
}

/** @returns {Promise<unknown>}
 *  @param {string} place */
function unwatch(place) {
  return api.ask({ method: 'DELETE', path: `/api/watches/${api.part(place)}` });
}

/** Two matters may read the same: their order tells them apart.
 *  @param {Schemas['DoneNearby'] | null} page */
function numbered(page) {
  return (
    page &&
    Object.assign({}, page, {
      items: page.items.map((each, n) => Object.assign({ n: n, when: time.date(each.done_on) }, each)),
    })
  );
}

/** @param {Schemas['WatchedPlace'][]} places
 *  @param {Schemas['WatchedPlace'][]} mine */
function listed(places, mine) {
  const watched = mine.map((each) => each.place);
  return places.map((each) => Object.assign({}, each, { on: watched.includes(each.place) }));
}
