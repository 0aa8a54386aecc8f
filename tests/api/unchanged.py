"""What a refused request may not touch: every item of every table but the counters of limits and the traces of looking."""

from itertools import count

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from tests.moto_cloud import ENVIRONMENT

_NEWCOMERS = count()
LAMP = "四号楼楼道灯不亮"
DESK, HANDLER, OTHER_UNIT = "gglw-fc1", "pm-shjy-a", "of-ys-a"
BESIDE = ("LIMIT#", "AUDIT#", "SCANS#")
THE_TOWN = ("PLACE#", "POINT#", "TOWN")  # large, and written by imports only


def everything(service):
    """Read from moto itself: a scan before and after each of hundreds of requests would take minutes."""
    tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][ENVIRONMENT["AWS_DEFAULT_REGION"]].tables.values()
    return sorted(
        str(item.to_json())
        for table in tables
        for item in table.all_items()
        if not item.attrs["PK"].value.startswith(BESIDE + THE_TOWN)
    )


def is_clear(answer):
    """A refusal: a code for programs, a message that a person can read, and nothing of our inside."""
    body = answer.body
    assert body["code"].isascii()
    assert any("\u4e00" <= character <= "\u9fff" for character in body["message"]), body
    assert "Traceback" not in str(body)
    return True


@pytest.fixture(scope="module")
def two_tickets(service):
    """A ticket dispatched to the property manager, and another one of the desk's."""
    return service.report(LAMP).body["id"], service.report("小区门口乱糟糟").body["id"]


@pytest.fixture
def nothing_changed(service, lamp):
    service.resident(), service.resident("other")
    for code in (DESK, HANDLER, OTHER_UNIT, "gglw-leader", "gglw-head"):
        service.staff(code)
    newcomer = service.resident(f"newcomer {next(_NEWCOMERS)}")  # far from any limit
    before = everything(service)
    yield newcomer
    assert everything(service) == before
