// What all parts share; they are joined into one page.js in the order that web/files.py names.

var MOST_PHOTOS = 9, MOST_BYTES = 10 * 1024 * 1024, LONGEST_SIDE = 2048, SHORTEST = 2, LONGEST = 2000;
var TAKEN = ["image/jpeg", "image/png", "image/webp"];
var ENDED = ["closed", "declined", "forwarded", "withdrawn", "merged"];
var API = location.pathname.replace(/\/s\/[^\/]*\/?$/, "/api/");
var CODE = decoded(location.pathname.replace(/^[^]*\/s\//, "").replace(/\/.*$/, ""));
var DRAFT = "msjl.draft." + CODE;
var main = document.getElementById("main"), noticeBox = document.getElementById("notice");
var point = null, photos = [], timers = [], shownView = "";

function decoded(text) { try { return decodeURIComponent(text); } catch (broken) { return text; } }

function h(tag, attributes) {
  var node = document.createElement(tag);
  Object.keys(attributes || {}).forEach(function (name) {
    var value = attributes[name];
    if (value === null || value === undefined || value === false) return;
    if (name.slice(0, 2) === "on") node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden" || name === "className") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  });
  for (var i = 2; i < arguments.length; i++) append(node, arguments[i]);
  return node;
}

function append(node, child) {
  if (child === null || child === undefined || child === false) return;
  if (Array.isArray(child)) child.forEach(function (one) { append(node, one); });
  else node.appendChild(child.nodeType ? child : document.createTextNode(String(child)));
}

function fill(node) {
  node.textContent = "";
  for (var i = 1; i < arguments.length; i++) append(node, arguments[i]);
}

// A phone in private mode may refuse to keep anything: then the page works without memory.
var memory = {};
function keep(name, value) {
  memory[name] = value;
  try { localStorage.setItem(name, JSON.stringify(value)); } catch (full) { /* kept in `memory` */ }
}
function kept(name) {
  try {
    var text = localStorage.getItem(name);
    return text === null ? memory[name] : JSON.parse(text);
  } catch (refused) { return memory[name]; }
}
function forget(name) {
  delete memory[name];
  try { localStorage.removeItem(name); } catch (refused) { /* nothing was kept */ }
}

function newKey() {
  var bytes = new Uint8Array(16), text = "";
  (window.crypto || window.msCrypto).getRandomValues(bytes);
  for (var i = 0; i < bytes.length; i++) text += ("0" + bytes[i].toString(16)).slice(-2);
  return text;
}

function say(text, isWrong) {
  fill(noticeBox, text ? h("p", { className: isWrong ? "wrong" : "" }, text) : null);
}

function later(work, milliseconds) { timers.push(setInterval(work, milliseconds)); }

// Whatever the phone's clock is set to, the town's time is shown.
function townTime(text) { return new Date(new Date(text).getTime() + 8 * 3600 * 1000); }
function two(number) { return ("0" + number).slice(-2); }
function day(text) { var at = townTime(text); return (at.getUTCMonth() + 1) + "月" + at.getUTCDate() + "日"; }
function moment(text) { var at = townTime(text); return day(text) + " " + two(at.getUTCHours()) + ":" + two(at.getUTCMinutes()); }
function left(text) {
  var seconds = Math.round((new Date(text) - Date.now()) / 1000);
  if (seconds <= 0) return "已超过时限，系统正在催办";
  if (seconds < 3600) return "还剩 " + Math.floor(seconds / 60) + " 分 " + two(seconds % 60) + " 秒";
  if (seconds < 172800) return "还剩 " + Math.floor(seconds / 3600) + " 小时 " + Math.floor(seconds % 3600 / 60) + " 分";
  return "还剩 " + Math.floor(seconds / 86400) + " 天";
}
