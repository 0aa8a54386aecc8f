import { expect, test } from "vitest";
import { menuFor } from "../../desk/src/words/common/menu";

const names = (roles: string[], isFolded?: boolean) =>
  menuFor(roles)
    .filter((group) => isFolded === undefined || group.folded === isFolded)
    .flatMap((group) => group.items.map((each) => each.name));

test("a clerk sees what is done all day; figures, the station's and the system's matters are folded", () => {
  expect(names(["first_contact"], false)).toEqual([
    "工作台", "来访来电登记", "电话名单", "消息", "查工单", "常用答复", "政策知识", "已知故障", "值班",
  ]); // prettier-ignore
  expect(names(["first_contact"], true)).toContain("后台未办成");
  expect(names(["first_contact"])).not.toContain("城镇数据");
});

test.each([
  [
    ["admin"],
    [
      "消息",
      "政策知识",
      "值班",
      "人员",
      "点位码",
      "待确认",
      "查看记录",
      "数据订阅",
      "合作方",
      "后台未办成",
      "城镇数据",
    ],
  ],
  [["property_manager"], ["工作台", "消息", "查工单", "值班", "人员"]],
  [["unit_head"], ["工作台", "消息", "查工单", "政策知识", "值班", "今日数据", "看板", "人员", "查看记录"]],
])("%j may go to %j", (roles, wanted) => {
  expect(names(roles)).toEqual(wanted);
});

test("who only looks after the system finds nothing folded", () => {
  expect(names(["admin"], true)).toEqual([]);
});
