// Views.

function mark(id, isCurrent) {
  var tab = document.getElementById(id);
  if (isCurrent) tab.setAttribute("aria-current", "page"); else tab.removeAttribute("aria-current");
}

function show() {
  var view = location.hash.replace(/^#/, "") || "report", isFirst = shownView === "";
  timers.forEach(clearInterval);
  timers = [];
  if (!isFirst && view.indexOf("ticket/") !== 0) say("");
  shownView = view;
  mark("tab-report", view === "report");
  mark("tab-tickets", view !== "report");
  if (view.indexOf("ticket/") === 0) showTicket(decoded(view.slice(7)));
  else if (view === "tickets") showTickets();
  else if (point) showReport();
  else loadPoint();
  if (!isFirst) { window.scrollTo(0, 0); main.focus(); }
}

function loadPoint() {
  fill(main, h("p", { className: "loading" }, "正在打开…"));
  send("GET", "points/" + encodeURIComponent(CODE)).then(function (answer) {
    point = answer;
    document.title = (point.place ? point.place.name + " · " : "") + "码上就来";
    if (shownView === "report") showReport();
  }, function (refusal) {
    fill(main, h("div", { className: "empty" }, h("p", {}, refusal.message), h("p", {}, "紧急情况请拨打 ", ["110", "119", "120"].map(function (one) { return [phoneLink(one), " "]; }))),
      h("button", { type: "button", className: "button main", onclick: loadPoint }, "再试一次"));
  });
}

window.addEventListener("hashchange", show);
show();
