// Who is using this phone: a resident's session, made when first needed, and a member of staff's, by a code of the desk.

const kept = require('./kept.js');

const RESIDENT = 'session.resident';
const STAFF = 'session.staff';

/** @param {string} who
 *  @returns {string} */
function token(who) {
  return kept.get(who === 'staff' ? STAFF : RESIDENT, { token: '' }).token;
}

/** The member of staff signed in here, or null.
 *  @returns {Schemas['MeHere'] | null} */
function staff() {
  return kept.get(STAFF, { staff: null }).staff;
}

/** @param {string} given */
function keepResident(given) {
  kept.set(RESIDENT, { token: given });
}

/** @param {string} given
 *  @param {Schemas['MeHere']} person */
function keepStaff(given, person) {
  kept.set(STAFF, { token: given, staff: person });
}

/** Forget the session only if it is still the one that failed: another request may have renewed it meanwhile.
 *  @param {string} who
 *  @param {string} failed */
function drop(who, failed) {
  if (token(who) !== failed) return;
  if (who === 'staff') kept.set(STAFF, { token: '', staff: staff() });
  else kept.remove(RESIDENT);
}

function signOut() {
  kept.remove(STAFF);
}

module.exports = { token, staff, keepResident, keepStaff, drop, signOut };
