/** What can go wrong with a request, and the sentence that tells the person what to do next. */

import type { ConfirmationShown, DoneSince as Change } from "./types";

export type { Change };

/** The server understood and said no: nothing was changed. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }

  get fields(): string[] {
    return Array.isArray(this.details.fields) ? (this.details.fields as string[]) : [];
  }

  get changes(): Change[] {
    return Array.isArray(this.details.changes) ? (this.details.changes as Change[]) : [];
  }
}

/** No answer came: of an act it is not known whether it was done. Sending it again is safe, it carries the same key. */
export class NoAnswer extends Error {
  constructor(
    readonly why: "offline" | "slow" | "down",
    readonly isReading = false,
  ) {
    super(why);
  }
}

const UNANSWERED: Record<NoAnswer["why"], string> = {
  offline: "网络断开了，内容还在，恢复后请再点一次",
  slow: "系统反应很慢，还不知道有没有成功；请再点一次，不会重复办理",
  down: "暂时连不上系统，内容还在，请稍后再点一次；紧急情况请直接打电话",
};

/** Who only looks has clicked nothing that could be done twice, and typed nothing that could be lost. */
const UNREAD: Record<NoAnswer["why"], string> = {
  offline: "网络断开了，看到的可能不是最新的；恢复后请重试",
  slow: "系统反应很慢，看到的可能不是最新的；请稍后重试",
  down: "暂时连不上系统，看到的可能不是最新的；紧急情况请直接打电话",
};

/** What waits for a second person's yes, where an act was refused for that. */
export function askedBy(error: unknown): ConfirmationShown | null {
  if (!(error instanceof Refused) || error.code !== "needs_confirmation") return null;
  return (error.details.confirmation as ConfirmationShown | undefined) ?? null;
}

/** One sentence in plain Chinese for any failure. */
export function sentenceOf(error: unknown): string {
  if (error instanceof NoAnswer) return (error.isReading ? UNREAD : UNANSWERED)[error.why];
  if (error instanceof Refused) return ofRefusal(error);
  return "页面出了点问题，请刷新后重试；填写的内容会保留";
}

function ofRefusal(refused: Refused): string {
  if (refused.code === "stale") return `这张工单刚被他人处理过：${listed(refused.changes)}。请看过最新情况再提交`;
  if (refused.status === 401) return "登录已失效，请重新登录；填写的内容还在";
  if (refused.status === 413)
    return refused.code === "too_large" && refused.message
      ? refused.message
      : "文件太大，请压缩后再传（照片不超过10MB，其他文件不超过4MB）";
  if (refused.status === 429) return `${refused.message || "操作太频繁"}${waitOf(refused)}`;
  if (refused.status >= 500) return refused.message || "系统繁忙，没有做任何改动，请稍后再试";
  return refused.message || "没有成功，请检查后重试";
}

function waitOf(refused: Refused): string {
  const seconds = Number(refused.details.retry_after_seconds);
  if (!Number.isFinite(seconds) || seconds <= 0) return "";
  return seconds < 90 ? `（${Math.ceil(seconds)}秒后可再试）` : `（约${Math.ceil(seconds / 60)}分钟后可再试）`;
}

export function listed(changes: Change[]): string {
  const words = changes.map((change) => change.what).filter(Boolean);
  return words.length ? words.join("、") : "内容有更新";
}
