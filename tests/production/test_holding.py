"""Places reserved for the functions that keep the clocks, and what a restore holds still gets back what it had."""

import io
import json
import zipfile

import pytest
from moto import mock_aws

from infra.production import aws, holding, quotas, reserving
from infra.production.aws import Deployment

TRUST = {"Version": "2012-10-17", "Statement": []}
ALL = sum(reserving.PLACES.values())


@pytest.fixture
def account(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        monkeypatch.setattr(quotas, "unreserved", lambda _: ALL + reserving.LEFT_TO_ALL)
        yield aws.account("cn-north-1")


@pytest.fixture
def deployment(account):
    """The functions that keep the clocks, and the API's."""
    role = account.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as packed:
        packed.writestr("app.py", "")
    for name in ("api", *reserving.PLACES):
        account.client("lambda").create_function(
            FunctionName=f"mslj-prod-{name}",
            Runtime="python3.13",
            Role=role["Role"]["Arn"],
            Handler="app.app",
            Code={"ZipFile": code.getvalue()},
        )
    return Deployment(stage="prod", bucket="mslj-prod-photos", client=account.client)


def places(account):
    called = account.client("lambda")
    return {name: reserving.reserved(called, f"mslj-prod-{name}") for name in ("api", *reserving.PLACES)}


def put(account, name, number):
    account.client("lambda").put_function_concurrency(
        FunctionName=f"mslj-prod-{name}", ReservedConcurrentExecutions=number
    )


@pytest.mark.parametrize(("short_of", "given"), [(1, False), (0, True)])
def test_places_are_reserved_where_the_account_has_them_to_give(
    account, deployment, monkeypatch, short_of, given
):
    monkeypatch.setattr(quotas, "unreserved", lambda _: ALL + reserving.LEFT_TO_ALL - short_of)
    [told] = reserving.reserve(account, "prod")
    assert told.ok
    assert places(account) == {"api": None} | dict.fromkeys(reserving.PLACES) | (
        reserving.PLACES if given else {}
    )


def test_what_stands_needs_no_more_room_and_what_somebody_set_stays(account, deployment, monkeypatch):
    put(account, "send", 7)
    list(reserving.reserve(account, "prod"))
    monkeypatch.setattr(quotas, "unreserved", lambda _: reserving.LEFT_TO_ALL)
    [told] = reserving.reserve(account, "prod")
    assert (told.ok, "mslj-prod-send 7" in told.text) == (True, True)
    assert places(account) == {"api": None} | reserving.PLACES | {"send": 7}


def test_a_function_that_is_stopped_is_named_and_not_started(account, deployment):
    put(account, "sweep", 0)
    first, _ = reserving.reserve(account, "prod")
    assert (first.ok, "mslj-prod-sweep" in first.text) == (False, True)
    assert places(account)["sweep"] == 0


def test_before_the_first_deployment_there_is_nothing_to_reserve(account):
    [told] = reserving.reserve(account, "prod")
    assert told.ok


def test_a_hold_gives_back_what_each_function_had_and_touches_nothing_else(account, deployment):
    list(reserving.reserve(account, "prod"))
    put(account, "send", 7)
    before = places(account)
    holding.hold(deployment)
    holding.hold(deployment)  # after an interruption
    assert set(places(account).values()) == {0}
    holding.release(deployment)
    assert places(account) == before
    put(account, "api", 3)
    holding.release(deployment)  # nothing is held
    assert places(account) == before | {"api": 3}


def test_places_are_for_functions_that_there_are():
    known = {name for name, _ in holding.functions(Deployment(stage="x", bucket="b", client=lambda _: None))}
    assert {f"mslj-x-{name}" for name in reserving.PLACES} <= known
