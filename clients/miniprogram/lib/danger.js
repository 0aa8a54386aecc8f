// 有人有危险: sent at once, with whatever has been typed so far.
const api = require('./api.js');
const hello = require('./hello.js');
const once = require('./once.js');

// Where the page could not be asked: what a resident may say it is (domain/views/danger.py).
const KINDS = [
  { code: 'lift', name: '被困' },
  { code: 'person', name: '受伤' },
  { code: 'fire', name: '着火' },
  { code: 'gas', name: '煤气' },
  { code: 'violence', name: '伤人' },
  { code: 'other', name: '其他' },
];

/** @param {Schemas['PointPage'] | null} [point] */
function kindsOf(point) {
  return point && point.danger ? point.danger.kinds : KINDS;
}

/** Report it and open its page, where the numbers stand above everything else.
 *  @param {any} page
 *  @param {{ kind: Schemas['DangerKind'], name: string }} choice
 *  @param {{ point?: string, place_text?: string }} where
 *  @param {string} [said] */
function report(page, choice, where, said) {
  if (page.data.busy) return Promise.resolve();
  const text = '有人有危险：' + choice.name + (said ? '。' + said : '');
  const body = Object.assign({ text: text, danger: choice.kind }, where);
  page.setData({ busy: true, progress: '正在发出' });
  page.dangerKey = page.dangerKey || once.fresh();
  return api.ask({ method: 'POST', path: '/api/tickets', body: body, key: page.dangerKey }).then(
    (ticket) => {
      page.dangerKey = '';
      page.setData({ busy: false });
      hello.leave(ticket.id, 'danger');
      wx.redirectTo({ url: '/pages/ticket/index' + api.query({ id: ticket.id }) });
    },
    (failure) => {
      page.setData({ busy: false });
      page.say('没有发出去，请马上拨打 110、119 或 120。' + failure.message);
    }
  );
}

module.exports = { KINDS, kindsOf, report };
