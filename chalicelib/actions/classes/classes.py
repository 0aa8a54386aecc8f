"""What people do with issue classes 一类事: confirm, name, split, merge, announce a measure, see whether it helped (rule 67)."""

from collections.abc import Set
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.actions.tickets import lines
from chalicelib.domain.classes import acts
from chalicelib.domain.classes import classes as rules
from chalicelib.domain.classes.issue_class import ClassAct, IssueClass, Member, State
from chalicelib.domain.classes.measures_taken import Measure, Recurs
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.figures.figures import areas_of
from chalicelib.domain.model import Frozen
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access
from chalicelib.store.classes import classes as store
from chalicelib.store.classes import members as class_members
from chalicelib.store.classes import splits
from chalicelib.store.requests.idempotency import Replay, make_once
from chalicelib.store.tickets import lists
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.tickets.schemas import MemberLine


QUOTED = 3  # members of a proposal whose words stand beside it in the list
WORDS_SHOWN = 60  # characters of what a member says: enough to see whether it is the same matter


class Given(Frozen):
    """A measure as a person announces it."""

    what: str
    place: str
    schedule: str
    unit_id: str
    from_on: date
    recurs: Recurs | None = None


class Listed(NamedTuple):
    """A page of classes; `folded`: which of them are the weaker proposals of their area and week, whatever page those stand on."""

    found: list[IssueClass]
    folded: Set[str]
    next: str | None


def list_for(area: str | None, *, past: bool, after: str | None, by: Staff) -> Listed:
    """The classes of an area, most distinct reporters first; without one the first page of each that the caller sees."""
    areas = _areas(by, directory.town())
    if area is not None:
        if area not in areas:
            raise NotFound("没有这个片区，或不由您负责")
        return _page(area, past=past, after=after)
    pages = [_page(each, past=past, after=None) for each in areas]
    found = sorted((cls for page in pages for cls in page.found), key=lambda cls: (-cls.reporters, cls.id))
    return Listed(found, frozenset().union(*(page.folded for page in pages)), None)


def _page(area: str, *, past: bool, after: str | None) -> Listed:
    found, following = store.list_classes(area, past=past, after=after)
    is_whole = past or (after is None and following is None)
    return Listed(found, rules.folded(found if is_whole else store.list_open(area)), following)


def quoted(page: Listed, *, by: Staff) -> dict[str, list[str]]:
    """In whose words: what the first members of each proposal say that is not folded, as the caller may read them.

    By class; shorter, or empty, where the caller may not see who was first.
    """
    asked = [cls for cls in page.found if cls.state is State.PROPOSED and cls.id not in page.folded]
    first = {cls.id: class_members.list_members(cls, limit=QUOTED)[0] for cls in asked}
    ids = [member.ticket_id for members in first.values() for member in members]
    town, by_id = directory.town(), {ticket.id: ticket for ticket in lists.get_many(ids)} if ids else {}
    return {
        class_id: [
            _words(ticket, by)
            for member in members
            if (ticket := by_id.get(member.ticket_id)) and _may_list(ticket, by, town)
        ]
        for class_id, members in first.items()
    }


def get(class_id: str, *, by: Staff) -> IssueClass:
    """Raises NotFound, also for a class of an area that the caller does not answer for."""
    cls = store.get_class(class_id)
    if cls.area not in _areas(by, directory.town()):
        raise NotFound("没有这类事，请刷新列表")
    return cls


def members(class_id: str, *, after: str, by: Staff) -> "tuple[list[MemberLine], int, str]":
    """A page of its tickets, each in its own words, as the caller may see them, how many of the page are not shown, and where to go on."""
    found, following = class_members.list_members(get(class_id, by=by), after=after)
    town, by_id = directory.town(), {t.id: t for t in lists.get_many([each.ticket_id for each in found])}
    shown = [t for each in found if (t := by_id.get(each.ticket_id)) and _may_list(t, by, town)]
    return [_member_line(ticket, by, town) for ticket in shown], len(found) - len(shown), following


def _member_line(ticket: Ticket, by: Staff, town: Town) -> "MemberLine":
    return {**lines.short_view(ticket, town), "words": _words(ticket, by)}


def _words(ticket: Ticket, by: Staff) -> str:
    text = access.as_read_by(ticket, by).text
    return text if len(text) <= WORDS_SHOWN else f"{text[:WORDS_SHOWN]}…"


def begin(name: str, ticket_ids: tuple[str, ...], *, once: Replay, by: Staff, now: datetime) -> IssueClass:
    """A person says that these tickets are one class. The same request again answers the same class.

    Raises NotFound for a ticket that the caller may not see, Invalid for one that is in a class already.
    """

    def make(class_id: str) -> None:
        if store.find(class_id) is not None:
            return
        chosen = _chosen(ticket_ids, by)
        cls = rules.founded(class_id, name, chosen, by=by.code, what=ClassAct.BEGIN, now=now)
        if not store.create(cls, chosen):
            taken = sorted(class_members.list_standing(ticket_ids))
            raise Invalid("有工单已在另一类事里，请先从那一类拆出", fields=["ticket_ids"], ticket_ids=taken)

    return store.get_class(make_once(once, make))


def add(class_id: str, ticket_ids: tuple[str, ...], *, by: Staff, now: datetime) -> IssueClass:
    """More tickets, 30 at most; one that is in it already stays. Raises WrongStage, NotFound, AlreadyDone."""
    acts.need(get(class_id, by=by), ClassAct.ADD)
    return class_members.add(class_id, _chosen(ticket_ids, by), by=by.code, now=now)


def confirm(class_id: str, *, name: str, owner: str, by: Staff, now: datetime) -> IssueClass:
    """确认. Raises WrongStage, Invalid for an owner whom the town does not have."""
    get(class_id, by=by)
    _need_owner(owner)
    return store.change(class_id, lambda c: acts.confirm(c, name=name, owner=owner, by=by.code, now=now))


def rename(class_id: str, *, name: str, owner: str, by: Staff, now: datetime) -> IssueClass:
    get(class_id, by=by)
    _need_owner(owner)
    return store.change(class_id, lambda c: acts.rename(c, name=name, owner=owner, by=by.code, now=now))


def discard(class_id: str, *, reason: str, by: Staff, now: datetime) -> IssueClass:
    get(class_id, by=by)
    return store.change(class_id, lambda c: acts.discard(c, reason=reason, by=by.code, now=now))


def end(class_id: str, *, note: str, by: Staff, now: datetime) -> IssueClass:
    get(class_id, by=by)
    return store.change(class_id, lambda c: acts.end(c, note=note, by=by.code, now=now))


def split(
    class_id: str, ticket_ids: tuple[str, ...], name: str, *, once: Replay, by: Staff, now: datetime
) -> IssueClass:
    """拆分: these tickets become a class of their own, confirmed, the caller its owner. The same request again, the same class."""
    cls, ids = get(class_id, by=by), list(dict.fromkeys(ticket_ids))

    def make(new_id: str) -> None:
        if store.find(new_id) is None:
            splits.split(
                class_id,
                ids,
                lambda moved: _split_off(new_id, cls, name, moved, by, now),
                lambda c: acts.split_line(c, by=by.code, name=name, now=now),
            )

    return store.get_class(make_once(once, make))


def _split_off(
    class_id: str, of: IssueClass, name: str, moved: list[Member], by: Staff, now: datetime
) -> IssueClass:
    return rules.founded(class_id, name, moved, by=by.code, what=ClassAct.SPLIT_OFF, note=of.name, now=now)


def merge(class_id: str, into_id: str, *, by: Staff, now: datetime) -> IssueClass:
    """并入: answers the class that goes on. Sent again it answers the same."""
    one = get(class_id, by=by)
    get(into_id, by=by)
    if one.merged_into == into_id:
        return store.get_class(into_id)
    return splits.merge(class_id, into_id, lambda c, into: acts.merge(c, into, by=by.code, now=now))


def announce(
    class_id: str, given: Given, *, once: Replay, by: Staff, now: datetime
) -> tuple[IssueClass, Measure]:
    """公布措施. The same request again is the same measure. Whom it is told: `actions.announcing`. Raises WrongStage, Invalid."""
    get(class_id, by=by)

    def make(measure_id: str) -> None:
        measure = measure_of(given, known_as=measure_id, by=by, now=now)
        store.change(class_id, lambda cls: acts.announce(cls, measure, now=now))

    measure_id, cls = make_once(once, make), store.get_class(class_id)
    return cls, next(each for each in cls.measures if each.id == measure_id)


def measure_of(given: Given, *, known_as: str, by: Staff, now: datetime) -> Measure:
    """Raises Invalid for a unit that the town does not have."""
    if directory.town().find_unit(given.unit_id) is None:
        raise Invalid("没有这个单位，请重新选择", fields=["unit"])
    return Measure(id=known_as, announced_at=now, by=by.code, **dict(given))


def _areas(by: Staff, town: Town) -> list[str]:
    """Classes over several areas are for everyone who sees any: they hold neither words nor names."""
    return list(dict.fromkeys((*areas_of(by, town), "")))


def _chosen(ticket_ids: tuple[str, ...], by: Staff) -> list[Member]:
    """The tickets as members. Raises NotFound for what the caller may not see; a confidential one is in no class."""
    town, wanted = directory.town(), list(dict.fromkeys(ticket_ids))
    seen = [ticket for ticket in lists.get_many(wanted) if access.may_see(ticket, by, town)]
    hidden = sorted(set(wanted) - {ticket.id for ticket in seen if not ticket.confidential})
    if hidden:
        raise NotFound("有工单不存在或不能归类（保密工单不归类），请核对后重选", ticket_ids=hidden)
    return [rules.member_of(ticket, town) for ticket in seen]


def _may_list(ticket: Ticket, by: Staff, town: Town) -> bool:
    return not ticket.confidential and access.may_see(ticket, by, town)


def _need_owner(owner: str) -> None:
    if directory.town().find_staff(owner) is None:
        raise Invalid("没有这位工作人员，请重新选择负责人", fields=["owner"])
