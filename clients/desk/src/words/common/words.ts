/** Words that the directory does not carry: ways and states of a delivery, kinds of reachability. */

export const WAYS: Record<string, string> = {
  inbox: "站内消息",
  wecom: "企业微信",
  wechat: "微信",
  call: "工作站电话",
  robot: "群机器人",
  log: "记录",
};

export const DELIVERY_STATES: Record<string, string> = {
  created: "待发送",
  sending: "发送中",
  delivered: "已送达",
  temporary_failure: "暂时失败，会再试",
  permanent_failure: "发送失败",
  no_consent: "对方未同意接收",
  not_set_up: "没有设置模板",
  expired: "已过期",
};

export const FAILED_STATES = new Set(["permanent_failure", "no_consent", "not_set_up", "expired"]);

export const REACHABLE: Record<string, string> = {
  in_app: "站内消息",
  in_wechat: "微信",
  call: "只能打电话",
  none: "没有留联系方式",
};

export const QUEUE_NAMES: Record<string, string> = {
  desk: "待工作站处理",
  calls: "待电话回访",
  verify: "待核查",
  escalated: "升级到我",
  mine: "我经办的",
  unit: "本单位",
};
