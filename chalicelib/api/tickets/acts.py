"""Every act of staff as its route does it; what an act is, and who may do it, is declared in `domain.offers`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from chalicelib.actions.tickets import acting, confronting
from chalicelib.actions.tickets import dividing as parting
from chalicelib.actions.tickets import joining as together
from chalicelib.actions.views import previewing
from chalicelib.api import auth, bodies, http
from chalicelib.api.http import Body
from chalicelib.api.routes import idempotency
from chalicelib.domain.acts import dividing
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.identity.asked import Asked
from chalicelib.domain.offers.act import Guard, Rule
from chalicelib.domain.offers.possible import ACTS
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.vocabulary import Role
from chalicelib.gateways import reveal
from chalicelib.store.requests.idempotency import Replay
from chalicelib.store.tickets import tickets

if TYPE_CHECKING:
    from chalicelib.actions.views.schemas import ReadByResidents
    from chalicelib.api.tickets.schemas import Acted


class Entry(NamedTuple):
    """An act as a route does it: the body that it reads, and what the domain declares of it."""

    body: type[bodies.Act]
    allowed: frozenset[Role]
    rule: Rule
    guard: Guard
    fixed: Mapping[str, Any]


# What each act reads; everything else about it is declared in `domain.offers`.
BODIES: dict[str, type[bodies.Act]] = {
    "take": bodies.Nothing,
    "arrived": bodies.ArrivedBody,
    "contact": bodies.ReasonedBody,
    "unit-feedback": bodies.FeedbackBody,
    "progress": bodies.ProgressBody,
    "return": bodies.ReturnBody,
    "transfer": bodies.AssignBody,
    "ask-extension": bodies.ExtensionBody,
    "wait": bodies.QuestionBody,
    "suspend": bodies.SuspendBody,
    "resume": bodies.ReasonedBody,
    "add-assisting": bodies.AskAssistingBody,
    "finish-assisting": bodies.AssistingBody,
    "waive-assisting": bodies.AssistingBody,
    "resolve": bodies.ResolveBody,
    "verify": bodies.VerifyBody,
    "propose-explanation": bodies.ProposeExplanationBody,
    "answer-supervision": bodies.AnswerOrderBody,
    "call-made": bodies.CallMadeBody,
    "spoken": bodies.NoteBody,
    "transcribe": bodies.TranscriptBody,
    "confirm-danger": bodies.ConfirmDangerBody,
    "deny-danger": bodies.DenyDangerBody,
    "agree-no-danger": bodies.Nothing,
    "classify": bodies.ClassifyBody,
    "answer": bodies.SpotAnswerBody,
    "decline": bodies.DeclineBody,
    "forward": bodies.ForwardBody,
    "dispatch": bodies.DispatchBody,
    "assign-finally": bodies.AssignBody,
    "relocate": bodies.RelocateBody,
    "split": bodies.ReasonedBody,
    "divide": bodies.DivideBody,
    "publish": bodies.PublicTextBody,
    "correct-contact": bodies.CorrectContactBody,
    "erase": bodies.EraseBody,
    "confront": bodies.ConfrontBody,
    "record-consent": bodies.ConsentBody,
    "decide-extension": bodies.DecisionBody,
    "remind": bodies.NoteBody,
    "supervise": bodies.TextBody,
    "follow-up": bodies.FollowUpBody,
    "reopen": bodies.ReasonedBody,
    "read-words": bodies.NoteBody,
    "rework": bodies.ReasonBody,
    "decide-explanation": bodies.DecisionBody,
    "exempt": bodies.ExemptBody,
    "close": bodies.NoteBody,
}


def _entries(path: str) -> dict[str, Entry]:
    acts = {name: act for name, act in ACTS.items() if act.path == path and name in BODIES}
    return {
        name: Entry(BODIES[name], act.allowed, act.rule, act.guard, act.fixed) for name, act in acts.items()
    }


STAFF_ACTS = _entries("staff")
DESK_ACTS = _entries("desk")
STAFF_BODIES = tuple(dict.fromkeys(entry.body for entry in STAFF_ACTS.values()))
DESK_BODIES = tuple(dict.fromkeys(entry.body for entry in DESK_ACTS.values()))
BULK_ACTS = frozenset(name for name, act in ACTS.items() if act.bulk)


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
    if isinstance(body, bodies.ConfrontBody):  # in whose words nothing of the whole history may stand
        entry = entry._replace(rule=confronting.knowing_all(ticket_id))
    if isinstance(body, bodies.EraseBody):  # by the function that may read who it is
        approved = {"text": body.text, "checked": body.checked.value}
        reveal.ask(Asked.ERASE, auth.token(), ticket_id=ticket_id, **approved, replay=_told(once))
        return tickets.get(ticket_id)
    if isinstance(body, bodies.CorrectContactBody):  # by the function that may write who it is
        said = {"name": body.name, "phone": body.phone, "learned": body.learned.value}
        reveal.ask(Asked.CORRECT_CONTACT, auth.token(), ticket_id=ticket_id, **said, replay=_told(once))
        return tickets.get(ticket_id)
    return acting.act(
        ticket_id,
        entry.rule,
        _given(entry, body),
        by=by,
        guard=entry.guard,
        seen=body.version,
        replay=once,
        now=http.now(),
    )


def _told(once: Replay | None) -> dict[str, Any] | None:
    """As another function is told of it."""
    return once.model_dump(mode="json") if once else None


# Of several tickets, or by the function that may read who it is: nothing that the act's own rule would tell.
NOT_BY_RULE = (bodies.DivideBody, bodies.EraseBody, bodies.CorrectContactBody)


def preview(name: str, ticket_id: str, body: dict[str, object]) -> "list[ReadByResidents]":
    """What residents would read of this act of staff or desk. Raises NotFound for one that has no message of its own."""
    entry = (STAFF_ACTS | DESK_ACTS).get(name)
    if entry is None or issubclass(entry.body, NOT_BY_RULE) or entry is DESK_ACTS["split"]:
        raise NotFound("没有这个操作")
    by = auth.caller(entry.allowed)
    given = _given(entry, checked(entry.body, body))
    return previewing.told_to_residents(
        ticket_id, entry.rule, given, by=by, guard=entry.guard, now=http.now()
    )


def checked(model: type[Body], given: dict[str, object]) -> Body:
    """The body of an act that came inside another. Raises Invalid with its fields."""
    try:
        return model.model_validate(given)
    except ValidationError as refused:
        raise Invalid("内容不完整，请检查后重试", fields=http.fields_of(refused)) from refused


_BESIDE = frozenset(bodies.Act.model_fields)  # what every act may say, for the store


def _given(entry: Entry, body: bodies.Act) -> dict[str, Any]:
    given = {name: getattr(body, name) for name in type(body).model_fields if name not in _BESIDE}
    return given | dict(entry.fixed)


def answer(ticket: Ticket) -> "Acted":
    """What an act answers: enough for the next one."""
    return {
        "id": ticket.id,
        "number": ticket.number,
        "stage": ticket.stage.value,
        "version": ticket.version,
        "round": ticket.round,
    }
