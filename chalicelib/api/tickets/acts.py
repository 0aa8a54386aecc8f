"""Every act of staff as its route does it; what an act is, and who may do it, is declared in `domain.offers`."""

from collections.abc import Callable, Mapping
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
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.gateways import reveal
from chalicelib.store.requests.idempotency import Replay
from chalicelib.store.tickets import tickets

if TYPE_CHECKING:
    from chalicelib.actions.views.schemas import ReadByResidents
    from chalicelib.api.tickets.schemas import Acted


# Of the ticket's id, the body, who acts, and by what the act is known when it is sent again.
Way = Callable[[str, Any, Staff, Replay | None], Ticket]


class Entry(NamedTuple):
    """An act as a route does it: the body that it reads, and what the domain declares of it.

    `way`: how else it is done than by its rule alone.
    """

    body: type[bodies.Act]
    allowed: frozenset[Role]
    rule: Rule
    guard: Guard
    fixed: Mapping[str, Any]
    way: Way | None = None


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
    "release-words": bodies.ReleaseWordsBody,
    "keep-words": bodies.ReasonedBody,
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


def _split(ticket_id: str, body: bodies.ReasonedBody, by: Staff, once: Replay | None) -> Ticket:
    return together.split(ticket_id, by=by, note=body.note, replay=once, now=http.now())


def _divide(ticket_id: str, body: bodies.DivideBody, by: Staff, once: Replay | None) -> Ticket:
    matters = tuple(dividing.Matter(**matter.model_dump()) for matter in body.matters)
    return parting.divide(ticket_id, matters, by=by, replay=once, now=http.now())


def _erase(ticket_id: str, body: bodies.EraseBody, _by: Staff, once: Replay | None) -> Ticket:
    said = {"text": body.text, "checked": body.checked.value}
    return _in_the_vault(Asked.ERASE, ticket_id, said, once)


def _correct_contact(
    ticket_id: str, body: bodies.CorrectContactBody, _by: Staff, once: Replay | None
) -> Ticket:
    said = {"name": body.name, "phone": body.phone, "learned": body.learned.value}
    return _in_the_vault(Asked.CORRECT_CONTACT, ticket_id, said, once)


def _in_the_vault(what: Asked, ticket_id: str, said: dict[str, str], once: Replay | None) -> Ticket:
    """By the function that may read and write who it is; it is told the act's name as any other way is."""
    told = once.model_dump(mode="json") if once else None
    reveal.ask(what, auth.token(), ticket_id=ticket_id, **said, replay=told)
    return tickets.get(ticket_id)


# Of several tickets, or where it is known who it is: nothing that the act's own rule would tell. Each is sent twice by
# tests/api/test_sent_twice.py.
WAYS: dict[str, Way] = {
    "split": _split,
    "divide": _divide,
    "erase": _erase,
    "correct-contact": _correct_contact,
}


def _entries(path: str) -> dict[str, Entry]:
    acts = {name: act for name, act in ACTS.items() if act.path == path and name in BODIES}
    return {
        name: Entry(BODIES[name], act.allowed, act.rule, act.guard, act.fixed, WAYS.get(name))
        for name, act in acts.items()
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


def do(entry: Entry, ticket_id: str, body: bodies.Act, by: Staff, once: Replay | None) -> Ticket:
    if entry.way is not None:
        return entry.way(ticket_id, body, by, once)
    if isinstance(body, bodies.ConfrontBody):  # in whose words nothing of the whole history may stand
        entry = entry._replace(rule=confronting.knowing_all(ticket_id))
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


def preview(name: str, ticket_id: str, body: dict[str, object]) -> "list[ReadByResidents]":
    """What residents would read of this act of staff or desk. Raises NotFound for one that has no message of its own."""
    entry = (STAFF_ACTS | DESK_ACTS).get(name)
    if entry is None or entry.way is not None:
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
