"""Puts compiled modules into the deployment: what `import app` loads, so that a cold start does not compile it again.

Lambda's code folder is read-only, so that nothing compiled there is ever kept. The files carry no check against their
sources (PEP 552, unchecked hash), since what is deployed never changes; chalice's own zip, which the next build starts
from, is left as it is.
"""

import compileall
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from contextlib import redirect_stdout
from pathlib import Path
from py_compile import PycInvalidationMode

TASK = "/var/task"  # where Lambda puts the code: what a traceback names
_AT = (1980, 1, 1, 0, 0, 0)  # the same sources make the same zip
_LOADED = "import sys, json, app; json.dump(sorted(sys.modules), sys.stdout)"


class NotCompiled(Exception):
    """app.py cannot be imported here, or a module of the deployment is no Python that this interpreter reads."""


def loaded(root: Path) -> list[str]:
    """The names of all modules that `import app` loads."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED], cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotCompiled(f"import app failed:\n{done.stderr}")
    names: list[str] = json.loads(done.stdout)
    return names


def add_to(deployment: Path, modules: Iterable[str]) -> int:
    """Compile those of the modules that the zip holds into it; answers how many. A refusal leaves it as it was."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with zipfile.ZipFile(deployment) as packed:
            packed.extractall(home, sorted(_sources(modules) & set(packed.namelist())))
        _compile(home)
        made = {file.relative_to(home).as_posix(): file.read_bytes() for file in sorted(home.rglob("*.pyc"))}
    _rewrite(deployment, made)
    return len(made)


def _rewrite(deployment: Path, made: dict[str, bytes]) -> None:
    """Without what a developer's own runs left beside the sources, which chalice packs and Lambda would not trust."""
    new = deployment.with_suffix(".new")
    with zipfile.ZipFile(deployment) as old, zipfile.ZipFile(new, "w") as packed:
        for entry in old.infolist():
            if "__pycache__" not in entry.filename:
                packed.writestr(entry, old.read(entry))
        for name, content in made.items():
            packed.writestr(_entry(name), content)
    new.replace(deployment)


def _sources(modules: Iterable[str]) -> set[str]:
    paths = [name.replace(".", "/") for name in modules]
    return {f"{path}{end}" for path in paths for end in (".py", "/__init__.py")}


def _compile(home: Path) -> None:
    said = io.StringIO()
    with redirect_stdout(said):
        is_done = compileall.compile_dir(
            home,
            quiet=1,
            stripdir=str(home),
            prependdir=TASK,
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )
    if not is_done:
        raise NotCompiled(f"{sys.implementation.cache_tag} cannot compile:\n{said.getvalue()}")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _AT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o100644 << 16  # readable for Lambda's own user
    return entry
