"""Budgets of a ticket's life: write units, Step Functions transitions, and dollars per thousand lives."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from benchmarks.billing import bill_of
from benchmarks.prices import Bill
from benchmarks.row import Row, Size
from benchmarks.world import World, a_world
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.ticket import Stage

DESK, HANDLER, UNIT = "gglw-fc1", "of-cj-a", "OF-CJ"
LAMP = "四号楼一单元楼道灯不亮，老人看不清台阶，请来修"
UNSURE = "我们这一带早上总不太方便，希望镇里来人看看，想想办法"  # no rule of triage is sure: the desk decides
MOST_WRITE_UNITS = 350
MOST_DOLLARS = 0.60
MOST_TRANSITIONS = {"answered": 8, "unanswered": 16}


class Life(NamedTuple):
    name: str
    answered: bool
    writes: float
    transitions: int
    bill: Bill

    @property
    def kind(self) -> str:
        return "answered" if self.answered else "unanswered"


def run(_size: Size) -> list[Row]:
    lives = [
        _lived("lamp, dispatched by the machine, answered", True, lamp_answered),
        _lived("dispatched by the desk, answered", True, desk_answered),
        _lived("dispatched by the desk, resident silent, three calls", False, desk_unanswered),
    ]
    how = "reported over HTTP with two photos, looked at by all, acted on, sent, watched by both workflows, closed; on dynoxide"
    rows = [_writes(life, how) for life in lives] + [_transitions(life) for life in lives]
    dearest = max((life for life in lives if life.answered), key=lambda life: life.bill.dollars)
    return [*rows, _dollars(dearest), _apart(dearest)]


def lamp_answered(world: World) -> str:
    """A broken lamp: the property manager has it at once, repairs it, the resident says it is solved."""
    resident, ticket_id = report(world, LAMP, "SHJY-4-1")
    handler = _of(world, ticket_id)["handler_id"]
    world.later(minutes=4)
    token = world.staff(handler)
    _look(world, token, ticket_id)
    _act(world, token, ticket_id, "take")
    world.later(minutes=20)
    _act(world, token, ticket_id, "arrived")
    _act(world, token, ticket_id, "unit-feedback", text="已到现场，缺灯泡，下午四点前换好")
    world.later(minutes=40)
    _act(world, token, ticket_id, "resolve", note="换好了", photos=[_photo(world, token)])
    _rate(world, resident, ticket_id)
    return ticket_id


def desk_answered(world: World) -> str:
    resident, ticket_id = report(world, UNSURE, "YDL-EXIT")
    through_the_unit(world, ticket_id)
    _rate(world, resident, ticket_id)
    return ticket_id


def desk_unanswered(world: World) -> str:
    _, ticket_id = report(world, UNSURE, "YDL-EXIT")
    through_the_unit(world, ticket_id)
    desk = world.staff(DESK)
    for moment in ("2026-11-24 14:00", "2026-11-25 10:00", "2026-11-25 16:00"):
        world.pass_to(datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI))
        world.ask("POST", f"/desk/tickets/{ticket_id}/follow-up", desk, {"outcome": "not_answered"})
    return ticket_id


def report(world: World, text: str, place: str) -> tuple[str, str]:
    """Scan, two photos, report, and a look at what became of it. Answers the resident's token and the ticket's id."""
    from chalicelib.store.town import points

    with world.meter.paused():
        code = points.active_codes([place])[place]
    token = world.resident()
    world.ask("GET", f"/api/points/{code}", token)
    photos = [_photo(world, token) for _ in range(2)]
    body = {
        "point": code,
        "text": text,
        "photos": photos,
        "contact": {"name": "王阿姨", "phone": "13812345678"},
    }
    ticket_id = str(world.ask("POST", "/api/tickets", token, body)["id"])
    world.later(seconds=50)
    world.ask("GET", f"/api/tickets/{ticket_id}", token)
    return token, ticket_id


def dispatch(world: World, ticket_id: str) -> None:
    desk = world.staff(DESK)
    world.ask("GET", "/staff/queues/desk", desk)
    _look(world, desk, ticket_id)
    world.ask("POST", f"/desk/tickets/{ticket_id}/dispatch", desk, {"unit_id": UNIT, "handler_id": HANDLER})


def through_the_unit(world: World, ticket_id: str) -> None:
    """The desk dispatches within the minute; the unit takes, tells the resident, resolves the next morning."""
    dispatch(world, ticket_id)
    world.later(minutes=20)
    token = world.staff(HANDLER)
    _look(world, token, ticket_id)
    _act(world, token, ticket_id, "take")
    world.later(minutes=10)
    _act(world, token, ticket_id, "unit-feedback", text="已联系交警，明天一起看现场，三天内答复")
    world.later(hours=1)
    _act(world, token, ticket_id, "resolve", note="出口已装声呐，开始执法")


def _rate(world: World, resident: str, ticket_id: str) -> None:
    world.later(minutes=30)
    world.ask("GET", f"/api/tickets/{ticket_id}", resident)
    body = {"solved": True, "satisfied": True, "words": "很快"}
    world.ask("POST", f"/api/tickets/{ticket_id}/rating", resident, body)


def _look(world: World, token: str, ticket_id: str) -> None:
    world.ask("GET", "/staff/queues/mine", token)
    world.ask("GET", "/staff/inbox", token)
    world.ask("GET", f"/staff/tickets/{ticket_id}", token)


def _act(world: World, token: str, ticket_id: str, act: str, **body: Any) -> None:
    world.ask("POST", f"/staff/tickets/{ticket_id}/{act}", token, body)


def _photo(world: World, token: str) -> str:
    """Granted, uploaded and looked at; of the function `photos` only what it asks the tables is played."""
    from chalicelib.store import photos
    from chalicelib.store.photos import PhotoState

    given = {"content_type": "image/jpeg", "size": 1000}
    photo_id = str(world.ask("POST", "/api/uploads", token, given)["photo_id"])
    if photos.find(photo_id):
        photos.mark(photo_id, PhotoState.READY)
    return photo_id


def _of(world: World, ticket_id: str) -> dict[str, Any]:
    from chalicelib.store.tickets import tickets

    with world.meter.paused():
        return tickets.get(ticket_id).model_dump()


def _lived(name: str, answered: bool, live: Callable[[World], str]) -> Life:
    """One whole life in a town of its own, until every workflow has ended."""
    with a_world() as world, world.meter.counting() as meter:
        ticket_id = live(world)
        world.later(days=30)
        stage = _of(world, ticket_id)["stage"]
        assert stage == Stage.CLOSED, f"{name}: {stage}"
        assert world.still == 0, f"{name}: a workflow did not end"
        return Life(name, answered, meter.write_units, world.transitions, bill_of(world, meter))


def _writes(life: Life, how: str) -> Row:
    kept = life.writes <= MOST_WRITE_UNITS
    return Row(f"a life: write units ({life.name})", f"≤ {MOST_WRITE_UNITS}", f"{life.writes:.0f}", how, kept)


def _transitions(life: Life) -> Row:
    most = MOST_TRANSITIONS[life.kind]
    how = "every state entered, both definitions stepped through with their own tasks (run on interpreters: tests/test_workflows.py)"
    return Row(
        f"a life: transitions ({life.name})",
        f"≤ {most}",
        str(life.transitions),
        how,
        life.transitions <= most,
    )


def _dollars(life: Life) -> Row:
    total = life.bill.dollars * 1000
    how = f"{life.name}; list prices below; photos, looks and messages included"
    return Row(
        "dollars per 1,000 answered lives",
        f"≤ {MOST_DOLLARS:.2f}",
        f"{total:.2f}",
        how,
        total <= MOST_DOLLARS,
    )


def _apart(life: Life) -> Row:
    parts = ", ".join(f"{name} {dollars * 1000:.3f}" for name, dollars in life.bill.parts())
    amounts = ", ".join(f"{name} {amount * 1000:,.4g}" for name, amount in life.bill.amounts.items())
    return Row("dollars per 1,000: parts", "–", parts, f"largest first; of a thousand: {amounts}")
