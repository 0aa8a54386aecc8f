"""Schemas of what routes on tickets respond with, of sessions, and of what keeps a screen current."""

from typing import Any, NotRequired

from typing_extensions import TypedDict

from chalicelib.actions.identity.schemas import ScreenLock
from chalicelib.actions.tickets.schemas import BulkResult
from chalicelib.actions.town.schemas import WatchedPlace
from chalicelib.actions.views.schemas import Neighbouring
from chalicelib.api.visits.schemas import KeptVolunteer
from chalicelib.domain.offers.act import Offer
from chalicelib.domain.views.schemas import DangerAsked, OurWords, TownLists, Viewer, WatchedRow


class Token(TypedDict):
    """A session's token, shown once."""

    token: str


class Writer(TypedDict):
    """Somebody who writes on a ticket."""

    code: str
    name: str


class OtherWriter(TypedDict):
    """Who else wrote on the ticket within a minute."""

    other: Writer | None


class Me(TypedDict):
    """Who is signed in."""

    code: str
    name: str
    unit: str
    unit_name: str
    roles: list[str]


class MeHere(Me):
    """Who is signed in, and when the screen locks; None for a phone."""

    lock: ScreenLock | None


class Opened(TypedDict):
    """Whose screen is open again, and by which token: the one that lay there locked opens nothing any more."""

    code: str
    token: str


class StaysOpen(TypedDict):
    """Until when a screen stays open; its last instant counts."""

    locks_at: str


class ComputerShown(TypedDict):
    """工作电脑: its name, and who registered it."""

    id: str
    name: str
    by: str
    at: str


class ComputerRegistered(TypedDict):
    """The secret by which the computer is known from now on; it is shown once."""

    computer: str


class SpareCode(TypedDict):
    """备用码, shown once, to be printed and sealed."""

    code: str
    valid_until: str


class Watched(TypedDict):
    """What may still ring on a locked screen."""

    items: list[WatchedRow]
    now: str


class SignedIn(Token):
    """A session of staff, and whose."""

    staff: MeHere


class Stood(TypedDict):
    """A ticket and its stage, after an act of its reporter."""

    id: str
    stage: str


class StoodInDanger(Stood):
    """The same with the question whether somebody is in danger, where it is asked."""

    danger: DangerAsked | None


class Reported(StoodInDanger):
    """A report that was taken in; `feedback_due_at`: by when somebody answers."""

    number: str
    feedback_due_at: str | None


class Acted(TypedDict):
    """What an act leaves: enough for the next one."""

    id: str
    number: str
    stage: str
    version: int
    round: int


class BulkOffer(TypedDict):
    """An act that may be done for several of the chosen tickets at once: for which of them."""

    name: str
    ticket_ids: list[str]


class Bulk(TypedDict):
    """The same act on many tickets, with a result for each."""

    results: list[BulkResult]


class ContactShown(TypedDict):
    """Name, phone and text as written; only the fields that were asked for."""

    name: NotRequired[str]
    phone: NotRequired[str]
    text: NotRequired[str]


class Kept(TypedDict):
    """What is kept of whoever reported a ticket, and who looked at it."""

    id: str
    number: str
    text: str
    contact: ContactShown | None
    spoken_seconds: int | None
    viewed: list[Viewer]


class MyData(TypedDict):
    """Everything kept about the resident who asks (PIPL art. 45)."""

    tickets: list[Kept]
    watches: list[WatchedPlace]
    volunteer: NotRequired[KeptVolunteer]


class Forgotten(TypedDict):
    """How many tickets know no more who reported them."""

    forgotten: int


class AlikeNearby(TypedDict):
    """What is open nearby and reads alike; nothing where the words say danger, which is asked first."""

    items: list[Neighbouring]
    danger: bool


class Live(TypedDict):
    """What has changed since the last look: a mark for each queue, the version of the town."""

    queues: dict[str, str]
    town: str
    now: str


class WordsOfTheRelease(OurWords):
    """The names and acts that come with a deployment."""

    acts: list[Offer]


class Directory(TownLists):
    """The pick lists of the town in force, and every act as it is declared."""

    acts: list[Offer]


class Preferences(TypedDict):
    """A person's own settings of the screens, whatever a screen keeps there."""

    preferences: dict[str, Any]


class CallToMake(TypedDict):
    """A message to be told by phone; the phone is of staff, a resident's is behind a reason."""

    to: str
    line: str
    ticket_id: str
    number: str
    at: str
    title: str
    text: str
    urgent: bool
    phone: str


class LineOfCall(TypedDict):
    """The message that was told by phone."""

    line: str


class SignInCode(TypedDict):
    """A one-time code to hand out in person."""

    code: str
    valid_minutes: int


class DeadLetterShown(TypedDict):
    """What could not be processed; `passes`: the fault was passing, and it is tried again by itself."""

    id: str
    at: str
    ticket_id: str
    reason: str
    passes: bool


class DeliveryShown(TypedDict):
    """Who was told, by which way, with what success."""

    to: str
    line: str
    may_resend: bool
    way: str
    template: str
    at: str
    state: str
    attempts: int
    detail: str


class Resent(TypedDict):
    """How many messages go again."""

    sent: int
