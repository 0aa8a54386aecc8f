"""What an act 操作 is: who may do it, what it asks, what it needs, where it leads. Declared once, drawn by every screen."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from pydantic import Field

from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff

Code = str | int | bool
Rule = Callable[..., Changed | None]
Guard = Callable[[Ticket, Staff, Town], None]


class FieldKind(StrEnum):
    """How a field is drawn; the value is a text where nothing else is said."""

    LINE = "line"
    AREA = "area"  # words, several lines
    CHOICE = "choice"  # the code of one of `options`
    SWITCH = "switch"  # true or false, begins with `initial`
    NUMBER = "number"  # from `least` to `most`
    INSTANT = "instant"  # a day and time; `options` are numbers of days from now
    PHOTOS = "photos"  # ids of received photos
    UNIT = "unit"  # one of `options`, or of the directory but none of `excluded`
    HANDLER = "handler"  # a person of the unit that `unit_id` names
    CATEGORY = "category"
    PLACE = "place"
    TICKET = "ticket"  # the id of another ticket
    PARTIES = "parties"  # codes of units and people
    CITED = "cited"  # the code of the entry of knowledge that the words were taken from
    MATTERS = "matters"  # of a report that is divided: title, words, category, photos of each
    DAY = "day"  # a date
    WEEKDAYS = "weekdays"  # some of `options`: 1 is Monday
    STAFF = "staff"  # the code of a person
    CLASS = "class"  # the id of an issue class 一类事, but none of `excluded`
    TICKETS = "tickets"  # ids of other tickets, found by their numbers
    CHOSEN = "chosen"  # ids of those ticked in the list beside the form


class Option(Frozen):
    code: Code
    name: str


class Quick(Frozen):
    """An answer that one tap sends, or fills in: its words, and the fields that it fills."""

    name: str
    filled: dict[str, Code]


class OfferedField(Frozen):
    """A field as a form draws it. `least` and `most` count characters of a text, or bound a number, or count photos.

    `required_if`: it must be filled in too where another field, by name, has this value.
    """

    name: str
    label: str
    kind: FieldKind
    required: bool = False
    required_if: dict[str, Code] = Field(default_factory=dict)
    least: int = 0
    most: int | None = None
    hint: str = ""
    initial: Code | None = None
    options: tuple[Option, ...] = ()
    excluded: tuple[str, ...] = ()
    reusable: bool = False  # the station's ready answers may be taken


class OfferedNeed(Frozen):
    """What an act lacks on this ticket: a field that must be filled, or what must be done before.

    `met_by`: acts that meet it, also while they wait on the phone.
    """

    code: str
    words: str
    field: str = ""
    met_by: tuple[str, ...] = ()


class Offer(Frozen):
    """One act as a screen is given it, for one person on one ticket.

    `now`: it would be done now. If not, `needs` say what it waits for, or it is opened by an act that is offered now and
    has it among its `then`: what this person may do after it, so that a phone goes on without a signal. `step`: the
    lowest of what is possible is the one to do next (0: none); `next` the one that naturally follows. `until`: the last
    instant at which it is done. `card`: it is shown there, beside what it is about, and not among the others.
    `in_list`: it may be done from a list, by a quick answer, or at once where nothing must be asked. `meets`: the clocks
    that run and are met or ended by it, so that a phone without a signal counts none that its hand has kept. `once_more`:
    it cannot be taken back, is asked once more in these words, and only then sent.
    """

    name: str
    label: str
    path: str  # staff, desk
    sends: str  # the act's name in the URL
    sent: dict[str, Code] = Field(default_factory=dict)  # fields that go along without being asked
    fields: tuple[OfferedField, ...] = ()
    needs: tuple[OfferedNeed, ...] = ()
    quick: tuple[Quick, ...] = ()
    hint: str = ""
    key: str = ""
    tone: str = ""  # "primary", "danger"
    step: int = 0
    next: str = ""
    leads_to: Stage | None = None
    leads_to_name: str = ""
    then: tuple[str, ...] = ()
    until: Instant | None = None
    now: bool = True
    repeats: bool = False
    bulk: tuple[Role, ...] = ()  # who may do it for many tickets at once
    card: str = ""  # "danger" or "person"
    in_list: bool = False
    meets: tuple[ClockKind, ...] = ()
    once_more: str = ""


class NotOffered(Frozen):
    """An act that people look for and that is not possible here and now: why, in one sentence that says what comes first."""

    name: str
    label: str
    why: str


class DeclaredField(NamedTuple):
    """A declared field. `of` narrows it to a ticket and a viewer; `tried` is what a trial fills in, where its kind does not
    say."""

    shown: OfferedField
    of: Callable[[Ticket, Staff, Town], dict[str, Any]] | None = None
    tried: tuple[Any, ...] = ()

    def on(self, ticket: Ticket, by: Staff, town: Town) -> OfferedField:
        return self.shown.model_copy(update=self.of(ticket, by, town)) if self.of else self.shown


class Need(NamedTuple):
    """What an act needs before it can succeed. `lacks` says what is missing on a ticket, or "".

    With a `field` the act itself may bring it; else `met` is the ticket as it would be without that lack.
    """

    code: str
    lacks: Callable[[Ticket, Town], str]
    field: str = ""
    met_by: tuple[str, ...] = ()
    met: Callable[[Ticket], Ticket] | None = None


def _always(_: Ticket) -> bool:
    return True


class Act(NamedTuple):
    """One act as it is declared. `rule` decides, `guard` says whose ticket it must be, `fixed` goes to the rule besides the
    fields.

    `leads_to` is None where the stage stays, or depends on the ticket; `is_due` says whether it is a step at all just now.
    `hint_of`: where it names what is the town's own, of the ticket. `sought`: people look for it also where it is not possible; then they are told why, and in these words when it is.
    """

    name: str
    label: str
    path: str
    allowed: frozenset[Role]
    rule: Rule
    guard: Guard
    fields: tuple[DeclaredField, ...] = ()
    fixed: Mapping[str, Any] = MappingProxyType({})
    needs: tuple[Need, ...] = ()
    quick: tuple[Quick, ...] = ()
    quick_of: Callable[[Ticket, Town], tuple[Quick, ...]] | None = None
    hint: str = ""
    hint_of: Callable[[Ticket, Town], str] | None = None
    key: str = ""
    tone: str = ""
    step: int = 0
    is_due: Callable[[Ticket], bool] = _always
    next: str = ""
    leads_to: Stage | None = None
    until: Callable[[Ticket], datetime | None] | None = None
    sends: str = ""
    sent: Mapping[str, Code] = MappingProxyType({})
    repeats: bool = False
    bulk: frozenset[Role] = frozenset()
    card: str = ""  # "danger" or "person"
    in_list: bool = False
    once_more: str = ""
    sought: str = ""
