"""Every act that was answered with success stands in the history exactly once, however often it had to be sent."""

from collections import Counter
from collections.abc import Iterator, Mapping

from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from infra.local.play.tables import Tables

# The kind of line that each act leaves. A call leaves one of several, and a rating may close.
KINDS: dict[str, frozenset[str]] = {
    "withdraw": frozenset({EventKind.WITHDRAWN}),
    "confirm-danger": frozenset({EventKind.DANGER_CONFIRMED}),
    "deny-danger": frozenset({EventKind.DANGER_DENIED}),
    "agree-no-danger": frozenset({EventKind.DANGER_NO_AGREED}),
    "dispatch": frozenset({EventKind.DISPATCHED}),
    "assign-finally": frozenset({EventKind.ASSIGNED_FINALLY}),
    "merge": frozenset({EventKind.MERGED}),
    "divide": frozenset({EventKind.DIVIDED}),
    "answer": frozenset({EventKind.ANSWERED}),
    "forward": frozenset({EventKind.FORWARDED}),
    "take": frozenset({EventKind.TAKEN}),
    "return": frozenset({EventKind.RETURNED}),
    "supervise": frozenset({EventKind.SUPERVISED}),
    EventKind.ARRIVED: frozenset({EventKind.ARRIVED}),
    "unit-feedback": frozenset({EventKind.UNIT_FEEDBACK}),
    "ask-extension": frozenset({EventKind.EXTENSION_ASKED}),
    "decide-extension": frozenset({EventKind.EXTENSION_DECIDED}),
    "answer-supervision": frozenset({EventKind.SUPERVISION_ANSWERED}),
    "wait": frozenset({EventKind.WAITING}),
    "comments": frozenset({EventKind.COMMENTED}),
    "add-assisting": frozenset({EventKind.ASSISTING_ADDED}),
    "finish-assisting": frozenset({EventKind.ASSISTING_FINISHED}),
    "suspend": frozenset({EventKind.SUSPENDED}),
    "resume": frozenset({EventKind.RESUMED}),
    "resolve": frozenset({EventKind.RESOLVED}),
    "verify": frozenset({EventKind.VERIFIED}),
    "follow-up": frozenset(
        {EventKind.FOLLOWED_UP, EventKind.CALL_UNANSWERED, EventKind.UNREACHED, EventKind.REWORKED}
    ),
    "rating": frozenset({EventKind.RATED, EventKind.CLOSED}),
    "propose-explanation": frozenset({EventKind.EXPLANATION_PROPOSED}),
    "decide-explanation": frozenset({EventKind.EXPLAINED, EventKind.EXPLANATION_REFUSED}),
    "reopen": frozenset({EventKind.REOPENED}),
}

ANSWERED = (Actor.REPORTER, "resumed")  # what a comment brings about besides itself
Acted = tuple[str, str, str]  # ticket, who (the reporter or a staff code), act


def each_act_once(tables: Tables, acted: Mapping[Acted, int], uncertain: frozenset[Acted]) -> Iterator[str]:
    """What was answered with success against what stands there; an uncertain act may stand there once more."""
    stands = Counter(
        (ticket_id, event.by, _act(event.kind))
        for ticket_id, kept in tables.tickets.items()
        for event in kept.events.values()
        if event.by != Actor.MACHINE and _act(event.kind) and (event.by, event.kind) != ANSWERED
    )
    for key in sorted(stands.keys() | acted.keys()):
        succeeded = acted.get(key, 0)
        if stands[key] not in range(succeeded, succeeded + (key in uncertain) + 1):
            ticket_id, who, act = key
            yield f"{ticket_id}: {act} by {who} succeeded {succeeded} times, stands there {stands[key]} times"


_ACTS = {kind: act for act, kinds in KINDS.items() for kind in kinds}


def _act(kind: str) -> str:
    return _ACTS.get(kind, "")
