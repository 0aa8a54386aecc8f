/** What the desk enters for somebody else, as a form and as the API wants it. */

import type { EnterBody } from "../../api/types";

export interface Entry {
  source: EnterBody["source"];
  text: string;
  place: string | null;
  place_text: string;
  category: string | null;
  name: string;
  phone: string;
  photos: string[];
  confidential: boolean;
  /** 避开某方: codes of AVOIDABLE. */
  avoid: NonNullable<EnterBody["avoid"]>;
  /** 有人有危险: what it is; "" for none. Urgent at once, whatever else is filled in. */
  danger: string;
  /** 代反映: it is somebody else's matter; name and phone above are of whoever speaks. */
  for_other: boolean;
  other_name: string;
  other_phone: string;
}

export const ENTRY_SOURCES: { code: EnterBody["source"]; name: string; contact: boolean }[] = [
  { code: "walk_in", name: "来访", contact: true },
  { code: "phone", name: "来电", contact: true },
  { code: "visit", name: "走访", contact: false },
  { code: "patrol", name: "巡查", contact: false },
  { code: "volunteer", name: "志愿者", contact: false },
];

/** Whom a matter can be kept from, as POST /api/tickets takes it. */
export const AVOIDABLE: { code: NonNullable<EnterBody["avoid"]>[number]; name: string }[] = [
  { code: "property", name: "物业" },
  { code: "guards", name: "保安" },
  { code: "committee", name: "居委" },
  { code: "grid", name: "网格员" },
  { code: "station", name: "工作站" },
  { code: "other", name: "其他" },
];

/** The same six as on the residents' pages (domain/views/danger.py). */
export const DANGERS: { code: NonNullable<EnterBody["danger"]>; name: string }[] = [
  { code: "lift", name: "被困" },
  { code: "person", name: "受伤" },
  { code: "fire", name: "着火" },
  { code: "gas", name: "煤气" },
  { code: "violence", name: "伤人" },
  { code: "other", name: "其他" },
];

export const emptyEntry = (): Entry => ({
  source: "walk_in",
  text: "",
  place: null,
  place_text: "",
  category: null,
  name: "",
  phone: "",
  photos: [],
  confidential: false,
  avoid: [],
  danger: "",
  for_other: false,
  other_name: "",
  other_phone: "",
});

export function missingInEntry(entry: Entry): Record<string, string> {
  const found: Record<string, string> = {};
  if (entry.danger) return entry.place || entry.place_text.trim() ? found : { place: "在哪里？写一两个字也行" };
  if (entry.text.trim().length < 2) found.text = "请写下反映的事情";
  if (!entry.place && !entry.place_text.trim()) found.place = "请选择地点，或写下地点";
  if (!/^[0-9+\-\s()（）转]*$/.test(entry.for_other ? entry.other_phone : ""))
    found.other_phone = "电话只能有数字和 + - 转";
  if (!/^[0-9+\-\s()（）转]*$/.test(entry.phone)) found.phone = "电话只能有数字和 + - 转";
  return found;
}

/** `isAnswered`: an answer follows at once, and nobody is to be sent out before it. */
export function entryBody(entry: Entry, isAnswered = false): EnterBody {
  const hasContact = ENTRY_SOURCES.find((each) => each.code === entry.source)?.contact;
  const contact = { name: entry.name.trim(), phone: entry.phone.trim() };
  const danger = DANGERS.find((each) => each.code === entry.danger);
  const said = entry.text.trim();
  return {
    source: entry.source,
    text: danger ? `有人有危险：${danger.name}${said ? `。${said}` : ""}` : said,
    ...(danger ? { danger: danger.code } : {}),
    ...(entry.place ? { place: entry.place } : { place_text: entry.place_text.trim() }),
    ...(entry.category ? { category: entry.category } : {}),
    ...(hasContact && (contact.name || contact.phone) ? { contact } : {}),
    ...(hasContact && entry.for_other
      ? { on_behalf: { name: entry.other_name.trim(), phone: entry.other_phone.trim() } }
      : {}),
    photos: entry.photos,
    confidential: entry.confidential,
    ...(entry.avoid?.length ? { avoid: entry.avoid } : {}),
    ...(isAnswered ? { answered_at_entry: true } : {}),
  };
}
