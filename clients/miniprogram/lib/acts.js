// What may be done with a ticket, as the server offers it (`offers` of the ticket): buttons, forms and requests are drawn from
// that alone; no act is named here. What waits in the outbox is taken as done, so that work goes on without a signal.

const DRAWN = ['line', 'area', 'choice', 'switch', 'number', 'instant', 'photos', 'unit', 'handler', 'category']; // kinds of fields
const DAY = 24 * 3600 * 1000; // milliseconds

/** What stands while acts that wait are taken as done: names of what is possible and of what was done.
 *  @typedef {{ stage_name: string, possible: string[], done: string[], last: Schemas['Offer'] | null }} Standing */
/** @typedef {{ act: string, name: string, filled: Schemas['Quick']['filled'] }} Tap */

/** @param {Schemas['StaffTicket']} ticket
 *  @param {string} act */
function offerOf(ticket, act) {
  return (ticket.offers || []).find((offer) => offer.name === act);
}

/** The ticket as it will stand once what waits here (`queued`: names of acts, in order) has been done:
 *  { stage_name, isProjected, possible: offers, last: offer or null }. `at`: milliseconds since 1970.
 *  @param {Schemas['StaffTicket']} ticket
 *  @param {string[]} queued
 *  @param {number} at */
function projected(ticket, queued, at) {
  const offers = ticket.offers || [];
  /** @type {Standing} */
  const start = {
    stage_name: ticket.stage_name,
    possible: offers.filter((offer) => offer.now).map((offer) => offer.name),
    done: [],
    last: null,
  };
  const end = queued.reduce((now, act) => after(now, offerOf(ticket, act)), start);
  /** @param {Schemas['Offer']} offer */
  const mayAgain = (offer) => offer.repeats || end.done.indexOf(offer.name) < 0;
  /** @param {Schemas['Offer']} offer */
  const isInTime = (offer) => !offer.until || Date.parse(offer.until) >= at;
  const possible = offers.filter(
    (offer) => end.possible.indexOf(offer.name) >= 0 && mayAgain(offer) && isInTime(offer)
  );
  return { stage_name: end.stage_name, isProjected: end.done.length > 0, possible: possible, last: end.last };
}

/** The kinds of clocks that what waits here will meet: the hand has kept them, and nobody is hurried by them any more.
 *  @param {Schemas['StaffTicket']} ticket
 *  @param {string[]} queued
 *  @returns {string[]} */
function kept(ticket, queued) {
  return queued.reduce((all, act) => all.concat((offerOf(ticket, act) || { meets: [] }).meets || []), []);
}

/** Once one more is done: what the server said of it; where it leads to another stage and nothing was said, nothing.
 *  @param {Standing} now
 *  @param {Schemas['Offer'] | undefined} offer */
function after(now, offer) {
  if (!offer) return now;
  const stays = offer.leads_to ? [] : now.possible;
  return {
    stage_name: offer.leads_to_name || now.stage_name,
    possible: offer.then.length ? offer.then : stays,
    done: now.done.concat([offer.name]),
    last: offer,
  };
}

/** The buttons of a ticket: { step, more, heldUp, elsewhere, stage_name, isProjected }. `step` is the one to do next, or null;
 *  `heldUp` [{ label, words }] what cannot be done yet and why; `elsewhere` whether the desk may do more.
 *  @param {Schemas['StaffTicket']} ticket
 *  @param {string[]} queued
 *  @param {number} at */
function buttons(ticket, queued, at) {
  const now = projected(ticket, queued, at);
  const drawn = now.possible.filter(isDrawn);
  const step = nextStep(drawn, now.last);
  return {
    step: step ? button(step) : null,
    more: drawn.filter((offer) => offer !== step).map(button),
    heldUp: heldUp(ticket, now.possible, queued),
    elsewhere: drawn.length < now.possible.length,
    stage_name: now.stage_name,
    isProjected: now.isProjected,
  };
}

/** What naturally follows on what was done last; else the lowest step of what is possible.
 *  @param {Schemas['Offer'][]} drawn
 *  @param {Schemas['Offer'] | null} last */
function nextStep(drawn, last) {
  const follows = last && drawn.find((offer) => offer.name === last.next);
  const steps = drawn.filter((offer) => offer.step > 0).sort((one, other) => one.step - other.step);
  return follows || steps[0] || null;
}

/** @param {Schemas['Offer']} offer */
function button(offer) {
  return { act: offer.name, name: offer.label, form: offer.fields.length > 0, quick: offer.quick, tone: offer.tone };
}

/** Not while something it waits for is on its way: the phone does not know whether that is the last of it.
 *  @param {Schemas['StaffTicket']} ticket
 *  @param {Schemas['Offer'][]} possible
 *  @param {string[]} queued */
function heldUp(ticket, possible, queued) {
  const waiting = (ticket.offers || []).filter(
    (offer) => !offer.now && offer.step > 0 && possible.indexOf(offer) < 0 && queued.length === 0
  );
  return waiting
    .map((offer) => ({
      label: offer.label,
      words: offer.needs
        .filter((need) => !need.field)
        .map((need) => need.words)
        .join('；'),
    }))
    .filter((each) => each.words);
}

/** Whether a phone can draw all that it must ask.
 *  @param {Schemas['Offer']} offer */
function isDrawn(offer) {
  return offer.fields.every((field) => !field.required || DRAWN.indexOf(field.kind) >= 0);
}

/** The fields of a form as a phone draws them, each with `required` and, where it is needed, the words of the need as `hint`.
 *  @param {Schemas['Offer']} offer
 *  @param {Record<string, any>} filled
 *  @param {string[]} queued */
function fieldsOf(offer, filled, queued) {
  return offer.fields
    .filter((field) => DRAWN.indexOf(field.kind) >= 0)
    .map((field) => {
      const need = needOf(offer, field, queued);
      const marks = {
        required: isRequired(offer, field, filled, queued),
        drawn: drawnAs(field),
        most: field.most || -1,
      };
      return Object.assign({}, field, marks, need ? { hint: need.words } : {});
    });
}

/** How a kind is drawn: text, buttons, switch, photos, or a list to pick from.
 *  @param {Schemas['OfferedField']} field */
function drawnAs(field) {
  if (field.kind === 'line' || field.kind === 'area') return 'text';
  if (field.kind === 'switch' || field.kind === 'photos') return field.kind;
  return field.kind === 'choice' && field.options.length <= 3 ? 'buttons' : 'list';
}

/** What a list offers: [{ code, name }]. `town` is the directory.
 *  @param {Schemas['OfferedField']} field
 *  @param {Record<string, any>} filled
 *  @param {Schemas['Directory']} town */
function choicesOf(field, filled, town) {
  if (field.kind === 'unit' && !field.options.length)
    return town.units.filter((unit) => field.excluded.indexOf(unit.code) < 0);
  if (field.kind === 'handler') return town.staff.filter((person) => person.unit === filled.unit_id);
  if (field.kind === 'category') return town.categories.filter((category) => category.parent);
  if (field.kind !== 'number') return field.options;
  const most = field.most || 30;
  return Array.from({ length: most - field.least + 1 }, (_, n) => ({
    code: field.least + n,
    name: String(field.least + n),
  }));
}

/** Whether drawing a form needs the directory.
 *  @param {Schemas['Offer']} offer */
function needsTown(offer) {
  return offer.fields.some(
    (field) => (field.kind === 'unit' && !field.options.length) || field.kind === 'handler' || field.kind === 'category'
  );
}

/** What stands in a form before anything is typed.
 *  @param {Schemas['Offer']} offer */
function startOf(offer) {
  const set = offer.fields.filter((field) => field.initial !== null && field.initial !== undefined);
  return set.reduce((all, field) => Object.assign(all, { [field.name]: field.initial }), {});
}

/** What a field still needs on this ticket; not what an act that waits here brings.
 *  @param {Schemas['Offer']} offer
 *  @param {Schemas['OfferedField']} field
 *  @param {string[]} queued */
function needOf(offer, field, queued) {
  return offer.needs.find((need) => need.field === field.name && !need.met_by.some((act) => queued.indexOf(act) >= 0));
}

/** @param {Schemas['Offer']} offer
 *  @param {Schemas['OfferedField']} field
 *  @param {Record<string, any>} filled
 *  @param {string[]} queued */
function isRequired(offer, field, filled, queued) {
  const conditions = Object.keys(field.required_if);
  const isWanted = conditions.length > 0 && conditions.every((name) => filled[name] === field.required_if[name]);
  return field.required || isWanted || Boolean(needOf(offer, field, queued));
}

/** What one tap in a list does now: [{ act, name, filled }], the quick answers of what may be done there, or the act itself
 *  where nothing must be asked.
 *  @param {Schemas['StaffTicket']} ticket
 *  @param {string[]} queued
 *  @param {number} at
 *  @returns {Tap[]} */
function taps(ticket, queued, at) {
  const offers = projected(ticket, queued, at).possible.filter(
    (offer) => offer.in_list && offer.needs.every((need) => !need.field)
  );
  return offers.reduce((all, offer) => all.concat(tapsOf(offer)), []);
}

/** @param {Schemas['Offer']} offer
 *  @returns {Tap[]} */
function tapsOf(offer) {
  if (offer.quick.length)
    return offer.quick.map((quick) => ({ act: offer.name, name: quick.name, filled: quick.filled }));
  return offer.fields.some((field) => field.required) ? [] : [{ act: offer.name, name: offer.label, filled: {} }];
}

/** What someone of these roles may do for many tickets with one tap: [{ act, name, filled }]. `declared`: the directory's acts.
 *  @param {Schemas['Directory']['acts']} declared
 *  @param {string[]} roles
 *  @returns {Tap[]} */
function bulkTaps(declared, roles) {
  const allowed = declared.filter((offer) => offer.bulk.some((role) => roles.indexOf(role) >= 0));
  return allowed.reduce((all, offer) => all.concat(tapsOf(offer)), []);
}

/** What is missing in a form, as a sentence, or ''. `photos`: how many there are.
 *  @param {Schemas['Offer']} offer
 *  @param {Record<string, any>} filled
 *  @param {number} photos
 *  @param {string[]} queued */
function missing(offer, filled, photos, queued) {
  const lacking = firstLacking(offer, filled, photos, queued);
  return lacking ? lackOf(offer, lacking, filled, photos, queued) : '';
}

/** The name of the field in which it is missing, or ''.
 *  @param {Schemas['Offer']} offer
 *  @param {Record<string, any>} filled
 *  @param {number} photos
 *  @param {string[]} queued */
function lackingIn(offer, filled, photos, queued) {
  const lacking = firstLacking(offer, filled, photos, queued);
  return lacking ? lacking.name : '';
}

/** @param {Schemas['Offer']} offer
 *  @param {Record<string, any>} filled
 *  @param {number} photos
 *  @param {string[]} queued */
function firstLacking(offer, filled, photos, queued) {
  return offer.fields.find((field) => lackOf(offer, field, filled, photos, queued));
}

/** @param {Schemas['Offer']} offer
 *  @param {Schemas['OfferedField']} field
 *  @param {Record<string, any>} filled
 *  @param {number} photos
 *  @param {string[]} queued */
function lackOf(offer, field, filled, photos, queued) {
  const value =
    field.kind === 'photos'
      ? photos || ''
      : typeof filled[field.name] === 'string'
        ? filled[field.name].trim()
        : filled[field.name];
  const isEmpty = value === undefined || value === null || value === '';
  if (isEmpty) return isRequired(offer, field, filled, queued) ? lackInWords(offer, field, queued) : '';
  const least = field.kind === 'area' ? 2 : field.least;
  return typeof value === 'string' && drawnAs(field) === 'text' && value.length < least
    ? '“' + field.label + '”至少写' + least + '个字'
    : '';
}

/** @param {Schemas['Offer']} offer
 *  @param {Schemas['OfferedField']} field
 *  @param {string[]} queued */
function lackInWords(offer, field, queued) {
  const need = needOf(offer, field, queued);
  if (need) return need.words;
  return (
    '请填写“' +
    field.label +
    '”' +
    (field.least > 1 && drawnAs(field) === 'text' ? '（至少' + field.least + '个字）' : '')
  );
}

/** Where an act goes and with what: { path, body }. `filled` are the fields of its form without photos; a day is a number of
 *  days from `at`, milliseconds since 1970.
 *  @param {Schemas['Offer']} offer
 *  @param {Schemas['StaffTicket']} ticket
 *  @param {Record<string, any>} filled
 *  @param {number} at
 *  @returns {{ path: Offered, body: Record<string, unknown> }} */
function requestFor(offer, ticket, filled, at) {
  const path = /** @type {Offered} */ (
    '/' + offer.path + '/tickets/' + encodeURIComponent(ticket.id) + '/' + offer.sends
  );
  const body = offer.fields.reduce((made, field) => Object.assign(made, valueOf(field, filled[field.name], at)), {});
  return { path: path, body: Object.assign(body, offer.sent) };
}

/** What the outbox is given of an act: its request, and what is told of it where it is refused later, when the ticket may be in
 *  other hands: which place it was, and who can be asked.
 *  @param {Schemas['Offer']} offer
 *  @param {Schemas['StaffTicket']} ticket
 *  @param {Record<string, any>} filled
 *  @param {number} at */
function queuedFor(offer, ticket, filled, at) {
  const station = ticket.station ? [ticket.station.name, ticket.station.phone].filter(Boolean).join(' ') : '';
  const about = { ticketId: ticket.id, where: ticket.where.name, station: station, version: ticket.version };
  return Object.assign(
    { title: offer.label, act: offer.name, filled: filled },
    about,
    requestFor(offer, ticket, filled, at)
  );
}

/** @param {Schemas['OfferedField']} field
 *  @param {any} value
 *  @param {number} at */
function valueOf(field, value, at) {
  if (value === undefined || value === null || value === '' || field.kind === 'photos') return {};
  if (field.kind !== 'instant') return { [field.name]: typeof value === 'string' ? value.trim() : value };
  return { [field.name]: new Date(at + value * DAY).toISOString() };
}

module.exports = {
  offerOf,
  projected,
  kept,
  buttons,
  taps,
  bulkTaps,
  fieldsOf,
  choicesOf,
  needsTown,
  startOf,
  missing,
  lackingIn,
  queuedFor,
};
