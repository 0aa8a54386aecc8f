"""Whose live board is told that a queue has changed: nobody's who may not list what has (rule 21)."""

import pytest

from chalicelib.domain.tickets.queues import marked
from tests.domain.life import received_with

ORDINARY, _ = received_with("楼道灯不亮")
HIDDEN = ORDINARY.model_copy(update={"confidential": True, "concerns": ("ST-A",)})


@pytest.mark.parametrize(
    ("who", "stands", "told"),
    [
        ("unit:OF-B", [ORDINARY], {"unit:OF-B"}),
        ("unit:OF-B", [HIDDEN], {"heads:OF-B"}),
        ("unit:OF-B", [ORDINARY, HIDDEN], {"unit:OF-B", "heads:OF-B"}),  # it leaves the list of the others
        ("calls:ST-A", [HIDDEN], set()),
        ("calls:ST-A", [ORDINARY, HIDDEN], {"calls:ST-A"}),
        ("calls:ST-B", [HIDDEN], {"calls:ST-B"}),
        ("staff:a", [HIDDEN], {"staff:a"}),
    ],
)
def test_a_mark_changes_for_who_may_list_the_ticket_before_or_after(who, stands, told):
    assert marked(who, *stands) == told
