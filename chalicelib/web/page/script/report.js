// Reporting.

function field(name) { return document.getElementById("f-" + name); }
function valueOf(name) { var node = field(name); return node ? node.value.trim() : ""; }
function chosen(name) { var node = document.querySelector("input[name=" + name + "]:checked"); return node ? node.value : ""; }
function length(text) { return Array.from(text).length; }

function saveDraft() {
  if (!field("text")) return;
  keep(DRAFT, {
    text: field("text").value, place_text: valueOf("place_text"), group: chosen("group"), kind: chosen("kind"),
    name: valueOf("name"), phone: valueOf("phone"), confidential: field("confidential").checked,
    photos: photos.filter(function (photo) { return photo.state === "sent"; }).map(function (photo) { return photo.id; })
  });
}

function chip(name, value, text, isChecked, onchange) {
  return h("label", {}, h("input", { type: "radio", name: name, value: value, checked: isChecked, onchange: onchange }), h("span", {}, text));
}

function kindsOf(group) { return point.categories.filter(function (one) { return group && one.parent === group; }); }

// A group alone says less than the words of the report do, so only a kind is sent, or a group that has none.
function categoryField(draft) {
  var inner = h("div", { className: "chips inner", hidden: true, role: "group", "aria-label": "具体类别" });
  function choose(group, kind) {
    var kinds = kindsOf(group);
    inner.hidden = !kinds.length;
    fill(inner, kinds.map(function (one) { return chip("kind", one.code, one.name, one.code === kind, saveDraft); }));
  }
  var groups = point.categories.filter(function (one) { return !one.parent; });
  function onGroup(event) { choose(event.target.value, ""); saveDraft(); }
  choose(draft.group, draft.kind);
  return h("fieldset", { className: "field" }, h("legend", { className: "label" }, "是哪类事 ", h("span", { className: "optional" }, "可以不选，由我们判断")),
    h("div", { className: "chips" }, chip("group", "", "不确定", !draft.group, onGroup),
      groups.map(function (one) { return chip("group", one.code, one.name, one.code === draft.group, onGroup); })), inner);
}

function textField(draft) {
  var count = h("p", { className: "count", id: "count", "aria-live": "off" });
  var area = h("textarea", { id: "f-text", "aria-describedby": "count", placeholder: "例如：一楼楼道灯坏了三天，晚上看不见台阶", value: draft.text || "", oninput: function () { recount(); saveDraft(); } });
  function recount() {
    var used = length(area.value);
    count.textContent = used + " / " + LONGEST + " 字";
    count.className = used > LONGEST ? "count over" : "count";
  }
  recount();
  return h("div", { className: "field" }, h("label", { "for": "f-text" }, "发生了什么"), area, count);
}

function input(name, label, draft, attributes) {
  var all = { id: "f-" + name, type: "text", value: draft[name] || "", oninput: saveDraft };
  Object.keys(attributes || {}).forEach(function (key) { all[key] = attributes[key]; });
  return h("div", {}, h("label", { "for": "f-" + name }, label), h("input", all));
}

function privacyNote() {
  return h("details", { className: "privacy" }, h("summary", {}, "您的信息怎么保护（点开看）"),
    h("ul", {},
      h("li", {}, "姓名、电话只用来联系您办这件事，不填也能办。"),
      h("li", {}, "联系方式单独加密存放，物业和志愿者看不到；谁查看过，都有记录，您也看得到谁看过工单。"),
      h("li", {}, "照片里的拍摄地点、时间等信息，保存前会全部去掉。"),
      h("li", {}, "扫码反映不收费，也不要求身份证；遇到索要的，请拨打工作站电话核实。")));
}

function reportForm() {
  var draft = kept(DRAFT) || {};
  return h("form", { className: "card", id: "report-form", novalidate: true, onsubmit: function (event) { event.preventDefault(); submit(); } },
    !point.place && h("div", { className: "field" }, input("place_text", "在哪里", draft, { placeholder: "小区、楼号、单元或路口", maxlength: "100" })),
    textField(draft),
    h("div", { className: "field" }, h("p", { className: "label" }, "照片 ", h("span", { className: "optional" }, "最多 " + MOST_PHOTOS + " 张，可以不传")), h("div", { className: "photos", id: "photos" })),
    point.categories.length ? categoryField(draft) : null,
    h("fieldset", { className: "field" }, h("legend", { className: "label" }, "怎么联系您 ", h("span", { className: "optional" }, "可以不填，在“我的工单”里看进展")),
      h("div", { className: "two" }, input("name", "称呼", draft, { maxlength: "50", autocomplete: "name" }),
        input("phone", "电话", draft, { type: "tel", maxlength: "20", autocomplete: "tel", inputmode: "tel" }))),
    h("div", { className: "field" }, h("label", { className: "switch" },
      h("input", { type: "checkbox", id: "f-confidential", checked: draft.confidential === true, onchange: saveDraft }),
      h("span", {}, h("b", {}, "请为我保密"), h("span", { className: "hint" }, "反映物业、居委会或工作人员时建议勾选；不会转给被反映的一方")))),
    privacyNote(),
    h("button", { type: "submit", className: "button main", id: "submit" }, "提交"));
}

function showReport() {
  fill(main, placeCard(), urgentCard(), outageCards(), h("div", { id: "form-place" }), openCard());
  if (kept("msjl.pending")) showPending();
  else showForm();
}

function showForm() {
  fill(document.getElementById("form-place"), reportForm());
  if (!photos.length) restorePhotos();
  redrawPhotos();
}

function restorePhotos() {
  photos = ((kept(DRAFT) || {}).photos || []).map(function (photoId) { return { id: photoId, state: "sent" }; });
  photos.forEach(function (photo) {
    ask("GET", "photos/" + photo.id + "?size=thumb").then(function (answer) { photo.preview = answer.url; redrawPhotos(); }, function (refusal) {
      if (refusal.status !== 404) return;
      dropPhoto(photo.id);  // of a session that has ended, or refused
      say("之前添加的照片有的已经失效，请重新添加");
    });
  });
}
