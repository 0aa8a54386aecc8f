"""From an empty deployment to two people who can sign in: one who acts and one who confirms."""

from pathlib import Path

import boto3
import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.store.identity import sign_in_codes
from chalicelib.store.table import Table
from chalicelib.store.town import directory
from infra.local.town import SAMPLE, files_of
from infra.production import first_town
from infra.production.aws import Refused


@pytest.fixture
def empty(service):
    """Deployed a moment ago: nobody has imported a town."""
    tables = boto3.client("dynamodb")
    for item in service.items(Table.WORK):
        key = {name: {"S": item[name]} for name in ("PK", "SK")}
        tables.delete_item(TableName=Table.WORK.full_name, Key=key)
    directory.forget()
    return service


def roles():
    """Somebody of the sample town for each role."""
    from chalicelib import clock
    from chalicelib.actions.town import importing

    town = importing.check(files_of(SAMPLE), hand_over_to={}, now=clock.now()).town
    return {str(role): person.code for person in town.staff for role in person.roles}


def test_both_may_sign_in_and_each_once(empty):
    people = roles()
    codes = first_town.begin(SAMPLE, people["admin"], people["station_head"])
    assert set(codes) == {people["admin"], people["station_head"]}
    for who, code in codes.items():
        assert sign_in_codes.redeem(code, empty.now) == who
        assert sign_in_codes.redeem(code, empty.now) is None
    assert directory.find_pointer() is not None


@pytest.mark.parametrize(
    ("admin", "confirmer", "refused"),
    [
        ("admin", "admin", "两个人"),
        ("handler", "station_head", "ADMIN"),
        ("admin", "handler", "CONFIRMER"),
        ("nobody", "station_head", "staff.csv"),
    ],
)
def test_two_who_cannot_be_the_first_are_refused_and_nothing_is_imported(empty, admin, confirmer, refused):
    people = roles() | {"nobody": "nobody"}
    with pytest.raises(Refused, match=refused):
        first_town.begin(SAMPLE, people[admin], people[confirmer])
    assert directory.find_pointer() is None


def test_a_town_that_is_not_whole_is_refused_with_its_rows(empty, tmp_path):
    for name, content in files_of(SAMPLE).items():
        Path(tmp_path / name).write_bytes(content.replace(b"station_head", b"sovereign"))
    people = roles()
    with pytest.raises(Invalid):
        first_town.begin(tmp_path, people["admin"], people["station_head"])
    assert directory.find_pointer() is None


def test_a_town_that_is_in_force_is_not_imported_past_its_administrator(service):
    people = roles()
    with pytest.raises(Refused, match="已有镇的资料"):
        first_town.begin(SAMPLE, people["admin"], people["station_head"])
