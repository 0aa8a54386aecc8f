"""Two versions of the product in one process: nothing that one remembers is the other's, and each stands alone while it runs."""

import subprocess
import sys

from infra.local.place import ROOT

TOLD = """
import sys
from pathlib import Path
from campaign.versions import Version, unlike_the_present

folder = unlike_the_present(Path(sys.argv[1]), ("on_call_list", "is_on_call_list"))
other, present = Version("other", folder), Version("present")
def fields():
    from chalicelib.domain.tickets.ticket import Ticket
    return {name for name in Ticket.model_fields if name.endswith("on_call_list")}
with present.live():
    assert fields() == {"on_call_list"}
    with other.live():
        assert fields() == {"is_on_call_list"}
        import chalicelib.domain.errors as theirs
        with present.live():
            assert fields() == {"on_call_list"}
        assert fields() == {"is_on_call_list"}
    import chalicelib.domain.errors as ours
    assert fields() == {"on_call_list"} and theirs is not ours
assert other.app is not present.app
"""


def test_each_version_stands_alone_while_it_runs(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", TOLD, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
