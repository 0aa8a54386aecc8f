"""Whoever stands between a store and DynamoDB has all that the stores ask of it, also where its class comes too late for a worker."""

import inspect

import pytest

from chalicelib.store import direct
from infra.local.runtime import between, judging, plays
from infra.serve import apart


def asked_of(kind):
    return {name for name, _ in inspect.getmembers(kind) if not name.startswith("_")}


def test_what_a_worker_of_the_local_cloud_takes_for_a_go_between_has_all_of_it():
    assert asked_of(between.Between) == asked_of(direct.GoBetween)


@pytest.mark.parametrize("kind", [judging._Hearing, plays._Dealing])
def test_the_judge_and_the_plays_are_such(kind):
    assert issubclass(kind, between.Between)


def test_those_of_a_town_halls_own_machine_are_the_stores_own():
    assert all(isinstance(each, direct.GoBetween) for each in apart.GO_BETWEENS)
