// Never run: where the types of the API were lost on the way, these lines would be no faults, which is one (tsconfig.json).

const acts = require("../../miniprogram/lib/acts.js");
const api = require("../../miniprogram/lib/api.js");
const consent = require("../../miniprogram/lib/consent.js");
const outbox = require("../../miniprogram/lib/outbox.js");
const point = require("../../miniprogram/lib/point.js");

// @ts-expect-error: nothing is taken without its type
const untyped = (given) => given;

/** @param {Schemas["StaffTicket"]} ticket */
function misspelt(ticket) {
  // @ts-expect-error: no field of a ticket
  ticket.stage_nane;
  // @ts-expect-error: no field of an act
  acts.offerOf(ticket, "take").lable;
  // @ts-expect-error: no field of the page of a code
  point.recall("").statoin;
  // @ts-expect-error: no list of templates
  consent.choose({ itmes: [] });
}

/** @param {string} id
 *  @param {any} lost */
function sent(id, lost) {
  api.ask({ method: "POST", path: "/api/tickets", body: { text: "灯坏了", place_text: "门口" }, key: id });
  // @ts-expect-error: sent again it would be done twice
  api.ask({ method: "POST", path: "/api/tickets", body: { text: "灯坏了", place_text: "门口" } });
  // @ts-expect-error: a misspelt field, of those that need not be given
  api.ask({ method: "POST", path: "/api/tickets", body: { text: "灯坏了", place_txet: "门口" }, key: id });
  const put = Object.assign({ text: "灯坏了" }, { place_txet: "门口" });
  // @ts-expect-error: the same where the body was put together before
  api.ask({ method: "POST", path: "/api/tickets", body: put, key: id });
  // @ts-expect-error: a body whose type was lost on the way
  api.ask({ method: "POST", path: "/api/tickets", body: lost, key: id });
  // @ts-expect-error: what must be given is missing
  api.ask({ method: "POST", path: `/api/tickets/${api.part(id)}/rating`, key: id });
  // @ts-expect-error: no word of the list
  api.ask({ method: "POST", path: `/api/tickets/${api.part(id)}/danger`, body: { answer: "maybe" }, key: id });
  // @ts-expect-error: no such route
  api.ask({ path: `/api/tikets/${api.part(id)}` });
  // @ts-expect-error: no field of the answer
  api.ask({ path: `/api/tickets/${api.part(id)}` }).then((ticket) => ticket.numbr);
  api.ask({ path: `/api/photos/${api.part(id)}`, query: { ticket_id: id, size: "thumb" } });
  // @ts-expect-error: no parameter of the route
  api.ask({ path: "/api/tickets", query: { aftr: "" } });
  // @ts-expect-error: no word of the list
  api.ask({ path: `/api/photos/${api.part(id)}`, query: { size: "thumbs" } });
  // @ts-expect-error: another type
  api.ask({ path: "/api/shops", query: { point: 7 } });
  // @ts-expect-error: the route asks for nothing
  api.ask({ path: "/api/me", query: { after: "" } });
  // @ts-expect-error: a query in the address is checked by nobody
  api.ask({ path: "/api/tickets?after=x" });
  // @ts-expect-error: kept and sent later, and checked all the same
  outbox.send({ path: "/staff/tickets", body: { source: "patrol", text: "灯坏了", palce: "P1" }, title: "" });
}

module.exports = { misspelt, sent, untyped };
