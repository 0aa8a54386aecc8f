/** 本人的信息: what the desk does for somebody who came by phone, at the counter or with a partner, once it is checked who that is. */
import type { CheckedBody, Kept } from "../../api/types";

type Way = Exclude<CheckedBody["checked"], "signed_in">; // who has a session asks on the own phone

const WAYS: Record<Way, string> = {
  in_person: "本人到场，看过证件",
  called_back: "回拨登记的电话核对过",
  by_partner: "转来的单位核实过",
};

export const CHECKS = Object.entries(WAYS).map(([code, name]) => ({ code: code as Way, name }));

/** The lines of a copy, as they are read to or printed for whom it is about. */
export function linesOf(copy: Kept): { name: string; said: string }[] {
  const { contact } = copy;
  return [
    { name: "单号", said: copy.number },
    { name: "称呼", said: contact?.name ?? "" },
    { name: "电话", said: contact?.phone ?? "" },
    { name: "原文", said: contact?.text || copy.text },
    ...(copy.spoken_seconds ? [{ name: "录音", said: `${copy.spoken_seconds} 秒，可到工作站听` }] : []),
  ].map((line) => ({ ...line, said: line.said || "没有留" }));
}
