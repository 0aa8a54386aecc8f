"""The morning at the counter of `make demo`, lived through in this process: its stories come out, and its check sees what it promises."""

import pytest

from chalicelib.actions.tickets import escalating
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.partner import read_partner
from chalicelib.gateways import http
from chalicelib.store import keys, photos
from chalicelib.store.partners import partners
from chalicelib.store.town import directory
from infra.local.partners import SAMPLES
from infra.local.play import bad_day, check, counter_check, tables
from infra.local.play.caller import Answer
from infra.local.play.morning import Morning
from infra.local.play.people import People
from tests.actions.partners.test_partners import KEY, push
from tests.api.classes.test_classes import run_jobs
from tests.moto_cloud import keep_secrets
from tests.service import running_service


class InProcess:
    """The demo's caller, on the app itself; what would happen behind the API has happened by the next request."""

    def __init__(self, service):
        self.service = service

    def get(self, path, token=""):
        self.service.settle()
        run_jobs(self.service)
        return self._said(self.service.get(path, token))

    def post(self, path, body, token="", key=""):
        self.service.settle()
        self.service.later(milliseconds=10)
        return self._said(self.service.post(path, body, token, key))

    def _said(self, answer):
        return Answer(answer.status, answer.raw if isinstance(answer.raw, bytes) else answer.raw.encode())


class AtOnce(Morning):
    """Time in the test's hands, and photos without a bucket of bytes."""

    def __init__(self, service, *args):
        super().__init__(*args)
        self.service = service

    def _passes(self, ticket, seconds):
        self.service.later(seconds=seconds + 1)
        escalating.ring_late(ticket["id"], now=self.service.now)

    def _photo(self, by):
        photo = photos.grant(by, "image/jpeg", self.service.now)
        photos.mark(photo.id, photos.PhotoState.READY)
        return photo.id


@pytest.fixture(scope="module")
def lived():
    """The whole morning, once. Answers what it said, its lines and the service."""
    with pytest.MonkeyPatch.context() as patch, running_service(patch) as service:
        for n, end in enumerate(("怎么办", "太不方便", "谁来管管")):
            text = f"听讲药店下个月要搬走了，老人家配药要跑到哪里去，{end}"
            service.report(
                text, token=service.resident(f"before-{n}"), place="WYL-YF"
            )  # the day before the morning
        service.settle()
        keep_secrets(partner_petition=KEY.decode())
        partners.save(read_partner("petition", (SAMPLES / "petition.csv").read_bytes()))
        http.forget()

        def petition(order):
            answer = push(service, order, name="petition")
            return answer.status, answer.body

        said = []
        morning = AtOnce(service, InProcess(service), People(), petition, said.append)
        surprises = morning.run()
        service.settle()
        yield surprises, said, morning, service
        http.forget()


def contradicted(kept):
    return {claim.__name__ for claim, found in counter_check.judge(kept).items() if found}


def test_every_story_of_the_morning_comes_out(lived):
    surprises, said, morning, _ = lived
    assert surprises == 0, "\n".join(said)
    assert any(
        "确认系统提的一类事" in line for line in said
    )  # what was said the day before had been proposed
    assert [line.what for line in morning.lines] == [
        "问政策",
        "来访登记",
        "代反映",
        "会商（隧道口）",
        "权属裁定",
        "信访文书",
        "望月路商户",
        "便民小菜场",
    ]


def test_the_claims_of_the_morning_hold_of_what_was_lived(lived):
    kept = tables.read()
    assert contradicted(kept) == set()
    lines = [event.kind for each in kept.tickets.values() for event in each.events.values()]
    assert {EventKind.CLAIMED, EventKind.PROXY_ENDED, EventKind.DUTY_RULED, EventKind.UNDERTAKING_DONE} <= {
        *lines
    }


@pytest.mark.parametrize("claim", bad_day.CLAIMS, ids=lambda claim: claim.__name__)
def test_what_holds_of_every_ticket_holds_of_those_of_the_morning(lived, claim):
    *_, service = lived
    day = check.Evidence(tables.read(), check.Known({}, {}), directory.town(), service.now)
    assert "\n".join(claim(day)) == ""


def test_what_a_proxy_hears_after_the_no_is_seen(lived):
    *_, service = lived
    kept = tables.read()
    told = next(items for items in kept.told.values() if any("-proxy#" in sk for sk in items))
    (over,) = [sk for sk in told if "-proxy#" in sk]
    ticket_id = over.split("#")[2].removesuffix("-proxy")
    told[keys.inbox_line("x", service.now, f"{ticket_id}-000099", 0).sk] = {}
    day = check.Evidence(kept, check.Known({}, {}), directory.town(), service.now)
    assert len(list(check.everyone_was_told_once(day))) == 1


def with_line(kept, kind):
    """The first ticket that has such a line, and the line's name."""
    return next(
        (each, name)
        for each in kept.tickets.values()
        for name, event in sorted(each.events.items())
        if event.kind is kind
    )


def changed(each, name, **changes):
    each.events[name] = each.events[name].model_copy(update=changes)


def without_source(kept):
    for each in kept.tickets.values():
        for name, event in each.events.items():
            if event.details.get("knowledge"):
                changed(each, name, details=event.details | {"knowledge_source": ""})


def without_its_clock(kept):
    each, _ = with_line(kept, EventKind.UNDERTAKING_DONE)
    rest = tuple(clock for clock in each.ticket.clocks if clock.kind != "undertaking")
    each.ticket = each.ticket.model_copy(update={"clocks": rest})


def closed_too_early(kept):
    done = (Stage.RESOLVED, Stage.CLOSED)
    each = next(one for one in kept.tickets.values() if one.ticket.undertakings and one.ticket.stage in done)
    first, *rest = each.ticket.undertakings
    undone = first.model_copy(update={"done_at": None})
    each.ticket = each.ticket.model_copy(update={"undertakings": (undone, *rest)})


def finished_by_another(kept):
    each, name = with_line(kept, EventKind.UNDERTAKING_DONE)
    changed(each, name, details={"unit": "PM-SHJY"})


def told_what_was_said(kept):
    each, name = with_line(kept, EventKind.MEETING_RECORDED)
    changed(each, name, note=each.ticket.meetings[0].minutes)


def not_told_what_was_decided(kept):
    each, name = with_line(kept, EventKind.MEETING_RECORDED)
    changed(each, name, public=False)


def claimed_again(kept):
    each, name = with_line(kept, EventKind.CLAIMED)
    each.events["000090"] = each.events["000091"] = each.events[name]


def still_among_its_people(kept):
    each, _ = with_line(kept, EventKind.PROXY_ENDED)
    each.items[f"{keys.MEMBERS}somebody"] = {"proxy": True}


def moved_before_it_was_ruled(kept):
    each, name = with_line(kept, EventKind.DUTY_DISPUTED)
    changed(each, with_line_after(each, name), kind=EventKind.TRANSFERRED)


def with_line_after(each, name):
    return next(other for other in sorted(each.events) if other > name and "." not in other)


@pytest.mark.parametrize(
    ("damage", "claim"),
    [
        (without_source, "cited_answers_name_their_source"),
        (without_its_clock, "each_undertaking_has_a_clock_of_its_own"),
        (closed_too_early, "nothing_is_resolved_while_an_undertaking_is_open"),
        (finished_by_another, "undertakings_are_finished_by_whose_they_are"),
        (told_what_was_said, "residents_read_two_lines_of_a_meeting"),
        (not_told_what_was_decided, "residents_read_two_lines_of_a_meeting"),
        (claimed_again, "a_slip_is_claimed_once"),
        (still_among_its_people, "a_proxy_who_was_ended_sees_nothing"),
        (moved_before_it_was_ruled, "what_is_disputed_stays_with_who_has_it"),
    ],
)
def test_each_claim_sees_what_contradicts_it(lived, damage, claim):
    kept = tables.read()
    damage(kept)
    assert claim in contradicted(kept)
