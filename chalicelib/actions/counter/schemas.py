"""Schemas of what the counter prints, and of 派单目录 beside a ticket."""

from typing import NotRequired

from typing_extensions import TypedDict


class QrPath(TypedDict):
    """A code to be drawn: an SVG path, and how many modules it is wide."""

    path: str
    modules: int


class StationPhone(TypedDict):
    name: str
    phone: str


class PromiseBy(TypedDict):
    """What is promised, and by when."""

    name: str
    due_at: str


class SlipPage(TypedDict):
    """小票 as a page: no words of the report. `qr` null where it may not be claimed, and then nothing after it."""

    number: str
    received_at: str
    place: str
    category_name: str
    station: StationPhone | None
    unit: str
    is_over: bool
    promises: list[PromiseBy]
    practice: bool
    url: str
    qr: QrPath | None
    holder: NotRequired[str]
    until: NotRequired[str]
    asks_digits: NotRequired[bool]


class MandateShown(TypedDict):
    """派单目录: who must do it and by which law, who helps, whom it must not be given to."""

    lead: str
    lead_name: str
    assisting: list[str]
    never: list[str]
    ground: str
    ground_url: str


class PrecedentShown(TypedDict):
    """A ruling that was made before of something like it."""

    place: str
    ground: str
    number: str
    unit_name: str
    at: str


class DisputeShown(TypedDict):
    """权属争议 while it is not ruled."""

    unit_name: str
    words: str
    answer: str
    due_at: str | None
    may_answer: bool
    may_rule: bool


class MandateOfTicket(TypedDict):
    """What the directory says of a ticket, what was ruled before, and what is disputed now."""

    mandate: MandateShown | None
    precedents: list[PrecedentShown]
    dispute: DisputeShown | None
