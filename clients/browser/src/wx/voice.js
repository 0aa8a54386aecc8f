// 朗读 by the browser's own speech synthesis: a Chinese voice, or none.

const CHINESE = /^(zh|cmn|yue)/i;

/** What config.voice is in a browser; null where it has no speech at all. Voices may come after the page. */
export function voice(speech = window.speechSynthesis, Words = window.SpeechSynthesisUtterance) {
  if (!speech || !Words) return null;
  const spoken = () => speech.getVoices().find((each) => CHINESE.test(each.lang));
  return {
    can: () => Boolean(spoken()),
    whenReady(listener) {
      listener();
      speech.addEventListener?.("voiceschanged", listener);
    },
    say(text, ended) {
      const words = new Words(text);
      words.voice = spoken();
      words.lang = words.voice.lang;
      words.onend = words.onerror = ended;
      speech.cancel();
      speech.speak(words);
    },
    stop: () => speech.cancel(),
  };
}
