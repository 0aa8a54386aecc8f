const config = require("../config.js");

module.exports = { base: config.base, of: (page, name) => getApp().told.push(page + " " + name) };
