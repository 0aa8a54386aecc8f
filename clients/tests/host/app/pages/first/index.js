const note = require("../../lib/note.js");

const said = {};
["onLoad", "onShow", "onReady", "onHide", "onUnload", "onPullDownRefresh", "onReachBottom"].forEach((name) => {
  said[name] = function say(query) {
    note.of("first", name);
    if (name === "onLoad") this.setData({ base: note.base, query: query });
  };
});

Page(
  Object.assign({}, said, {
    data: {
      base: "",
      html: "<b>粗</b>",
      colour: "red",
      count: 0,
      large: false,
      name: "",
      words: "",
      busy: false,
      picture: "",
      kinds: ["甲", "乙"],
      places: [{ name: "一号楼" }, { name: "二号楼" }],
      heard: null,
      query: null,
      taps: "",
    },
    onCount(event) {
      this.setData({ count: this.data.count + Number(event.currentTarget.dataset.by || 1) });
    },
    onOuter() {
      this.setData({ taps: this.data.taps + "o" });
    },
    onInner() {
      this.setData({ taps: this.data.taps + "i" });
    },
    onInput(event) {
      this.setData({ heard: [event.type, event.detail.value] });
    },
    onChange(event) {
      this.setData({ heard: [event.type, event.detail && event.detail.value] });
    },
    onSubmit(event) {
      this.setData({ heard: [event.type, event.detail.value] });
    },
  }),
);
