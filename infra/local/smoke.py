"""`make smoke`: one ticket from scan to close, and one act refused at every stage, over HTTP, step by step.

Speaks to the running local cloud; where none runs, to one of its own for as long as it takes. Exit 1 on any surprise.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local import inside, running, town
from infra.local.cloud import LocalCloud
from infra.local.place import Place, to_environment
from infra.local.play import theatre
from infra.local.play.caller import Caller
from infra.local.play.people import People
from infra.local.play.phones import Phones
from infra.local.play.walk import Walk

PORTS = (4586, 8020, 4589)  # of a cloud of our own


@contextmanager
def a_cloud() -> Iterator[Place]:
    """Where the cloud runs, or one that lives as long as the smoke does."""
    try:
        running.get()
    except running.NotRunning:
        with tempfile.TemporaryDirectory(prefix="mslj-smoke-") as folder, own_cloud(Path(folder)) as cloud:
            yield cloud.place
    else:
        yield running.place_of(inside.enter())


@contextmanager
def own_cloud(home: Path) -> Iterator[LocalCloud]:
    print("没有正在运行的本地云，先启动一个临时的…")
    with LocalCloud(Place(home, *PORTS[:2], phones_port=PORTS[2]), say=print) as cloud:
        os.environ.update(to_environment(cloud.place))
        inside.enter()
        town.import_sample()
        yield cloud


def main() -> int:
    with a_cloud() as place:
        print(f"{place.url}（{place.home}）")
        phones = Phones(place.phones) if place.phones_port else None
        surprises = Walk(Caller(place.url, patience=10), People(), phones=phones).run()
    print("\n全部符合预期" if not surprises else f"\n有 {surprises} 处不符合预期")
    return 1 if surprises else 0


if __name__ == "__main__":
    sys.exit(theatre.spoken(main))
