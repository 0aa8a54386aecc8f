"""The bodies of staff acts. Their fields are the keyword arguments of the rules they are for."""

import unicodedata
from itertools import islice
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from chalicelib.api.http import RequestBody
from chalicelib.domain.acts.answering import DeclineReason
from chalicelib.domain.acts.endangered import Called, WhyNot
from chalicelib.domain.acts.returning import ReturnReason
from chalicelib.domain.identity.contacts import Learned
from chalicelib.domain.identity.erasing import Checked
from chalicelib.domain.model import Instant
from chalicelib.domain.patterns import regex
from chalicelib.domain.tables.phones import CALLABLE, read_phones
from chalicelib.domain.tickets.calls import CallOutcome
from chalicelib.domain.tickets.ticket import AskedHow, Audience
from chalicelib.domain.town.danger_signs import DangerKind
from chalicelib.domain.town.vocabulary import Track

_CONTROL = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufffe\uffff]")


# Letters and marks that show nothing: fillers and blanks that Unicode does not count as spaces.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp", "Mn", "Me"})
_FEWEST = 2  # characters that can be seen


def _printable(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("含有不能显示的控制字符，请删掉后重试")
    return text


def _legible(text: str) -> str:
    """What has nothing to read is no text, however long it is."""
    seen = (c for c in text if c not in _BLANK and unicodedata.category(c) not in _UNSEEN)
    if len(list(islice(seen, _FEWEST))) < _FEWEST:
        raise ValueError("写得太短，请至少写两个字")
    return text


def _callable(phone: str) -> str:
    """The numbers that can be called among what was written, the first first. What holds none is said at once."""
    if not phone.strip():
        return ""
    numbers = read_phones(phone)
    if not numbers:
        raise ValueError(f"这个号码打不通，请填{CALLABLE}，也可以不填")
    return "、".join(numbers)


Words = Annotated[
    str, StringConstraints(max_length=2000), AfterValidator(_printable), AfterValidator(_legible)
]
Phone = Annotated[str, StringConstraints(max_length=60), AfterValidator(_callable)]
Note = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_printable)]
Short = Annotated[str, StringConstraints(max_length=100), AfterValidator(_printable)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_.\-]+$")]
Photos = Annotated[tuple[Code, ...], Field(max_length=9)]


class Act(RequestBody):
    """What every act may carry: `version`, the version of the ticket that the person was looking at."""

    version: int | None = Field(default=None, ge=1)


class Nothing(Act):
    pass


class NoteBody(Act):
    note: Note = ""


class ReasonedBody(Act):
    note: Words


class TextBody(Act):
    text: Words


class FeedbackBody(TextBody):
    """`audience`: whether it is for whoever joined, too."""

    audience: Audience = Audience.REPORTER


class SpotAnswerBody(TextBody):
    """`knowledge`: the code of the entry that the answer cites."""

    knowledge: Code | None = None


class EraseBody(TextBody):
    """`text`: the summary that stands in the place of what was reported; `checked`: how it was made sure who asks."""

    checked: Checked


class CorrectContactBody(Act):
    """A name that is not given stays as it was."""

    name: Short = ""
    phone: Annotated[Phone, StringConstraints(min_length=1)]
    learned: Learned


class HandOutBody(RequestBody):
    """`emergency`: why a second person's yes cannot be waited for."""

    emergency: Short = ""


class CheckedBody(RequestBody):
    checked: Checked


class PublicTextBody(Act):
    text: Short = ""
    with_photos: bool = False


class ConfirmDangerBody(Act):
    reached: bool = True


class CallMadeBody(Act):
    called: Called
    note: Note = ""


class DenyDangerBody(Act):
    why: WhyNot
    note: Note = ""


class ClassifyBody(Act):
    category: Code
    track: Track | None = None
    urgent: bool | None = None
    confidential: bool | None = None
    concerns: tuple[Code, ...] | None = None
    reason: Note = ""  # why a leader lifts secrecy; the reporter reads it


class DeclineBody(Act):
    reason: DeclineReason
    text: Words
    instead: Words


class ForwardBody(Act):
    to: Annotated[Short, StringConstraints(min_length=2)]
    number: Short = ""
    text: Words


Summary = Annotated[Note, StringConstraints(max_length=30)]  # 派单摘要


class DispatchBody(Act):
    unit_id: Code
    handler_id: Code | None = None
    track: Track | None = None
    note: Note = ""
    summary: Summary = ""


class ReleaseWordsBody(Act):
    summary: Summary = ""
    only_summary: bool = False


class AssignBody(Act):
    unit_id: Code
    handler_id: Code | None = None
    note: Words
    summary: Summary = ""


class ArrivedBody(Act):
    note: Note = ""
    photos: Photos = ()


class ProgressBody(Act):
    text: Words
    photos: Photos = ()
    public: bool = True
    audience: Audience = Audience.REPORTER


class ReturnBody(Act):
    reason: ReturnReason
    note: Note = ""


class ExtensionBody(Act):
    working_days: int
    reason: Words


class DecisionBody(Act):
    approved: bool
    note: Note = ""


class QuestionBody(Act):
    question: Words


class SuspendBody(Act):
    reason: Words
    review_at: Instant


class AssistingBody(Act):
    unit_id: Code
    note: Words


class AskAssistingBody(AssistingBody):
    summary: Summary = ""


class ResolveBody(Act):
    note: Words
    photos: Photos = ()
    feedback: Note = ""
    audience: Audience = Audience.REPORTER


class AnswerOrderBody(Act):
    order_id: Code
    text: Words


class VerifyBody(Act):
    ok: bool
    note: Note = ""
    photos: Photos = ()


class FollowUpBody(Act):
    outcome: CallOutcome
    solved: bool | None = None
    satisfied: bool | None = None
    words: Note = ""
    call_at: Instant | None = None
    of: Short = ""  # the merged ticket whose reporter was called


class ReasonBody(Act):
    reason: Words


class ProposeExplanationBody(Act):
    """提请依法解释结案: on what ground, what the resident is told, and where else to go."""

    ground: Words
    text: Words
    elsewhere: Words


class ExemptBody(Act):
    rule: Words


class RelocateBody(Act):
    place: Code
    note: Note = ""


class MatterBody(RequestBody):
    """One matter of a report: a title for people, its words, a category if one is sure, which of the photos show it."""

    title: Annotated[Short, StringConstraints(min_length=2, max_length=20)]
    text: Words
    category: Code | None = None
    photos: Photos = ()


class DivideBody(Act):
    """分拆: the matters of a report, the first of which stays with the ticket."""

    matters: Annotated[tuple[MatterBody, ...], Field(min_length=2, max_length=6)]


class ConfrontBody(Act):
    """转告事由: `matter`, in own words, for `to`, whom the ticket is kept from."""

    to: Code
    matter: Words


class ConsentBody(Act):
    agreed: bool
    asked_how: Literal[AskedHow.PHONE, AskedHow.IN_PERSON]
    note: Note = ""


class MergeBody(Act):
    into: Code
    sure: bool = False  # an urgent one into one that is not


Thousandth = Annotated[int, Field(ge=0, le=1000)]


class BoxBody(RequestBody):
    """A part of a photo, in thousandths of its width and height."""

    left: Thousandth
    top: Thousandth
    right: Thousandth
    bottom: Thousandth

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if self.left >= self.right or self.top >= self.bottom:
            raise ValueError("要遮盖的地方太小，请重新画")
        return self


class CoverBody(RequestBody):
    boxes: Annotated[tuple[BoxBody, ...], Field(max_length=20)]


class CommentBody(Act):
    text: Words
    photos: Photos = ()
    public: bool = True
    audience: Audience = Audience.REPORTER


class RevealBody(Act):
    """`reason`: a code of `reveal_reasons` in the directory, with `words` for "other"; words alone are "other" too."""

    fields: tuple[Literal["name", "phone", "text"], ...]
    reason: Words
    words: Annotated[str, StringConstraints(max_length=200)] = ""
    of: Literal["", "proxy"] = ""  # whose: the reporter's, or of whoever reported it for them


class RecordingBody(RequestBody):
    """说. `agreed`: the resident was told what becomes of the recording, and agreed."""

    content_type: str = Field(max_length=100)
    size: int
    seconds: int
    agreed: Literal[True]


class TranscriptBody(Act):
    words: Words


class ContactBody(RequestBody):
    name: Short = ""
    phone: Phone = ""


Avoid = tuple[Literal["property", "guards", "committee", "grid", "station", "other"], ...]  # 避开某方


class ReportBody(RequestBody):
    """上报. One of point, place and place_text says where; `text` may be left out where something was spoken."""

    point: Annotated[str, StringConstraints(max_length=20)] = ""
    place: Annotated[str, StringConstraints(max_length=64)] = ""
    place_text: Annotated[Note, StringConstraints(max_length=200)] = ""
    recording: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{0,26}$")] = ""  # 说
    text: Annotated[Note, Field(validate_default=True)] = ""
    room: Annotated[str, StringConstraints(max_length=20)] = ""  # 几室
    may_enter: bool = False  # 可上门
    category: Code | None = None
    photos: Photos = ()
    contact: ContactBody | None = None
    on_behalf: ContactBody | None = None  # 代反映: for whom; `contact` is then whoever speaks
    confidential: bool = False
    avoid: Avoid = ()
    danger: DangerKind | None = None  # 有人有危险

    @field_validator("text")
    @classmethod
    def _says_something(cls, text: str, read: ValidationInfo) -> str:
        return text if read.data.get("recording") and not text else _legible(text)


class ExternalBody(RequestBody):
    partner: Code
    number: Annotated[Short, StringConstraints(min_length=1)]


class EnterBody(ReportBody):
    recording: Literal[""] = ""  # staff write down what they hear
    source: Literal["walk_in", "phone", "visit", "patrol", "volunteer"]
    external: ExternalBody | None = None
    answered_at_entry: bool = False  # 当场答复 follows: the machine sends nobody out before


class PreviewBody(RequestBody):
    """`given`: the body of the act itself."""

    act: Annotated[str, StringConstraints(max_length=40)]
    given: dict[str, object] = Field(default_factory=dict)


class ChosenBody(RequestBody):
    """Several tickets of a list."""

    ticket_ids: Annotated[tuple[Code, ...], Field(min_length=1, max_length=100)]


class BulkBody(ChosenBody):
    """The same act for all of them; `given`: the body of the act itself."""

    given: dict[str, object] = Field(default_factory=dict)


class OutageBody(RequestBody):
    place: Code
    text: Annotated[Words, StringConstraints(max_length=200)]
    until: Instant | None = None


class ResendBody(RequestBody):
    """A notice of the list of deliveries: `to` and `line` as the list gave them."""

    to: Annotated[str, StringConstraints(max_length=100)]
    line: Annotated[str, StringConstraints(max_length=200)]


class CallBody(RequestBody):
    """A call from the list of messages to tell by phone: `ticket_id`, `to` and `line` as the list gave them."""

    ticket_id: Code
    to: Annotated[str, StringConstraints(max_length=100)]
    line: Annotated[str, StringConstraints(max_length=200)]
    reached: bool
