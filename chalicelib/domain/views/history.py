"""The words of each line of a ticket's history, for the resident's timeline and for staff."""

from collections import defaultdict

from chalicelib.domain.errors import Stale
from chalicelib.domain.tickets.ticket import Event
from chalicelib.domain.town.directory import Town
from chalicelib.domain.visits.volunteers import MARK

# `who`: the unit of the person who acted, or 系统, or 居民; `unit`: the unit that the act names.
LINES: dict[str, str] = {
    "received": "已收到",
    "danger_heard": "又有文字提到可能有人有危险",
    "danger_answered": "居民回答了是否有人有危险",
    "danger_confirmed": "{who}确认：按紧急办",
    "danger_denied": "{who}确认：没有人有危险",
    "call_made": "{who}已代拨{number}",
    "spoken": "{who}已与现场通话",
    "classified": "{who}调整了分类",
    "answered": "{who}当场答复",
    "settled": "{who}发现并当场处置",
    "declined": "{who}答复不予受理",
    "forwarded": "{who}已转送{to}",
    "kept_apart": "已避开被反映的人，由没有牵连的人办理",
    "withdrawn": "居民撤回",
    "published": "{who}更新了公开内容",
    "dispatched": "{who}派给{unit}办理",
    "transferred": "{who}改派给{unit}办理",
    "assigned_finally": "片区指定由{unit}办理",
    "handed_over": "经办人已交接",
    "taken": "{who}已签收",
    "returned": "{who}退回，重新派单",
    "assisting_added": "请{unit}协办",
    "assisting_finished": "{unit}协办完成",
    "assisting_waived": "免除{unit}协办",
    "arrived": "{who}已到现场",
    "contacted": "{who}已与居民联系",
    "unit_feedback": "{who}作了初步反馈",
    "progress": "{who}更新进展",
    "extension_asked": "{who}申请延期",
    "extension_decided": "{who}审批了延期",
    "question_arrived": "问题已送到居民",
    "relocated": "{who}更正了地点",
    "call_wrong_number": "{who}电话回访：号码有误",
    "call_later": "{who}电话回访：居民请改时间再打",
    "waiting": "{who}请居民补充情况",
    "suspended": "{who}暂时挂账",
    "resumed": "恢复办理",
    "merged": "已与{number}并案办理",
    "absorbed": "{number}已并入本单",
    "split": "{who}拆出单独办理",
    "parted": "{number}已拆出单独办理",
    "divided": "{who}分成{count}件办理",
    "divided_off": "由{number}分出，单独办理",
    "part_moved": "分出的一件有了进展",
    "words_waiting": "有留言等着处理",
    "words_read": "{who}已看过留言",
    "resolved": "{who}报告已办好，等居民确认",
    "rated": "居民作了评价",
    "call_asked": "工作站将电话回访",
    "called": "{who}已电话告知",
    "call_unanswered": "{who}电话未接通",
    "unreached": "多次电话未接通，回访结束",
    "followed_up": "{who}已回访",
    "verified": "{who}已现场核查",
    "reworked": "没有解决，重新办理",
    "reopened": "居民重新打开",
    "explanation_proposed": "{who}提请依法解释结案。依据：{ground}。还可以到：{elsewhere}",
    "explanation_refused": "{who}没有同意解释结案，接着办",
    "explained": "{who}决定依法解释结案。依据：{ground}。还可以到：{elsewhere}",
    "exempted": "{who}批准免回访",
    "closed": "已结案",
    "reminded": "系统催办",
    "escalated": "系统升级提醒负责人",
    "supervised": "{who}督办",
    "commented": "{who}留言",
    "joined": "又有居民反映同一问题",
    "put_in_class": "{who}归入一类事",
    "taken_out_of_class": "{who}移出一类事",
    "measure_announced": "{who}公布了一类事的措施",
    "identity_removed": "已按规定删除上报人的身份信息",
    "due_recalculated": "工作日安排有变，时限重新计算",
    "repaired": "系统修复了记录，请工作站核对",
    "order_updated": "交办单位更新了工单",
    "supervision_answered": "{who}答复督办",
    "form_handed_in": "{who}收到填回的反馈表",
    "result_proposed": "{unit}提出办理结论，等待核对办结",
    "reported_up": "{who}已上报{to}",
    "report_up_answered": "{to}：{status}",
    "instructed": "{to}作出批示",
}

_LATEST = 3  # lines named in a refusal


def history_line(event: Event, town: Town) -> str:
    """What happened, in one clause: units and never persons, so that it may be shown to the resident.

    The note is not part of it. A kind that nobody has worded is 有更新, for a history must always open.
    """
    line = LINES.get(event.kind, "有更新") + _at_once(event)
    unit = town.find_unit(event.details.get("unit", ""))
    return line.format_map(
        defaultdict(str, event.details)
        | {
            "who": unit.name if unit and event.kind == "progress" else _who(event.by, town),
            "status": event.details.get("status", ""),
            "unit": unit.name if unit else "承办单位",
            "to": event.details.get("to", "") or "有权处理的部门",
            "number": event.details.get("number", "") or "另一张工单",
        }
    )


def overtaken(events: list[Event], town: Town) -> Stale:
    """The refusal of an act that was decided on an older state: what has been done since, in words (rule 48)."""
    done = [
        {
            "kind": event.kind,
            "by": event.by,
            "by_name": _who(event.by, town),
            "at": event.at.isoformat(timespec="seconds"),
            "what": history_line(event, town),
        }
        for event in events
    ]
    latest = "；".join(f"{e.at:%-m月%-d日 %H:%M} {history_line(e, town)}" for e in events[-_LATEST:])
    return Stale(f"工单刚被他人处理过：{latest}。请刷新，看清现状后再操作", changes=done)


def _at_once(event: Event) -> str:
    """What triage did with a report in the moment of its receipt."""
    if event.kind != "received":
        return ""
    if event.details.get("unit"):
        return "，已派给{unit}办理"
    return "，已转送{to}" if event.details.get("to") else ""


def _who(by: str, town: Town) -> str:
    if by == "reporter":
        return "居民"
    person = town.find_staff(by)
    if person is None:
        return "系统" if by == "machine" else "志愿者" if by.startswith(MARK) else "工作人员"
    unit = town.find_unit(person.unit)
    return unit.name if unit else person.name
