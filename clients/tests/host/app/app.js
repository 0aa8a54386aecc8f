App({
  told: [],
  onLaunch() {
    this.told.push("onLaunch");
  },
});
