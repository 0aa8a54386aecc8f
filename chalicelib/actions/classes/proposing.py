"""Every report is put where its like are found, lies with them, and makes a class of them when enough people say the same (rules 66, 67)."""

from datetime import datetime

from chalicelib.actions.views.repeats import look_of, ranked
from chalicelib.domain.classes import classes, similarity
from chalicelib.domain.classes.issue_class import OPEN, Member
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
    best = next(iter(ranked(asked, known, town)), None)
    cluster = own or (best.look.cluster if best else "") or ticket.id
    similar.write(asked.model_copy(update={"cluster": cluster}), shelves, now)
    if not ticket.practice:
        _join_cluster(cluster, classes.member_of(ticket, town), is_alone=best is None, town=town, now=now)


def _join_cluster(cluster: str, member: Member, *, is_alone: bool, town: Town, now: datetime) -> None:
    """The report lies with its like; an open class takes it in, and enough different reporters make the machine propose one."""
    clusters.add(cluster, member)
    if is_alone:
        return
    cls = kept_classes.follow(cluster)
    if cls is not None:
        if cls.state in OPEN and not class_members.list_standing([member.ticket_id]):
            class_members.add(cls.id, [member], by=MACHINE, now=now)
        return
    threshold = classes.Threshold.of(member.category, town)
    members = clusters.list_members(cluster, now - similarity.KEPT)
    elsewhere = class_members.list_standing(each.ticket_id for each in members)
    free = [each for each in members if each.ticket_id not in elsewhere]
    if classes.is_class(free, threshold, now):
        kept_classes.create(classes.proposed(cluster, free, town, now), free)


def _classified(ticket: Ticket, town: Town, now: datetime) -> None:
    """Under its new category too; the old one's slot is taken by another soon. Not for a report older than its signatures."""
    if ticket.received_at + similarity.KEPT <= now:
        return
    text = similarity.words(ticket.where, ticket.text)
    asked = look_of(ticket, text, town)
    known = similar.find(similarity.shelves(asked, text)[:1], now)
    own = next((look.cluster for look in known if look.ticket_id == ticket.id), ticket.id)
    similar.write(asked.model_copy(update={"cluster": own}), similarity.category_shelf(asked), now)
