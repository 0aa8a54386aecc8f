// 平安志愿者: sign up, see how it stands, go out, leave.
const api = require('../../lib/api.js');
const drafts = require('../../lib/drafts.js');
const frame = require('../../lib/frame.js');
const go = require('../../lib/go.js');
const once = require('../../lib/once.js');

const DRAFT = 'volunteer';
const EMPTY = { name: '', phone: '', place: '' };
/** @type {Record<string, string>} */
const WORDS = {
  applied: '已报名，请等工作站审核；工作人员可能会打电话核实',
  approved: '您是本片区的平安志愿者',
  refused: '这次没有通过，可以重新报名',
  left: '您已退出，姓名和电话已删除；可以重新报名',
};

Page(
  frame.framed({
    data: {
      loaded: false,
      volunteer: /** @type {Schemas['MySignUp']['volunteer']} */ (null),
      words: '',
      places: /** @type {Schemas['MySignUp']['places']} */ ([]),
      place: 0,
      form: EMPTY,
      consent: false,
      asks: false,
    },
    onLoad() {
      this.setData({ form: Object.assign({}, EMPTY, drafts.read(DRAFT)) });
      this.load();
    },
    load() {
      return api.ask({ path: '/api/volunteer' }).then(
        (page) => {
          const place = Math.max(
            page.places.findIndex((each) => each.code === this.data.form.place),
            0
          );
          this.setData({ loaded: true, places: page.places, place: place });
          this.show(page.volunteer);
        },
        (/** @type {Failure} */ failure) => this.fail(failure)
      );
    },
    /** @param {Schemas['MySignUp']['volunteer']} volunteer */
    show(volunteer) {
      const asks = !volunteer || volunteer.state === 'refused' || volunteer.state === 'left';
      this.setData({ volunteer: volunteer, words: volunteer ? WORDS[volunteer.state] : '', asks: asks });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onPlace(event) {
      const index = Number(event.detail.value);
      this.setData({ place: index });
      this.put({ place: this.data.places[index].code });
    },
    /** @param {WechatMiniprogram.CustomEvent} event */
    onConsent(event) {
      this.setData({ consent: event.detail.value });
    },
    keep() {
      drafts.write(DRAFT, this.data.form);
    },
    onSubmit() {
      if (this.data.busy) return;
      const form = this.data.form;
      if (!form.name.trim()) return this.refuse('请填写怎么称呼您', 'name');
      if (form.phone.replace(/\D/g, '').length < 8) return this.refuse('请填写电话号码，工作站审核时要联系您', 'phone');
      if (!this.data.consent) return this.say('请先阅读并同意个人信息的用途');
      const place = this.data.places[this.data.place];
      /** @type {Schemas['SignUpBody']} */
      const body = { place: place.code, name: form.name.trim(), phone: form.phone.trim(), consent: true };
      return this.act('/api/volunteer', body).then((volunteer) => volunteer && drafts.clear(DRAFT));
    },
    onLeave() {
      wx.showModal({
        title: '退出志愿者？',
        content: '您的姓名和电话会立即删除；以后可以重新报名',
        confirmText: '退出',
        success: (answer) => answer.confirm && this.act('/api/volunteer/leave', {}),
      });
    },
    onWalk() {
      go.to('/staff/walk/index?who=resident');
    },
    /** @template {'/api/volunteer' | '/api/volunteer/leave'} Path
     *  @template Body
     *  @param {Path} path
     *  @param {Sent<'POST', Path, Body>} body */
    act(path, body) {
      this.quiet();
      this.setData({ busy: true });
      this.sending = once.keyFor(this.sending, [path, body]);
      const to = /** @type {Offered<Responds<'POST', Path>>} */ (/** @type {string} */ (path));
      return api.ask({ method: 'POST', path: to, body: body, key: this.sending.key }).then(
        (volunteer) => {
          this.setData({ busy: false });
          this.show(volunteer);
          return volunteer;
        },
        (/** @type {Failure} */ failure) => {
          this.setData({ busy: false });
          this.say(failure.message);
          this.markRefused(failure.fields);
          if (failure.status === 409) this.load(); // it stands as the page did not know
        }
      );
    },
  })
);
