/** What is said on the phone, so that every call begins and asks the same. */

import type { Me, Ticket } from "../../api/types";

export function openingWords(me: Me | null): string {
  return `您好，这里是${me?.unit_name ?? "民情快办工作站"}。`;
}

export function followUpScript(me: Me | null, ticket: Ticket): string[] {
  const what = ticket.category_name || "您反映的事情";
  const unit = ticket.lead_unit?.name ?? "承办单位";
  return [
    `${openingWords(me)}您在${ticket.where.name}反映的“${what}”，${unit}说已经办好，想听听您的意见，耽误您一分钟。`,
    "第一，事情解决了吗？",
    "第二，您对办理过程满意吗？",
    "第三，还有什么要说的？",
    "谢谢您。如果又出现，请随时扫码或打电话给我们。",
  ];
}
