"""The inbox of a person: every notice, delivered by being written."""

from collections.abc import Callable, Iterable

from chalicelib.domain.errors import BadRequest
from chalicelib.domain.notices.deliveries import Delivery
from chalicelib.domain.patterns import regex
from chalicelib.store import keys
from chalicelib.store.notices.deliveries import key_of, load, written
from chalicelib.store.table import ConditionFailed, Item, Table, batch_write, query, query_all, update

_LAST = "~"  # sorts after every event's key
_BESIDE = "~"  # in a cursor, between where to go on, which holds none, and how far it was read
_LINE = regex(keys.INBOX + r"\d{4}-\d\d-\d\dT[\d:.]{12}Z#.+#\d+")


def write(lines: Iterable[Delivery], *, beside: Iterable[Item] = ()) -> None:
    """Lines of inboxes, delivered by being written, and `beside` them what else; 25 a request."""
    items = {key_of(line): written(line) for line in lines}  # a request may not hold one twice
    batch_write(Table.WORK, puts=[*items.values(), *beside])


def list_inbox(
    recipient: str, *, after: str | None = None, limit: int = 50
) -> tuple[list[tuple[Delivery, bool]], str | None]:
    """A page of an inbox, newest first, each line with whether it is unread; and the cursor. One query.

    How far it was read is the first item of the first page; for the later ones it stands in the cursor, so that a page
    that is turned shows as unread what the first page did. Raises BadRequest for a cursor that is not this inbox's.
    """
    read, is_first = keys.inbox_read(recipient), after is None
    key, _, pointer = (after or "").partition(_BESIDE)
    if pointer and not _LINE.fullmatch(pointer):
        raise BadRequest("翻页标记无效，请从第一页重新打开")
    items = query(
        Table.WORK, read.pk, begins=keys.INBOX, newest_first=True, limit=limit + is_first, after=key or None
    )
    if is_first:
        pointer = _read_until(items, read.sk)
    lines = [item for item in items if item["SK"] != read.sk]
    following = f"{items.next}{_BESIDE}{pointer}" if items.next else None
    return [(load(item), item["SK"] > pointer) for item in lines], following


def line_id(line: Delivery) -> str:
    """What names a line towards its own recipient."""
    return key_of(line)[1]


def nameless(line_id: str) -> str:
    """The same place in the inbox by an id that names no ticket: it stands for everything of that instant."""
    at = line_id.removeprefix(keys.INBOX).partition("#")[0]
    return f"{keys.INBOX}{at}#{_LAST}#{line_id.rpartition('#')[2]}"


def mark_read(recipient: str, until: str) -> None:
    """Everything up to and including the line of this id has been seen. Never moves back. Raises BadRequest."""
    if not _LINE.fullmatch(until):
        raise BadRequest("消息标记无效，请刷新收件箱后再试")
    condition = "attribute_not_exists(#until) OR #until < :until"
    try:
        update(
            Table.WORK, *keys.inbox_read(recipient), "SET #until = :until", condition=condition, until=until
        )
    except ConditionFailed:
        return  # a newer line was marked before


def forget(recipient: str, ticket_id: str = "") -> None:
    """Remove what this person was told, of one ticket or of all, with what was still to be sent."""
    items = query_all(Table.WORK, keys.recipient_pk(recipient))
    gone = [item for item in items if not ticket_id or _is_about(item, ticket_id)]
    batch_write(Table.WORK, deletes=[(item["PK"], item["SK"]) for item in gone])


def rewrite(recipient: str, ticket_id: str, rewritten: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """What this person was told of a ticket, in its inbox and outward, says only what is `rewritten` of it."""
    for item in list(query_all(Table.WORK, keys.recipient_pk(recipient))):
        if not _is_about(item, ticket_id):
            continue
        told = load(item)
        document = written(told.model_copy(update={"params": rewritten(told.params)}))["document"]
        if document != item["document"]:
            key = item["PK"], item["SK"]
            update(
                Table.WORK,
                *key,
                "SET #document = :document",
                condition="attribute_exists(PK)",
                document=document,
            )


def _is_about(item: Item, ticket_id: str) -> bool:
    return "document" in item and load(item).ticket_id == ticket_id


def _read_until(items: list[Item], sk: str) -> str:
    return next((str(item["until"]) for item in items if item.get("SK") == sk), "")
