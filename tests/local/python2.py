"""Clients of Open311 that nobody here wrote: published for Python 2, translated by the standard library's own 2to3."""

import importlib
import importlib.util
import subprocess
import sys
from pathlib import Path

# What 2to3 cannot know: functions that later versions of Python 3 took away, and bytes for bodies.
BESIDES = {
    "three/core.py": [("list(content.keys())[0]", "next(iter(content))")],
    "relaxml/converter.py": [("node.getchildren()", "list(node)")],  # what three reads XML with
    "open311/api/xml2dict/xml2dict.py": [("node.getchildren()", "list(node)")],
    "open311/open311.py": [("urlencode(kwargs)", "urlencode(kwargs).encode()")],
}


def translated(name: str, folder: Path):
    """The package `name` as installed, in Python 3, imported from `folder`."""
    installed = Path(importlib.util.find_spec(name).submodule_search_locations[0])
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "lib2to3",
        "-w",
        "-n",
        "--add-suffix=",
        "-o",
        str(folder / name),
    ]
    subprocess.run([*command, str(installed)], check=True, capture_output=True)
    for file in installed.rglob("*.py"):  # 2to3 leaves out what it need not change
        target = folder / name / file.relative_to(installed)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    for path, changes in BESIDES.items():
        for old, new in changes if path.startswith(f"{name}/") else ():
            target = folder / path
            text = target.read_text(encoding="utf-8")
            assert old in text, (path, old)
            target.write_text(text.replace(old, new), encoding="utf-8")
    sys.modules.pop(name, None)
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))
