/** The pages by address. Hash history: the server knows no paths below its one page. */

import { createRouter, createWebHashHistory } from "vue-router";
import BoardPage from "./pages/queue/BoardPage.vue";
import QueuePage from "./pages/queue/QueuePage.vue";
import TicketPage from "./pages/ticket/TicketPage.vue";
import { session } from "./state/session";

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/", component: BoardPage, meta: { title: "工作台" } },
    { path: "/queues/:name", component: QueuePage, props: true, meta: { title: "队列" } },
    { path: "/tickets/:id", component: TicketPage, props: true, meta: { title: "工单" } },
    {
      path: "/tickets/:id/slip",
      component: () => import("./pages/ticket/SlipPage.vue"),
      props: true,
      meta: { title: "小票" },
    },
    { path: "/enter", component: () => import("./pages/ticket/EnterPage.vue"), meta: { title: "来访来电登记" } },
    { path: "/calls", component: () => import("./pages/ticket/CallsPage.vue"), meta: { title: "电话名单" } },
    { path: "/search", component: () => import("./pages/ticket/SearchPage.vue"), meta: { title: "查工单" } },
    { path: "/inbox", component: () => import("./pages/ticket/InboxPage.vue"), meta: { title: "消息" } },
    { path: "/figures", component: () => import("./pages/figures/FiguresPage.vue"), meta: { title: "今日数据" } },
    { path: "/dashboard", component: () => import("./pages/figures/DashboardPage.vue"), meta: { title: "看板" } },
    { path: "/classes", component: () => import("./pages/classes/ClassesPage.vue"), meta: { title: "一类事" } },
    {
      path: "/classes/:id",
      component: () => import("./pages/classes/ClassPage.vue"),
      props: true,
      meta: { title: "一类事" },
    },
    { path: "/trends", component: () => import("./pages/figures/TrendsPage.vue"), meta: { title: "趋势与苗头" } },
    { path: "/bulletins", component: () => import("./pages/figures/BulletinsPage.vue"), meta: { title: "周报" } },
    { path: "/orders", component: () => import("./pages/partners/OrdersPage.vue"), meta: { title: "外部派单" } },
    { path: "/exchanges", component: () => import("./pages/partners/ExchangesPage.vue"), meta: { title: "对外往来" } },
    { path: "/partners", component: () => import("./pages/partners/PartnerFilesPage.vue"), meta: { title: "合作方" } },
    { path: "/feeds", component: () => import("./pages/partners/FeedsPage.vue"), meta: { title: "数据订阅" } },
    { path: "/visits", component: () => import("./pages/visits/VisitsPage.vue"), meta: { title: "主动发现" } },
    { path: "/outages", component: () => import("./pages/town/OutagesPage.vue"), meta: { title: "已知故障" } },
    { path: "/answers", component: () => import("./pages/queue/AnswersPage.vue"), meta: { title: "常用答复" } },
    { path: "/knowledge", component: () => import("./pages/queue/KnowledgePage.vue"), meta: { title: "政策知识" } },
    { path: "/duty", component: () => import("./pages/town/DutyPage.vue"), meta: { title: "值班" } },
    { path: "/staff", component: () => import("./pages/town/StaffPage.vue"), meta: { title: "人员" } },
    {
      path: "/confirmations",
      component: () => import("./pages/town/ConfirmationsPage.vue"),
      meta: { title: "待确认" },
    },
    { path: "/looks", component: () => import("./pages/town/LooksPage.vue"), meta: { title: "查看记录" } },
    { path: "/points", component: () => import("./pages/town/PointsPage.vue"), meta: { title: "点位码" } },
    {
      path: "/dead-letters",
      component: () => import("./pages/queue/DeadLettersPage.vue"),
      meta: { title: "后台未办成" },
    },
    { path: "/town", component: () => import("./pages/town/TownPage.vue"), meta: { title: "城镇数据" } },
    { path: "/:rest(.*)", redirect: "/" },
  ],
});

/** Who looks after the system only has no tickets: their first page is the town. */
router.beforeEach((to) => {
  const roles = session.me?.roles ?? [];
  return to.path === "/" && roles.length === 1 && roles[0] === "admin" ? "/town" : true;
});
