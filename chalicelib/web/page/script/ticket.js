// One ticket.

function showTicket(ticketId) {
  var drawn = "";
  fill(main, h("p", { className: "loading" }, "正在打开…"));
  function load(isQuiet) {
    ask("GET", "tickets/" + encodeURIComponent(ticketId)).then(function (ticket) {
      if (shownView !== "ticket/" + ticketId || JSON.stringify(ticket) === drawn) return;
      if (isQuiet && main.contains(document.activeElement) && /TEXTAREA|INPUT/.test(document.activeElement.tagName)) return;
      drawn = JSON.stringify(ticket);
      drawTicket(ticket, function () { drawn = ""; load(false); });
    }, function (refusal) {
      if (isQuiet) return;
      fill(main, h("p", { className: "empty" }, refusal.message), h("a", { className: "button", href: "#tickets" }, "看我的工单"));
    });
  }
  load(false);
  later(function () { if (!document.hidden) load(true); }, 15000);
}

function drawTicket(ticket, reload) {
  var may = ticket.may || {};
  fill(main,
    card("where", h("div", { className: "line" }, h("h1", { tabindex: "-1" }, ticket.category_name || "工单"), " ", stageMark(ticket)),
      h("p", {}, ticket.place), h("p", { className: "number" }, "编号 " + ticket.number + " · " + moment(ticket.received_at)),
      ticket.text && h("p", { className: "words" }, ticket.text), pictureRow(ticket.photos, ticket.id)),
    may.rate && ticket.stage === "resolved" && ratingCard(ticket, reload),
    holderCard(ticket.holder),
    card("", h("h2", {}, "办理经过"), h("ol", { className: "timeline" }, ticket.timeline.slice().reverse().map(function (line) { return timelineLine(line, ticket.id); }))),
    may.rate && ticket.stage !== "resolved" && ratingCard(ticket, reload),
    actsCard(ticket, may, reload),
    viewersCard(ticket.viewers));
}

function holderCard(holder) {
  if (!holder) return null;
  var clock = holder.due_at && !holder.paused ? h("span", { className: "left" }) : null;
  function tick() {
    clock.textContent = left(holder.due_at);
    clock.className = new Date(holder.due_at) < new Date() ? "left late" : "left";
  }
  if (clock) { tick(); later(tick, 1000); }
  return card("holder", h("h2", {}, "现在由谁办"), h("p", { className: "who" }, holder.unit + (holder.role && holder.role !== holder.unit ? " · " + holder.role : "")),
    clock && h("p", {}, moment(holder.due_at) + " 前" + (holder.due_what || "办理") + "，", clock), holder.paused && h("p", {}, "暂时停下等待，原因见办理经过"),
    holder.phone && phoneLink(holder.phone, "电话 " + holder.phone));
}

function timelineLine(line, ticketId) {
  return h("li", {}, h("time", { datetime: line.at }, moment(line.at)), h("p", {}, line.what),
    line.note && line.note !== line.what && h("p", { className: "words" }, line.note), pictureRow(line.photos, ticketId));
}

function viewersCard(viewers) {
  if (!viewers || !viewers.length) return null;
  return card("", h("h2", {}, "谁看过这张工单"), h("ul", { className: "viewers" }, viewers.map(function (viewer) {
    return h("li", {}, h("span", {}, [viewer.unit, viewer.role].filter(Boolean).join(" · "), viewer.what === "revealed" ? "（查看了联系方式）" : ""), h("time", { datetime: viewer.at }, moment(viewer.at)));
  })));
}

// One act: it keeps its key while its answer is uncertain, so pressing again does not do it twice.
function actor(ticket, act, reload, thanks) {
  var key = newKey();
  return function (body, button) {
    button.disabled = true;
    ask("POST", "tickets/" + ticket.id + "/" + act, body, key).then(function () {
      say(thanks);
      reload();
    }, function (refusal) {
      button.disabled = false;
      if (!isUncertain(refusal)) key = newKey();
      say(refusal.message, true);
    });
  };
}

function ratingCard(ticket, reload) {
  var post = actor(ticket, "rating", reload, "谢谢您的评价");
  var words = h("textarea", { id: "r-words", className: "short", maxlength: "500" });
  var button = h("button", { type: "submit", className: "button main" }, "提交评价");
  return h("form", { className: "card", onsubmit: function (event) {
    event.preventDefault();
    if (!chosen("solved")) return say("请先选“解决了”或“没有解决”", true);
    var body = { solved: chosen("solved") === "yes", words: words.value.trim() };
    if (chosen("satisfied")) body.satisfied = chosen("satisfied") === "yes";
    post(body, button);
  } },
    h("h2", {}, "这件事解决了吗？"), h("p", { className: "hint" }, "没有解决会退回重新办理。"),
    h("fieldset", { className: "field" }, h("legend", { className: "label" }, "是否解决"), h("div", { className: "chips" }, chip("solved", "yes", "解决了"), chip("solved", "no", "没有解决"))),
    h("fieldset", { className: "field" }, h("legend", { className: "label" }, "对办理是否满意 ", h("span", { className: "optional" }, "可以不选")), h("div", { className: "chips" }, chip("satisfied", "yes", "满意"), chip("satisfied", "no", "不满意"))),
    h("div", { className: "field" }, h("label", { "for": "r-words" }, "想说的话 ", h("span", { className: "optional" }, "可以不写")), words),
    h("div", { className: "field" }, button));
}

function wordsAct(ticket, act, name, reload, texts) {
  var post = actor(ticket, act, reload, texts.thanks), id = "a-" + act;
  var area = h("textarea", { id: id, className: "short", maxlength: "2000" });
  var button = h("button", { type: "submit", className: "button" }, texts.button);
  return h("details", { className: "act" }, h("summary", {}, texts.title), h("form", { onsubmit: function (event) {
    event.preventDefault();
    var body = {};
    body[name] = area.value.trim();
    if (!body[name]) return say("请先写几个字", true);
    post(body, button);
  } }, h("label", { "for": id }, texts.label), area, h("div", { className: "field" }, button)));
}

function actsCard(ticket, may, reload) {
  var acts = [
    may.comment && wordsAct(ticket, "comments", "text", reload, { title: "补充情况或留言", label: "想补充什么", button: "发送", thanks: "已发送" }),
    may.reopen && wordsAct(ticket, "reopen", "reason", reload, { title: "没有解决，重新办理", label: "现在是什么情况", button: "申请重新办理", thanks: "已重新办理" }),
    may.withdraw && wordsAct(ticket, "withdraw", "reason", reload, { title: "撤回这件事", label: "为什么撤回", button: "确定撤回", thanks: "已撤回" })
  ].filter(Boolean);
  return acts.length ? card("", h("h2", {}, "我还想"), acts) : null;
}
