"""Two versions of the product in one process, for a deployment in the middle of a campaign.

Each has its own `chalicelib` and `app`, which stand in `sys.modules` only while one of its functions runs: nothing that
one remembers is the other's. What the two share is what they would share on AWS: tables, queues, files, the platforms.
"""

import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

from infra.local.place import ROOT

BEFORE = ROOT / "campaign" / "before"  # names the revision that was deployed before this one
PARTS = ("app.py", "chalicelib")
_OWN = ("app", "chalicelib")


class Version:
    """One version of the code. The present one stands where Python finds it; another is read from `folder`."""

    # Whose modules Python finds now; None: those that were there before any.
    standing: "Version | None" = None

    def __init__(self, name: str, folder: Path | None = None) -> None:
        from chalice.test import Client

        self.name = name
        self._modules = {} if folder else _STOOD.taken()
        with self.live():
            if folder is not None:
                sys.path.insert(0, str(folder))
            try:
                import app
            finally:
                if folder is not None:
                    sys.path.remove(str(folder))
            self.app: Any = app.app
            self.http = Client(self.app).http

    @contextmanager
    def live(self) -> Iterator[None]:
        """While one of its functions runs. May stand within another's, as one request between two of another."""
        outer = Version.standing
        if outer is self:
            yield
            return
        held = _STOOD.taken()
        _STOOD.put(held, self._modules)
        Version.standing = self
        try:
            yield
        finally:
            self._modules = _STOOD.taken()
            _STOOD.put(self._modules, held)
            Version.standing = outer


def revision_before() -> str:
    """The commit that was deployed before, where this clone has it; "" where it has not (a shallow one)."""
    named = BEFORE.read_text(encoding="utf-8").split()[0]
    known = subprocess.run(
        ["git", "cat-file", "-e", f"{named}^{{commit}}"], cwd=ROOT, capture_output=True, check=False
    )
    return named if known.returncode == 0 else ""


def unpack(revision: str, folder: Path) -> Path:
    """The product as it was at a revision, without tests, clients and infrastructure."""
    archive = subprocess.run(
        ["git", "archive", revision, *PARTS], cwd=ROOT, capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def unlike_the_present(folder: Path, field: tuple[str, str]) -> Path:
    """The present product, in which one stored field has another name: no version that may run beside it."""
    shutil.copytree(
        ROOT / "chalicelib", folder / "chalicelib", ignore=shutil.ignore_patterns("clients", "__pycache__")
    )
    shutil.copy(ROOT / "app.py", folder)
    for file in (folder / "chalicelib").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(rf"\b{field[0]}\b", field[1], text), encoding="utf-8")
    return folder


class _Standing:
    """The product's modules among all that are loaded. They are looked for only when some module has come or gone since."""

    def __init__(self) -> None:
        self._found: dict[str, ModuleType] = {}
        self._among = -1  # how many modules were loaded then

    def taken(self) -> dict[str, ModuleType]:
        if len(sys.modules) != self._among:
            self._found = {name: each for name, each in sys.modules.items() if name.partition(".")[0] in _OWN}
            self._among = len(sys.modules)
        return self._found

    def put(self, gone: dict[str, ModuleType], come: dict[str, ModuleType]) -> None:
        for name in gone:
            del sys.modules[name]
        sys.modules.update(come)
        self._found, self._among = come, len(sys.modules)


_STOOD = _Standing()
