"""The acts of the desk 工作站 and of leaders, in the order in which a screen shows them."""

from datetime import datetime
from typing import Any

from chalicelib.domain.acts import (
    answering,
    classifying,
    closing,
    confronting,
    dispatching,
    dividing,
    endangered,
    explaining,
    following_up,
    handling,
    joining,
    receiving,
    relocating,
    reworking,
    supervising,
    withholding,
    words,
)
from chalicelib.domain.acts.answering import DeclineReason
from chalicelib.domain.acts.endangered import WhyNot
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.acts.returning import MOST_RETURNS
from chalicelib.domain.identity.contacts import LEARNED_NAMES
from chalicelib.domain.identity.erasing import CHECKED_NAMES
from chalicelib.domain.offers import fields, needs
from chalicelib.domain.offers.act import Act, DeclaredField, FieldKind, OfferedField, Option, Quick
from chalicelib.domain.parties.follow_up_policy import policy
from chalicelib.domain.parties.telling import named
from chalicelib.domain.tickets.calls import CallOutcome
from chalicelib.domain.tickets.ticket import AskedHow, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import CONFIDENTIAL, DESK, HEADS, LEADERS, Role, Staff
from chalicelib.domain.views import access
from chalicelib.domain.views.pick_lists import CALL_OUTCOMES, DECLINE_NAMES
from chalicelib.domain.views.ticket_view import unit_name

AT_THE_DESK = DESK | LEADERS | CONFIDENTIAL


def _may_merge(ticket: Ticket, *, by: Staff, town: Town, now: datetime, **_: object) -> Changed:
    """Whether it may be merged at all: into one like itself it would be."""
    other = ticket.model_copy(update={"id": "", "stage": Stage.RECEIVED})
    return joining.merge(ticket, into=other, by=by, sure=True, town=town, now=now)[0]


def _rework(ticket: Ticket, *, by: Staff, reason: str, **rest: Any) -> Changed:
    return reworking.rework(ticket, by=by.code, reason=reason, **rest)


def _as_suggested(ticket: Ticket, town: Town) -> tuple[Quick, ...]:
    """派给建议单位, in one tap."""
    suggested = ticket.suggestion
    if suggested is None or not suggested.unit_id or suggested.unit_id in ticket.concerns:
        return ()
    filled: dict[str, str | int | bool] = {"unit_id": suggested.unit_id, "track": suggested.track.value}
    return (Quick(name=f"派给{unit_name(suggested.unit_id, town)}", filled=filled),)


def _words_wait(ticket: Ticket) -> bool:
    return ticket.withheld is not None and ticket.withheld.waits


def _another_place(ticket: Ticket, _by: Staff, _town: Town) -> dict[str, Any]:
    return {"excluded": (ticket.where.place,) if ticket.where.place else ()}


_ASKED_HOW = {AskedHow.PHONE: "电话里问的", AskedHow.IN_PERSON: "当面问的"}


def _kept_from(ticket: Ticket, _by: Staff, town: Town) -> dict[str, Any]:
    names = {code: unit_name(code, town) or named(code, town) for code in ticket.concerns}
    return {"options": tuple(Option(code=code, name=name) for code, name in names.items() if name)}


def _of(kind: FieldKind, name: str, label: str, *, required: bool = True, hint: str = "") -> OfferedField:
    is_code = kind in (FieldKind.CATEGORY, FieldKind.PLACE, FieldKind.TICKET)
    least, most = (1, 64) if is_code else (0, None)
    return OfferedField(
        name=name, label=label, kind=kind, required=required, hint=hint, least=least, most=most
    )


def _about_calling(ticket: Ticket, town: Town) -> str:
    """When somebody counts as unreached is the town's own (follow_up.csv)."""
    rule = policy(ticket, town)
    return f"{rule.attempts}次不通（分{rule.days}天）即为联系不上。"


_ANSWERED = (CallOutcome.ANSWERED,)
ACTS: tuple[Act, ...] = (
    Act(
        "transcribe",
        "听写",
        "desk",
        AT_THE_DESK,
        receiving.transcribe,
        access.need_desk,
        fields=(fields.words("words", "录音里说的话", "照原话写；听不清的写“听不清”，再打电话问"),),
        hint="写下以后按文字办理；录音三十天后删除，不出工作站。",
        key="h",
        tone="primary",
        step=5,
        is_due=lambda ticket: ticket.is_unheard,
    ),
    Act(
        "confirm-danger",
        "按紧急办",
        "desk",
        AT_THE_DESK | {Role.GRID_WORKER},
        endangered.confirm_danger,
        access.need_asked,
        fields=(fields.yes_no("reached", "联系上了吗", "联系上了", "打不通", required=False, tried=(True,)),),
        quick=(
            Quick(name="是，按紧急办", filled={"reached": True}),
            Quick(name="打不通，按紧急办", filled={"reached": False}),
        ),
        tone="danger",
        step=10,
        card="danger",
    ),
    Act(
        "deny-danger",
        "不是危险",
        "desk",
        AT_THE_DESK,
        endangered.deny_danger,
        access.need_desk,
        fields=(
            fields.choice("why", "为什么不是", {why: why.value for why in WhyNot}),
            fields.wanted(fields.note(), "选“其他”时请写明；居民会看到", why=WhyNot.OTHER),
        ),
        hint="按一般事项办，居民会看到原因。",
        card="danger",
    ),
    Act(
        "agree-no-danger",
        "同意不是危险",
        "desk",
        AT_THE_DESK,
        endangered.agree_no_danger,
        access.need_desk,
        quick=(Quick(name="同意，不是危险", filled={}),),
        hint="办完以后由另一位同事确认，机器才学这一条。",
        card="danger",
    ),
    Act(
        "release-words",
        "原话转给承办单位",
        "desk",
        AT_THE_DESK,
        withholding.release_words,
        access.need_desk,
        fields=(
            fields.wanted(fields.summary(), "只转这句话时必填；不写姓名、电话、门牌", only_summary=True),
            fields.switch("only_summary", "不转原话，只转派单摘要这句话", on=False),
        ),
        hint="承办单位随后看得到原话和照片（或只看到这句话），并收到提醒。",
        tone="primary",
        step=30,
        is_due=_words_wait,
    ),
    Act(
        "keep-words",
        "原话不转",
        "desk",
        AT_THE_DESK,
        withholding.keep_words,
        access.need_desk,
        fields=(fields.words("note", "为什么不转", "居民会看到；承办单位只知道没有转"),),
        hint="承办单位按地点和类别办。要换别的单位办，请用“改分类”避开，或“转办”。",
    ),
    Act(
        "dispatch",
        "派单",
        "desk",
        AT_THE_DESK,
        dispatching.dispatch,
        access.need_desk,
        fields=(
            fields.suggested_unit("主办单位"),
            fields.handler(),
            fields.suggested_track(),
            fields.summary(),
            fields.note(label="给经办人的话"),
        ),
        needs=(needs.danger_decided("派单"),),
        quick_of=_as_suggested,
        in_list=True,
        key="d",
        tone="primary",
        step=50,
        leads_to=Stage.DISPATCHED,
        bulk=AT_THE_DESK,
        sought="在工作站手里、还没派出的工单可以派单",
    ),
    Act(
        "answer",
        "当场答复",
        "desk",
        AT_THE_DESK,
        answering.answer,
        access.need_desk,
        fields=(
            fields.words("text", "答复内容", reusable=True),
            DeclaredField(_of(FieldKind.CITED, "knowledge", "引用的政策知识", required=False), tried=(None,)),
        ),
        needs=(needs.danger_decided("当场答复"),),
        hint="居民会立即收到，您的岗位作为首问负责留在工单上。",
        key="r",
        tone="primary",
        leads_to=Stage.CLOSED,
        bulk=AT_THE_DESK,
    ),
    Act(
        "classify",
        "改分类",
        "desk",
        AT_THE_DESK,
        classifying.classify,
        access.need_desk,
        fields=(
            DeclaredField(_of(FieldKind.CATEGORY, "category", "类别")),
            fields.track(),
            fields.yes_no("urgent", "紧急", "紧急", "不紧急", required=False),
            fields.yes_no("confidential", "保密", "保密", "不保密", required=False),
            DeclaredField(
                _of(
                    FieldKind.PARTIES,
                    "concerns",
                    "涉及的单位、人员",
                    required=False,
                    hint="涉及方看不到这张工单",
                ),
                tried=(None,),
            ),
            fields.note("reason", "解除保密的理由", hint="解除保密、减少避开时必填；居民会看到"),
        ),
        key="c",
    ),
    Act(
        "confront",
        "转告事由",
        "desk",
        LEADERS | CONFIDENTIAL,
        confronting.confront,
        access.need_desk,
        fields=(
            DeclaredField(_of(FieldKind.CHOICE, "to", "转告谁"), of=_kept_from),
            fields.words(
                "matter",
                "转告的话",
                "用自己的话，只说什么事、请对方说明什么；不写时间、楼号、数字、原话，不写谁反映的",
            ),
        ),
        hint="先问居民，居民看到的就是这些话，同意了才发给对方；对方只看到这些话，看不到工单。",
    ),
    Act(
        "record-consent",
        "记下能否转告",
        "desk",
        AT_THE_DESK,
        confronting.record_consent,
        access.need_desk,
        fields=(
            fields.yes_no("agreed", "居民同意转告吗", "同意", "不同意"),
            fields.choice("asked_how", "怎么问的", _ASKED_HOW),
            fields.note(),
        ),
        hint="把要转告的话念给居民听，再记下居民的答复。",
        tone="primary",
        step=25,
    ),
    Act(
        "assign-finally",
        "签派",
        "desk",
        LEADERS,
        dispatching.assign_finally,
        access.need_desk,
        fields=(
            fields.suggested_unit("主办单位"),
            fields.handler(),
            fields.summary(),
            fields.words("note", "签派意见"),
        ),
        needs=(needs.danger_decided("签派"),),
        hint="签派后不能再退单。",
        key="g",
        step=45,
        is_due=lambda ticket: ticket.returns >= MOST_RETURNS,
        leads_to=Stage.DISPATCHED,
    ),
    Act(
        "merge",
        "并案",
        "desk",
        DESK | LEADERS,
        _may_merge,
        access.need_desk,
        fields=(
            DeclaredField(_of(FieldKind.TICKET, "into", "并入哪张工单"), tried=("",)),
            fields.switch(
                "sure", "紧急的并入不紧急的，确认要并", on=False, hint="并后合在一起的工单按紧急办"
            ),
        ),
        needs=(needs.danger_decided("并案"), needs.words_passed_on("并案")),
        hint="这张工单并入另一张，上报人会随那张一起得到答复。",
        key="m",
        leads_to=Stage.MERGED,
        bulk=DESK | LEADERS,
        sought="还在办、没有办结的工单可以并案",
    ),
    Act(
        "divide",
        "分拆",
        "desk",
        DESK | LEADERS,
        dividing.may_divide,
        access.need_desk,
        fields=(
            DeclaredField(
                OfferedField(
                    name="matters",
                    label="分成的几件",
                    kind=FieldKind.MATTERS,
                    required=True,
                    least=2,
                    most=dividing.MOST_MATTERS,
                ),
                tried=((),),
            ),
        ),
        needs=(needs.no_wait_for("分拆"), needs.danger_decided("分拆"), needs.words_passed_on("分拆")),
        hint="一次反映说了几件事时用：每件各办各的，居民还是一个号，全部办好才算办完。第一件留在这张工单上。",
        sought="还没办结、没有分拆过的工单可以分拆",
    ),
    Act(
        "decline",
        "不予受理",
        "desk",
        AT_THE_DESK,
        answering.decline,
        access.need_desk,
        fields=(
            fields.choice("reason", "理由", DECLINE_NAMES, tried=(DeclineReason.UNTRUE,)),
            fields.words("text", "向居民说明", reusable=True),
            fields.words("instead", "应到哪里办理"),
        ),
        needs=(needs.danger_decided("不予受理"),),
        tone="danger",
        leads_to=Stage.DECLINED,
        bulk=AT_THE_DESK,
    ),
    Act(
        "forward",
        "转送",
        "desk",
        AT_THE_DESK,
        answering.forward,
        access.need_desk,
        fields=(
            fields.line("to", "转给谁", least=2),
            fields.line("number", "对方编号"),
            fields.words("text", "向居民说明"),
        ),
        needs=(needs.danger_decided("转送"),),
        hint="送往镇外（区级部门、12345），居民会被告知。",
        key="w",
        leads_to=Stage.FORWARDED,
    ),
    Act(
        "decide-extension",
        "审批延期",
        "desk",
        AT_THE_DESK,
        handling.decide_extension,
        access.need_desk,
        fields=(
            fields.yes_no("approved", "延期申请", "同意", "不同意"),
            fields.note(label="意见", hint="不同意时请写原因"),
        ),
        needs=(needs.OPEN_REQUEST,),
        quick=(Quick(name="同意延期", filled={"approved": True}),),
        in_list=True,
        key="e",
        tone="primary",
        step=20,
    ),
    Act(
        "remind",
        "催办",
        "desk",
        HEADS,
        supervising.remind,
        access.need_desk,
        fields=(fields.note(label="催办的话", hint="可不填；对方在工单里看到"),),
        step=62,
        repeats=True,
        bulk=HEADS,
        in_list=True,
    ),
    Act(
        "supervise",
        "督办",
        "desk",
        HEADS,
        supervising.supervise,
        access.need_desk,
        fields=(fields.words("text", "督办要求", "要求什么，什么时候前答复"),),
        quick=tuple(
            Quick(name=text, filled={"text": text})
            for text in ("请今天内到现场并答复", "请说明超期原因和办结时间", "请单位负责人亲自办理")
        ),
        key="s",
        tone="danger",
        step=60,
        repeats=True,
        bulk=HEADS,
    ),
    Act(
        "follow-up",
        "记录回访",
        "desk",
        AT_THE_DESK,
        following_up.record_call,
        access.need_desk,
        fields=(
            fields.choice("outcome", "通话结果", CALL_OUTCOMES, tried=_ANSWERED),
            fields.wanted(
                fields.yes_no("solved", "解决了吗", "解决了", "没有解决", required=False, tried=(False,)),
                "接通了，请问清是否解决",
                outcome=CallOutcome.ANSWERED,
            ),
            fields.yes_no("satisfied", "满意吗", "满意", "不满意", required=False),
            fields.note("words", "居民原话"),
            fields.wanted(
                DeclaredField(_of(FieldKind.INSTANT, "call_at", "约定的时间", required=False), tried=(None,)),
                "约定再打的，请填写居民要求的时间",
                outcome=CallOutcome.CALL_LATER,
            ),
        ),
        hint_of=_about_calling,
        key="f",
        tone="primary",
        step=70,
        repeats=True,
    ),
    Act(
        "read-words",
        "来话已阅",
        "desk",
        AT_THE_DESK,
        words.read_words,
        access.need_desk,
        fields=(fields.note(label="怎样处理"),),
        key="y",
    ),
    Act(
        "reopen",
        "重新打开",
        "desk",
        AT_THE_DESK,
        reworking.reopen_at_desk,
        access.need_desk,
        fields=(fields.words("note", "为什么重新打开"),),
        hint="已结束的工单重新办理，应有的时限和提醒都重新开始。",
        key="o",
        tone="primary",
        sought="已经结束的工单可以重新打开",
    ),
    Act(
        "rework",
        "重办",
        "desk",
        AT_THE_DESK,
        _rework,
        access.need_desk,
        fields=(fields.words("reason", "为什么没有解决"),),
        tone="danger",
        sought="办结以后没解决的可以重办",
    ),
    Act(
        "decide-explanation",
        "决定解释结案",
        "desk",
        LEADERS,
        explaining.decide_explanation,
        access.need_desk,
        fields=(
            fields.yes_no("approved", "依法解释结案", "同意结案", "接着办"),
            fields.note(label="意见", hint="不同意时请写还要做什么"),
        ),
        hint="同意后结案，居民会看到依据和还可以到哪里；不算已解决。",
        tone="danger",
        step=20,
    ),
    Act(
        "exempt",
        "免回访",
        "desk",
        HEADS,
        closing.exempt,
        access.need_desk,
        fields=(fields.words("rule", "依据的规则或理由"),),
    ),
    Act(
        "close",
        "结案",
        "desk",
        AT_THE_DESK,
        closing.close,
        access.need_desk,
        fields=(fields.note(label="结案说明"),),
        needs=(needs.FOLLOW_UP, needs.OTHER_MATTERS),
        key="x",
        tone="primary",
        step=80,
        leads_to=Stage.CLOSED,
        bulk=AT_THE_DESK,
        sought="承办单位办结、回访做完以后可以结案",
    ),
    Act(
        "relocate",
        "改地点",
        "desk",
        DESK | LEADERS,
        relocating.relocate,
        access.need_desk,
        fields=(
            DeclaredField(_of(FieldKind.PLACE, "place", "实际地点"), of=_another_place),
            fields.note(label="依据"),
        ),
        hint="工作站、片区、队列和数据一起改；原来写的地点会保留。",
    ),
    Act(
        "split",
        "拆案",
        "desk",
        DESK | LEADERS,
        joining.may_split,
        access.need_desk,
        fields=(fields.words("note", "拆出的原因"),),
        leads_to=Stage.RECEIVED,
        sought="并入另一张的工单可以拆案",
    ),
    Act(
        "correct-contact",
        "更正联系方式",
        "desk",
        DESK | LEADERS,
        answering.correct_contact,
        access.need_desk,
        fields=(
            fields.line("phone", "正确的电话", least=1, most=60, hint="原来的号码不在这里显示"),
            fields.line("name", "正确的称呼", hint="不填则不改"),
            fields.choice("learned", "怎么知道的", LEARNED_NAMES),
        ),
        hint="号码有误、换了号码时用。改了会留痕，并告诉上报人；原来的号码不再能查到这张工单。",
    ),
    Act(
        "erase",
        "删除反映内容",
        "desk",
        DESK | LEADERS,
        answering.erase,
        access.need_desk,
        fields=(
            fields.words("text", "留下的摘要", "只写什么事、怎么办的，不写人"),
            fields.choice("checked", "怎样核实是本人", CHECKED_NAMES),
        ),
        hint="本人要求删除个人信息时用：原文、称呼、电话、本人说过的话都会删除，不能恢复；案件和办理经过保留。",
        tone="danger",
        card="person",
        once_more="原文、称呼、电话、本人说过的话会从工单、流水、消息和往来里删除，不能恢复；摘要和办理经过保留。",
    ),
    Act(
        "publish",
        "公开内容",
        "desk",
        DESK,
        answering.publish,
        access.need_desk,
        fields=(
            fields.line("text", "公开的话")._replace(tried=("",)),
            fields.switch(
                "with_photos",
                "附上现有照片",
                on=False,
                hint="反映时和办结时的照片一起公开；请先逐张看过，人脸、车牌、门牌先遮盖",
            ),
        ),
        hint="扫这个点位的人、附近的居民都看得到，办结后在办结公示里保留一个月。只写事情，不写人；留空即撤下。",
    ),
)
