// My tickets.

function stageMark(ticket) {
  var isAsking = ticket.stage === "resolved";
  return h("span", { className: "stage" + (ENDED.indexOf(ticket.stage) >= 0 ? " ended" : "") + (isAsking ? " ask" : "") }, isAsking ? ticket.stage_name + "，请评价" : ticket.stage_name);
}

function ticketRow(ticket) {
  return h("a", { className: "card row", href: "#ticket/" + ticket.id },
    h("div", { className: "line" }, h("b", {}, ticket.category_name || "事项"), stageMark(ticket)),
    h("p", {}, ticket.place), h("p", { className: "number" }, ticket.number + " · " + moment(ticket.received_at)));
}

function showTickets() {
  var list = h("div", {}), more = h("button", { type: "button", className: "button quiet", hidden: true, onclick: function () { load(more.next); } }, "再看更早的");
  fill(main, h("h1", { tabindex: "-1" }, "我的工单"), h("p", { className: "hint" }, "在这部手机上反映和加入的事"), h("div", { className: "field" }, list), more);
  function load(after) {
    ask("GET", "tickets" + (after ? "?after=" + encodeURIComponent(after) : "")).then(function (answer) {
      append(list, answer.items.map(ticketRow));
      more.next = answer.next;
      more.hidden = !answer.next;
      if (!list.firstChild) append(list, h("p", { className: "empty" }, "还没有反映过事情。"));
    }, function (refusal) { say(refusal.message, true); });
  }
  if (kept("msjl.session")) load("");
  else append(list, h("p", { className: "empty" }, "还没有反映过事情。"));
}
