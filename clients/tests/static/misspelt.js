// Never run: where the types of the API were lost on the way, these lines would be no faults, which is one (tsconfig.json).

const acts = require("../../miniprogram/lib/acts.js");
const consent = require("../../miniprogram/lib/consent.js");
const point = require("../../miniprogram/lib/point.js");

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

module.exports = { misspelt };
