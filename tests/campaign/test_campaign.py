"""The campaign itself: a short one holds in CI, the same seed is the same campaign, and no mutant passes the checker."""

import inspect
import os
import pkgutil
import re
import subprocess
import sys

import pytest

from campaign.aims import OF_RESIDENTS
from campaign.checker import claims, evidence
from campaign.mutants import MUTANTS, OTHER_VERSION
from campaign.versions import revision_before
from infra.local import engines
from infra.local.place import ROOT

SEED = 7
REPORTS = 20  # as many as cost what twelve did before
# Whose mutants nothing else notices: what a phone, a partner or a picture holds is looked at by one claim alone.
ALONE = {
    "who_must_act_is_pushed_to",
    "every_push_left_once",
    "phones_got_what_was_sent",
    "words_that_wait_reach_no_unit",
    "photos_are_kept_or_missed",
    "every_order_is_one_ticket",
    "partners_hear_each_act_in_order",
}
OF_THIS_RUN = re.compile(r'127\.0\.0\.1:\d+|"(policy|x-amz-[a-z]+)": "[^"]*"|\?[^"]*')


def play(folder, reports, mutant=""):
    """One segment in a process of its own, as `make campaign` plays it; what it left behind."""
    if not engines.are_installed():
        pytest.skip("the engines are not installed: `make test` installs them")
    command = [sys.executable, "-m", "campaign.segment", str(SEED), str(reports), str(folder)]
    command += ["--mutant", mutant] if mutant else []
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return evidence.read(folder)


def broken(seen):
    return {name: found[:3] for name, found in claims.judge(seen).items() if found}


@pytest.mark.timeout(900)
def test_a_short_campaign_breaks_no_claim_and_is_the_same_again(tmp_path):
    seen = play(tmp_path / "one", REPORTS)
    assert broken(seen) == {}
    assert seen.said["dealt"]["kill"]
    assert seen.said["dealt"]["interleave"]
    assert any(act.startswith(OF_RESIDENTS) for act in seen.said["acted"])  # they find their buttons
    assert {each["platform"] for each in seen.arrived} >= {
        "wecom",
        "feed",
        "puller",
    }  # what few reports may lack
    assert "good" in {each["how"] for each in seen.photos}
    assert bool(seen.said["deployed"]) == bool(revision_before())
    play(tmp_path / "other", REPORTS)
    one, other = (
        OF_THIS_RUN.sub("", (tmp_path / each / "history.jsonl").read_text()) for each in ("one", "other")
    )
    assert one == other


@pytest.mark.nightly
@pytest.mark.timeout(900)
@pytest.mark.parametrize("claim", MUTANTS)
def test_a_product_that_is_wrong_is_caught_by_the_claim_it_breaks(tmp_path, claim):
    found = broken(play(tmp_path, 25, claim))
    assert claim in found
    assert claim not in ALONE or set(found) == {claim}


@pytest.mark.parametrize("claim", [claim for claim in MUTANTS if claim != OTHER_VERSION])
def test_a_mutant_is_asked_as_the_product_asks_what_it_stands_for(claim):
    module, name, becomes = MUTANTS[claim]
    function = pkgutil.resolve_name(f"{module}.{name}")
    given = inspect.signature(function).parameters.values()
    named = [each.name for each in given if each.kind is each.KEYWORD_ONLY]
    placed = [each for each in given if each.kind is each.POSITIONAL_OR_KEYWORD]
    inspect.signature(becomes(function)).bind(*(None for _ in placed), **dict.fromkeys(named))


def test_every_claim_has_its_mutant():
    assert list(MUTANTS) == [claim.__name__ for claim in claims.CLAIMS]
