"""The ticket 工单: what it holds and which moves its life allows."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.tickets.actors import By, To
from chalicelib.domain.tickets.calls import CallAttempt
from chalicelib.domain.tickets.clock_model import Clock, ClockKind
from chalicelib.domain.tickets.event_kinds import Kind
from chalicelib.domain.tickets.readings import DangerCase, Grievance, Reading
from chalicelib.domain.tickets.recording import Recording
from chalicelib.domain.town.vocabulary import FOUND, FollowUpHow, Position, ResidentChannel, Source, Track


class Stage(StrEnum):
    RECEIVED = "received"  # 已受理
    DISPATCHED = "dispatched"  # 已派单
    HANDLING = "handling"  # 处置中
    RESOLVED = "resolved"  # 已办结: the handler says so
    CLOSED = "closed"  # 已结案
    SUSPENDED = "suspended"  # 挂账
    DECLINED = "declined"  # 不予受理
    FORWARDED = "forwarded"  # 已转送, outside the town
    WITHDRAWN = "withdrawn"  # 已撤回
    MERGED = "merged"  # 已并案


# The whole life in one table: from each stage, the stages an act may lead to.
MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset(
        {
            Stage.DISPATCHED,
            Stage.RESOLVED,
            Stage.CLOSED,
            Stage.DECLINED,
            Stage.FORWARDED,
            Stage.WITHDRAWN,
            Stage.MERGED,
            Stage.SUSPENDED,
        }
    ),
    Stage.DISPATCHED: frozenset(
        {
            Stage.RECEIVED,
            Stage.DISPATCHED,
            Stage.HANDLING,
            Stage.FORWARDED,
            Stage.WITHDRAWN,
            Stage.MERGED,
            Stage.SUSPENDED,
        }
    ),
    Stage.HANDLING: frozenset(
        {
            Stage.RECEIVED,
            Stage.DISPATCHED,
            Stage.RESOLVED,
            Stage.CLOSED,  # 依法解释结案 alone
            Stage.FORWARDED,
            Stage.WITHDRAWN,
            Stage.MERGED,
            Stage.SUSPENDED,
        }
    ),
    Stage.RESOLVED: frozenset(
        {
            Stage.HANDLING,
            Stage.CLOSED,
            Stage.DISPATCHED,
            Stage.RECEIVED,
        }  # also when its handler or unit is gone
    ),
    Stage.SUSPENDED: frozenset(
        {Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING, Stage.MERGED, Stage.WITHDRAWN}
    ),
    # reopen; or somebody says that it is not solved, and a call is owed
    Stage.CLOSED: frozenset({Stage.HANDLING, Stage.DISPATCHED, Stage.RECEIVED, Stage.RESOLVED}),
    Stage.DECLINED: frozenset({Stage.RECEIVED}),  # reopen
    Stage.FORWARDED: frozenset({Stage.RECEIVED}),  # sent back by the other side
    Stage.WITHDRAWN: frozenset({Stage.RECEIVED}),  # somebody is in danger after all
    Stage.MERGED: frozenset({Stage.RECEIVED}),  # split again
}
ENDED = frozenset({Stage.CLOSED, Stage.DECLINED, Stage.FORWARDED, Stage.WITHDRAWN, Stage.MERGED})
STAGE_NAMES = {
    Stage.RECEIVED: "已受理",
    Stage.DISPATCHED: "已派单",
    Stage.HANDLING: "处置中",
    Stage.RESOLVED: "已办结",
    Stage.CLOSED: "已结案",
    Stage.SUSPENDED: "挂账",
    Stage.DECLINED: "不予受理",
    Stage.FORWARDED: "已转送",
    Stage.WITHDRAWN: "已撤回",
    Stage.MERGED: "已并案",
}


class Where(Frozen):
    """The place as the ticket keeps it: a code of the tree with its path, or only what was typed."""

    place: str | None = None
    path: tuple[str, ...] = ()
    name: str
    inside_wall: bool = True
    point_code: str | None = None  # the printed code that was scanned
    candidates: tuple[str, ...] = ()  # places that typed words may mean; the desk chooses
    position: Position | None = None  # of the point or building, where the town's files give it one
    said: str = ""  # what the code or the reporter said, once a person has put the place right


class Suggestion(Frozen):
    """What triage proposed, kept beside what a person decided."""

    category: str | None
    track: Track
    urgent: bool
    confidential: bool
    unit_id: str | None
    forward_to: str = ""
    sure: bool
    reason: str  # 关键词 楼道灯 → 公共设施


class AssistingState(StrEnum):
    OPEN = "open"
    FINISHED = "finished"
    WAIVED = "waived"
    ENDED = "ended"  # with the ticket, or with its being put off


class Assisting(Frozen):
    """协办单位"""

    unit_id: str
    state: AssistingState = AssistingState.OPEN
    note: str = ""
    by: str = ""

    @property
    def is_open(self) -> bool:
        return self.state is AssistingState.OPEN


class Extension(Frozen):
    """延期, asked and not yet decided."""

    asked_by: str
    asked_at: Instant
    working_days: int
    reason: str


class Extended(Frozen):
    """延期, granted. The town's limit holds for the sum of a round."""

    round: int
    working_days: int
    by: str
    at: Instant


class PauseKind(StrEnum):
    WAITING = "waiting"  # for the resident
    SUSPENDED = "suspended"  # 挂账

    @property
    def stops(self) -> tuple[ClockKind, ...]:
        """Which clocks stand still."""
        work = (ClockKind.RESOLUTION, ClockKind.PROGRESS)
        if self is PauseKind.WAITING:
            return work
        return (ClockKind.TAKE, ClockKind.RESPONSE, ClockKind.UNIT_FEEDBACK, *work)


class Pause(Frozen):
    """Why clocks stand still: waiting for the resident, or 挂账."""

    kind: PauseKind
    reason: str
    approved_by: str
    approved_as: str = ""  # the role in which he or she did; "" for those of before it was kept
    since: Instant
    review_at: Instant
    back_to: Stage
    arrived_at: Instant | None = None  # when the question reached the resident; until then the clocks run

    @property
    def waits(self) -> bool:
        return self.kind is PauseKind.WAITING


class Paused(Frozen):
    """A pause that is over: for how long clocks stood still, and by whose word."""

    kind: PauseKind
    round: int
    unit_id: str  # of whoever approved it
    approved_as: str = ""  # the role in which he or she did; "" for those of before it was kept
    since: Instant
    until: Instant


class Resolution(Frozen):
    """办结 as claimed by the handler; what the resident says is kept apart."""

    by: str
    unit_id: str
    at: Instant
    note: str
    photos: tuple[str, ...] = ()


class FollowUpResult(StrEnum):
    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    UNREACHED = "unreached"


class FollowUp(Frozen):
    """回访 of one round: what the resident or the check said. `satisfied` None: did not answer that."""

    round: int
    by: By  # the machine for an unreached
    how: FollowUpHow
    at: Instant
    result: FollowUpResult
    satisfied: bool | None = None
    words: str = ""
    of: str = ""  # the merged ticket whose reporter said it; "" for this ticket's own


class Outcome(StrEnum):
    """How a ticket ended, where it is closed or declined; each reason of 不予受理 is one."""

    NONE = ""
    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    UNREACHED = "unreached"
    EXEMPT = "exempt"  # 免回访
    ANSWERED = "answered"  # 当场办
    SETTLED = "settled"  # by who found it: nobody asked for it, so it is nobody's satisfaction (rule 73)
    EXPLAINED = "explained"  # 依法解释结案: closed, and not solved
    OUTSIDE_JURISDICTION = "outside_jurisdiction"
    IN_PROCEEDINGS = "in_proceedings"
    AGAINST_LAW = "against_law"
    SECRETS_OR_PRIVACY = "secrets_or_privacy"
    UNTRUE = "untrue"
    BEYOND_REASON = "beyond_reason"
    HEARING_HELD = "hearing_held"
    MALICIOUS = "malicious"


class Explanation(Frozen):
    """依法解释结案, proposed by the unit's head and, once `decided_by` is there, decided by the area leader."""

    by: str
    unit_id: str
    round: int
    at: Instant
    ground: str  # 依据: the law or policy by which it cannot be done
    text: str  # what the resident is told
    elsewhere: str  # where else to go
    decided_by: str = ""
    shown_to: tuple[str, ...] = ()  # in whose queue it stands for this alone


class SupervisionOrder(Frozen):
    """督办单"""

    id: str
    by: By
    at: Instant
    text: str
    answered_by: str | None = None
    answered_at: Instant | None = None
    answer: str = ""
    of: str = ""  # the merged ticket it came with


class Asks(Frozen):
    """What a report asks of whoever handles it; joined ones get the strictest of all."""

    urgent: bool = False
    facility: bool = False
    night: bool = True
    track: Track = Track.SIMPLE


class Released(Frozen):
    """Who was no longer kept away 解除避开, and by which leader."""

    code: str
    by: str


class Joined(Frozen):
    """A ticket that was merged into this one 并入: whose it is, what it asks, and the promises it brought.

    `via`: the ticket that had absorbed it before, and with which it came. `part_of`: the ticket from which it had been
    divided 分拆, which waits for this one.
    """

    id: str
    number: str
    at: Instant
    source: Source
    reported_at: Instant | None = None  # `Ticket.reported_at`; None too of what was merged before it was kept
    reporter_id: str | None = None
    reachable: ResidentChannel = ResidentChannel.NONE
    asks: Asks
    clocks: tuple[Clock, ...] = ()
    via: str = ""
    part_of: str = ""


class Meeting(Frozen):
    """会商: units and others called together over a question. Recorded once; `recorded_at` None until then."""

    id: str  # H1, H2, …
    at: Instant
    place: str
    question: str
    unit_ids: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()  # who is none of the town's units
    called_by: str
    present: str = ""
    minutes: str = ""
    recorded_at: Instant | None = None
    recorded_by: str = ""


class Dispute(Frozen):
    """权属争议: the unit that has it says whose it is, the other side answers, and who decides rules; it is handled meanwhile."""

    by_unit: str
    by: str
    at: Instant
    words: str
    other_unit: str = ""  # whose it is, as the unit says; "" where it does not know
    answer: str = ""  # the other side's, or the desk's
    answered_by: str = ""


class Undertaking(Frozen):
    """会商任务: what a unit undertook to do by when. `outside`: who does it, where the unit only sees to it.

    `opened_part`: the unit became an assisting one by it, and is none any more once it is done.
    """

    id: str
    unit_id: str
    what: str
    outside: str = ""
    due_at: Instant
    opened_part: bool = False
    done_at: Instant | None = None
    done_by: str = ""
    note: str = ""

    @property
    def is_open(self) -> bool:
        return self.done_at is None


class Part(Frozen):
    """One of the other matters of a report that was divided 分拆, and how far it is.

    `done`: it was merged into another whole, whose own matter is done and which waits for nothing but its own parts.
    """

    id: str
    number: str
    title: str
    stage: Stage
    done: bool = False

    @property
    def is_open(self) -> bool:
        return not self.done and self.stage not in ENDED


class PartOf(Frozen):
    """The ticket that a part was divided from; its number is the one that the resident knows."""

    id: str
    number: str
    reported_at: Instant | None = None  # of the whole, when it was divided


class Unread(Frozen):
    """Words of a resident that nobody who must act has dealt with; `since` the first of them."""

    since: Instant
    by: By  # a resident


class Withheld(Frozen):
    """原话待转: residents' words from `since` on, which no unit reads before somebody of the desk has looked (rule 104).

    `parties`: whom they may be about, by no other part either. Once somebody has looked (`looked_at`, `by`) they stay with
    the desk for good: for `reason`, which whoever reported reads, or, where that is "", with `Ticket.summary` in their place.
    """

    since: Instant
    parties: tuple[str, ...] = ()
    looked_at: Instant | None = None
    by: str = ""
    reason: str = ""

    @property
    def waits(self) -> bool:
        """Whether nobody of the desk has looked yet."""
        return self.looked_at is None


class AskedHow(StrEnum):
    """How whoever reported was asked, and said yes or no."""

    IN_APP = "in_app"
    PHONE = "phone"
    IN_PERSON = "in_person"


class Confrontation(Frozen):
    """转告事由: what a leader put into own words for whom the ticket is kept from, and how far it is (rule 101).

    `agreed`: what whoever reported said to these very words; None until then. Only after a yes `to` reads `text`, under `id`,
    which tells nothing of the ticket, and owes `statement` by the clock of that id.
    """

    id: str
    to: str  # a unit, by its heads, or a member of staff
    text: str
    by: str
    asked_at: Instant
    agreed: bool | None = None
    agreed_by: By = ""  # the reporter, or who wrote the answer down
    agreed_how: AskedHow | None = None
    agreed_at: Instant | None = None
    due_at: Instant | None = None
    statement: str = ""
    stated_by: str = ""
    stated_at: Instant | None = None

    @property
    def is_asked(self) -> bool:
        """Whether it waits for the yes or no of whoever reported."""
        return self.agreed is None

    @property
    def is_owed(self) -> bool:
        """Whether it was put, and the statement 说明 is still to come."""
        return self.agreed is True and self.stated_at is None


class Proxy(Frozen):
    """代反映: who reported it for the one whose matter it is, and what the latter said when asked.

    `person` is opaque as a reporter is. `agreed`: None until asked; False ends the proxy's sight for good.
    """

    person: str
    agreed: bool | None = None
    by: By = ""  # who asked, or the reporter
    at: Instant | None = None


class ExternalId(Frozen):
    """A partner's number for it, with the partner's deadline and which version of its order is known."""

    partner: str
    number: str
    due_at: Instant | None = None
    sent_at: Instant | None = None
    digest: str = ""
    status: str = ""  # what an upward partner said last of our report, in its own word

    @property
    def known_as(self) -> tuple[str, str]:
        """The partner, and its number for it: the same of every version."""
        return self.partner, self.number


class Waiting(Frozen):
    """One queue entry: who waits for what by when. `who` as in docs/architecture.md (desk:STATION, unit:CODE, staff:CODE, …)."""

    who: str
    due_at: Instant
    clock: str = ""  # the kind of the clock that is due then
    rings_at: tuple[Instant, ...] = ()  # when that clock's ladder rings, reminders and all, in time order


class Ticket(Frozen):
    """工单. Written only by `store.tickets`; changed only by the rules of this package.

    `version` counts what changed the state; joins and comments do not. `generation` and `armed_for` belong to the
    escalation workflow (docs/architecture.md, Alarms). Names, phones and the text as written are never here.
    """

    id: str  # ULID
    number: str  # MS261122-7K3QX9-4, to read over the phone
    version: int = 0
    generation: int = 0
    armed_for: Instant | None = None

    stage: Stage
    source: Source
    external_ids: tuple[ExternalId, ...] = ()
    reporter_id: str | None = None  # opaque; None for what staff found
    proxy: Proxy | None = None  # 代反映
    found_by: str | None = None  # staff id, for 主动发现
    reachable: ResidentChannel = ResidentChannel.NONE
    phone_left: bool = False  # there is a number at which the reporter can be called
    where: Where
    text: str  # scrubbed
    room: str = ""  # 几室, kept out of the text; shown as `access.may_see_room` says
    may_enter: bool = False  # 可上门: the reporter said that whoever comes may come to the door
    photos: tuple[str, ...] = ()
    recording: Recording | None = None  # 录音: the report was spoken; `text` is what was written down of it
    missed_photos: tuple[str, ...] = ()  # announced, and refused when they came: no list shows them
    public_text: str = ""  # approved by the desk for the point's page
    published_at: Instant | None = None  # when it was last approved
    public_photos: tuple[str, ...] = ()  # those that the desk looked at and showed beside it
    practice: bool = False  # 演练
    erased: bool = False  # its text is a summary: whoever reported it asked for that (rule 45)
    erasure_asked_at: Instant | None = None  # asked by the own session; the desk is to approve the summary

    category: str | None = None
    track: Track = Track.SIMPLE
    urgent: bool = False
    facility: bool = False
    night: bool = True
    confidential: bool = False
    sealed: bool = False  # 身份保密: units read `summary` instead of its words, and never who reported it
    summary: str = ""  # 派单摘要, confirmed by the dispatcher
    concerns: tuple[str, ...] = ()  # units and staff a confidential ticket is about; never told of it
    may_concern: tuple[str, ...] = ()  # whom it may be about, as it was received; see `kept_from`
    complains: Grievance = Grievance.NONE  # as it was received; raised by a later word that may be graver
    withheld: Withheld | None = None  # 原话待转
    released: tuple[
        Released, ...
    ] = ()  # whom a leader took out of `concerns`; somebody else gives it to them
    suggestion: Suggestion | None = None
    corrected: bool = False
    danger: DangerCase | None = None  # the highest that any of its texts spoke of

    station_id: str
    first_contact_id: str | None = None  # 首问负责
    lead_unit_id: str | None = None
    handler_id: str | None = None  # the person it was given to
    taken: bool = False
    arrived: bool = False
    arrived_at: Instant | None = None  # when whoever has it first was at the place in this round
    assisting: tuple[Assisting, ...] = ()
    returns: int = 0
    returned_by: tuple[str, ...] = ()  # the units that did, in order
    first_unit_id: str | None = None  # the one it was first dispatched to
    redirected: tuple[
        str, ...
    ] = ()  # in what ways that dispatch did not hold, each once: `parties.first_dispatch`
    denied: tuple[str, ...] = ()  # the units whose answers came back as not so, in order
    return_until: Instant | None = None
    assigned_finally: bool = False
    extension: Extension | None = None
    extensions: tuple[Extended, ...] = ()
    pause: Pause | None = None
    pauses: tuple[Paused, ...] = ()  # those that are over; the sum is shown to everybody

    round: int = 1  # 轮次; a rework begins the next
    fed_back_by_unit: int = 0  # last round in which the unit gave its own feedback
    answered_on_the_spot: bool = False
    resolution: Resolution | None = None
    attempts: tuple[CallAttempt, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    verified_round: int = 0
    verify_owed: bool = False  # 核查 asked for: by the policy, or by lot
    exemption: str = ""
    explanation: Explanation | None = None  # 依法解释结案
    supervision_orders: tuple[SupervisionOrder, ...] = ()
    merged_into: str | None = None
    merged_from: tuple[str, ...] = ()
    joined: tuple[Joined, ...] = ()  # the same with what each brought; those that came along with one too
    own: Asks | None = None  # what this one asked by itself, before anything was merged into it
    dispute: Dispute | None = None  # 权属争议, until it is ruled
    confrontations: tuple[Confrontation, ...] = ()  # 转告事由, the latest last
    meetings: tuple[Meeting, ...] = ()  # 会商
    undertakings: tuple[Undertaking, ...] = ()  # 会商任务
    parts: tuple[Part, ...] = ()  # 分拆: the other matters of the report
    part_of: PartOf | None = None
    title: str = ""  # of its own matter, once divided
    forwarded_to: str = ""
    forwarded_number: str = ""
    outcome: Outcome = Outcome.NONE

    clocks: tuple[Clock, ...] = ()
    received_at: Instant
    closed_at: Instant | None = None
    identity_removed: bool = False  # 留存: who reported it is no longer known
    on_call_list: bool = False  # the desk is to make the follow-up call
    call_at: Instant | None = None  # when the resident asked to be called
    wrong_number: bool = False  # the number that was left is somebody else's
    unread: Unread | None = None  # a later word that waits for whoever must act
    escalated_to: tuple[str, ...] = ()  # staff whose escalated queue shows it

    @property
    def is_unheard(self) -> bool:
        """Whether a recording waits for somebody to listen."""
        return self.recording is not None and self.recording.is_unheard

    @property
    def kept_from(self) -> tuple[str, ...]:
        """Units and staff who may not see it now: whom it is about; and whom it may be about, until a person has passed it on.

        What is only possible keeps nobody away from a danger. Of what went out without its words and came back, nobody has
        passed on anything.
        """
        is_calm = self.danger is None and not self.urgent
        if self.stage is not Stage.RECEIVED or not is_calm:
            return self.concerns
        unseen = self.withheld.parties if self.withheld and self.withheld.waits else ()
        return tuple(dict.fromkeys((*self.concerns, *self.may_concern, *unseen)))

    @property
    def withholds_text(self) -> bool:
        """Whether what it was received with is withheld, and not only words that came later."""
        return self.withheld is not None and self.withheld.since <= self.received_at

    @property
    def open_parts(self) -> tuple[Part, ...]:
        """Matters divided from it that are not done; the whole is done when all are."""
        return tuple(part for part in self.parts if part.is_open)

    @property
    def reported_at(self) -> datetime | None:
        """When a resident first reported it: by this ticket, the one it was divided from, or one that was merged into it.

        None where staff found it and nobody reported it.
        """
        own = () if self.source in FOUND else (self.received_at,)
        whole = (self.part_of.reported_at,) if self.part_of else ()
        return min(filter(None, (*own, *whole, *(each.reported_at for each in self.joined))), default=None)

    def shown(self, photos: tuple[str, ...]) -> tuple[str, ...]:
        """Of the photos of a line of its history, those that there are."""
        return tuple(photo for photo in photos if photo not in self.missed_photos)

    def asks(self, of: str) -> bool:
        """Whether a question waits for the reporter of `of`: the ticket's own ("") or of what had been merged in before."""
        if self.pause is None or not self.pause.waits:
            return False
        came = {each.id: each for each in self.joined}
        while (entry := came.get(of)) is not None and entry.via:
            of = entry.via  # it came into this ticket with the one that it was part of
        return not of or (entry is not None and entry.at <= self.pause.since)

    @property
    def stands_still(self) -> bool:
        """Whether what depends on a pause stands still: not yet, while a question has not arrived."""
        return self.pause is not None and (not self.pause.waits or self.pause.arrived_at is not None)


class Level(StrEnum):
    """How loud a notice is. Whatever the level, it stands in the inbox."""

    RING = "ring"  # 响: at once, whatever the hour
    PUSH = "push"  # 推送: to who must act, outside quiet hours
    INBOX = "inbox"  # 收件箱: and nothing else
    DAILY = "daily"  # 日汇总: gathered into one message at the end of the day


class Audience(StrEnum):
    """Whom among residents a public note is for."""

    REPORTER = "reporter"  # whoever reported it
    ALL = "all"  # also the members 附议居民


class Notice(Frozen):
    """Someone is to be told something. The stream turns it into deliveries (docs/architecture.md, Messages)."""

    to: To
    template: str
    params: dict[str, str] = Field(default_factory=dict)
    level: Level = Level.PUSH
    digest: bool = False  # may be gathered with others for the same person within a quarter of an hour
    as_first: bool = False  # as it is kept: params that are missing are those of the line's first notice

    @property
    def urgent(self) -> bool:
        """Rings at once, whatever the hour."""
        return self.level is Level.RING


class Event(Frozen):
    """One line of history, and the outbox of what follows from it."""

    kind: Kind
    at: Instant
    by: By
    voice: str = ""  # of the resident whose words these are (voices.py): who wrote them reads them
    note: str = ""  # scrubbed
    public: bool = False  # the resident sees the note
    audience: Audience = Audience.REPORTER  # which residents, where it is public
    photos: tuple[str, ...] = ()
    details: dict[str, str] = Field(default_factory=dict)
    reading: Reading | None = None  # of the words this line brought
    notices: tuple[Notice, ...] = ()
    starts_follow_up: bool = False
    arms: bool = False  # a fresh escalation execution is owed; set by the store's arming
