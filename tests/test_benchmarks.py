"""Each benchmark runs and yields its rows. Its figures are never tested: they belong to the machine that made them."""

from dataclasses import replace
from datetime import datetime
from importlib import import_module

import pytest

from benchmarks import prices, run
from benchmarks.burst import PEAK, plan
from benchmarks.machines import Execution
from benchmarks.row import QUICK, Row, Size
from chalicelib.domain.model import SHANGHAI
from infra.local import engines

NEEDS_NO_ENGINE = {"package_size"}
EVERY_TIME = NEEDS_NO_ENGINE | {
    "reporting"
}  # the others at night: together they take longer than all they guard
NAMES = [pytest.param(name, marks=() if name in EVERY_TIME else pytest.mark.nightly) for name in run.NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_yields_its_rows(name):
    if name not in NEEDS_NO_ENGINE and not engines.are_installed():
        pytest.skip("the engines are not installed: `make test` installs them (needs Node 20)")
    rows = import_module(f"benchmarks.{name}").run(QUICK)
    assert rows
    assert all(row.what and row.budget and row.measured and row.how for row in rows)
    assert any(row.passed is not None for row in rows)


def test_the_results_name_what_is_kept_and_what_is_missed():
    rows = [
        Row("zip", "≤ 20 MB", "15 MB", "built", True),
        Row("rate", "≥ 140", "15", "sent", False),
        Row("memory", "–", "36 MB", "read"),
    ]
    text = run.report(rows, at=datetime(2026, 11, 23, 10, tzinfo=SHANGHAI), loads=(0.5, 1.5), seconds=590)
    assert "2026-11-23 10:00 Shanghai time" in text
    assert "took 10 minutes" in text
    assert "1 budgets kept, 1 missed: rate." in text
    assert "| zip | ≤ 20 MB | 15 MB | pass | built |" in text
    assert "| rate | ≥ 140 | 15 | **miss** | sent |" in text
    assert "| memory | – | 36 MB | – | read |" in text


def test_a_bill_is_the_sum_of_its_amounts_at_list_price():
    bill = prices.Bill()
    bill.add("DynamoDB writes", 1_000_000)
    bill.add("Step Functions transitions", 1_000)
    assert bill.dollars == pytest.approx(0.625 + 0.025)
    assert [name for name, _ in bill.parts()] == ["DynamoDB writes", "Step Functions transitions"]


def test_every_price_says_where_it_comes_from():
    assert all(price.source for price in prices.PRICES.values())
    assert all(source for _, source in prices.FIXED.values())


def test_a_burst_is_twelve_normal_days_with_twenty_mean_hours_in_one():
    reports = plan(Size())
    normal = len(plan(replace(Size(), days=2, storm=0))) // 2
    assert len(reports) == 12 * normal
    assert sum(sent.second < 3600 for sent in reports) >= PEAK * normal // 24
    assert reports == sorted(reports)


def test_every_state_that_is_entered_counts_as_a_transition():
    answers = iter([{"due": "later", "wake_at": "2026-11-23T03:00:00.000Z"}, {"due": "nothing"}])
    given = {"wake_at": "2026-11-23T02:00:00.000Z"}
    execution = Execution("escalation", given, lambda _task, data: data | next(answers))
    assert execution.transitions == 1
    execution.wake()  # look, choose, wait
    assert (execution.transitions, execution.name) == (4, "Wait for the next alarm")
    execution.wake()  # look, choose, succeed
    assert (execution.transitions, execution.name, execution.wakes_at) == (7, "Nothing left to watch", None)


def test_an_execution_that_was_stopped_enters_no_state_any_more():
    execution = Execution("escalation", {"wake_at": "2026-11-23T02:00:00.000Z"}, lambda _task, data: data)
    execution.stop()
    assert (execution.transitions, execution.wakes_at) == (1, None)
