// Submitting a report.

function wrongField(name, text) {
  say(text, true);
  var node = field(name);
  if (node) node.focus();
  return null;
}

function composed() {
  var text = valueOf("text"), phone = valueOf("phone"), name = valueOf("name"), body = { text: text };
  if (!point.place && length(valueOf("place_text")) < 2) return wrongField("place_text", "请写明在哪里，例如小区和楼号");
  if (length(text) < SHORTEST) return wrongField("text", "请写几句发生了什么");
  if (length(text) > LONGEST) return wrongField("text", "文字超过 " + LONGEST + " 字，请缩短一些");
  if (phone && !/^[+]?[\d\s-]{5,20}$/.test(phone)) return wrongField("phone", "电话号码好像不对，请核对；也可以不填");
  if (photos.some(function (photo) { return photo.state === "sending"; })) return wrongField("", "照片还在上传，请稍等几秒再提交");
  if (photos.some(function (photo) { return photo.state === "bad"; })) return wrongField("", "有照片没有传上去，请点它重试，或删掉后再提交");
  if (point.place) body.point = point.place.point; else body.place_text = valueOf("place_text");
  if (chosen("kind") || !kindsOf(chosen("group")).length) body.category = chosen("kind") || chosen("group") || null;
  if (photos.length) body.photos = photos.map(function (photo) { return photo.id; });
  if (phone || name) body.contact = { name: name, phone: phone };
  if (field("confidential").checked) body.confidential = true;
  return body;
}

function submit() {
  var body = composed();
  if (!body) return;
  keep("msjl.pending", { key: newKey(), body: body, draft: DRAFT });
  showPending();
}

// What was sent stays kept with its key until it is acknowledged or refused: a lost answer never makes two tickets.
function showPending() {
  var again = h("button", { type: "button", className: "button main", hidden: true, onclick: attempt }, "重新发送");
  var words = h("p", { role: "status", "aria-live": "polite" });
  fill(document.getElementById("form-place"), card("", h("h2", {}, "正在提交"), words, h("p", { className: "words hint" }, kept("msjl.pending").body.text), again));
  attempt();
  function attempt() {
    var pending = kept("msjl.pending");
    if (!pending) return showForm();
    again.hidden = true;
    words.textContent = "正在发送，请稍候…";
    ask("POST", "tickets", pending.body, pending.key).then(function (answer) { acknowledged(pending, answer); }, function (refusal) {
      if (isUncertain(refusal) || refusal.status === 429) {
        words.textContent = refusal.message + "（内容已保存，不会重复提交）";
        again.hidden = false;
        again.focus();
      } else refusedReport(refusal);
    });
  }
}

function acknowledged(pending, answer) {
  forget("msjl.pending");
  forget(pending.draft);
  photos = [];
  say("已收到，编号 " + answer.number + "。" + (answer.feedback_due_at ? moment(answer.feedback_due_at) + " 前会有反馈。" : ""));
  location.hash = "#ticket/" + answer.id;
}

function refusedReport(refusal) {
  forget("msjl.pending");
  showForm();
  if (refusal.photoId) dropPhoto(refusal.photoId);
  else if (refusal.fields.indexOf("photos") >= 0) againWithPhotos();
  say("没有提交成功：" + refusal.message, true);
}

function dropPhoto(photoId) {
  photos = photos.filter(function (photo) { return photo.id !== photoId; });
  redrawPhotos();
  saveDraft();
}

// Photos belong to the session that uploaded them; a new session sends again what the page still holds.
function againWithPhotos() {
  photos = photos.filter(function (photo) { return photo.file; });
  photos.forEach(upload);
  redrawPhotos();
  saveDraft();
}
