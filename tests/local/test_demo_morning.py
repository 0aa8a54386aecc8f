"""The morning at the counter of `make demo`, lived through in this process: its stories come out, and its check sees what it promises."""

from datetime import timedelta

import pytest

from chalicelib.actions.tickets import escalating
from chalicelib.domain.model import stamp
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.partner import read_partner
from chalicelib.gateways import http
from chalicelib.store import keys, photos, table
from chalicelib.store.partners import partners
from chalicelib.store.table import Table
from infra.local.partners import SAMPLES
from infra.local.play import counter_check, tables
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


def contradicted():
    return {claim.__name__ for claim, found in counter_check.judge(tables.read()).items() if found}


def test_every_story_of_the_morning_comes_out(lived):
    surprises, said, morning, _ = lived
    assert surprises == 0, "\n".join(said)
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


def test_its_claims_hold_of_what_was_lived(lived):
    assert contradicted() == set()
