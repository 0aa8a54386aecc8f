// What every view shows.

function card(className) {
  var node = h("section", { className: "card " + className });
  for (var i = 1; i < arguments.length; i++) append(node, arguments[i]);
  return node;
}

function phoneLink(phone, text) { return h("a", { className: "phone", href: "tel:" + phone.replace(/[^\d+]/g, "") }, text || phone); }

function urgentCard() {
  return card("urgent",
    h("p", {}, "有人受伤、被困、起火或闻到燃气味，请先打电话："),
    h("div", { className: "numbers" }, point.emergency.map(function (one) {
      return h("a", { href: "tel:" + one.number, "aria-label": one.name + " " + one.number }, one.number, h("small", {}, one.name));
    })));
}

function placeCard() {
  var place = point.place;
  return card("where",
    h("h1", { tabindex: "-1" }, place ? place.full_name : "反映一件事", place && h("span", { className: "wall" }, place.inside_wall ? "围墙内" : "围墙外")),
    place && h("p", { className: "hint" }, "点位编号 " + place.point),
    point.message && h("p", { className: "plain-warning" }, point.message),
    point.station && h("div", { className: "station" }, h("span", {}, point.station.name),
      point.station.phone && phoneLink(point.station.phone, "电话 " + point.station.phone)));
}

function outageCards() {
  return point.outages.map(function (outage) {
    return card("outage", h("h2", {}, "已知情况，正在处理"), h("p", {}, outage.text), h("p", { className: "hint" }, moment(outage.since) + " 发布"));
  });
}

function matterLine(matter) {
  var words = [matter.category || "其他事项", day(matter.received_on + "T12:00:00+08:00") + "反映"];
  var button = h("button", { type: "button", className: "button small", onclick: function () { join(matter, button); } }, "我也遇到");
  return h("div", { className: "matter" },
    h("div", {}, h("p", {}, h("b", {}, words[0]), " ", h("span", { className: "stage" }, matter.stage_name)),
      h("p", { className: "hint" }, words[1]), matter.public_text && h("p", {}, matter.public_text)),
    button);
}

function openCard() {
  if (!point.open.length) return null;
  return card("", h("h2", {}, "这里正在办理的事"), h("p", { className: "hint" }, "遇到同样的事，点“我也遇到”，有进展一并通知您，不用再写一遍。"),
    point.open.map(matterLine));
}

function join(matter, button) {
  button.disabled = true;
  ask("POST", "tickets/" + matter.ticket_id + "/join", {}, newKey()).then(function () {
    button.textContent = "已加入";
    say("已加入。有进展会在“我的工单”里告诉您。");
  }, function (refusal) {
    button.disabled = refusal.code === "already_done";
    if (refusal.code === "already_done") button.textContent = "已加入";
    say(refusal.message, refusal.code !== "already_done");
  });
}
