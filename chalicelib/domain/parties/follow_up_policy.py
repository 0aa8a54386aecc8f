"""What the follow-up policy (data: follow_up.csv) demands of a ticket, and what it still lacks (rule 5).

Everyone whose report it is has a say of their own: who reported it, and whoever reported what was merged into it.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from chalicelib.domain.clocks import clocks
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.ticket import FollowUp, FollowUpResult, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import FollowUpHow, FollowUpRule, Source, StationFollowUp

_SOLVED = "居民认可的解决（上次回访为未解决）"
MOST_CALLS = 10  # of joined reports: above, those drawn by lot are called
_BY_VOICE = frozenset({Source.PHONE, Source.WALK_IN, Source.HOTLINE_12345})


class Reported(NamedTuple):
    """One report of a ticket: `of` the merged ticket by which it came, "" for its own."""

    of: str
    source: Source


def policy(ticket: Ticket, town: Town) -> FollowUpRule:
    return town.follow_up_rule(ticket.source, ticket.answered_on_the_spot)


def reports(ticket: Ticket) -> tuple[Reported, ...]:
    """Everyone whose report it is, its own first; a ticket that staff found has none of its own."""
    own = [Reported("", ticket.source)] if ticket.reporter_id else []
    return (*own, *(Reported(each.id, each.source) for each in ticket.joined if each.reporter_id))


def _askable(ticket: Ticket) -> list[tuple[str, Source]]:
    """Merged reports whose reporter is asked besides: whoever reported several times answers for all of them once."""
    known, found = {ticket.reporter_id, None}, []
    for each in ticket.joined:
        if each.reporter_id not in known:
            known.add(each.reporter_id)
            found.append((each.id, each.source))
    return found


def missing_follow_ups(ticket: Ticket, town: Town) -> list[str]:
    """What the follow-up policy still demands before this ticket may close; empty when it may (rule 5)."""
    rule, missing = policy(ticket, town), []
    asks_feedback = any(town.follow_up_rule(r.source, False).unit_feedback.is_owed for r in reports(ticket))
    if ticket.joined and not ticket.answered_on_the_spot:
        wants_feedback = asks_feedback or rule.unit_feedback.is_owed
    else:
        wants_feedback = rule.unit_feedback.is_owed
    if wants_feedback and ticket.fed_back_by_unit < ticket.round:
        missing.append("承办单位的初步反馈")
    if ticket.exemption:
        return missing
    if rule.station.is_owed and final_follow_up(ticket, rule.station) is None:
        missing.append("核查" if rule.station.verifies else "工作站回访")
    elif rule.station.verifies and _failed(ticket):
        missing.append(_SOLVED)
    if is_not_solved(ticket) and _SOLVED not in missing:
        missing.append(_SOLVED)
    uncalled = to_be_called(ticket, town)
    return missing + ([f"并入的{len(uncalled)}位上报人的回访"] if uncalled else [])


def is_not_solved(ticket: Ticket) -> bool:
    """Whether somebody whose report it is said last, in this round, that it is not solved.

    No silence, no calls in vain and nobody else's check overrules that: only their own word, a rework, or the area
    leader with a reason.
    """
    return any(_last_word(ticket, report.of) is FollowUpResult.NOT_SOLVED for report in (Reported("", ticket.source), *reports(ticket)))  # fmt: skip


def to_be_called(ticket: Ticket, town: Town) -> tuple[str, ...]:
    """The merged tickets whose reporters are owed a call in this round: all who came by voice, above ten a drawn share.

    Where nobody reported the ticket itself, the first of them is asked as its own policy says.
    """
    joined = _askable(ticket)
    owed = _drawn(ticket, [of for of, source in joined if source in _BY_VOICE])
    if joined and ticket.reporter_id is None:
        owed = list(dict.fromkeys((joined[0][0], *owed)))
    stations = {of: town.follow_up_rule(source, False).station for of, source in joined}
    return tuple(of for of in owed if final_follow_up(ticket, stations[of], of=of) is None)


def unheard(ticket: Ticket, town: Town) -> tuple[str, ...]:
    """The merged tickets whose reporters are asked in the app and have not answered in this round.

    They have as long as the first reporter has; their silence afterwards holds nothing (rule 38).
    """
    asked = [
        (of, rule.station)
        for of, source in _askable(ticket)
        if (rule := town.follow_up_rule(source, False)).station.asks_in_app and source not in _BY_VOICE
    ]
    return tuple(of for of, station in asked if final_follow_up(ticket, station, of=of) is None)


def heard_until(ticket: Ticket, town: Town) -> datetime | None:
    """Until when the closing waits for those; that instant is the first at which it does not. None: for nobody."""
    waiting = set(unheard(ticket, town))
    if not waiting or ticket.resolution is None:
        return None
    hours = (
        town.follow_up_rule(each.source, False).wait_hours for each in ticket.joined if each.id in waiting
    )
    return ticket.resolution.at + timedelta(hours=max(hours))


def may_yet_be_heard(ticket: Ticket, town: Town, now: datetime) -> bool:
    """Whether somebody whose report was merged into it still has time to say that it is not solved."""
    until = heard_until(ticket, town)
    return until is not None and now + clocks.EARLY < until and not ticket.exemption


def waits_for_answers_alone(ticket: Ticket, town: Town) -> bool:
    """Whether nothing is missing but the time that merged reporters have to answer."""
    is_all_there = not missing_follow_ups(ticket, town) and not ticket.exemption
    return is_all_there and bool(unheard(ticket, town))


def final_follow_up(ticket: Ticket, station: StationFollowUp, *, of: str = "") -> FollowUp | None:
    """The round's last follow-up of a kind that the policy accepts; neighbours' ratings do not decide."""
    of_the_round = (
        f
        for f in reversed(ticket.follow_ups)
        if f.round == ticket.round and f.by != Actor.MEMBER and f.of == of
    )
    return next((f for f in of_the_round if f.how in station.accepts), None)


def _last_word(ticket: Ticket, of: str) -> FollowUpResult | None:
    """What that reporter said last in this round: calls that reached nobody, and checks, are not their word."""
    said = (
        f.result
        for f in reversed(ticket.follow_ups)
        if f.round == ticket.round
        and f.of == of
        and f.by != Actor.MEMBER
        and f.how is not FollowUpHow.VERIFY
        and f.result is not FollowUpResult.UNREACHED
    )
    return next(said, None)


def _failed(ticket: Ticket) -> bool:
    final = final_follow_up(ticket, StationFollowUp.VERIFY)
    return final is not None and final.result is FollowUpResult.NOT_SOLVED


def _drawn(ticket: Ticket, reported: list[str]) -> list[str]:
    """All of them, or as many as `MOST_CALLS` by a lot that nobody chooses, the same however often it is asked."""
    if len(reported) <= MOST_CALLS:
        return reported

    def lot(of: str) -> bytes:
        return sha256(f"{ticket.id}#{ticket.round}#{of}".encode()).digest()

    drawn = set(sorted(reported, key=lot)[:MOST_CALLS])
    return [of for of in reported if of in drawn]
