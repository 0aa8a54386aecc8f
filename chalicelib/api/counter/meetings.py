"""会商: a meeting is called, recorded as undertakings, and these are done."""

from typing import TYPE_CHECKING, Annotated, Self

from chalice import Blueprint
from pydantic import Field, StringConstraints, model_validator

from chalicelib.actions.counter import meetings
from chalicelib.api import auth, bodies, http
from chalicelib.api.http import Key, RequestBody, read
from chalicelib.api.routes import idempotency, responds
from chalicelib.api.tickets.acts import answer
from chalicelib.domain.model import Instant, View
from chalicelib.domain.town.vocabulary import HANDLERS, HEADS

if TYPE_CHECKING:
    from chalicelib.api.tickets.schemas import Acted

meeting_routes = Blueprint(__name__)
Place = Annotated[bodies.Short, StringConstraints(min_length=2)]
Named = Annotated[bodies.Short, StringConstraints(min_length=1)]


class ConvenedBody(RequestBody):
    """When, where, over what and with whom; `outside` are names of those who are none of the town's units."""

    at: Instant
    place: Place
    question: bodies.Words
    unit_ids: Annotated[tuple[bodies.Code, ...], Field(max_length=12)] = ()
    outside: Annotated[tuple[Named, ...], Field(max_length=12)] = ()


class CallBody(bodies.Act, ConvenedBody):
    """`public`: the one line that the resident reads. `invite` False: the units are phoned, and get no message."""

    public: Annotated[bodies.Words, StringConstraints(max_length=200)]
    invite: bool = True


class DecidedBody(RequestBody):
    unit_id: bodies.Code
    what: Annotated[bodies.Words, StringConstraints(max_length=200)]
    due_at: Instant
    outside: bodies.Short = ""


class RecordBody(bodies.Act):
    """Of `meeting_id`, or of a meeting that was held without having been called here (`convened`)."""

    meeting_id: Annotated[str, StringConstraints(max_length=8)] = ""
    convened: ConvenedBody | None = None
    present: bodies.Note = ""
    minutes: bodies.Words
    decided: Annotated[tuple[DecidedBody, ...], Field(max_length=12)] = ()
    public: Annotated[bodies.Words, StringConstraints(max_length=200)]

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if bool(self.meeting_id) == (self.convened is not None):
            raise ValueError("请写明是哪次会商")
        return self


class FinishBody(bodies.ReasonedBody):
    photos: bodies.Photos = ()


@meeting_routes.route("/desk/tickets/{ticket_id}/meetings", methods=["POST"])
@responds(201, HEADS, reads=CallBody, key=Key.OPTIONAL)
def call_meeting(ticket_id: str) -> "Acted":
    """召集会商"""
    body, by = read(CallBody), auth.caller()
    given = _fields(body, "version")
    once = idempotency(by.code)
    return answer(meetings.call(ticket_id, given, by=by, seen=body.version, replay=once, now=http.now()))


@meeting_routes.route("/desk/tickets/{ticket_id}/meetings/record", methods=["POST"])
@responds(200, HEADS, reads=RecordBody, key=Key.OPTIONAL)
def record_meeting(ticket_id: str) -> "Acted":
    """记录会商"""
    body, by = read(RecordBody), auth.caller()
    given = _fields(body, "version", "convened") | {"decided": [each.model_dump() for each in body.decided]}
    convened = _fields(body.convened) if body.convened else None
    once = idempotency(by.code)
    recorded = meetings.record(
        ticket_id, given, convened=convened, by=by, seen=body.version, replay=once, now=http.now()
    )
    return answer(recorded)


@meeting_routes.route("/staff/tickets/{ticket_id}/undertakings/{undertaking_id}", methods=["POST"])
@responds(200, HANDLERS, reads=FinishBody, key=Key.OPTIONAL)
def finish_undertaking(ticket_id: str, undertaking_id: str) -> "Acted":
    """会商任务办好"""
    body, by = read(FinishBody), auth.caller()
    given = {"undertaking_id": undertaking_id, "note": body.note, "photos": body.photos}
    once = idempotency(by.code)
    return answer(meetings.finish(ticket_id, given, by=by, seen=body.version, replay=once, now=http.now()))


def _fields(body: RequestBody, *without: str) -> View:
    return {name: getattr(body, name) for name in type(body).model_fields if name not in without}
