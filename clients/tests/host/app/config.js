module.exports = { base: "https://wrong.example", channel: "wechat" };
