import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import MeetingCard from "../../desk/src/parts/ticket/MeetingCard.vue";
import { useGate } from "../../desk/src/api/http";
import { session } from "../../desk/src/state/session";
import { decisionsOf, emptyDecided, namesIn, type Meeting } from "../../desk/src/words/ticket/meetings";
import { after, aServer, aTicket, type Heard } from "./cases";
import { plugins } from "./plugins";

const MEETING: Meeting = {
  id: "H1",
  at: after(60),
  place: "工作站二楼",
  question: "怎么不吵",
  units: ["区交警支队"],
  outside: ["隧道公司"],
  called_by: "fc1",
  present: "",
  minutes: "定了",
  recorded_at: after(120),
  recorded_by: "fc1",
  unit_ids: [],
  undertakings: [
    {
      id: "H1-1",
      unit_id: "OF-CJ",
      unit_name: "城建",
      what: "装电子声呐",
      outside: "隧道公司",
      due_at: after(9000),
      done_at: null,
      done_by: "",
      opened_part: false,
      note: "",
      is_own: true,
    },
  ],
};
let page: VueWrapper;
let heard: Heard[];

beforeEach(() => {
  localStorage.clear();
  document.adoptedStyleSheets = [];
  vi.stubGlobal(
    "CSSStyleSheet",
    class {
      replaceSync() {}
    },
  );
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
  session.me = { code: "head", name: "站长", unit: "ST", unit_name: "工作站", roles: ["station_head"], lock: null };
  heard = aServer(() => ({ status: 201, body: { id: "T1", version: 4 } }));
});
afterEach(() => page?.unmount());
const opened = (given: object) => {
  page = mount(MeetingCard, {
    props: { ticket: aTicket({ track: "joint", stage: "handling", ...given }) },
    global: { plugins },
  });
};

test("names are parted however they were typed, each once", () => {
  expect(namesIn("隧道公司、房东代表，隧道公司\n 商户 ")).toEqual(["隧道公司", "房东代表", "商户"]);
});

test("an empty line is no decision; one that was begun says who, what and when", () => {
  const whole = { unit_id: "OF-CJ", what: "装声呐", due_at: after(60), outside: "" };
  expect(decisionsOf([emptyDecided(), whole])).toEqual({ given: [whole], missing: "" });
  expect(decisionsOf([{ ...whole, due_at: null }]).missing).toContain("何时办好");
});

describe("the card", () => {
  test("who may not convene sees no button, nor does anybody of a simple ticket", () => {
    session.me!.roles = ["first_contact"];
    opened({});
    expect(page.find("[data-test=meetings]").exists()).toBe(false);
    page.unmount();
    session.me!.roles = ["area_leader"];
    opened({ track: "simple" });
    expect(page.find("[data-test=meetings]").exists()).toBe(false);
  });

  test("what was held is recorded with its tasks and the resident's line", async () => {
    opened({ meetings: [{ ...MEETING, recorded_at: null, undertakings: [] }] });
    await page.find("[data-test=to-record]").trigger("click");
    await page.find("[data-test=minutes] textarea, textarea[data-test=minutes]").setValue("各方同意");
    await page.find("form").trigger("submit");
    await flushPromises();
    expect(heard[0]).toMatchObject({
      path: expect.stringContaining("/meetings/record"),
      body: { meeting_id: "H1", minutes: "各方同意", decided: [], version: 3 },
    });
  });

  test("who undertook it says how it was done", async () => {
    opened({ meetings: [MEETING] });
    await page.find("[data-test=done-H1-1] input, input[data-test=done-H1-1]").setValue("装好两台");
    await page.find("form").trigger("submit");
    await flushPromises();
    expect(heard[0]).toMatchObject({ path: expect.stringContaining("/undertakings/H1-1"), body: { note: "装好两台" } });
  });

  test("the record prints as minutes", async () => {
    opened({ meetings: [MEETING] });
    await page.find("[data-test=to-print]").trigger("click");
    const paper = document.querySelector("[data-test=paper]")!;
    for (const words of ["会商纪要", "隧道公司", "装电子声呐", "怎么不吵"]) expect(paper.textContent).toContain(words);
  });
});
