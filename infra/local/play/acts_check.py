"""Every act that was answered with success stands in the history exactly once, however often it had to be sent."""

from collections import Counter
from collections.abc import Iterator, Mapping

from infra.local.play.tables import Tables

# The kind of line that each act leaves. A call leaves one of several, and a rating may close.
KINDS: dict[str, frozenset[str]] = {
    "withdraw": frozenset({"withdrawn"}),
    "confirm-danger": frozenset({"danger_confirmed"}),
    "deny-danger": frozenset({"danger_denied"}),
    "dispatch": frozenset({"dispatched"}),
    "assign-finally": frozenset({"assigned_finally"}),
    "merge": frozenset({"merged"}),
    "divide": frozenset({"divided"}),
    "answer": frozenset({"answered"}),
    "forward": frozenset({"forwarded"}),
    "take": frozenset({"taken"}),
    "return": frozenset({"returned"}),
    "supervise": frozenset({"supervised"}),
    "arrived": frozenset({"arrived"}),
    "unit-feedback": frozenset({"unit_feedback"}),
    "ask-extension": frozenset({"extension_asked"}),
    "decide-extension": frozenset({"extension_decided"}),
    "answer-supervision": frozenset({"supervision_answered"}),
    "wait": frozenset({"waiting"}),
    "comments": frozenset({"commented"}),
    "add-assisting": frozenset({"assisting_added"}),
    "finish-assisting": frozenset({"assisting_finished"}),
    "suspend": frozenset({"suspended"}),
    "resume": frozenset({"resumed"}),
    "resolve": frozenset({"resolved"}),
    "verify": frozenset({"verified"}),
    "follow-up": frozenset({"followed_up", "call_unanswered", "unreached", "reworked"}),
    "rating": frozenset({"rated", "closed"}),
    "propose-explanation": frozenset({"explanation_proposed"}),
    "decide-explanation": frozenset({"explained", "explanation_refused"}),
    "reopen": frozenset({"reopened"}),
}

ANSWERED = ("reporter", "resumed")  # what a comment brings about besides itself
Acted = tuple[str, str, str]  # ticket, who ("reporter" or a staff code), act


def each_act_once(tables: Tables, acted: Mapping[Acted, int], uncertain: frozenset[Acted]) -> Iterator[str]:
    """What was answered with success against what stands there; an uncertain act may stand there once more."""
    stands = Counter(
        (ticket_id, event.by, _act(event.kind))
        for ticket_id, kept in tables.tickets.items()
        for event in kept.events.values()
        if event.by != "machine" and _act(event.kind) and (event.by, event.kind) != ANSWERED
    )
    for key in sorted(stands.keys() | acted.keys()):
        succeeded = acted.get(key, 0)
        if stands[key] not in range(succeeded, succeeded + (key in uncertain) + 1):
            ticket_id, who, act = key
            yield f"{ticket_id}: {act} by {who} succeeded {succeeded} times, stands there {stands[key]} times"


_ACTS = {kind: act for act, kinds in KINDS.items() for kind in kinds}


def _act(kind: str) -> str:
    return _ACTS.get(kind, "")
