// Never run: where the types of the API were lost on the way, these lines would be no faults, which is one (tsconfig.json).

import { act } from "../../desk/src/api/acting";
import { get, send } from "../../desk/src/api/http";
import { useListing } from "../../desk/src/state/listing";

export async function misspelt(id: string): Promise<void> {
  await act("/desk/outages", { place: "P1", text: "停水" });
  // @ts-expect-error: a misspelt field, of those that need not be given
  await act("/desk/outages", { place: "P1", text: "停水", untill: null });
  // @ts-expect-error: no word of the list
  await send("POST", `/desk/tickets/${id}/copy`, { body: { checked: "by_chance" } });
  // @ts-expect-error: sent again it would be done twice: `act` keeps the key
  await send("POST", "/desk/outages", { body: { place: "P1", text: "停水" } });
  // @ts-expect-error: what must be given is missing
  await send("POST", `/desk/tickets/${id}/copy`);
  // @ts-expect-error: no such route
  await get(`/desk/tikets/${id}`);
  // @ts-expect-error: no field of the answer
  void (await get(`/staff/tickets/${id}`)).numbr;
  // @ts-expect-error: no field of what is listed
  void useListing(() => "/desk/jobs").items.value[0]?.finishd_at;
}

export async function asked(id: string): Promise<void> {
  await get("/desk/shops", { query: { trade: "open", after: "" } });
  // @ts-expect-error: no parameter of the route
  await get("/desk/shops", { query: { trad: "open" } });
  // @ts-expect-error: no word of the list
  await get("/desk/shops", { query: { trade: "closed" } });
  // @ts-expect-error: another type
  await send("GET", "/desk/labels", { query: { per_page: "eight" } });
  // @ts-expect-error: the route asks for nothing
  await get(`/staff/tickets/${id}/mandate`, { query: { after: "" } });
  // @ts-expect-error: a query in the address is checked by nobody
  await get(`/desk/shops?trade=open`);
  const state = () => ({ state: "past" as const });
  const misspelt = () => ({ stat: "past" });
  void useListing(() => "/desk/classes", state);
  // @ts-expect-error: no parameter of what is listed
  void useListing(() => "/desk/classes", misspelt);
  // @ts-expect-error: nor in its address
  void useListing(() => "/desk/classes?state=past");
}
