/** What the desk enters for somebody else, as a form and as the API wants it. */

export interface Entry {
  source: string;
  text: string;
  place: string | null;
  place_text: string;
  category: string | null;
  name: string;
  phone: string;
  photos: string[];
  confidential: boolean;
}

export const ENTRY_SOURCES = [
  { code: "walk_in", name: "来访", contact: true },
  { code: "phone", name: "来电", contact: true },
  { code: "visit", name: "走访", contact: false },
  { code: "patrol", name: "巡查", contact: false },
  { code: "volunteer", name: "志愿者", contact: false },
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
});

export function missingInEntry(entry: Entry): Record<string, string> {
  const found: Record<string, string> = {};
  if (entry.text.trim().length < 2) found.text = "请写下反映的事情";
  if (!entry.place && !entry.place_text.trim()) found.place = "请选择地点，或写下地点";
  if (!/^[0-9+\-\s()（）转]*$/.test(entry.phone)) found.phone = "电话只能有数字和 + - 转";
  return found;
}

export function entryBody(entry: Entry): Record<string, unknown> {
  const hasContact = ENTRY_SOURCES.find((each) => each.code === entry.source)?.contact;
  const contact = { name: entry.name.trim(), phone: entry.phone.trim() };
  return {
    source: entry.source,
    text: entry.text.trim(),
    ...(entry.place ? { place: entry.place } : { place_text: entry.place_text.trim() }),
    ...(entry.category ? { category: entry.category } : {}),
    ...(hasContact && (contact.name || contact.phone) ? { contact } : {}),
    photos: entry.photos,
    confidential: entry.confidential,
  };
}
