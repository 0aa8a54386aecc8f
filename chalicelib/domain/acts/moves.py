"""What every act shares: is the stage right, whose ticket is it, who is told, and is the ticket still watched."""

from collections.abc import Iterable, Mapping

from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import ConflictOfInterest, NotAllowed, NotYours, StillOpen, WrongStage
from chalicelib.domain.parties.first_dispatch import followed
from chalicelib.domain.parties.holding import WITH_A_UNIT as WITH_A_UNIT
from chalicelib.domain.parties.holding import desk_of as desk_of
from chalicelib.domain.parties.holding import handler_of as handler_of
from chalicelib.domain.parties.only_help import called_to_help, place_and_kind
from chalicelib.domain.parties.pauses import kept
from chalicelib.domain.parties.proposing import fallen_away, taken_back
from chalicelib.domain.parties.telling import ALERT, LAPSED, told
from chalicelib.domain.parties.telling import named as named
from chalicelib.domain.parties.telling import tell as tell
from chalicelib.domain.parties.telling import tell_staff as tell_staff
from chalicelib.domain.tickets.bounds import bounded
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import BEGINS, EventKind
from chalicelib.domain.tickets.same_words import noted
from chalicelib.domain.tickets.ticket import (
    ENDED,
    MOVES,
    STAGE_NAMES,
    Assisting,
    AssistingState,
    Event,
    Explanation,
    Notice,
    Stage,
    Ticket,
    Withheld,
)
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff

Changed = tuple[Ticket, Event]


def need_stage(ticket: Ticket, allowed: Iterable[Stage], act: str) -> None:
    """Raises WrongStage, naming the stage the ticket is in, unless it is one of `allowed`."""
    if ticket.stage not in allowed:
        raise WrongStage(
            f"工单现在是“{STAGE_NAMES[ticket.stage]}”，不能{act}；请刷新查看最新状态",
            stage=ticket.stage.value,
        )


def need_lead(ticket: Ticket, by: Staff) -> None:
    """Raises NotYours unless the ticket is with this person's unit as the lead (主办)."""
    if by.unit != ticket.lead_unit_id:
        raise NotYours("只有主办单位可以这样做；如应由您单位主办，请联系工作站")


def need_independent(ticket: Ticket, by: Staff) -> None:
    """Raises NotAllowed for whoever handled the ticket: follow-up, re-check and exemption are another person's (rule 5)."""
    if by.code in {ticket.handler_id, ticket.resolution.by if ticket.resolution else None}:
        raise NotAllowed("回访、核查和免回访须由没有经办这张工单的人来做")


def need_no_conflict(
    ticket: Ticket, *, unit_id: str = "", staff: str | None = None, by: Staff | None = None
) -> None:
    """Raises ConflictOfInterest when the ticket is about this unit or person, or `by` is who let them see it again (rule 21)."""
    released = {each.code for each in ticket.released if by is not None and each.by == by.code}
    if released & {unit_id, staff}:
        raise ConflictOfInterest("避开这一方是您解除的，交给其办理须由另一人决定")
    if unit_id in ticket.concerns or (staff and staff in ticket.concerns):
        raise ConflictOfInterest("这张工单反映的正是该单位或人员，不能交给其办理；请另选承办单位")


def need_no_wait(ticket: Ticket, act: str) -> None:
    """Raises StillOpen while the ticket waits for the resident: the wait would outlive the unit that began it."""
    if why := wait_in_the_way(ticket, act):
        raise StillOpen(why)


def wait_in_the_way(ticket: Ticket, act: str) -> str:
    """What is said of an act that a wait for the resident holds up, or ""."""
    return f"工单在等待居民，不能{act}；请先恢复办理" if ticket.pause is not None else ""


def words_in_the_way(ticket: Ticket, act: str) -> str:
    """What is said of an act that words which no unit reads hold up, or "": they would go where nobody decided (rule 104)."""
    if ticket.withheld is None:
        return ""
    return f"居民原话还没有转给承办单位，不能{act}；请先看原话，选“原话转给承办单位”"


def need_no_withheld(ticket: Ticket, act: str) -> None:
    """Raises StillOpen while residents' words are withheld from the unit that has it."""
    if why := words_in_the_way(ticket, act):
        raise StillOpen(why)


def withheld_after_a_look(ticket: Ticket) -> Withheld | None:
    """Whoever gives a ticket to a unit, or files it anew, has looked: words that waited go along, what was kept back stays so."""
    return None if ticket.withheld and ticket.withheld.waits else ticket.withheld


def moved(ticket: Ticket, to: Stage, **changes: object) -> Ticket:
    """The ticket in another stage. The table of moves is the only judge; a move outside it is a fault of ours."""
    if to not in MOVES[ticket.stage]:
        raise WrongStage(f"工单不能从“{STAGE_NAMES[ticket.stage]}”变为“{STAGE_NAMES[to]}”")
    if to in ENDED:
        changes.setdefault("pause", None)  # nothing is waited for any more
        changes.setdefault("assisting", parts_ended(ticket))
        changes.setdefault("dispute", None)
        changes.setdefault("escalated_to", ())  # who has left by the time it begins again must not hold it
    changes.setdefault("may_concern", ())  # somebody has looked
    return ticket.model_copy(update={"stage": to, **changes})


def parts_ended(ticket: Ticket) -> tuple[Assisting, ...]:
    """The open parts of assisting units end with the ticket, or with its being put off; each is told."""
    return tuple(
        part.model_copy(update={"state": AssistingState.ENDED}) if part.is_open else part
        for part in ticket.assisting
    )


def changed(
    ticket: Ticket,
    event: Event,
    *,
    before: Ticket | None,
    town: Town,
    row: str = "",
    named: Iterable[Staff | None] = (),
    due: ClockKind | None = None,
    say: Mapping[str, str] | None = None,
    alert: bool = False,
) -> Changed:
    """The end of every act: the ticket is left watched (an alarm, or the end), and everyone who has a part in it is told.

    Whom, and what, the table act × party says for the kind of the line, or for `row`. `named` whom the act itself names;
    `say` what its cells say beside the line's details; `alert` rings for what is urgent (rule 22). `before` is the ticket
    as it was, None for a new one. Every list stays within its bound (rule 94). No act goes round the table: what it tells besides stands in the line's own notices.

    Raises ValueError where `before` is missing: whoever loses the ticket by the act would not hear of it.
    """
    if (before is None) is not (event.kind in BEGINS):
        raise ValueError(f"{event.kind}: the ticket as it was goes along, unless it begins with this line")
    named = tuple(named)
    marked = noted(_looked_for(ticket, before, event, town), event, town, before=before)
    said = kept(before, marked, town=town, now=event.at)
    proposed = fallen_away(before, said)
    if proposed:
        said = taken_back(said, proposed, staying=frozenset(person.code for person in named if person))
    after = clocks.watched(followed(before, bounded(said, before)), town=town, now=event.at)
    heard = told(event, before=before, after=after, town=town, row=row, named=named, due=due, say=say or {})
    rung = _alerted(event, before, after, town) if alert and after.urgent else ()
    lapsed = _lapsed(event, proposed, after, town) if proposed else ()
    return after, event.model_copy(update={"notices": (*event.notices, *heard, *lapsed, *rung)})


def _looked_for(ticket: Ticket, before: Ticket | None, event: Event, town: Town) -> Ticket:
    """看原话: while words that are withheld wait for the desk its ladder runs, and it is met by whoever ends the waiting (rule 104)."""
    if ticket.withheld is not None and ticket.withheld.waits:
        is_watched = ticket.stage in ENDED or clocks.find_open(ticket, ClockKind.LOOK)
        return ticket if is_watched else clocks.start(ticket, ClockKind.LOOK, town=town, now=event.at)
    if before is None or before.withheld is None:
        return ticket
    return clocks.meet(ticket, ClockKind.LOOK, by=event.by, now=event.at)


def _lapsed(event: Event, proposed: Explanation, after: Ticket, town: Town) -> tuple[Notice, ...]:
    """Who proposed it and who was to decide hear that there is nothing to decide any more (rule 90)."""
    if event.kind is EventKind.EXPLANATION_REFUSED:
        return ()
    people = [town.find_staff(code) for code in (proposed.by, *proposed.shown_to)]
    return told(event, before=None, after=after, town=town, row=LAPSED, named=people)


def _alerted(event: Event, before: Ticket | None, after: Ticket, town: Town) -> tuple[Notice, ...]:
    """Whoever rings of what is urgent; and where the concerned alone can help, they by place and kind (rule 21)."""
    helpers = called_to_help(after, town, event.at)
    row = f"{ALERT}/conflict" if helpers else ALERT
    heard = told(event, before=before, after=after, town=town, row=row)
    return (*heard, *(place_and_kind(person, after) for person in helpers))
