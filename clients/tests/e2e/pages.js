// Every page of both clients, and where it is: `about` gives ids and codes of what the tests made.

export const RESIDENT = {
  point: ({ point }) => `s/${point}`,
  report: ({ point }) => `s/${point}#/pages/report/index?code=${point}`,
  "report-by-hand": () => "s/app#/pages/report/index",
  mine: () => "s/app#/pages/mine/index",
  ticket: ({ id }) => `s/app#/pages/ticket/index?id=${id}`,
  rate: ({ id }) => `s/app#/pages/rate/index?id=${id}`,
  nearby: () => "s/app#/pages/nearby/index?place=SHJY-4-1",
  inbox: () => "s/app#/pages/inbox/index",
  settings: () => "s/app#/pages/settings/index",
  privacy: () => "s/app#/pages/privacy/index",
  volunteer: () => "s/app#/pages/volunteer/index",
  outbox: () => "s/app#/staff/outbox/index",
  "staff-sign-in": () => "s/app#/staff/sign-in/index",
};

export const STAFF = {
  "staff-work": () => "s/app#/staff/work/index",
  "staff-ticket": ({ id }) => `s/app#/staff/ticket/index?id=${id}`,
  "staff-act": ({ id }) => `s/app#/staff/act/index?id=${id}&act=resolve`,
  "staff-reveal": ({ id }) => `s/app#/staff/reveal/index?id=${id}`,
  "staff-find": ({ point }) => `s/app#/staff/find/index?code=${point}`,
  walk: () => "s/app#/staff/walk/index",
};

/** What is done on a page before it is looked at. */
export const FIRST = {
  "enter-knowledge": async (shown) => {
    await shown.fill("[data-test=enter-text]", "孙子户口在我这里，六岁半要读一年级了，分学校看户口还是看房产证");
    await shown.locator("[data-test=knowledge]").waitFor();
    await shown.click("[data-test=use-1]");
  },
};

/** What is done besides before a picture is taken, so that the page shows what it is for. */
export const PICTURED = {
  search: async (shown, { number }) => {
    await shown.getByPlaceholder("MS…").fill(number);
    await shown.click("[data-test=search-submit]");
    await shown.waitForTimeout(1500);
  },
  calls: async (shown) => {
    await shown.locator("[data-test=call-row]").first().click();
    await shown.waitForTimeout(800);
  },
  exchanges: async (shown) => {
    await shown.getByText("待录入", { exact: true }).click();
    await shown.waitForTimeout(800);
  },
  knowledge: async (shown) => {
    await shown.fill("[data-test=question]", "席梦思没人要怎么扔");
    await shown.waitForTimeout(1500);
  },
};

/** What a page lists, or is for: no picture is taken of it empty. */
export const LISTED = {
  mine: "[data-test=ticket]",
  inbox: "[data-test=message]",
  nearby: "[data-test=done]",
  "staff-work": "[data-test=queue-row]",
  queue: "main tbody tr",
  calls: "[data-test=call-row]",
  messages: "[data-test=inbox] tr",
  exchanges: "[data-test=exchange]",
  orders: "[data-test=order]",
  classes: "[data-test=class-row]",
  trends: "[data-test=alert]",
  feeds: "[data-test=feed]",
  outages: "main tbody tr",
  answers: "main tbody tr",
  "dead-letters": "[data-test=dead-letters] tr",
  slip: "[data-test=slip-qr]",
};

export const DESK = {
  board: () => "console/index.html#/",
  queue: () => "console/index.html#/queues/desk",
  ticket: ({ id }) => `console/index.html#/tickets/${id}`,
  enter: () => "console/index.html#/enter",
  "enter-knowledge": () => "console/index.html#/enter",
  slip: ({ slip }) => `console/index.html#/tickets/${slip}/slip`,
  meeting: ({ meeting }) => `console/index.html#/tickets/${meeting}`,
  petition: ({ petition }) => `console/index.html#/tickets/${petition}`,
  calls: () => "console/index.html#/calls",
  messages: () => "console/index.html#/inbox",
  search: () => "console/index.html#/search",
  knowledge: () => "console/index.html#/knowledge",
  figures: () => "console/index.html#/figures",
  orders: () => "console/index.html#/orders",
  exchanges: () => "console/index.html#/exchanges",
  dashboard: () => "console/index.html#/dashboard",
  classes: () => "console/index.html#/classes",
  class: ({ cls }) => `console/index.html#/classes/${cls}`,
  trends: () => "console/index.html#/trends",
  visits: () => "console/index.html#/visits",
  "partner-files": () => "console/index.html#/partners",
  feeds: () => "console/index.html#/feeds",
  outages: () => "console/index.html#/outages",
  answers: () => "console/index.html#/answers",
  duty: () => "console/index.html#/duty",
  staff: () => "console/index.html#/staff",
  points: () => "console/index.html#/points",
  "dead-letters": () => "console/index.html#/dead-letters",
  town: () => "console/index.html#/town",
};
