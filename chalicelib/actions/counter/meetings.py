"""会商: convened, recorded, and what was undertaken done (rule 97). The rules are the domain's."""

from datetime import datetime
from typing import Any

from chalicelib.actions.tickets import acting
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.counter import meetings
from chalicelib.domain.counter.meetings import Decided
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access
from chalicelib.store.requests.idempotency import Replay

_WORDS = ("question", "public", "present", "minutes", "place")


def call(
    ticket_id: str,
    given: dict[str, Any],
    *,
    by: Staff,
    seen: int | None,
    replay: Replay | None,
    now: datetime,
) -> Ticket:
    """召集: by the desk's head or a leader who answers for the place."""
    return acting.act(
        ticket_id,
        meetings.call,
        _scrubbed(given),
        by=by,
        guard=access.need_desk,
        now=now,
        seen=seen,
        replay=replay,
    )


def record(
    ticket_id: str,
    given: dict[str, Any],
    *,
    convened: dict[str, Any] | None,
    by: Staff,
    seen: int | None,
    replay: Replay | None,
    now: datetime,
) -> Ticket:
    """记录: of a meeting that was called, or with `convened` of one that was held without."""

    def rule(ticket: Ticket, *, by: Staff, town: Town, now: datetime, **recorded: Any) -> Changed:
        if convened is None:
            return meetings.record(ticket, by=by, town=town, now=now, **recorded)
        held = meetings.convened(ticket, meetings.Convened(**_scrubbed(convened)), by=by, town=town)
        recorded |= {"meeting_id": held.meetings[-1].id}
        return meetings.record(held, by=by, town=town, now=now, **recorded)

    decided = tuple(
        Decided(**each | {"what": scrub(each["what"], keeps_rooms=True)}) for each in given["decided"]
    )
    return acting.act(
        ticket_id,
        rule,
        _scrubbed(given) | {"decided": decided},
        by=by,
        guard=access.need_desk,
        now=now,
        seen=seen,
        replay=replay,
    )


def finish(
    ticket_id: str,
    given: dict[str, Any],
    *,
    by: Staff,
    seen: int | None,
    replay: Replay | None,
    now: datetime,
) -> Ticket:
    """办好: by the unit that undertook it."""
    return acting.act(
        ticket_id,
        meetings.finish,
        given,
        by=by,
        guard=access.need_sight,
        now=now,
        seen=seen,
        replay=replay,
    )


def _scrubbed(given: dict[str, Any]) -> dict[str, Any]:
    return given | {name: scrub(given[name], keeps_rooms=True) for name in _WORDS if name in given}
