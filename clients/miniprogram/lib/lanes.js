// WeChat allows 10 requests, uploads and downloads at a time; a page that asks for more gets errors. Ours wait for a free lane.

const MOST = 6;
let busy = 0;
/** @type {(() => void)[]} */
const waiting = [];

/** Runs `start`, which answers a promise, as soon as a lane is free.
 *  @template Answer
 *  @param {() => Promise<Answer>} start
 *  @returns {Promise<Answer>} */
function run(start) {
  return new Promise((resolve, reject) => {
    waiting.push(() => start().then(resolve, reject).then(free));
    next();
  });
}

function free() {
  busy -= 1;
  next();
}

function next() {
  if (busy >= MOST || waiting.length === 0) return;
  busy += 1;
  const begin = waiting.shift();
  if (begin) begin();
}

module.exports = { run, MOST };
