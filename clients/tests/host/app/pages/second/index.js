const note = require("../../lib/note.js");

Page({
  data: { a: "" },
  onLoad(query) {
    note.of("second", "onLoad");
    this.setData({ a: query.a });
  },
  onShow() {
    note.of("second", "onShow");
  },
  onUnload() {
    note.of("second", "onUnload");
  },
});
