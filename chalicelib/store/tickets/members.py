"""The people of a ticket: the reporter and everyone who joined 附议, and what is said without changing the ticket's state.

Joins and comments are lines of history beside a version, so they never make another writer's version stale.
"""

from collections.abc import Iterable
from datetime import datetime
from os import urandom

from chalicelib import logs
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.model import Frozen, Instant, stamp
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.domain.town.vocabulary import ResidentChannel
from chalicelib.ids import new_id
from chalicelib.store import documents, keys
from chalicelib.store.requests.idempotency import Replay, done_op, find_done
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Table,
    batch_get,
    batch_write,
    delete,
    delete_op,
    get,
    put,
    put_op,
    query_all,
    transact,
    update,
)
from chalicelib.store.tickets import line_document, public_list


class Member(Frozen):
    """`is_reporter`: whose report it was; the others joined it.

    `report`: the merged ticket that was this person's own report, with all the rights of one; `came_by`: the merged
    ticket with which he or she came, "" for who joined by themselves. `claimed`: by the slip of the counter, on the own phone; `proxy`:
    reported it for the one whose matter it is.
    """

    reporter_id: str
    reachable: ResidentChannel = ResidentChannel.IN_APP
    is_reporter: bool = False
    opened_at: Instant | None = None  # when the ticket's page was last open, where that matters
    report: str = ""
    came_by: str = ""
    claimed: bool = False
    proxy: bool = False
    at: Instant | None = None  # since when, as it was read

    @property
    def owns(self) -> bool:
        """Whether this report is this person's: who reported it, for whom, or who claimed it by its slip.

        Not what theirs was merged into: that is somebody else's, whose words they do not read.
        """
        return not self.report and (self.is_reporter or self.claimed or self.proxy)

    @property
    def has_reported(self) -> bool:
        """Whether this person reported the matter, here or in what was merged into it."""
        return self.owns or bool(self.report)


def list_members(ticket_id: str) -> list[Member]:
    """Everyone who is told what happens, the reporter first."""
    items = query_all(Table.TICKETS, keys.ticket_pk(ticket_id), begins=keys.MEMBERS, consistent=True)
    return sorted(map(_load, items), key=lambda member: not member.is_reporter)


def list_reporters(of: Iterable[Ticket]) -> dict[str, list[Member]]:
    """Whose report each of these is and who reported it for them, by the ticket's id: all of them in one request, as they stand now."""
    wanted = {
        ticket.id: [each for each in (ticket.reporter_id, ticket.proxy and ticket.proxy.person) if each]
        for ticket in of
    }
    asked = {keys.member(id_, who): id_ for id_, people in wanted.items() for who in people}
    found: dict[str, list[Member]] = {id_: [] for id_ in wanted}
    for item in batch_get(Table.TICKETS, asked, consistent=True):
        found[asked[keys.Key(item["PK"], item["SK"])]].append(_load(item))
    return {id_: sorted(people, key=lambda member: not member.is_reporter) for id_, people in found.items()}


def find_member(ticket_id: str, reporter_id: str) -> Member | None:
    item = get(Table.TICKETS, *keys.member(ticket_id, reporter_id), consistent=True)
    return _load(item) if item else None


def forget_member(ticket_id: str, reporter_id: str) -> None:
    """Not in it any more: no "my tickets" shows it, and nothing of it is told."""
    delete(Table.TICKETS, *keys.member(ticket_id, reporter_id))
    delete(Table.TICKETS, *keys.answered(ticket_id, reporter_id))


def note_opened(ticket_id: str, reporter_id: str, now: datetime) -> None:
    """He or she has read what there is to read."""
    update(
        Table.TICKETS,
        *keys.member(ticket_id, reporter_id),
        "SET #opened_at = :now",
        condition="attribute_exists(PK)",
        now=stamp(now),
    )


def answered_round(ticket_id: str, reporter_id: str) -> int:
    """The last round in which someone who joined said whether it is solved; 0 for none."""
    item = get(Table.TICKETS, *keys.answered(ticket_id, reporter_id), consistent=True)
    return int(item["round"]) if item else 0


def answered_op(ticket_id: str, reporter_id: str, round_: int) -> Item:
    return put_op(Table.TICKETS, keys.attributes(keys.answered(ticket_id, reporter_id)) | {"round": round_})


def forget_op(ticket_id: str, reporter_id: str) -> Item:
    return delete_op(Table.TICKETS, *keys.member(ticket_id, reporter_id))


def member_op(ticket_id: str, member: Member, now: datetime) -> Item:
    return put_op(Table.TICKETS, _item(ticket_id, member, now))


def join(ticket: Ticket, member: Member, event: Event) -> None:
    """Add someone who has the same trouble. Raises AlreadyDone for one who is in it already."""
    line = put_op(Table.TICKETS, _line(ticket, event), if_absent=True)
    try:
        transact([put_op(Table.TICKETS, _item(ticket.id, member, event.at), if_absent=True), line])
    except ConditionFailed as already:
        raise AlreadyDone("您已经附议过这件事了，有进展会通知您") from already


def add_many(ticket_id: str, people: list[Member], now: datetime) -> None:
    """Members in any number, without a history line of their own; who is one already stays as he or she is."""
    batch_write(Table.TICKETS, puts=[_item(ticket_id, member, now) for member in people])


def line_op(ticket: Ticket, event: Event, key: str) -> Item:
    """A line beside the version that the same transaction writes; `key` orders those of one version."""
    told = {"external": True} if ticket.external_ids else {}
    return put_op(Table.TICKETS, _line(ticket, event, key) | told, if_absent=True)


def add_line(ticket: Ticket, event: Event, *, key: str = "", replay: Replay | None = None) -> bool:
    """A comment, or anything else that is said without changing the state.

    False, and nothing written, when `key` was used before or `replay` was done. Raises Invalid as `find_done` does.
    """
    line = _line(ticket, event, key)
    if replay is None:
        return put(Table.TICKETS, line, if_absent=True)
    if find_done(replay) is not None:
        return False
    try:
        transact([put_op(Table.TICKETS, line, if_absent=True), done_op(replay, ticket.id)])
    except ConditionFailed:
        return False
    return True


def _line(ticket: Ticket, event: Event, key: str = "") -> Item:
    document = line_document.dumped(event)
    line = keys.attributes(keys.line_beside(ticket.id, ticket.version, key or new_id()))
    line |= {"kind": event.kind, "document": document, "salt": urandom(8).hex()}
    line |= {"correlation_id": logs.correlation_id() or None}
    return line | public_list.comment_keys(ticket, event)


def _item(ticket_id: str, member: Member, now: datetime) -> Item:
    listed = keys.of_reporter(member.reporter_id, now, ticket_id)
    # the reporter's list shows the ticket by an entry of its own (own_list.py)
    item = keys.attributes(keys.member(ticket_id, member.reporter_id), None if member.is_reporter else listed)
    return item | {"at": stamp(now)} | member.model_dump(mode="json", exclude_none=True, exclude={"at"})


def _load(item: Item) -> Member:
    return documents.built(Member, {name: item[name] for name in Member.model_fields if name in item})
