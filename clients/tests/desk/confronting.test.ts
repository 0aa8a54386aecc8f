import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useGate } from "../../desk/src/api/http";
import StatementsCard from "../../desk/src/parts/queue/StatementsCard.vue";
import ConfrontCard from "../../desk/src/parts/ticket/ConfrontCard.vue";
import { after, aServer, aTicket, type Heard } from "./cases";
import { plugins } from "./plugins";

const ONE = {
  id: "c1",
  to: "PM-SHJY",
  to_name: "盛华景苑物业",
  by: "area",
  by_name: "片区书记",
  text: "请说明近期收费是否都开了票据",
  asked_at: after(0),
  agreed: null,
  agreed_by: "",
  agreed_how: null,
  agreed_at: null,
  due_at: null,
  statement: "",
  stated_by: "",
  stated_at: null,
};
let page: VueWrapper;
let heard: Heard[];

beforeEach(() => {
  localStorage.clear();
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
});
afterEach(() => page?.unmount());
const shownWith = (given: object) => {
  page = mount(ConfrontCard, {
    props: { ticket: aTicket({ confrontations: [{ ...ONE, ...given }] } as object) },
    global: { plugins },
  });
  return page.text();
};

test("the card says whom it waits for, what the resident said, and the statement", () => {
  expect(shownWith({})).toContain("等居民答复能不能转告");
  page.unmount();
  const yes = { agreed: true, agreed_how: "phone", agreed_at: after(10), due_at: after(2000) };
  expect(shownWith(yes)).toMatch(/居民电话里同意（.+）；请对方 .+ 前说明/);
  page.unmount();
  expect(shownWith({ ...yes, agreed: false })).toContain("没有转告");
  page.unmount();
  expect(shownWith({ ...yes, statement: "都开了", stated_at: after(90) })).toContain("说明：都开了");
});

test("who is asked reads the words and hands in a statement, once it has some", async () => {
  const asked = { id: "c1", text: ONE.text, by_name: "片区书记", due_at: after(2000), practice: false };
  let items = [asked];
  heard = aServer(({ method }) => {
    if (method === "GET") return { status: 200, body: { items } };
    items = [];
    return { status: 200, body: { id: "c1" } };
  });
  page = mount(StatementsCard, { global: { plugins } });
  await flushPromises();
  expect(page.text()).toContain(ONE.text);
  await page.find("[data-test=state-c1]").trigger("click");
  expect(page.text()).toContain("请先写几个字");
  await page.find("[data-test=statement-c1] textarea, textarea[data-test=statement-c1]").setValue("都开了票据");
  await page.find("[data-test=state-c1]").trigger("click");
  await flushPromises();
  expect(heard.filter((each) => each.method === "POST")[0]).toMatchObject({
    path: expect.stringContaining("/staff/statements/c1"),
    body: { text: "都开了票据" },
  });
  expect(page.find("[data-test=statements]").exists()).toBe(false);
});
