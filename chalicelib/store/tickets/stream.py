"""Lines of history as the stream of the tickets table brings them, in DynamoDB's own notation."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from pydantic import ValidationError

from chalicelib.domain.model import Frozen
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event
from chalicelib.store import keys
from chalicelib.store.table import Item, from_wire
from chalicelib.store.tickets.tickets import load_event

Record = dict[str, Any]


class Unreadable(Exception):
    """A stream record that is no line of history; trying again does not help."""


class Line(Frozen):
    """A line of history as the stream brings it."""

    ticket_id: str
    name: str  # of the line: its version, with a suffix for what was said beside a version
    event: Event
    external: bool = False  # a partner has a number for the ticket
    phone_left: bool = False  # with this line
    parts: tuple[
        tuple[str, str], ...
    ] = ()  # what of it was divided from which: itself, or what was merged into it

    @property
    def key(self) -> str:
        return f"{self.ticket_id}-{self.name}"

    @property
    def is_beside(self) -> bool:
        """A comment or a join: it changed no state."""
        return keys.is_beside(self.name)


class Touched(NamedTuple):
    """Whose queues some lines have changed; `after` names the lines, for the marks."""

    queues: set[str]
    after: str


def is_line(record: Record) -> bool:
    """Only new history lines matter here; the deployment filters, but a filter may be missing.

    One that was put back from a backup (infra/production/restore.py) is not new: its people were told long ago.
    """
    change = record.get("dynamodb", {})
    sk = change.get("Keys", {}).get("SK", {}).get("S", "")
    is_new = record.get("eventName") == "INSERT" and "restored" not in change.get("NewImage", {})
    return is_new and str(sk).startswith(keys.EVENTS)


def read_line(record: Record) -> Line:
    """The line in a stream record. Raises Unreadable."""
    try:
        item = from_wire(record["dynamodb"]["NewImage"])
        name, event = keys.event_name(item["SK"]), load_event(item)
        return Line(
            ticket_id=keys.ticket_id_of(item["PK"]),
            name=name,
            event=event,
            external=bool(item.get("external")),
            phone_left=bool(item.get("phone_left")),
            parts=_parts(keys.ticket_id_of(item["PK"]), item),
        )
    except ValidationError as broken:  # its own text would quote the item
        where = ", ".join(".".join(map(str, fault["loc"])) for fault in broken.errors()[:5])
        raise Unreadable(f"事件内容不符：{where}") from None
    except (KeyError, ValueError, TypeError, AttributeError) as broken:
        raise Unreadable(f"事件记录不完整：{type(broken).__name__}") from None


def _parts(ticket_id: str, item: Item) -> tuple[tuple[str, str], ...]:
    own = ((ticket_id, str(item["whole"])),) if item.get("whole") else ()
    merged = (str(each).partition(" ") for each in item.get("parts", ()))
    return own + tuple((part, whole) for part, _, whole in merged)


def ticket_of(record: Record) -> str:
    """Whose line it is; "" for a record that is none, of which `read_line` says more."""
    try:
        return keys.ticket_id_of(str(record["dynamodb"]["NewImage"]["PK"]["S"]))
    except (KeyError, TypeError):
        return ""


def is_report(record: Record) -> bool:
    """Whether its line begins a ticket; False for a record that is no line."""
    image = record.get("dynamodb", {}).get("NewImage", {})
    return bool(image.get("kind", {}).get("S", "") == EventKind.RECEIVED)


def correlation_of(record: Record) -> str:
    """Which request began a line; "" for one of an older version, or of none."""
    image = record.get("dynamodb", {}).get("NewImage", {})
    return str(image.get("correlation_id", {}).get("S", ""))


def touched(records: Iterable[Record]) -> Touched:
    """Raises what an image that is none raises."""
    images = [from_wire(record["dynamodb"]["NewImage"]) for record in records if is_line(record)]
    queues = {who for image in images for who in image.get("queues", ())}
    return Touched(queues, "|".join(f"{image['PK']}{image['SK']}" for image in images))
