"""Every act of staff as data: its name in the URL, what it needs, who may come in, and the rule that decides."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from chalicelib.actions.tickets import acting
from chalicelib.actions.tickets import dividing as parting
from chalicelib.actions.tickets import joining as together
from chalicelib.actions.tickets.acting import Guard, Rule
from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import CONFIDENTIAL, DESK, HANDLERS, LEADERS
from chalicelib.api.routes import idempotency
from chalicelib.domain.acts import (
    answering,
    assisting,
    classifying,
    closing,
    dispatching,
    dividing,
    emergency_calls,
    endangered,
    explaining,
    following_up,
    handling,
    joining,
    pausing,
    relocating,
    returning,
    reworking,
    supervising,
    words,
)
from chalicelib.domain.errors import NotFound
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.vocabulary import Role
from chalicelib.domain.views import access
from chalicelib.store.requests.idempotency import Replay

_HEADS = LEADERS | {Role.STATION_HEAD}


class Entry(NamedTuple):
    body: type[bodies.Act]
    allowed: frozenset[Role]
    rule: Rule
    guard: Guard = access.need_sight
    fixed: Mapping[str, Any] = MappingProxyType({})


_AT_THE_DESK = DESK | LEADERS | CONFIDENTIAL


STAFF_ACTS: dict[str, Entry] = {
    "call-made": Entry(bodies.CallMadeBody, HANDLERS, emergency_calls.call_made),
    "spoken": Entry(bodies.NoteBody, HANDLERS, emergency_calls.spoken),
    "take": Entry(bodies.Nothing, HANDLERS, dispatching.take),
    "arrived": Entry(bodies.ArrivedBody, HANDLERS, handling.arrive),
    "contact": Entry(bodies.ReasonedBody, HANDLERS, handling.contact),
    "unit-feedback": Entry(bodies.FeedbackBody, HANDLERS, handling.unit_feedback),
    "progress": Entry(bodies.ProgressBody, HANDLERS, handling.progress),
    "return": Entry(bodies.ReturnBody, HANDLERS, returning.return_to_desk),
    "transfer": Entry(
        bodies.AssignBody, _AT_THE_DESK | {Role.UNIT_HEAD}, dispatching.transfer, access.need_part
    ),
    "ask-extension": Entry(bodies.ExtensionBody, HANDLERS, handling.ask_extension),
    "wait": Entry(bodies.QuestionBody, HANDLERS, pausing.wait),
    "suspend": Entry(bodies.SuspendBody, _HEADS, pausing.suspend, access.need_desk),
    "resume": Entry(bodies.ReasonedBody, HANDLERS | LEADERS, pausing.resume, access.need_part),
    "add-assisting": Entry(
        bodies.AssistingBody, HANDLERS | LEADERS | CONFIDENTIAL, assisting.add_assisting, access.need_part
    ),
    "finish-assisting": Entry(
        bodies.AssistingBody, HANDLERS, assisting.end_assisting, fixed={"state": "finished"}
    ),
    "waive-assisting": Entry(
        bodies.AssistingBody,
        HANDLERS | LEADERS,
        assisting.end_assisting,
        access.need_part,
        {"state": "waived"},
    ),
    "resolve": Entry(bodies.ResolveBody, HANDLERS, closing.resolve),
    "verify": Entry(bodies.VerifyBody, DESK | LEADERS | {Role.GRID_WORKER, Role.UNIT_HEAD}, reworking.verify),
    "propose-explanation": Entry(
        bodies.ProposeExplanationBody,
        frozenset({Role.UNIT_HEAD, Role.STATION_HEAD}),
        explaining.propose_explanation,
    ),
    "answer-supervision": Entry(bodies.AnswerOrderBody, HANDLERS | LEADERS, supervising.answer_supervision),
}


def _rework(ticket: Ticket, *, by: Any, reason: str, **rest: Any) -> Any:
    return reworking.rework(ticket, by=by.code, reason=reason, **rest)


DESK_ACTS: dict[str, Entry] = {
    "confirm-danger": Entry(
        bodies.ConfirmDangerBody,
        _AT_THE_DESK | {Role.GRID_WORKER},
        endangered.confirm_danger,
        access.need_asked,
    ),
    "deny-danger": Entry(bodies.DenyDangerBody, _AT_THE_DESK, endangered.deny_danger, access.need_desk),
    "classify": Entry(bodies.ClassifyBody, _AT_THE_DESK, classifying.classify, access.need_desk),
    "answer": Entry(bodies.SpotAnswerBody, _AT_THE_DESK, answering.answer, access.need_desk),
    "decline": Entry(bodies.DeclineBody, _AT_THE_DESK, answering.decline, access.need_desk),
    "forward": Entry(bodies.ForwardBody, _AT_THE_DESK, answering.forward, access.need_desk),
    "dispatch": Entry(bodies.DispatchBody, _AT_THE_DESK, dispatching.dispatch, access.need_desk),
    "assign-finally": Entry(bodies.AssignBody, LEADERS, dispatching.assign_finally, access.need_desk),
    "relocate": Entry(bodies.RelocateBody, DESK | LEADERS, relocating.relocate, access.need_desk),
    "split": Entry(bodies.ReasonedBody, DESK | LEADERS, joining.may_split, access.need_desk),
    "divide": Entry(bodies.DivideBody, DESK | LEADERS, dividing.may_divide, access.need_desk),
    "publish": Entry(bodies.PublicTextBody, DESK, answering.publish, access.need_desk),
    "decide-extension": Entry(bodies.DecisionBody, _AT_THE_DESK, handling.decide_extension, access.need_desk),
    "supervise": Entry(bodies.TextBody, _HEADS, supervising.supervise, access.need_desk),
    "follow-up": Entry(bodies.FollowUpBody, _AT_THE_DESK, following_up.record_call, access.need_desk),
    "reopen": Entry(bodies.ReasonedBody, _AT_THE_DESK, reworking.reopen_at_desk, access.need_desk),
    "read-words": Entry(bodies.NoteBody, _AT_THE_DESK, words.read_words, access.need_desk),
    "rework": Entry(bodies.ReasonBody, _AT_THE_DESK, _rework, access.need_desk),
    "decide-explanation": Entry(
        bodies.DecisionBody, LEADERS, explaining.decide_explanation, access.need_desk
    ),
    "exempt": Entry(bodies.ExemptBody, _HEADS, closing.exempt, access.need_desk),
    "close": Entry(bodies.NoteBody, _AT_THE_DESK, closing.close, access.need_desk),
}
BULK_ACTS = frozenset({"answer", "dispatch", "merge", "resolve", "comment", "decline", "close"})


def perform(acts: dict[str, Entry], name: str, ticket_id: str) -> Ticket:
    """Read the act's body, check the role, do it. Raises NotFound for an act that does not exist."""
    entry = acts.get(name)
    if entry is None:
        raise NotFound("没有这个操作")
    by = auth.caller(entry.allowed)
    body = http.read(entry.body)
    return do(entry, ticket_id, body, by, idempotency(by.code))


def do(entry: Entry, ticket_id: str, body: bodies.Act, by: Any, once: Replay | None) -> Ticket:
    if entry is DESK_ACTS["split"]:  # of two tickets
        note = str(getattr(body, "note", ""))
        return together.split(ticket_id, by=by, note=note, replay=once, now=http.now())
    if isinstance(body, bodies.DivideBody):  # of as many tickets as there are matters
        matters = tuple(dividing.Matter(**matter.model_dump()) for matter in body.matters)
        return parting.divide(ticket_id, matters, by=by, replay=once, now=http.now())
    given = {name: getattr(body, name) for name in type(body).model_fields if name != "version"} | dict(
        entry.fixed
    )
    return acting.act(
        ticket_id, entry.rule, given, by=by, guard=entry.guard, seen=body.version, replay=once, now=http.now()
    )


def answer(ticket: Ticket) -> dict[str, object]:
    """What an act answers: enough for the next one."""
    return {
        "id": ticket.id,
        "number": ticket.number,
        "stage": ticket.stage.value,
        "version": ticket.version,
        "round": ticket.round,
    }
