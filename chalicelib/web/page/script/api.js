// The API.

function Refused(status, body) {
  this.status = status;
  this.code = body.code || "";
  this.message = body.message || "系统没有回应，请稍后再试；紧急情况请直接打电话";
  this.fields = body.fields || [];
  this.photoId = body.photo_id || "";
}
function isUncertain(refusal) { return refusal.status === 0 || refusal.status === 408 || refusal.status >= 500; }

function send(method, path, body, headers) {
  return new Promise(function (done, failed) {
    var request = new XMLHttpRequest();
    request.open(method, API + path);
    request.timeout = 30000;
    request.setRequestHeader("Accept", "application/json");
    if (body) request.setRequestHeader("Content-Type", "application/json");
    Object.keys(headers || {}).forEach(function (name) { request.setRequestHeader(name, headers[name]); });
    request.onload = function () {
      var answer = {};
      try { answer = JSON.parse(request.responseText); } catch (broken) { /* not ours: a gateway's page */ }
      if (request.status >= 200 && request.status < 300) done(answer);
      else failed(new Refused(request.status, answer.code ? answer : {}));
    };
    request.onerror = request.ontimeout = request.onabort = function () {
      failed(new Refused(0, { code: "offline", message: "网络不通，请检查网络后再试" }));
    };
    request.send(body ? JSON.stringify(body) : null);
  });
}

var starting = null;
function token() {
  var known = kept("msjl.session");
  if (known) return Promise.resolve(known);
  starting = starting || send("POST", "sessions", { channel: CODE ? "qr" : "browser" }).then(
    function (answer) { starting = null; keep("msjl.session", answer.token); return answer.token; },
    function (refusal) { starting = null; throw refusal; }
  );
  return starting;
}

// A session that has ended is replaced silently, once; drafts stay.
function ask(method, path, body, key, isSecondTime) {
  return token().then(function (held) {
    var headers = { Authorization: "Bearer " + held };
    if (key) headers["Idempotency-Key"] = key;
    return send(method, path, body, headers).catch(function (refusal) {
      if (refusal.status !== 401 || isSecondTime) throw refusal;
      if (kept("msjl.session") === held) forget("msjl.session");
      return ask(method, path, body, key, true);
    });
  });
}
