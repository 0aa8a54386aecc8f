"""What every act shares: is the stage right, whose ticket is it, who is told, and is the ticket still watched."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import ConflictOfInterest, NotAllowed, NotYours, StillOpen, WrongStage
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import ENDED, MOVES, STAGE_NAMES, Event, Notice, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff

WITH_A_UNIT = frozenset({Stage.DISPATCHED, Stage.HANDLING})
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


def need_no_conflict(ticket: Ticket, *, unit_id: str = "", staff: str | None = None) -> None:
    """Raises ConflictOfInterest when the ticket is about this unit or person (rule 21)."""
    if unit_id in ticket.concerns or (staff and staff in ticket.concerns):
        raise ConflictOfInterest("这张工单反映的正是该单位或人员，不能交给其办理；请另选承办单位")


def need_no_wait(ticket: Ticket, act: str) -> None:
    """Raises StillOpen while the ticket waits for the resident: the wait would outlive the unit that began it."""
    if ticket.pause is not None:
        raise StillOpen(f"工单在等待居民，不能{act}；请先恢复办理")


def moved(ticket: Ticket, to: Stage, **changes: object) -> Ticket:
    """The ticket in another stage. The table of moves is the only judge; a move outside it is a fault of ours."""
    if to not in MOVES[ticket.stage]:
        raise WrongStage(f"工单不能从“{STAGE_NAMES[ticket.stage]}”变为“{STAGE_NAMES[to]}”")
    if to in ENDED:
        changes.setdefault("pause", None)  # nothing is waited for any more
    return ticket.model_copy(update={"stage": to, **changes})


def changed(ticket: Ticket, event: Event, *, town: Town) -> Changed:
    """The end of every act: the ticket is left watched (an alarm, or the end) and its line of history goes with it."""
    return clocks.watched(ticket, town=town, now=event.at), event


def tell(
    to: str,
    template: str,
    ticket: Ticket,
    *,
    town: Town,
    note: str = "",
    who: str = "",
    due: ClockKind | None = None,
) -> Notice:
    """A notice with the parameters that every template may use. `due` names the clock whose due time is meant."""
    unit = town.find_unit(ticket.lead_unit_id or "") or town.find_unit(ticket.station_id)
    category = town.find_category(ticket.category or "")
    params = {
        "number": ticket.number,
        "place": ticket.where.name,
        "category": category.name if category else "未分类",
        "unit": unit.name if unit else "",
        "due": due_text(ticket, due),
        "note": note,
        "who": who,
    }
    return Notice(to=to, template=template, params=params, urgent=ticket.urgent)


def tell_staff(
    people: Iterable[Staff | None], template: str, ticket: Ticket, **how: object
) -> tuple[Notice, ...]:
    """The same to several members of staff, each once, and none whom a confidential ticket concerns."""
    wanted = dict.fromkeys(p.code for p in people if p and not is_concerned(p, ticket.concerns))
    return tuple(tell(f"staff:{code}", template, ticket, **how) for code in wanted)  # type: ignore[arg-type]


def desk_of(ticket: Ticket, town: Town, now: datetime) -> Staff | None:
    """Whose desk it is now: the first contact on duty, else the next whom it does not concern: backup, head, 保密受理."""
    path, station = ticket.where.path, ticket.station_id
    clerk = town.on_duty(station, Role.FIRST_CONTACT, now, path)
    if clerk is None or not is_concerned(clerk, ticket.concerns):
        return clerk
    behind = town.backup_for(clerk.code, Role.FIRST_CONTACT, now, path)
    contacts = sorted(town.confidential_contacts(path), key=lambda p: not town.is_on_duty(p.code, now))
    others = (behind, *town.station_heads(station), *contacts)
    return next((p for p in others if p and not is_concerned(p, ticket.concerns)), None)


def due_text(ticket: Ticket, kind: ClockKind | None) -> str:
    """When that clock is due, for people: 11月22日 18:00; empty when none runs."""
    clock = clocks.find_open(ticket, kind) if kind else None
    return f"{clock.due_at.astimezone(SHANGHAI):%-m月%-d日 %H:%M}" if clock else ""


def named(staff: str | None, town: Town) -> str:
    """What people are called by: the role name, never a private one."""
    person = town.find_staff(staff or "")
    return person.name if person else ""


def handler_of(ticket: Ticket, town: Town, now: datetime) -> Staff | None:
    """Who has the ticket now: the person it was given to, else whoever is on duty in the lead unit."""
    if ticket.handler_id:
        return town.find_staff(ticket.handler_id)
    if ticket.lead_unit_id is None:
        return None
    return town.handler_for(
        ticket.lead_unit_id, town.find_category(ticket.category or ""), ticket.where.path, now
    )
