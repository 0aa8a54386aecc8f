"""What `make audit` says of a lock: by the advisories where there are any, else by its age."""

from datetime import timedelta

import pytest

from infra.vault.advisories import judged

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("said", "age", "fine"),
    [
        ("No known vulnerabilities found", 400 * DAY, True),
        ("found 0 vulnerabilities", 400 * DAY, True),
        ("Found 2 known vulnerabilities in 1 package", DAY, False),
        ("Severity: high", DAY, False),
        ("", 90 * DAY, True),
        ("", 90 * DAY + timedelta(seconds=1), False),
    ],
)
def test_a_lock_is_judged_by_advisories_else_by_its_age(said, age, fine):
    assert judged(said, age)[0] is fine
