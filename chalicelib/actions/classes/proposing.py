"""Every report is put where its like are found, lies with them, and makes a class of them when enough people say the same (rules 66, 67)."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.actions.views.repeats import Candidate, look_of, ranked
from chalicelib.domain.classes import classes, similarity, spots
from chalicelib.domain.classes.issue_class import OPEN, IssueClass, Member
from chalicelib.domain.classes.similarity import Look
from chalicelib.domain.errors import NotFound
from chalicelib.domain.figures.facts import MACHINE
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.store.classes import classes as kept_classes
from chalicelib.store.classes import clusters, similar
from chalicelib.store.classes import members as class_members
from chalicelib.store.tickets import tickets
from chalicelib.store.town import directory


def note(ticket_id: str, kind: str, *, now: datetime) -> None:
    """What a line of history means for repeats and classes. May come twice, late, and in any order."""
    if kind not in ("received", "classified"):
        return
    try:
        ticket = tickets.get(ticket_id)
    except NotFound:  # its case was removed meanwhile
        return
    if ticket.confidential:
        class_members.remove(ticket.id, by=MACHINE, now=now)
    elif kind == "received":
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
    best = next((each for each in joined if _is_open_to(each, asked)), None)
    cluster = own or (best.look.cluster if best else "") or ticket.id
    similar.write(asked.model_copy(update={"cluster": cluster}), shelves, now)
    if ticket.practice:
        return
    member = classes.member_of(ticket, town, asked, by_words=best is not None)
    if not _join_cluster(cluster, member, is_alone=best is None, town=town, now=now):
        _join_spot(member, town, now)


def _is_open_to(candidate: Candidate, asked: Look) -> bool:
    """Whether a report like this one lies in no class yet, or in one that the report belongs to."""
    cls = kept_classes.follow(candidate.look.cluster)
    return cls is None or classes.takes(cls, asked.topics, by_words=candidate.likeness.by_words)


def _join_cluster(cluster: str, member: Member, *, is_alone: bool, town: Town, now: datetime) -> bool:
    """The report lies with its like; an open class takes it in, and enough different reporters make the machine propose one.

    Answers whether it is in a class now.
    """
    clusters.add(cluster, member)
    if is_alone:
        return False
    cls = kept_classes.follow(cluster)
    if cls is not None:
        return cls.state in OPEN and _add(cls, [member], now)
    threshold = classes.Threshold.of(member.category, town)
    free, _ = _apart(clusters.list_members(cluster, now - similarity.KEPT))
    if not classes.is_class(free, threshold, now):
        return False
    _propose(classes.proposed(cluster, free, town, now), free, now)
    return True


def _join_spot(member: Member, town: Town, now: datetime) -> None:
    """The report lies with the others of its building or point: a class there takes it in, or they are proposed as one."""
    if not member.spot or member.personal:
        return
    cluster = f"at {member.spot}"
    clusters.add(cluster, member)
    threshold = classes.Threshold.of(member.category, town)
    free, standing = _apart(clusters.list_members(cluster, spots.since(threshold, now)))
    if member.ticket_id not in {each.ticket_id for each in free}:
        return
    here = _open_classes(standing.values())
    taking = next((cls for cls in here if spots.joining(cls, member)), None)
    matter = None if taking else spots.matter_at(free, threshold, town, now, is_first=not here)
    if taking:
        _add(taking, [member], now)
    elif matter:
        found = classes.proposed(member.ticket_id, matter.members, town, now, crowd=matter.crowd)
        _propose(found, matter.members, now)
    elif len(here) == 1:
        _add(here[0], spots.silent(here[0], list(standing), free, now), now)


def _apart(members: list[Member]) -> tuple[list[Member], dict[Member, str]]:
    """Those in no class, and those in one with its partition."""
    where = class_members.list_standing(each.ticket_id for each in members)
    free = [each for each in members if each.ticket_id not in where]
    return free, {each: where[each.ticket_id].part for each in members if each.ticket_id in where}


def _open_classes(parts: Iterable[str]) -> list[IssueClass]:
    found = {cls.id: cls for part in dict.fromkeys(parts) if (cls := kept_classes.follow(part))}
    return [cls for cls in found.values() if cls.state in OPEN]


def _add(cls: IssueClass, members: list[Member], now: datetime) -> bool:
    free = _apart(members)[0][: class_members.MOST_AT_ONCE]
    if free:
        class_members.add(cls.id, free, by=MACHINE, now=now)
    return True


def _propose(proposal: IssueClass, members: list[Member], now: datetime) -> None:
    """A class of its own, unless one of the same place and theme stands open: then that one has them."""
    standing, _ = kept_classes.list_classes(proposal.area, past=False)
    same = next((cls for cls in standing if classes.is_same_matter(cls, members)), None)
    if same is None:
        kept_classes.create(proposal, members)
    else:
        _add(same, members, now)
        kept_classes.create(classes.joined_to(proposal, same), [])


def _classified(ticket: Ticket, town: Town, now: datetime) -> None:
    """Under its new category too; the old one's slot is taken by another soon. Not for a report older than its signatures."""
    if ticket.received_at + similarity.KEPT <= now:
        return
    text = similarity.words(ticket.where, ticket.text)
    asked = look_of(ticket, text, town)
    known = similar.find(similarity.shelves(asked, text)[:1], now)
    own = next((look.cluster for look in known if look.ticket_id == ticket.id), ticket.id)
    similar.write(asked.model_copy(update={"cluster": own}), similarity.category_shelf(asked), now)
