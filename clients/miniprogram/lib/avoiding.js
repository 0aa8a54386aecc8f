// 避开某方: whom a report is to be kept from. Codes as POST /api/tickets takes them.
/** @typedef {Schemas['ReportBody']['avoid'][number]} Avoided */
/** @type {Record<Avoided, string>} */
const NAMES = { property: '物业', guards: '保安', committee: '居委', grid: '网格员', station: '工作站', other: '其他' };

/** @param {Avoided[]} chosen
 *  @returns {{ code: Avoided, name: string, chosen: boolean }[]} */
const parties = (chosen) =>
  /** @type {Avoided[]} */ (Object.keys(NAMES)).map((code) => ({
    code: code,
    name: NAMES[code],
    chosen: chosen.includes(code),
  }));
/** @param {Avoided[]} chosen
 *  @param {Avoided} code */
const toggled = (chosen, code) =>
  chosen.includes(code) ? chosen.filter((each) => each !== code) : chosen.concat(code);

module.exports = { parties, toggled };
