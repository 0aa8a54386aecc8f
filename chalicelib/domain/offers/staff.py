"""The acts of whoever handles a ticket, in the order in which a screen shows them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from chalicelib.domain.acts import (
    assisting,
    closing,
    dispatching,
    endangered,
    explaining,
    handling,
    pausing,
    returning,
    reworking,
    supervising,
)
from chalicelib.domain.acts.endangered import Called
from chalicelib.domain.acts.moves import need_lead
from chalicelib.domain.acts.returning import MOST_RETURNS, ReturnReason
from chalicelib.domain.clocks.rounds import RULING_RULE, rule_for
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.offers import fields, needs
from chalicelib.domain.offers.act import Act, DeclaredField, FieldKind, OfferedField, Option, Quick
from chalicelib.domain.parties.telling import due_text
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import AssistingState, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import CONFIDENTIAL, DESK, HANDLERS, HEADS, LEADERS, Role, Staff
from chalicelib.domain.views import access

_REVIEWS = (7, 14, 30, 60)  # days from now that a form offers; the rule bounds it (rule 16)
_SET_OUT = "我已出发，正在赶往现场"


def _may_comment(_ticket: Ticket, **_: object) -> None:
    """Whoever may see a ticket may say something on it."""


def _may_set_out(ticket: Ticket, *, by: Staff, town: Town, now: datetime, **_: object) -> None:
    """On the way to where one may be noted as arrived, once. Raises what arriving raises, and AlreadyDone there."""
    if ticket.arrived:
        raise AlreadyDone("已经到现场了")
    need_lead(ticket, by)
    handling.arrive(ticket, by=by, note="", photos=(), town=town, now=now)


def _said(*texts: str) -> tuple[Quick, ...]:
    return tuple(Quick(name=text, filled={"text": text}) for text in texts)


def _to_whom_orders(ticket: Ticket, _town: Town) -> tuple[Quick, ...]:
    """What is answered to an order in one tap: by when is the ticket's own promise, not an amount of ours."""
    due = due_text(ticket, ClockKind.RESOLUTION)
    return _said("收到，今天办结", *([f"收到，{due} 前办结"] if due else []), "已安排人员到现场")


def _days_left(ticket: Ticket, _by: Staff, town: Town) -> dict[str, Any]:
    most = handling.days_left(ticket, town)
    return {"most": most, "initial": min(3, most) or None}


def _about_returning(ticket: Ticket, town: Town) -> str:
    """How often a ticket may be returned is a rule; how long the ruling takes is the town's own (rule 98)."""
    rule = rule_for(ticket, ClockKind.RULING, town) or RULING_RULE
    return (
        f"退回后由工作站重新派单，最多退{MOST_RETURNS}次；"
        f"权属不清并写明理由的，由片区{rule.amount.words}内裁定，先办后议。"
    )


_FINISHED: Mapping[str, Any] = MappingProxyType({"state": AssistingState.FINISHED})
_WAIVED: Mapping[str, Any] = MappingProxyType({"state": AssistingState.WAIVED})
ACTS: tuple[Act, ...] = (
    Act(
        "take",
        "签收",
        "staff",
        HANDLERS,
        dispatching.take,
        access.need_sight,
        key="t",
        tone="primary",
        step=30,
        next="arrived",
        leads_to=Stage.HANDLING,
    ),
    Act(
        "on-my-way",
        "我已出发",
        "staff",
        HANDLERS,
        _may_set_out,
        access.need_sight,
        sends="comment",
        sent=MappingProxyType({"text": _SET_OUT, "public": True}),
        next="arrived",
    ),
    Act(
        "arrived",
        "已到现场",
        "staff",
        HANDLERS,
        handling.arrive,
        access.need_sight,
        fields=(fields.note(label="现场情况"), fields.photos("现场照片")),
        step=35,
        is_due=lambda ticket: not ticket.arrived,
        next="resolve",
    ),
    Act(
        "resolve",
        "办结",
        "staff",
        HANDLERS,
        closing.resolve,
        access.need_sight,
        fields=(
            fields.words("note", "怎样办好的", "例如：已更换灯泡，现场试亮正常"),
            fields.photos("办好后的照片"),
            fields.note("feedback", "对居民说的话", "没有做过初步反馈的，请在这里告诉居民"),
        ),
        needs=(needs.PARTS_DONE, needs.NO_WAIT, needs.PHOTO, needs.FEEDBACK),
        tone="primary",
        step=40,
        leads_to=Stage.RESOLVED,
        bulk=HANDLERS,
        sought="承办单位签收以后可以办结",
    ),
    Act(
        "contact",
        "先行联系",
        "staff",
        HANDLERS,
        handling.contact,
        access.need_sight,
        fields=(fields.words("note", "与居民说了什么", "例如：已电话说明，今天下午上门"),),
        quick=tuple(
            Quick(name=text, filled={"note": text})
            for text in ("电话已接通，已说明怎么处理", "已当面沟通，居民知道了")
        ),
        key="l",
        repeats=True,
    ),
    Act(
        "unit-feedback",
        "初步反馈",
        "staff",
        HANDLERS,
        handling.unit_feedback,
        access.need_sight,
        fields=(fields.words("text", "告诉居民", "打算怎么办，什么时候办好", reusable=True),),
        hint="告诉居民准备怎么办、何时办好。",
        repeats=True,
    ),
    Act(
        "progress",
        "填写进展",
        "staff",
        HANDLERS,
        handling.progress,
        access.need_sight,
        fields=(
            fields.words("text", "进展", "做到哪一步了"),
            fields.photos(),
            fields.switch("public", "居民可以看到", on=True),
        ),
        repeats=True,
    ),
    Act(
        "answer-supervision",
        "答复督办",
        "staff",
        HANDLERS | LEADERS,
        supervising.answer_supervision,
        access.need_sight,
        fields=(fields.order(), fields.words("text", "答复", "打算怎么办，什么时候办好")),
        needs=(needs.OPEN_ORDER,),
        quick_of=_to_whom_orders,
        tone="primary",
        step=20,
    ),
    Act(
        "verify",
        "核查",
        "staff",
        DESK | LEADERS | {Role.GRID_WORKER, Role.UNIT_HEAD},
        reworking.verify,
        access.need_sight,
        fields=(
            fields.yes_no("ok", "现场看到", "已经办好", "没有办好"),
            fields.note(label="看到的情况"),
            fields.photos("现场照片"),
        ),
        key="v",
        tone="primary",
        step=65,
        is_due=lambda ticket: ticket.verify_owed,
    ),
    Act(
        "ask-extension",
        "申请延期",
        "staff",
        HANDLERS,
        handling.ask_extension,
        access.need_sight,
        fields=(
            DeclaredField(
                OfferedField(
                    name="working_days",
                    label="延长几个工作日",
                    kind=FieldKind.NUMBER,
                    required=True,
                    least=1,
                ),
                of=_days_left,
            ),
            fields.words("reason", "原因", "为什么来不及"),
        ),
        needs=(needs.NO_OPEN_REQUEST,),
        until=handling.extension_until,
    ),
    Act(
        "wait",
        "等待居民",
        "staff",
        HANDLERS,
        pausing.wait,
        access.need_sight,
        fields=(fields.words("question", "请居民补充什么", "例如：请问是几楼的灯不亮"),),
        needs=(needs.danger_decided("等待居民"),),
    ),
    Act(
        "resume",
        "恢复办理",
        "staff",
        HANDLERS | LEADERS,
        pausing.resume,
        access.need_part,
        fields=(fields.words("note", "恢复原因", "例如：居民已补充"),),
        key="u",
        tone="primary",
    ),
    Act(
        "suspend",
        "挂账",
        "staff",
        HEADS,
        pausing.suspend,
        access.need_desk,
        fields=(
            fields.words("reason", "挂账原因", "为什么现在办不了"),
            DeclaredField(
                OfferedField(
                    name="review_at",
                    label="复核时间",
                    kind=FieldKind.INSTANT,
                    required=True,
                    hint="到时会重新提醒",
                    options=tuple(Option(code=days, name=f"{days} 天后") for days in _REVIEWS),
                )
            ),
        ),
        needs=(needs.danger_decided("挂账"),),
        hint="挂账后办理时限暂停，到复核日期会再提醒。",
        key="p",
        leads_to=Stage.SUSPENDED,
        sought="承办单位正在办的工单可以挂账",
    ),
    Act(
        "add-assisting",
        "请协办",
        "staff",
        HANDLERS | LEADERS | CONFIDENTIAL,
        assisting.add_assisting,
        access.need_part,
        fields=(
            fields.unit("协办单位"),
            fields.summary(),
            fields.words("note", "请其做什么", "例如：请协助疏通主管道"),
        ),
        key="b",
        repeats=True,
    ),
    Act(
        "finish-assisting",
        "协办完成",
        "staff",
        HANDLERS,
        assisting.end_assisting,
        access.need_sight,
        fields=(fields.assisting(), fields.words("note", "做了什么", "例如：主管道已疏通")),
        fixed=_FINISHED,
        needs=(needs.OPEN_PART,),
        step=38,
    ),
    Act(
        "waive-assisting",
        "免除协办",
        "staff",
        HANDLERS | LEADERS,
        assisting.end_assisting,
        access.need_part,
        fields=(fields.assisting(), fields.words("note", "原因", "为什么不再需要")),
        fixed=_WAIVED,
        needs=(needs.OPEN_PART,),
    ),
    Act(
        "return",
        "退单",
        "staff",
        HANDLERS,
        returning.return_to_desk,
        access.need_sight,
        fields=(
            fields.without(
                fields.choice("reason", "理由", {reason: reason.value for reason in ReturnReason}),
                ReturnReason.UNCLEAR_DUTY,
                when=lambda ticket: ticket.dispute is not None,  # it waits for a ruling already
            ),
            fields.note(hint="应由哪个单位办、依据是什么；权属不清的写清楚，由片区裁定，裁定前先接着办"),
        ),
        needs=(needs.no_wait_for("退单"),),
        hint_of=_about_returning,
        tone="danger",
        leads_to=Stage.RECEIVED,
        until=lambda ticket: ticket.return_until,
    ),
    Act(
        "transfer",
        "转办",
        "staff",
        DESK | LEADERS | CONFIDENTIAL | {Role.UNIT_HEAD},
        dispatching.transfer,
        access.need_part,
        fields=(
            fields.lead_unit("主办单位"),
            fields.handler(),
            fields.summary(),
            fields.words("note", "转办原因", "为什么由他们办"),
        ),
        needs=(needs.no_wait_for("转办"),),
    ),
    Act(
        "propose-explanation",
        "提请解释结案",
        "staff",
        frozenset({Role.UNIT_HEAD, Role.STATION_HEAD}),
        explaining.propose_explanation,
        access.need_sight,
        fields=(
            fields.words("ground", "依据（法律、政策）", "哪条法律、政策"),
            fields.words("text", "向居民的说明", "为什么办不了"),
            fields.words("elsewhere", "不同意还可以到哪里", "例如：区信访办复查"),
        ),
        needs=(needs.danger_decided("提请解释结案"), needs.PARTS_DONE, needs.NO_WAIT),
        hint="重办两次仍依法解决不了时用；由片区领导决定，居民会看到下面三项，不算已解决。",
    ),
    Act(
        "call-made",
        "已代拨电话",
        "staff",
        HANDLERS,
        endangered.call_made,
        access.need_sight,
        fields=(
            fields.choice("called", "代拨了哪里", {called: f"已代拨{called.value}" for called in Called}),
            fields.note(),
        ),
        quick=tuple(
            Quick(name=f"已代拨{called.value}", filled={"called": called.value}) for called in Called
        ),
        repeats=True,
        card="danger",
    ),
    Act(
        "spoken",
        "已通话",
        "staff",
        HANDLERS,
        endangered.spoken,
        access.need_sight,
        fields=(fields.note(),),
        quick=(Quick(name="已通话", filled={}),),
        repeats=True,
        card="danger",
    ),
    Act(
        "comment",
        "留言",
        "staff",
        HANDLERS | LEADERS | CONFIDENTIAL,
        _may_comment,
        access.need_sight,
        fields=(
            fields.words("text", "内容", reusable=True),
            fields.photos(),
            fields.switch("public", "居民可见", on=False),
        ),
        key="n",
        repeats=True,
        bulk=DESK | LEADERS,
    ),
)
