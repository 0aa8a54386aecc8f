// Photos.

// A phone's photo is made smaller before it is sent; whoever pays for traffic is grateful. What cannot be read goes as it is.
function smaller(file) {
  return new Promise(function (done, failed) {
    var address = URL.createObjectURL(file), image = new Image();
    image.onload = function () {
      var scale = Math.min(1, LONGEST_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
      var canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
      canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
      URL.revokeObjectURL(address);
      if (TAKEN.indexOf(file.type) >= 0 && scale === 1 && file.size < 1500000) return done(file);
      try {
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(function (blob) { done(blob || file); }, "image/jpeg", 0.86);
      } catch (tooLarge) { done(file); }
    };
    image.onerror = function () {
      URL.revokeObjectURL(address);
      // An old phone may not know WebP; JPEG and PNG that it cannot open are no pictures.
      if (file.type === "image/webp") done(file);
      else failed(new Refused(422, { code: "invalid", message: "这张照片打不开，请换一张 JPG 或 PNG 照片" }));
    };
    image.src = address;
  });
}

function upload(photo) {
  photo.state = "sending";
  photo.progress = 0;
  redrawPhotos();
  return smaller(photo.file).then(function (file) {
    if (TAKEN.indexOf(file.type) < 0) throw new Refused(422, { code: "invalid", message: "这张照片打不开，请换一张 JPG 或 PNG 照片" });
    if (file.size > MOST_BYTES) throw new Refused(422, { code: "invalid", message: "照片超过 10 MB，请换一张小一点的" });
    return ask("POST", "uploads", { content_type: file.type, size: file.size }).then(function (place) {
      return post(place, file, photo).then(function () {
        photo.id = place.photo_id;
        photo.state = "sent";
      });
    });
  }).catch(function (refusal) {
    photo.state = "bad";
    photo.why = refusal.message || "上传失败";
    if (refusal.code === "invalid") photo.file = photo.preview = null;  // trying again would not make it a photo
    say("照片没有传上去：" + photo.why, true);
  }).then(function () { redrawPhotos(); saveDraft(); });
}

function post(place, file, photo) {
  return new Promise(function (done, failed) {
    var form = new FormData(), request = new XMLHttpRequest();
    Object.keys(place.fields).forEach(function (name) { form.append(name, place.fields[name]); });
    form.append("file", file);
    request.open("POST", place.url);
    request.timeout = 120000;
    request.upload.onprogress = function (event) {
      if (!event.lengthComputable) return;
      photo.progress = event.loaded / event.total;
      if (photo.bar) photo.bar.value = photo.progress;
    };
    request.onload = function () {
      if (request.status >= 200 && request.status < 300) done();
      else failed(new Refused(request.status, { code: "upload", message: "照片没有被接收，请重试或换一张" }));
    };
    request.onerror = request.ontimeout = function () { failed(new Refused(0, { code: "offline", message: "网络不通，请点照片重试" })); };
    request.send(form);
  });
}

function photoTile(photo, index) {
  var words = { sending: "上传中…", sent: "已上传", bad: photo.file ? "没传上，点这里重试" : "用不了，请删掉" }[photo.state];
  var picture = photo.preview ? h("img", { src: photo.preview, alt: "第 " + (index + 1) + " 张照片" }) : null;
  photo.bar = photo.state === "sending" ? h("progress", { max: "1", value: photo.progress || 0, "aria-label": "上传进度" }) : null;
  return h("div", { className: "photo" + (photo.state === "bad" ? " bad" : "") },
    photo.state === "bad" && photo.file ? h("button", { type: "button", className: "shown", onclick: function () { upload(photo); }, "aria-label": "重新上传第 " + (index + 1) + " 张" }, picture) : picture,
    photo.bar, h("span", { className: "state" }, words),
    h("button", { type: "button", className: "remove", "aria-label": "删除第 " + (index + 1) + " 张照片", onclick: function () {
      photos = photos.filter(function (other) { return other !== photo; });
      if (photo.preview && photo.file) URL.revokeObjectURL(photo.preview);
      redrawPhotos();
      saveDraft();
    } }, "×"));
}

function redrawPhotos() {
  var box = document.getElementById("photos");
  if (!box) return;
  var input = h("input", { type: "file", id: "photo-input", accept: TAKEN.join(","), multiple: true, onchange: function () {
    var room = MOST_PHOTOS - photos.length, files = Array.prototype.slice.call(input.files);
    if (files.length > room) say("照片最多 " + MOST_PHOTOS + " 张，多出的没有添加");
    files.slice(0, room).forEach(function (file) {
      var photo = { file: file, preview: URL.createObjectURL(file), state: "sending" };
      photos.push(photo);
      upload(photo);
    });
    redrawPhotos();
  } });
  fill(box, photos.map(photoTile), photos.length < MOST_PHOTOS && h("label", { className: "add" }, "＋ 添加照片", input));
}

function showPicture(photoId, ticketId) {
  ask("GET", "photos/" + photoId + "?ticket_id=" + ticketId).then(function (answer) {
    var image = h("img", { src: answer.url, alt: "照片" }), before = document.activeElement;
    var layer = h("button", { type: "button", className: "big", "aria-label": "关闭照片", onclick: close }, image);
    function close() { layer.remove(); if (before) before.focus(); }
    layer.addEventListener("keydown", function (event) { if (event.key === "Escape") close(); });
    document.body.appendChild(layer);
    layer.focus();
  }, function (refusal) { say(refusal.message, true); });
}

function pictureRow(shown, ticketId) {
  if (!shown || !shown.length) return null;
  return h("div", { className: "photos" }, shown.map(function (photo, index) {
    var state = h("span", { className: "state" }, "处理中…"), image = h("img", { alt: "第 " + (index + 1) + " 张照片", hidden: true });
    var tries = 0;
    function load() {
      ask("GET", "photos/" + photo.id + "?size=thumb&ticket_id=" + ticketId).then(function (answer) {
        image.src = answer.url;
        image.hidden = false;
        state.hidden = true;
      }, function (refusal) {
        if (refusal.code === "not_ready" && tries++ < 10) setTimeout(load, 3000);
        else state.textContent = "看不了";
      });
    }
    load();
    return h("div", { className: "photo" }, h("button", { type: "button", className: "shown", onclick: function () { showPicture(photo.id, ticketId); }, "aria-label": "放大第 " + (index + 1) + " 张照片" }, image), state);
  }));
}
