/** Where one can go, by what one may do; what a clerk does all day stands open, the rest is folded under what it is for. */

export interface Place {
  to: string;
  name: string;
}

export interface Group {
  title: string;
  /** Folded until one of its pages is open. */
  folded: boolean;
  items: Place[];
}

interface Entry extends Place {
  /** For whom besides the system's administrator: roles, or "all". */
  roles: readonly string[] | "all";
  admin?: boolean;
}

const DESK = ["first_contact", "station_head"];
const LEADERS = ["area_leader", "town_leader"];
const HANDLERS = ["unit_head", "handler", "grid_worker", "property_manager", "volunteer"];
const WORKERS = [...DESK, ...LEADERS, ...HANDLERS, "city_operations", "confidential_contact"];
const DESK_AND_LEADERS = [...DESK, ...LEADERS];

const MENU: { title: string; folded: boolean; items: Entry[] }[] = [
  {
    title: "办理",
    folded: false,
    items: [
      { to: "/", name: "工作台", roles: WORKERS },
      { to: "/enter", name: "来访来电登记", roles: DESK },
      { to: "/calls", name: "电话名单", roles: DESK },
      { to: "/inbox", name: "消息", roles: "all" },
      { to: "/search", name: "查工单", roles: WORKERS },
    ],
  },
  {
    title: "手边",
    folded: false,
    items: [
      { to: "/answers", name: "常用答复", roles: DESK },
      { to: "/knowledge", name: "政策知识", roles: [...DESK_AND_LEADERS, "unit_head", "handler"], admin: true },
      { to: "/outages", name: "已知故障", roles: DESK_AND_LEADERS },
      { to: "/duty", name: "值班", roles: "all" },
    ],
  },
  {
    title: "数据",
    folded: true,
    items: [
      { to: "/figures", name: "今日数据", roles: [...DESK_AND_LEADERS, "unit_head"] },
      { to: "/dashboard", name: "看板", roles: [...DESK_AND_LEADERS, "unit_head"] },
      { to: "/classes", name: "一类事", roles: DESK_AND_LEADERS },
      { to: "/trends", name: "趋势与苗头", roles: DESK_AND_LEADERS },
      { to: "/bulletins", name: "周报", roles: [...LEADERS, "station_head"] },
    ],
  },
  {
    title: "站务",
    folded: true,
    items: [
      { to: "/orders", name: "外部派单", roles: DESK_AND_LEADERS },
      { to: "/visits", name: "主动发现", roles: DESK_AND_LEADERS },
      { to: "/staff", name: "人员", roles: [...DESK, ...HANDLERS], admin: true },
      { to: "/points", name: "点位码", roles: DESK, admin: true },
      { to: "/confirmations", name: "待确认", roles: [...LEADERS, "station_head"], admin: true },
      { to: "/looks", name: "查看记录", roles: [...LEADERS, "station_head", "unit_head"], admin: true },
    ],
  },
  {
    title: "系统",
    folded: true,
    items: [
      { to: "/exchanges", name: "对外往来", roles: DESK_AND_LEADERS },
      { to: "/feeds", name: "数据订阅", roles: DESK_AND_LEADERS, admin: true },
      { to: "/partners", name: "合作方", roles: [], admin: true },
      { to: "/dead-letters", name: "后台未办成", roles: DESK, admin: true },
      { to: "/town", name: "城镇数据", roles: [], admin: true },
    ],
  },
];

/** The menu of somebody with these roles; whoever only looks after the system has few pages, so nothing of it is folded. */
export function menuFor(roles: string[]): Group[] {
  const isAdminAlone = roles.length === 1 && roles[0] === "admin";
  return MENU.map(({ title, folded, items }) => ({
    title,
    folded: folded && !isAdminAlone,
    items: items.filter((each) => mayOpen(each, roles)).map(({ to, name }) => ({ to, name })),
  })).filter((group) => group.items.length);
}

function mayOpen({ roles: wanted, admin }: Entry, roles: string[]): boolean {
  if (wanted === "all" || (admin && roles.includes("admin"))) return true;
  return wanted.some((role) => roles.includes(role));
}
