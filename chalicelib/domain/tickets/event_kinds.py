"""What a line of a ticket's history may be, with its words for the resident's timeline and for staff."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator


class EventKind(StrEnum):
    """The kind of a line, and its words: `who` is the unit of the person who acted, 系统, or 居民; `unit` what the act names.

    A kind that a newer version wrote, read after a rollback, keeps its name and is 有更新: a history must always open.
    """

    words: str

    def __new__(cls, kind: str, words: str = "") -> Self:
        member = str.__new__(cls, kind)
        member._value_, member.words = kind, words
        return member

    @classmethod
    def _missing_(cls, value: object) -> "EventKind | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_, member._value_, member.words = "UNKNOWN", value, "有更新"
        return member

    RECEIVED = "received", "已收到"
    DANGER_HEARD = "danger_heard", "又有文字提到可能有人有危险"
    DANGER_ANSWERED = "danger_answered", "居民回答了是否有人有危险"
    DANGER_CONFIRMED = "danger_confirmed", "{who}确认：按紧急办"
    DANGER_DENIED = "danger_denied", "{who}确认：没有人有危险"
    DANGER_NO_AGREED = "danger_no_agreed", "{who}同意：没有人有危险"
    CALL_MADE = "call_made", "{who}已代拨{number}"
    SPOKEN = "spoken", "{who}已与现场通话"
    TRANSCRIBED = "transcribed", "{who}听了录音，写下了文字"
    CLASSIFIED = "classified", "{who}调整了分类"
    ANSWERED = "answered", "{who}当场答复"
    SETTLED = "settled", "{who}发现并当场处置"
    DECLINED = "declined", "{who}答复不予受理"
    FORWARDED = "forwarded", "{who}已转送{to}"
    SECRECY_LIFTED = "secrecy_lifted", "{who}决定不再避开"
    AVOID_LIFTED = "avoid_lifted", "居民说不用避开"
    KEPT_APART = "kept_apart", "已避开被反映的人，由没有牵连的人办理"
    CONFRONT_ASKED = "confront_asked", "{who}问居民能否把这些话转告被反映的一方"
    CONFRONT_AGREED = "confront_agreed", "居民同意，已转告被反映的一方"
    CONFRONT_REFUSED = "confront_refused", "居民不同意，没有转告"
    STATED = "stated", "被反映的一方作了说明"
    WITHDRAWN = "withdrawn", "居民撤回"
    PUBLISHED = "published", "{who}更新了公开内容"
    DISPATCHED = "dispatched", "{who}派给{unit}办理"
    TRANSFERRED = "transferred", "{who}改派给{unit}办理"
    ASSIGNED_FINALLY = "assigned_finally", "片区指定由{unit}办理"
    HANDED_OVER = "handed_over", "经办人已交接"
    TAKEN = "taken", "{who}已签收"
    RETURNED = "returned", "{who}退回，重新派单"
    ASSISTING_ADDED = "assisting_added", "请{unit}协办"
    ASSISTING_FINISHED = "assisting_finished", "{unit}协办完成"
    ASSISTING_WAIVED = "assisting_waived", "免除{unit}协办"
    ARRIVED = "arrived", "{who}已到现场"
    CONTACTED = "contacted", "{who}已与居民联系"
    UNIT_FEEDBACK = "unit_feedback", "{who}作了初步反馈"
    PROGRESS = "progress", "{who}更新进展"
    EXTENSION_ASKED = "extension_asked", "{who}申请延期"
    EXTENSION_DECIDED = "extension_decided", "{who}审批了延期"
    QUESTION_ARRIVED = "question_arrived", "问题已送到居民"
    RELOCATED = "relocated", "{who}更正了地点"
    CALL_WRONG_NUMBER = "call_wrong_number", "{who}电话回访：号码有误"
    CONTACT_CORRECTED = "contact_corrected", "{who}更正了联系方式"
    CALL_LATER = "call_later", "{who}电话回访：居民请改时间再打"
    WAITING = "waiting", "{who}请居民补充情况"
    SUSPENDED = "suspended", "{who}暂时挂账"
    RESUMED = "resumed", "恢复办理"
    MERGED = "merged", "已与{number}并案办理"
    ABSORBED = "absorbed", "{number}已并入本单{came_in}"
    SPLIT = "split", "{who}拆出单独办理"
    PARTED = "parted", "{number}已拆出单独办理"
    STATION_FOLLOWED = "station_followed", "合在一起办的工单换了工作站，本单随之由那里办"
    DIVIDED = "divided", "{who}分成{count}件办理"
    DIVIDED_OFF = "divided_off", "由{number}分出，单独办理"
    PART_MOVED = "part_moved", "分出的一件有了进展"
    SENT_WITHOUT_WORDS = (
        "sent_without_words",
        "工作站还没来得及看，系统先按地点和类别派给{unit}办理；居民原话等工作站看过再转",
    )
    WORDS_HELD = "words_held", "有留言先由工作站看，看过再转给承办单位"
    WORDS_RELEASED = "words_released", "{who}看过居民原话，已转给承办单位"
    WORDS_SUMMED_UP = "words_summed_up", "{who}看过居民原话，用自己的话转给了承办单位"
    WORDS_KEPT = "words_kept", "{who}看过居民原话，没有转给承办单位"
    WORDS_WAITING = "words_waiting", "有留言等着处理"
    WORDS_READ = "words_read", "{who}已看过留言"
    RESOLVED = "resolved", "{who}报告已办好，等居民确认"
    RATED = "rated", "居民作了评价"
    CALL_ASKED = "call_asked", "工作站将电话回访"
    CALLED = "called", "{who}已电话告知"
    CALL_UNANSWERED = "call_unanswered", "{who}电话未接通"
    UNREACHED = "unreached", "多次电话未接通，回访结束"
    FOLLOWED_UP = "followed_up", "{who}已回访"
    VERIFIED = "verified", "{who}已现场核查"
    REWORKED = "reworked", "没有解决，重新办理"
    REOPENED = "reopened", "居民重新打开"
    EXPLANATION_PROPOSED = (
        "explanation_proposed",
        "{who}提请依法解释结案。依据：{ground}。还可以到：{elsewhere}",
    )
    EXPLANATION_REFUSED = "explanation_refused", "{who}没有同意解释结案，接着办"
    EXPLAINED = "explained", "{who}决定依法解释结案。依据：{ground}。还可以到：{elsewhere}"
    EXEMPTED = "exempted", "{who}批准免回访"
    CLOSED = "closed", "已结案"
    REMINDED = "reminded", "{who}催办"
    ESCALATED = "escalated", "系统升级提醒负责人"
    SUPERVISED = "supervised", "{who}督办"
    PHOTO_MISSED = "photo_missed", "有照片没有传成功"
    COMMENTED = "commented", "{who}留言"
    JOINED = "joined", "又有居民反映同一问题"
    DUTY_DISPUTED = "duty_disputed", "{unit}提出不属其职责，先接着办，等片区裁定"
    DISPUTE_ANSWERED = "dispute_answered", "{who}对职责归属作了说明"
    DUTY_RULED = "duty_ruled", "片区裁定由{unit}办理"
    MEETING_CALLED = "meeting_called", "{who}约有关单位会商"
    MEETING_RECORDED = "meeting_recorded", "会商定了下一步"
    UNDERTAKING_DONE = "undertaking_done", "{unit}办好了会商任务"
    CLAIMED = "claimed", "居民凭小票绑定到了手机"
    PROXY_AGREED = "proxy_agreed", "本人同意代办人看进展"
    PROXY_ENDED = "proxy_ended", "本人不要代办人再看"
    PUT_IN_CLASS = "put_in_class", "{who}归入一类事"
    TAKEN_OUT_OF_CLASS = "taken_out_of_class", "{who}移出一类事"
    MEASURE_ANNOUNCED = "measure_announced", "{who}公布了一类事的措施"
    ERASURE_ASKED = "erasure_asked", "本人要求删除反映的内容"
    ERASED = "erased", "已按本人要求删除反映的内容"
    IDENTITY_REMOVED = "identity_removed", "已按规定删除上报人的身份信息"
    DUE_RECALCULATED = "due_recalculated", "工作日安排有变，时限重新计算"
    REPAIRED = "repaired", "系统修复了记录，请工作站核对"
    ORDER_UPDATED = "order_updated", "交办单位更新了工单"
    SUPERVISION_ANSWERED = "supervision_answered", "{who}答复督办"
    FORM_HANDED_IN = "form_handed_in", "{who}收到填回的反馈表"
    RESULT_PROPOSED = "result_proposed", "{unit}提出办理结论，等待核对办结"
    REPORTED_UP = "reported_up", "{who}已上报{to}"
    REPORT_UP_ANSWERED = "report_up_answered", "{to}：{status}"
    INSTRUCTED = "instructed", "{to}作出批示"


# The lines with which a ticket comes to be; every other one changes a ticket that there was.
BEGINS = frozenset({EventKind.RECEIVED, EventKind.DIVIDED_OFF, EventKind.SETTLED})

# The lines with which what somebody reported is over, beside the call that finds it solved after 办结.
ENDS = (
    EventKind.ANSWERED,
    EventKind.EXPLAINED,
    EventKind.DECLINED,
    EventKind.FORWARDED,
    EventKind.WITHDRAWN,
    EventKind.CLOSED,
)

# Read by the enum itself: of an unknown word in JSON, pydantic's own reader hands None on.
Kind = Annotated[EventKind, BeforeValidator(EventKind)]
