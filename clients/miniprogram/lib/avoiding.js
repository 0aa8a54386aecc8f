// 避开某方: whom a report is to be kept from. Codes as POST /api/tickets takes them.
const NAMES = { property: '物业', guards: '保安', committee: '居委', grid: '网格员', station: '工作站', other: '其他' };

const parties = (chosen) =>
  Object.keys(NAMES).map((code) => ({ code: code, name: NAMES[code], chosen: chosen.includes(code) }));
const toggled = (chosen, code) =>
  chosen.includes(code) ? chosen.filter((each) => each !== code) : chosen.concat(code);

module.exports = { parties, toggled };
