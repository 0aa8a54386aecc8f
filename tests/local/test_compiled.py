"""A cold start finds its modules compiled."""

import os
import subprocess
import sys
import zipfile

import pytest

from infra import compiled
from infra.local.place import ROOT


def packed(file, sources):
    with zipfile.ZipFile(file, "w") as made:
        for name, text in sources.items():
            made.writestr(name, text)
    return file


def names(file):
    with zipfile.ZipFile(file) as made:
        return {name for name in made.namelist() if name.endswith(".pyc")}


def cached(path):
    return path.replace(".py", f".{sys.implementation.cache_tag}.pyc")


def test_what_a_start_loads_is_compiled_and_nothing_else(tmp_path):
    sources = {"app.py": "", "room/__init__.py": "", "room/door.py": "", "room/cellar.py": ""}
    code = packed(tmp_path / "code.zip", sources)
    assert compiled.add_to(code, ["app", "room", "room.door", "os"]) == 3
    made = {"__pycache__/app.py", "room/__pycache__/__init__.py", "room/__pycache__/door.py"}
    assert names(code) == {cached(name) for name in made}


def test_a_start_uses_what_was_compiled(tmp_path):
    code = packed(tmp_path / "code.zip", {"app.py": "print(__cached__)"})
    compiled.add_to(code, ["app"])
    with zipfile.ZipFile(code) as made:
        made.extractall(tmp_path / "task")
    (tmp_path / "task" / "app.py").write_text("raise SystemExit('compiled again')")
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", "import app"],
        cwd=tmp_path / "task",
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_what_runs_left_beside_the_sources_is_replaced_or_left_out(tmp_path):
    left = {"app.py": "x = 1", cached("__pycache__/app.py"): "old", cached("__pycache__/gone.py"): "old"}
    code = packed(tmp_path / "code.zip", left)
    compiled.add_to(code, ["app"])
    with zipfile.ZipFile(code) as made:
        assert made.namelist() == ["app.py", cached("__pycache__/app.py")]
        assert made.read(cached("__pycache__/app.py")) != b"old"


def test_the_same_sources_make_the_same_zip(tmp_path):
    code = packed(tmp_path / "code.zip", {"app.py": "x = {'a': 1}"})
    twin = tmp_path / "twin.zip"
    twin.write_bytes(code.read_bytes())
    for file in (code, twin):
        compiled.add_to(file, ["app"])
    assert code.read_bytes() == twin.read_bytes()


def test_what_is_no_python_is_refused_and_the_zip_is_as_it_was(tmp_path):
    code = packed(tmp_path / "code.zip", {"app.py": "x = ("})
    before = code.read_bytes()
    with pytest.raises(compiled.NotCompiled, match="app"):
        compiled.add_to(code, ["app"])
    assert code.read_bytes() == before


def test_an_app_that_cannot_be_imported_is_refused(tmp_path):
    (tmp_path / "app.py").write_text("raise ValueError('no town')")
    with pytest.raises(compiled.NotCompiled, match="no town"):
        compiled.loaded(tmp_path)


def test_our_own_start_is_among_what_is_compiled():
    loaded = compiled.loaded(ROOT)
    assert {"app", "chalicelib.api", "chalice.app"} <= set(loaded)
