"""Every report is put where its like are found, lies with them, and makes a class of them when enough people say the same (rules 66, 67)."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache

from chalicelib.actions.views.repeats import Candidate, look_of, ranked
from chalicelib.domain.classes import classes, similarity, spots
from chalicelib.domain.classes.issue_class import OPEN, IssueClass, Member, State
from chalicelib.domain.classes.similarity import Look
from chalicelib.domain.errors import AlreadyDone, NotFound
from chalicelib.domain.figures.facts import MACHINE
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.store.classes import classes as store
from chalicelib.store.classes import clusters, similar
from chalicelib.store.classes import members as class_members
from chalicelib.store.tickets import tickets
from chalicelib.store.tickets.tickets import Reading
from chalicelib.store.town import directory

Follow = Callable[[str], IssueClass | None]


def note(ticket_id: str, kind: str, *, now: datetime, read: Reading | None = None) -> None:
    """What a line of history means for repeats and classes. May come twice, late, and in any order."""
    if kind not in (EventKind.RECEIVED, EventKind.CLASSIFIED):
        return
    try:
        ticket = (read or tickets.get)(ticket_id)
    except NotFound:  # its case was removed meanwhile
        return
    if ticket.confidential:
        class_members.remove(ticket.id, by=MACHINE, now=now)
    elif kind == EventKind.RECEIVED:
        _received(ticket, directory.town(), now)
    else:
        _classified(ticket, directory.town(), now)


def _received(ticket: Ticket, town: Town, now: datetime) -> None:
    text = similarity.words(ticket.where, ticket.text)
    asked = look_of(ticket, text, town)
    shelves = similarity.shelves(asked, text)
    known = similar.find(shelves, now)
    own = next((look.cluster for look in known if look.ticket_id == ticket.id), "")
    joined = [each for each in ranked(asked, known, town) if each.likeness.is_joined]
    follow: Follow = cache(store.follow)
    best = next((each for each in joined if _is_open_to(each, asked, follow)), None)
    cluster = own or (best.look.cluster if best else "") or ticket.id
    member = classes.member_of(ticket, town, asked, by_words=best is not None)
    lies_in = [] if ticket.practice else [cluster] if best else [cluster, *_spot(member)]
    beside = [clusters.item(each, member) for each in lies_in]
    similar.write(asked.model_copy(update={"cluster": cluster}), shelves, now, beside=beside)
    if ticket.practice:
        return
    if best is None:  # it is alone
        return _join_spot(member, town, now)
    looks = {look.ticket_id: look for look in (*known, asked)}
    if not _join_cluster(follow(cluster), cluster, member, looks, town, now):
        for spot in _spot(member):
            clusters.add(spot, member)
        _join_spot(member, town, now)


def _is_open_to(candidate: Candidate, asked: Look, follow: Follow) -> bool:
    """Whether a report like this one lies in no class yet, or in one that the report belongs to."""
    cls = follow(candidate.look.cluster)
    return cls is None or classes.takes(cls, asked.topics, by_words=candidate.likeness.by_words)


def _spot(member: Member) -> list[str]:
    """The cluster of its building or point; none for what is a person's own."""
    return [f"at {member.spot}"] if member.spot and not member.personal else []


def _join_cluster(
    cls: IssueClass | None,
    cluster: str,
    member: Member,
    looks: Mapping[str, Look],
    town: Town,
    now: datetime,
) -> bool:
    """The report lies with its like; their open class takes it in, and enough different reporters make the machine propose one.

    `looks`: of itself and of what was found like it. Answers whether it is in a class now.
    """
    if cls is not None:
        return cls.state in OPEN and _add(cls, [member], now)
    threshold = classes.Threshold.of(member.category, town)
    free, _ = _apart(clusters.list_members(cluster, now - similarity.KEPT))
    if not classes.is_class(free, threshold, now):
        return False
    held = similarity.held_together([each.ticket_id for each in free], looks, town)
    core = [each for each in free if each.ticket_id in held]
    if not classes.is_class(core, threshold, now):
        return False
    _propose(classes.proposed(cluster, core, town, now), core, now)
    return member in core


def _join_spot(member: Member, town: Town, now: datetime) -> None:
    """The report lies with the others of its building or point: a class there takes it in, or they are proposed as one."""
    if not (spot := _spot(member)):
        return
    [cluster], threshold = spot, classes.Threshold.of(member.category, town)
    at_spot = clusters.list_members(cluster, spots.since(threshold, now))
    free, standing = _apart(at_spot)
    are_several = spots.are_several(at_spot)
    if are_several and _strangers_leave(standing, now):
        free, standing = _apart(at_spot)
    if member.ticket_id not in {each.ticket_id for each in free}:
        return
    here = _open_classes(standing.values())
    taking = next((cls for cls in here if spots.joining(cls, member)), None)
    matter = None if taking else spots.matter_at(free, threshold, town, now, is_first=not here)
    if taking:
        others = [each for each in free if each.ticket_id != member.ticket_id]
        _add(taking, [member, *spots.pulled(taking, member, others)], now)
    elif matter:
        found = classes.proposed(member.ticket_id, matter.members, town, now, crowd=matter.crowd)
        _propose(found, matter.members, now)
    elif len(here) == 1 and not are_several:
        _add(here[0], spots.silent(here[0], list(standing), free, now), now)


def _strangers_leave(standing: Mapping[Member, str], now: datetime) -> bool:
    """A proposal that nobody confirmed loses those who are of another matter of its spot. Answers whether anybody left."""
    proposed = {cls.id for cls in _open_classes(standing.values()) if cls.state is State.PROPOSED}
    held: dict[str, list[Member]] = {}
    for member, part in standing.items():
        cls = store.follow(part)
        if cls is not None and cls.id in proposed:
            held.setdefault(cls.id, []).append(member)
    leaving = [member for members in held.values() for member in spots.strangers(members)]
    for member in leaving:
        class_members.remove(member.ticket_id, by=MACHINE, now=now)
    return bool(leaving)


def _apart(members: list[Member]) -> tuple[list[Member], dict[Member, str]]:
    """Those in no class, and those in one with its partition."""
    where = class_members.list_standing(each.ticket_id for each in members)
    free = [each for each in members if each.ticket_id not in where]
    return free, {each: where[each.ticket_id].part for each in members if each.ticket_id in where}


def _open_classes(parts: Iterable[str]) -> list[IssueClass]:
    found = {cls.id: cls for part in dict.fromkeys(parts) if (cls := store.follow(part))}
    return [cls for cls in found.values() if cls.state in OPEN]


def _add(cls: IssueClass, members: list[Member], now: datetime) -> bool:
    free = _apart(members)[0][: class_members.MOST_AT_ONCE] if len(members) > 1 else members
    if free:
        with suppress(AlreadyDone):  # it is in another class
            class_members.add(cls.id, free, by=MACHINE, now=now, seen=cls)
    return True


def _propose(proposal: IssueClass, members: list[Member], now: datetime) -> None:
    """A class of its own, unless one of the same place and theme stands open: then that one has them."""
    standing, _ = store.list_classes(proposal.area, past=False)
    same = next((cls for cls in standing if classes.is_same_matter(cls, members)), None)
    if same is None:
        store.create(proposal, members)
    else:
        _add(same, members, now)
        store.create(classes.joined_to(proposal, same), [])


def _classified(ticket: Ticket, town: Town, now: datetime) -> None:
    """Under its new category too; the old one's slot is taken by another soon. Not for a report older than its signatures."""
    if ticket.received_at + similarity.KEPT <= now:
        return
    text = similarity.words(ticket.where, ticket.text)
    asked = look_of(ticket, text, town)
    known = similar.find(similarity.shelves(asked, text)[:1], now)
    own = next((look.cluster for look in known if look.ticket_id == ticket.id), ticket.id)
    similar.write(asked.model_copy(update={"cluster": own}), similarity.category_shelf(asked), now)
