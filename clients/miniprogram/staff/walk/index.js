// 走访巡查: one walk at a time. Every point is scanned, then in order or a finding with its photo; kept when there is no signal.
const api = require('../../lib/api.js');
const codes = require('../../lib/code.js');
const drafts = require('../../lib/drafts.js');
const frame = require('../../lib/frame.js');
const once = require('../../lib/once.js');
const outbox = require('../../lib/outbox.js');
const points = require('../../lib/point.js');
const seen = require('../../lib/seen.js');
const sessions = require('../../lib/sessions.js');

const DRAFT = 'walk';
/** @type {Pick<Schemas['MyWalks']['plans'][number], 'code' | 'name'>} */
const NO_PLAN = { code: '', name: '不选计划，随走随看' };
/** @type {Pick<Schemas['MyWalks']['hazards'][number], 'code' | 'name' | 'photograph'>} */
const OTHER = { code: '', name: '清单以外', photograph: '' };
const NO_SHOP = { code: '', name: '', trade: '', label: '不是哪一家商户' };
const TRADES = [
  { code: 'open', name: '营业' },
  { code: 'paused', name: '停业' },
  { code: 'vacant', name: '空置' },
];
const EMPTY = { point: '', place: '', hazard: 0, text: '', settled: false, how: '', shop: 0, trade: 0, sign: '' };
const MOST_STOPS = 60; // kept on the page; the server has all of them

Page(
  frame.framed({
    data: {
      who: 'staff',
      name: '',
      plans: [NO_PLAN],
      plan: 0,
      hazards: [OTHER],
      shops: [NO_SHOP],
      trades: TRADES,
      walk: /** @type {{ id: string, plan: string, plan_name: string } | null} */ (null),
      form: EMPTY,
      photos: /** @type {Photo[]} */ ([]),
      after: /** @type {Photo[]} */ ([]),
      stops: /** @type {{ id: string, place: string, what: string, number: string, waits: boolean }[]} */ ([]),
      finding: false,
      old: false,
    },
    /** @param {Record<string, string | undefined>} query */
    onLoad(query) {
      this.setData({ who: query.who === 'resident' || !sessions.token('staff') ? 'resident' : 'staff' });
      const draft = drafts.read(this.draft());
      this.setData({
        walk: draft.walk || null,
        form: Object.assign({}, EMPTY, draft.form),
        photos: draft.photos || [],
        after: draft.after || [],
        stops: draft.stops || [],
        finding: Boolean(draft.finding),
        shops: draft.shops || [NO_SHOP],
      });
      this.load();
    },
    draft() {
      return DRAFT + '.' + this.data.who;
    },
    load() {
      return api.ask({ who: this.data.who, path: '/api/walks' }).then(
        (page) => {
          this.quiet();
          seen.remember(`walk.${this.data.who}`, page);
          this.show(page, false);
        },
        (/** @type {Failure} */ failure) => {
          const known = failure.status === 0 ? seen.recall(`walk.${this.data.who}`) : null;
          if (known) this.show(known.value, true);
          else this.fail(failure);
        }
      );
    },
    /** A walk that the server knows of is gone on with; one of this phone's may still be on its way there.
     *  @param {Schemas['MyWalks']} page
     *  @param {boolean} old */
    show(page, old) {
      const lost = this.data.walk || old ? null : page.open;
      const hazards = [].concat(page.hazards, [OTHER]);
      this.setData({ name: page.name, plans: [].concat(page.plans, [NO_PLAN]), hazards: hazards, old: old });
      if (lost) this.setData({ walk: lost });
      if (this.data.form.hazard >= hazards.length) this.put({ hazard: 0 });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onPlan(event) {
      this.setData({ plan: Number(event.detail.value) });
    },
    onScan() {
      return codes.scan().then((found) => {
        if (found.code) return this.stand(found.code);
        if (found.seen) this.say('这不是“码上就来”的点位码，请重新扫');
      });
    },
    /** At this point now; the first one begins the walk.
     *  @param {string} code */
    stand(code) {
      this.quiet();
      this.put({ point: code, place: '点位 ' + code });
      this.name(code);
      this.shopsAt(code);
      return this.data.walk ? Promise.resolve(undefined) : this.begin(code);
    },
    /** @param {string} code */
    begin(code) {
      const plan = this.data.plans[this.data.plan];
      const walk = { id: once.fresh(), plan: plan.code, plan_name: plan.code ? plan.name : '' };
      return this.send('/api/walks', { id: walk.id, point: code, plan: plan.code }, [], '开始走访').then((result) => {
        if (result.state === 'refused') return this.refused(result);
        this.setData({ walk: walk, stops: [] });
        this.keep();
      });
    },
    /** What stands of the point is kept; a walk that the server still knows of is taken up.
     *  @param {Result} result */
    refused(result) {
      this.put({ point: '', place: '' });
      const open = result.failure && result.failure.code === 'still_open';
      if (open) return this.load().then(() => this.say('您还有一趟没有结束，已接着走；请重新扫这个点位'));
      this.say(result.message);
    },
    /** Without a signal the place's name is not known; its code is enough.
     *  @param {string} code */
    name(code) {
      return points.load(code).then(
        (point) => point.place && this.data.form.point === code && this.put({ place: point.place.full_name }),
        () => {}
      );
    },
    /** The shops here, as they were last found; without a signal those that this phone has seen at the point before.
     *  @param {string} code */
    shopsAt(code) {
      this.setData({ shops: [NO_SHOP] });
      this.put({ shop: 0, trade: 0, sign: '' });
      return api.ask({ who: this.data.who, path: '/api/shops', query: { point: code } }).then(
        (page) => {
          seen.remember(`shops.${code}`, page.items);
          this.offer(code, page.items);
        },
        (/** @type {Failure} */ failure) => {
          const known = failure.status === 0 ? seen.recall(`shops.${code}`) : null;
          if (known) this.offer(code, known.value);
        }
      );
    },
    /** @param {string} code
     *  @param {Schemas['ShopAtPoint'][]} shops */
    offer(code, shops) {
      if (this.data.form.point !== code || !shops.length) return;
      this.setData({ shops: [NO_SHOP].concat(shops.map((each) => Object.assign({ label: each.name }, each))) });
      this.keep();
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onShop(event) {
      const shop = Number(event.detail.value);
      const known = this.data.shops[shop];
      const trade = Math.max(
        0,
        TRADES.findIndex((each) => each.code === known.trade)
      );
      this.put({ shop: shop, trade: trade, sign: known.code ? known.name : '' });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onTrade(event) {
      this.put({ trade: Number(event.detail.value) });
    },
    /** What is said of the shop that was chosen; nothing where none was. */
    ofShop() {
      const form = this.data.form;
      const shop = this.data.shops[form.shop] || NO_SHOP;
      if (!shop.code) return {};
      const sign = form.sign.trim();
      const said = { shop: shop.code, trade: TRADES[form.trade].code };
      return sign && sign !== shop.name ? Object.assign(said, { shop_name: sign }) : said;
    },
    onFinding() {
      this.setData({ finding: true });
      this.keep();
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onHazard(event) {
      this.put({ hazard: Number(event.detail.value) });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onSettled(event) {
      this.put({ settled: event.detail.value });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onPhotos(event) {
      this.setData({ [event.currentTarget.dataset.name]: event.detail.photos });
      this.keep();
    },
    keep() {
      const data = this.data;
      drafts.write(this.draft(), {
        walk: data.walk,
        form: data.form,
        photos: data.photos,
        after: data.after,
        stops: data.stops,
        finding: data.finding,
        shops: data.shops,
      });
    },
    /** @template {string} Path
     *  @template Body
     *  @param {Path} path
     *  @param {Sent<'POST', Path, Body>} body
     *  @param {Photo[]} photos
     *  @param {string} title
     *  @returns {Promise<Result<Responds<'POST', Path>>>} */
    send(path, body, photos, title) {
      this.setData({ busy: true });
      return outbox
        .send({
          who: this.data.who,
          path: /** @type {Offered<any>} */ (/** @type {string} */ (path)),
          body: body,
          photos: photos,
          title: title,
        })
        .then((result) => {
          this.setData({ busy: false });
          return result;
        });
    },
    onInOrder() {
      if (this.data.busy) return;
      return this.note(Object.assign({ point: this.data.form.point, in_order: true }, this.ofShop()), [], '正常');
    },
    onSubmit() {
      if (this.data.busy) return;
      const form = this.data.form;
      const hazard = this.data.hazards[form.hazard];
      const lacking = this.lacking(form, hazard);
      if (lacking) return this.say(lacking);
      const after = form.settled ? this.data.after.map((photo) => Object.assign({}, photo, { as: 'after' })) : [];
      const body = Object.assign(
        {
          point: form.point,
          hazard: hazard.code,
          text: form.text.trim(),
          how: form.settled ? form.how.trim() : '',
        },
        this.ofShop()
      );
      return this.note(
        body,
        this.data.photos.concat(after),
        (hazard.code ? hazard.name : '其他问题') + (form.settled ? '，已当场处置' : '')
      );
    },
    /** @param {Record<string, any>} form
     *  @param {Record<string, any>} hazard */
    lacking(form, hazard) {
      if (!hazard.code && form.text.trim().length < 2) return '请选一项隐患，或写几个字说明看到了什么';
      if (!this.data.photos.length) return '请拍一张现场照片' + (hazard.photograph ? '：' + hazard.photograph : '');
      if (!form.settled) return '';
      if (!this.data.after.length) return '请再拍一张处置后的照片';
      return form.how.trim().length < 2 ? '请写几个字说明怎么处置的' : '';
    },
    /** @param {Schemas['FindingBody']} body
     *  @param {Photo[]} photos
     *  @param {string} what */
    note(body, photos, what) {
      this.quiet();
      const form = this.data.form;
      const shop = this.data.shops[form.shop] || NO_SHOP;
      const place = shop.code ? form.place + ' ' + (form.sign.trim() || shop.name) : form.place;
      const path = /** @type {const} */ (`/api/walks/${api.part(this.data.walk.id)}/findings`);
      return this.send(path, body, photos, place + '：' + what).then((result) => {
        if (result.state === 'refused') return this.tooLate(result);
        const ticket = result.answer && result.answer.ticket;
        const stop = {
          id: once.fresh(),
          place: place,
          what: what,
          number: ticket ? ticket.number : '',
          waits: result.state !== 'sent',
        };
        // the next shop is seen from where one stands
        const here = shop.code ? { point: form.point, place: form.place } : {};
        const shops = this.data.shops.map((each) =>
          shop.code && each.code === shop.code ? this.asSaid(each, body) : each
        );
        this.setData({
          form: Object.assign({}, EMPTY, here),
          shops: shop.code ? shops : [NO_SHOP],
          photos: [],
          after: [],
          finding: false,
          stops: [stop].concat(this.data.stops).slice(0, MOST_STOPS),
        });
        this.keep();
        wx.showToast({ title: stop.waits ? outbox.waitsBecause(result) : '已记下', icon: 'none', duration: 2000 });
      });
    },
    /** @param {{ code: string, name: string, trade: string, label: string }} shop
     *  @param {Schemas['FindingBody']} body */
    asSaid(shop, body) {
      const name = body.shop_name || shop.name;
      return Object.assign({}, shop, { name: name, trade: body.trade, label: '✓ ' + name });
    },
    /** Refused, with what was typed still there; a walk that is over by itself makes room for the next.
     *  @param {Result} result */
    tooLate(result) {
      if (result.failure && result.failure.code === 'too_late') {
        this.setData({ walk: null });
        this.put({ point: '', place: '' });
      }
      this.say(result.message);
    },
    onEnd() {
      const typed = this.data.finding && (this.data.form.text || this.data.photos.length);
      wx.showModal({
        title: '结束这一趟？',
        content: typed ? '还有一处问题没有上报，结束后不能再补' : '走过 ' + this.data.stops.length + ' 处',
        success: (answer) => answer.confirm && this.end(),
      });
    },
    end() {
      const path = /** @type {const} */ (`/api/walks/${api.part(this.data.walk.id)}/end`);
      return this.send(path, {}, [], '结束走访').then((result) => {
        if (result.state === 'refused') return this.say(result.message);
        this.setData({ walk: null, form: EMPTY, photos: [], after: [], finding: false });
        drafts.clear(this.draft());
        this.say(result.state === 'sent' ? '这一趟已结束，辛苦了' : outbox.waitsBecause(result), 'tips');
      });
    },
  })
);
