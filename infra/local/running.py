"""run.json: what runs where. Written by the supervisor, read by whoever wants to speak to the local cloud, or to hurt it."""

import json
import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from infra.local.place import Place, from_environment
from infra.local.processes import Part


class NotRunning(Exception):
    """No local cloud runs in this folder."""


def note(place: Place, parts: dict[str, Part], *, ready: bool) -> None:
    """Replace run.json whole. `ready`: deployed, and the pump runs."""
    written = {
        "pid": os.getpid(),
        "url": place.url,
        "aws": place.aws,
        "db": place.db,
        "home": str(place.home),
        "port": place.port,
        "db_port": place.db_port,
        "host": place.host,
        "phones_port": place.phones_port,
        "ready": ready,
        "parts": {name: {"pid": part.pid, "mark": part.mark} for name, part in parts.items() if part.pid},
    }
    fresh = place.home / "run.json.new"
    fresh.write_text(json.dumps(written, indent=1))
    fresh.replace(place.home / "run.json")


def forget(place: Place) -> None:
    (place.home / "run.json").unlink(missing_ok=True)


def find(home: Path | None = None) -> dict[str, Any] | None:
    """What run.json says (pid, url, aws, db, home, port, db_port, ready, parts), or None. It outlives a killed supervisor."""
    try:
        found: dict[str, Any] = json.loads(((home or from_environment().home) / "run.json").read_text())
    except (OSError, ValueError):
        return None
    return found


def get(home: Path | None = None) -> dict[str, Any]:
    """Like `find`, but of a cloud that runs now. Raises NotRunning."""
    found = find(home)
    if found is None or not is_alive(found["pid"]):
        raise NotRunning("本地云没有运行，请先执行 make run")
    return found


def place_of(found: dict[str, Any]) -> Place:
    return Place(
        home=Path(found["home"]),
        port=found["port"],
        db_port=found["db_port"],
        host=found["host"],
        phones_port=found.get("phones_port", 0),
    )


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def answers(url: str) -> bool:
    """Whether the API is deployed there: it answers every path in JSON, if only with its own refusal."""
    try:
        urllib.request.urlopen(url, timeout=10)
    except urllib.error.HTTPError as answer:
        return answer.code < 500 and "json" in answer.headers.get("Content-Type", "")
    except OSError:
        return False
    return True
