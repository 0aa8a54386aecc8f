import { expect, test } from "vitest";
import { followUpScript, saidAlready, whyAgain } from "../../desk/src/words/queue/script";
import { aTicket, after } from "./cases";

const done = { by: "pm", unit_id: "PM", at: after(0), note: "换好了", photos: [] };
const said = (result: "solved" | "not_solved", satisfied: boolean | null = null, round = 1) => ({
  round,
  by: "reporter",
  how: "in_app" as const,
  at: after(60),
  result,
  satisfied,
  words: "三楼的还是不亮",
  of: "",
});
const resolved = (...follow_ups: ReturnType<typeof said>[]) => aTicket({ resolution: done, follow_ups });
const script = (...follow_ups: ReturnType<typeof said>[]) => followUpScript(null, resolved(...follow_ups)).join("");

test("who has said nothing is asked both", () => {
  expect(script()).toMatch(/事情解决了吗.*满意吗/);
});

test("who said that it is not solved is asked what is not, never whether", () => {
  expect(script(said("not_solved"))).toContain("哪里没有解决");
  expect(script(said("not_solved"))).not.toContain("事情解决了吗");
});

test("who said that it is solved is asked only what is still open", () => {
  expect(script(said("solved"))).toContain("满意吗");
  expect(script(said("solved", true))).not.toMatch(/满意吗|解决了吗/);
});

test("what was said of an earlier round, or by somebody else, is not said of this one", () => {
  expect(saidAlready(resolved(said("not_solved", null, 2))).result).toBe("");
  expect(saidAlready(resolved({ ...said("not_solved"), by: "fc1" })).result).toBe("");
});

test("words and photos of the resident since it was called done are shown, earlier ones are not", () => {
  const line = { version: 1, kind: "commented", by: "reporter", what: "", public: true, photos: [], details: {} };
  const ticket = aTicket({
    resolution: done,
    history: [
      { ...line, at: after(-60), note: "快来" },
      { ...line, at: after(60), note: "还是不亮" },
    ],
  });
  expect(saidAlready(ticket).since.map((each) => each.note)).toEqual(["还是不亮"]);
});

test("the words of a rating are one reason, though its line of history says them too", () => {
  const line = { version: 1, kind: "rated", by: "reporter", what: "", public: true, photos: [], details: {} };
  const ticket = aTicket({
    resolution: done,
    follow_ups: [said("not_solved")],
    history: [
      { ...line, at: after(60), note: "三楼的还是不亮" },
      { ...line, kind: "commented", at: after(90), note: "晚上请来" },
    ],
  });
  expect(whyAgain(saidAlready(ticket))).toBe("三楼的还是不亮；晚上请来");
  expect(saidAlready(ticket).since.map((each) => each.note)).toEqual(["晚上请来"]);
});
