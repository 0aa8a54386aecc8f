"""What `make mutate` counts: which mutants are drawn, what was noticed, and how sure a share is."""

import pytest

from benchmarks import mutation


def test_the_same_seed_draws_the_same_mutants_in_whatever_order_they_were_found():
    names = [f"m{number}" for number in range(500)]
    assert mutation.drawn(names, 150, 1) == mutation.drawn(reversed(names), 150, 1)
    assert mutation.drawn(names, 150, 1) != mutation.drawn(names, 150, 2)
    assert mutation.drawn(names[:20], 150, 1) == sorted(names[:20])


@pytest.mark.parametrize(
    ("code", "noticed"), [(1, True), (3, True), (36, True), (-24, True), (0, False), (5, False), (33, False)]
)
def test_a_failing_and_a_hanging_test_notice_and_no_test_notices_nothing(code, noticed):
    assert mutation.is_noticed(code) is noticed


@pytest.mark.parametrize("code", [None, 2, -9, 35])
def test_a_run_that_was_cut_is_no_verdict(code):
    with pytest.raises(ValueError, match="请重新运行"):
        mutation.is_noticed(code)


def test_the_interval_is_wilsons():
    """Worked out by hand for 120 of 150: Newcombe 1998, method 3."""
    low, high = mutation.interval(120, 150)
    assert (round(low, 3), round(high, 3)) == (0.729, 0.856)
    assert mutation.interval(10, 10)[1] == 1.0
    assert mutation.interval(0, 10)[0] == 0.0


def test_every_wing_of_the_domain_has_tests_to_run():
    for wing in mutation.wings():
        for folder in mutation.tests_of(wing):
            assert (mutation.ROOT / folder).is_dir(), folder
