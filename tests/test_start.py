"""What a fresh process does before its first answer, counted: seconds are the benchmark's (benchmarks/cold_start.py)."""

import json
import subprocess
import sys

import pytest

from tests.moto_cloud import ENVIRONMENT

COUNTING = """
import collections, gc, json, re._compiler, sys

found = collections.Counter()

def by_us():
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.split(".")[0] not in ("re", "importlib", "functools", "enum"):
            return name.startswith("chalicelib")
        frame = frame.f_back

compiling = re._compiler.compile

def compiled(*given, **named):
    found["patterns"] += bool(by_us())
    return compiling(*given, **named)

re._compiler.compile = compiled

from pydantic._internal import _model_construction

building = _model_construction.complete_model_class

def built(*given, **named):
    found["models"] += 1
    return building(*given, **named)

_model_construction.complete_model_class = built
gc.callbacks.append(lambda phase, _: found.update({"looks for cycles": phase == "start"}))
import app
def models(of):
    for each in of.__subclasses__():
        yield each
        yield from models(each)

from pydantic import BaseModel

own = {name for each in models(BaseModel) for name in each.model_fields if hasattr(BaseModel, name)}
found["modules"] = sum(name.startswith("chalicelib.") for name in sys.modules)
print(json.dumps([found, sorted({name.partition(".")[0] for name in sys.modules}), sorted(own)]))
"""
# Each has its price: a pattern 0.3 ms, a model 0.5, a look for cycles up to 20, a module of ours 0.3 (here, one core).
MOST = {"patterns": 6, "models": 24, "looks for cycles": 8, "modules": 620}
# Each costs a start 2 to 200 ms, and is imported by the function that needs it.
LATER = {
    "ulid",
    "difflib",
    "_markupbase",  # by html.parser
    "boto3",
    "botocore",
    "PIL",
    "pillow_heif",
    "cryptography",
    "fontTools",
    "openpyxl",
    "python_calamine",
    "segno",
}


@pytest.fixture(scope="module")
def start():
    done = subprocess.run(
        [sys.executable, "-c", COUNTING], env=ENVIRONMENT, capture_output=True, check=True, text=True
    )
    found, imported, own = json.loads(done.stdout)
    return found, set(imported), own


@pytest.mark.parametrize("what", MOST)
def test_a_start_does_not_grow_unnoticed(start, what):
    found, _, _ = start
    assert 0 < found[what] <= MOST[what]


def test_what_a_first_answer_does_not_need_is_not_imported(start):
    _, imported, _ = start
    assert {"pydantic", "chalice"} <= imported
    assert not imported & LATER


def test_no_field_of_a_model_hides_a_name_of_pydantics(start):
    """What pydantic itself would look for, in every process, at every field (`protected_namespaces`)."""
    assert start[2] == []
