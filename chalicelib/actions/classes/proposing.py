"""Every report is put where its like are found, lies with them, and makes a class of them when enough people say the same (rules 66, 67)."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from chalicelib.actions.classes.weighing import Beside
from chalicelib.actions.views.repeats import Candidate, look_of, ranked
from chalicelib.domain.classes import acts, classes, similarity, spots
from chalicelib.domain.classes.issue_class import OPEN, IssueClass, Member, State
from chalicelib.domain.classes.meaning import meaning_of
from chalicelib.domain.classes.similarity import Look
from chalicelib.domain.errors import AlreadyDone, NotFound
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.gateways import triage_model
from chalicelib.store.classes import classes as store
from chalicelib.store.classes import clusters, similar
from chalicelib.store.classes import members as class_members
from chalicelib.store.tickets import tickets
from chalicelib.store.tickets.tickets import Reading
from chalicelib.store.town import directory


class Known:
    """What the lines of a batch have asked of repeats and classes, each once; what they write themselves is known as well.

    What others write meanwhile is seen by the next batch, as if it had come a moment later: a class's version guards what was
    read too early.
    """

    def __init__(self) -> None:
        self.shelves = similar.Shelves()
        self._classes: dict[str, IssueClass | None] = {}
        self._beside: Beside | None = None

    def beside(self, town: Town) -> Beside:
        """What was said on the reports of a crowd."""
        self._beside = self._beside or Beside(town)
        return self._beside

    def follow(self, class_id: str) -> IssueClass | None:
        """The class, or the one it was merged into."""
        if class_id not in self._classes:
            self._classes[class_id] = store.follow(class_id)
        return self._classes[class_id]

    def changed(self, cls: IssueClass) -> None:
        same = {id_: cls for id_, known in self._classes.items() if known and known.id == cls.id}
        self._classes |= same | {cls.id: cls}

    def forget_classes(self) -> None:
        self._classes.clear()


def note(
    ticket_id: str, kind: str, *, now: datetime, read: Reading | None = None, known: Known | None = None
) -> None:
    """What a line of history means for repeats and classes. May come twice, late, and in any order."""
    try:
        ticket = (read or tickets.get)(ticket_id)
    except NotFound:  # its case was removed meanwhile
        return
    if ticket.confidential:  # by whichever line it turned so
        _left(ticket, directory.town(), now)
    elif kind == EventKind.RECEIVED:
        _received(ticket, directory.town(), now, known or Known())
    elif kind == EventKind.CLASSIFIED:
        _classified(ticket, directory.town(), now)


def _left(ticket: Ticket, town: Town, now: datetime) -> None:
    """A confidential ticket is in no class and lies with no others, so that none takes it in later."""
    class_members.remove(ticket.id, by=Actor.MACHINE, now=now)
    text = similarity.words(ticket.where, ticket.text)
    asked = look_of(ticket, text, town)
    lies_in = [_cluster_of(ticket, asked, text, now), *_spot(classes.member_of(ticket, town, asked))]
    for cluster in lies_in:
        clusters.remove(cluster, ticket.id, ticket.received_at)


def _received(ticket: Ticket, town: Town, now: datetime, known: Known) -> None:
    text = similarity.words(ticket.where, ticket.text)
    asked = look_of(ticket, text, town)
    shelves = similarity.shelves(asked, text)
    found = known.shelves.find(shelves, now)
    own = next((look.cluster for look in found if look.ticket_id == ticket.id), "")
    joined = [each for each in ranked(asked, found, town) if each.likeness.is_joined]
    best = next((each for each in joined if _is_open_to(each, asked, known)), None)
    cluster = own or (best.look.cluster if best else "") or ticket.id
    member = classes.member_of(ticket, town, asked, by_words=best is not None)
    if _spot(member):  # only there it is asked what words mean
        meaning = meaning_of(ticket.text, triage_model.meanings())
        member = member.model_copy(update={"meaning": meaning})
    cls = known.follow(cluster) if best else None
    lies_in = [] if ticket.practice else [cluster] if cls else [cluster, *_spot(member)]
    beside = [clusters.item(each, member) for each in lies_in]
    written = [*shelves, *similarity.within_reach(asked)]
    known.shelves.write(asked.model_copy(update={"cluster": cluster}), written, now, beside=beside)
    if ticket.practice:
        return
    here = _Come(ticket, member, town, now, known)
    if best is None:  # it is alone
        return _join_spot(here)
    looks = {look.ticket_id: look for look in (*found, asked)}
    if _join_cluster(here, cls, cluster, looks):
        return
    if cls:
        for spot in _spot(member):
            clusters.add(spot, member)
    _join_spot(here)


def _is_open_to(candidate: Candidate, asked: Look, known: Known) -> bool:
    """Whether a report like this one lies in no class yet, or in one that the report belongs to."""
    cls = known.follow(candidate.look.cluster)
    return cls is None or classes.takes(cls, asked.topics, by_words=candidate.likeness.by_words)


def _spot(member: Member) -> list[str]:
    """The cluster of its building or point; none for what is a person's own."""
    return [f"at {member.spot}"] if member.spot and not member.personal else []


class _Come(NamedTuple):
    """A report that has just come, and what its batch knows."""

    ticket: Ticket
    member: Member
    town: Town
    now: datetime
    known: Known


def _join_cluster(come: _Come, cls: IssueClass | None, cluster: str, looks: Mapping[str, Look]) -> bool:
    """The report lies with its like; their open class takes it in, and enough different reporters make the machine propose one.

    `looks`: of itself and of what was found like it. Answers whether it is in a class now.
    """
    _, member, town, now, _ = come
    if cls is not None:
        return cls.state in OPEN and _add(come, cls, [member])
    threshold = classes.Threshold.of(member.category, town)
    lying = clusters.list_members(cluster, now - similarity.KEPT)
    if not classes.is_class(lying, threshold, now):
        return False  # with those that are in a class already: so without them as well
    free, _ = _apart(lying)
    if not classes.is_class(free, threshold, now):
        return False
    held = similarity.held_together([each.ticket_id for each in free], looks, town)
    core = [each for each in free if each.ticket_id in held]
    if not classes.is_class(core, threshold, now):
        return False
    _propose(come, classes.proposed(cluster, core, town, now), core)
    return member in core


def _join_spot(come: _Come) -> None:
    """The report lies with the others of its building or point: a class there takes it in, or they are proposed as one."""
    _, member, town, now, known = come
    if not (spot := _spot(member)):
        return
    [cluster], threshold = spot, classes.Threshold.of(member.category, town)
    at_spot = clusters.list_members(cluster, spots.since(threshold, now))
    if all(each.ticket_id == member.ticket_id for each in at_spot):
        return  # nobody else is there to be of one matter with, nor a class of theirs
    free, standing = _apart(at_spot)
    beside = known.beside(town)
    are_several = spots.are_several(at_spot) and not _crowd(at_spot, at_spot, beside, now)
    if _tidied(standing, at_spot, now, known, are_several=are_several):
        known.forget_classes()
        free, standing = _apart(at_spot)
    if member.ticket_id not in {each.ticket_id for each in free}:
        return
    here = _open_classes(standing.values(), known)
    if _gathered(come, here, standing, free, at_spot, beside):
        return
    taking = next((cls for cls in here if spots.joining(cls, member)), None)
    if taking:
        _add(come, taking, [member])
    elif of_one := spots.matter_at(free, threshold, town, now, at_spot=at_spot):
        _propose(come, classes.proposed(member.ticket_id, of_one, town, now), of_one)


def _gathered(
    come: _Come,
    here: list[IssueClass],
    standing: Mapping[Member, str],
    free: list[Member],
    at_spot: list[Member],
    beside: Beside,
) -> bool:
    """A crowd of the spot is proposed, or the proposal that holds most of it follows it as it grows. Answers whether it is one.

    Where a person has confirmed a class there, who joins it is asked as ever.
    """
    if any(cls.state is not State.PROPOSED for cls in here):
        return False
    of_class = {part: cls.id for cls in here for part in cls.partitions}
    held = {member: of_class[part] for member, part in standing.items() if part in of_class}
    core = _crowd([*free, *held], at_spot, beside, come.now)
    if not core:
        return False
    if not here:
        _propose(come, classes.proposed(come.member.ticket_id, core, come.town, come.now, crowd=True), core)
        return True
    most = max(here, key=lambda cls: (sum(held.get(each) == cls.id for each in core), cls.id))
    for cls in here:
        leaving = [
            each for each, id_ in held.items() if id_ == cls.id and (cls is not most or each not in core)
        ]
        if cls is not most:
            come.known.changed(
                store.change(cls.id, lambda each: acts.withdraw(each, by=Actor.MACHINE, now=come.now))
            )
        for each in leaving:
            class_members.remove(each.ticket_id, by=Actor.MACHINE, now=come.now, unless_confirmed=True)
        if leaving:
            come.known.forget_classes()
    _add(come, most, [each for each in core if held.get(each) != most.id])
    return True


def _crowd(loose: list[Member], at_spot: list[Member], beside: Beside, now: datetime) -> list[Member]:
    """The core of a crowd at the spot; what was said on its reports is read only where it may be one."""
    gathered = spots.gathering(loose, now, at_spot=at_spot)
    return spots.crowd_of(gathered, beside.of(gathered)) if gathered else []


def _tidied(
    standing: Mapping[Member, str],
    at_spot: list[Member],
    now: datetime,
    known: Known,
    *,
    are_several: bool,
) -> bool:
    """What nobody confirmed and says nothing any more is withdrawn; else it loses who is of another matter of its spot.

    Answers whether anybody left.
    """
    held: dict[str, list[Member]] = {}
    classes_here: dict[str, IssueClass] = {}
    for member, part in standing.items():
        cls = known.follow(part)
        if cls is not None and (cls.state is State.PROPOSED or acts.is_withdrawn(cls)):
            classes_here[cls.id] = cls
            held.setdefault(cls.id, []).append(member)
    leaving: list[Member] = []
    for id_, members in held.items():
        cls = classes_here[id_]
        if spots.is_vague(cls, members, at_spot):
            cls = store.change(id_, lambda each: acts.withdraw(each, by=Actor.MACHINE, now=now))
            known.changed(cls)
        if acts.is_withdrawn(cls):
            leaving += class_members.all_members(cls)
        elif are_several:
            leaving += spots.strangers(members)
    for member in leaving:
        class_members.remove(member.ticket_id, by=Actor.MACHINE, now=now, unless_confirmed=True)
    return bool(leaving)


def _apart(members: list[Member]) -> tuple[list[Member], dict[Member, str]]:
    """Those in no class, and those in one with its partition."""
    where = class_members.list_standing(each.ticket_id for each in members)
    free = [each for each in members if each.ticket_id not in where]
    return free, {each: where[each.ticket_id].part for each in members if each.ticket_id in where}


def _open_classes(parts: Iterable[str], known: Known) -> list[IssueClass]:
    found = {cls.id: cls for part in dict.fromkeys(parts) if (cls := known.follow(part))}
    return [cls for cls in found.values() if cls.state in OPEN]


def _add(come: _Come, cls: IssueClass, members: list[Member]) -> bool:
    free = _apart(members)[0][: class_members.MOST_AT_ONCE] if len(members) > 1 else members
    fresh = come.ticket if free == [come.member] else None
    if free:
        with suppress(AlreadyDone):  # it is in another class
            come.known.changed(
                class_members.add(cls.id, free, by=Actor.MACHINE, now=come.now, seen=cls, fresh=fresh)
            )
    return True


def _propose(come: _Come, proposal: IssueClass, members: list[Member]) -> None:
    """A class of its own, unless one of the same place and theme stands open: then that one has them."""
    come.known.forget_classes()
    standing = store.list_open(proposal.area)
    same = next((cls for cls in standing if classes.is_same_matter(cls, members)), None)
    if same is None:
        store.create(proposal, members)
    else:
        _add(come, same, members)
        store.create(classes.joined_to(proposal, same), [])


def _classified(ticket: Ticket, town: Town, now: datetime) -> None:
    """Under its new category too; the old one's slot is taken by another soon. Not for a report older than its signatures."""
    if ticket.received_at + similarity.KEPT <= now:
        return
    text = similarity.words(ticket.where, ticket.text)
    asked = look_of(ticket, text, town)
    own = _cluster_of(ticket, asked, text, now)
    similar.write(asked.model_copy(update={"cluster": own}), similarity.category_shelves(asked), now)


def _cluster_of(ticket: Ticket, asked: Look, text: str, now: datetime) -> str:
    """Of the reports that it came to lie with; its own where nothing was like it."""
    found = similar.find(similarity.shelves(asked, text)[:1], now)
    return next((look.cluster for look in found if look.ticket_id == ticket.id), ticket.id)
