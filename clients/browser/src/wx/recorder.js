// wx.getRecorderManager by MediaRecorder: what the browser can record, whatever format the page would like.

const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const BITS = 32_000; // a second: speech is clear, a minute is a quarter of a megabyte

/** One recorder for the page, as WeChat has it. `files.add(blob)`: where what was recorded lies. */
export function recorder(files) {
  const told = {};
  let running = null;
  let ended = false;

  async function record({ duration = 60_000 }) {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const release = () => stream.getTracks().forEach((track) => track.stop());
    if (ended) return void release(); // the finger was gone before the browser had asked
    const type = TYPES.find((each) => MediaRecorder.isTypeSupported(each));
    running = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS });
    const parts = [];
    const began = performance.now();
    const timer = setTimeout(() => running?.stop(), duration);
    running.ondataavailable = (event) => parts.push(event.data);
    running.onstop = () => {
      clearTimeout(timer);
      release();
      running = null;
      const blob = new Blob(parts, { type: type.split(";")[0] });
      const made = { tempFilePath: files.add(blob), duration: performance.now() - began, fileSize: blob.size };
      told.stop?.(made);
    };
    running.start();
    told.start?.();
  }

  return {
    start(options = {}) {
      ended = false;
      record(options).then(
        () => ended && !running && told.stop?.({ tempFilePath: "", duration: 0, fileSize: 0 }),
        (fault) => told.error?.({ errMsg: `operateRecorder:fail ${fault.message}` }),
      );
    },
    stop() {
      ended = true;
      if (running?.state === "recording") running.stop();
    },
    onStart: (listener) => void (told.start = listener),
    onStop: (listener) => void (told.stop = listener),
    onError: (listener) => void (told.error = listener),
  };
}
