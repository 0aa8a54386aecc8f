"""The documents say what is so: rules, links, commands, settings, functions, routes and access patterns are checked against the code."""

import ast
import importlib
import importlib.util
import re
from datetime import timedelta
from functools import reduce
from pathlib import Path

import pytest

from chalicelib.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
CODE = [ROOT / "app.py", *sorted((ROOT / "chalicelib").rglob("*.py"))]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rules() -> dict[int, str]:
    """The text of each rule of docs/rules.md by its number, in the order written."""
    parts = re.split(r"^### (\d+)\. ", read("docs/rules.md"), flags=re.MULTILINE)[1:]
    return {int(number): text for number, text in zip(parts[::2], parts[1::2], strict=True)}


def named(text: str, label: str) -> list[str]:
    """What stands in backticks in the item that begins with `- label:`, on its first line and those indented under it."""
    items = re.findall(rf"^- {label}:.*(?:\n  .*)*", text, re.MULTILINE)
    return [name for item in items for name in re.findall(r"`([^`]+)`", item)]


def functions(file: Path) -> set[str]:
    """The functions that a file defines at its top, and the methods of its classes."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_rules_are_numbered_one_after_the_other():
    assert list(rules()) == list(range(1, len(rules()) + 1))


@pytest.mark.parametrize("file", CODE, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_rule_that_the_code_cites_exists(file):
    cited = re.findall(r"\brules? (\d+)", file.read_text(encoding="utf-8"))
    assert {int(number) for number in cited} <= set(rules())


@pytest.mark.parametrize("number", rules())
def test_a_rule_names_the_code_that_keeps_it(number):
    code = named(rules()[number], "Code")
    assert code, "a rule that no code keeps"
    for name in code:
        assert is_in_the_code(name), f"rule {number} names {name}"


@pytest.mark.parametrize("number", rules())
def test_a_rule_names_a_test_that_holds_it(number):
    tests = named(rules()[number], "Tests")
    assert tests, "a rule that no test holds"
    for name in tests:
        file, _, function = name.partition("::")
        assert (ROOT / file).is_file(), f"rule {number} names {name}"
        assert not function or function in functions(ROOT / file), f"rule {number} names {name}"


@pytest.mark.parametrize("number", [number for number, text in rules().items() if named(text, "Numbers")])
def test_a_number_of_a_rule_is_the_constant_that_the_code_keeps(number):
    """`- Numbers:` binds what a rule says to a name: `40 store.….most`, or with a unit of timedelta, `15 minutes store.…`."""
    for said in named(rules()[number], "Numbers"):
        amount, *unit, name = said.split(" ")
        wanted = timedelta(**{unit[0]: int(amount)}) if unit else int(amount)
        assert in_the_code(name) == wanted, f"rule {number} says {said}"


def is_in_the_code(name: str) -> bool:
    return in_the_code(name) is not None


def in_the_code(name: str) -> object:
    """What part[.wing].module.function, .Class, .Class.method or .CONSTANT.field, as below chalicelib, stands for; None for nothing."""
    parts = name.split(".")
    for depth in range(len(parts), 1, -1):
        module = ".".join(["chalicelib", *parts[:depth]])
        if is_a_module(module):
            return reduce(
                lambda thing, part: getattr(thing, part, None), parts[depth:], importlib.import_module(module)
            )
    return None


def is_a_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # what should hold it is a module without parts
        return False


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_link_leads_somewhere(file):
    links = re.findall(r"\]\(([^)\s]+)\)", file.read_text(encoding="utf-8"))
    inside = [link.partition("#")[0] for link in links if not link.startswith(("http:", "https:", "#"))]
    assert [link for link in inside if not (file.parent / link).exists()] == []


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_command_that_a_document_names_exists(file):
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), flags=re.MULTILINE))
    text = file.read_text(encoding="utf-8")
    commands = re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z-]+)", text) + re.findall(
        r"^make ([a-z-]+)", text, flags=re.MULTILINE
    )
    assert set(commands) <= targets


def test_both_readmes_begin_with_the_two_commands():
    for name in ("README.md", "README.zh.md"):
        commands = re.findall(r"^make (\w+)", read(name), flags=re.MULTILINE)
        assert commands[:2] == ["run", "test"]


@pytest.mark.parametrize("name", ["docs/deploying.md", "docs/deploying.zh.md"])
def test_deploying_explains_every_setting(name):
    text = read(name)
    assert [field for field in Settings.model_fields if f"`{field.upper()}`" not in text] == []


def test_the_architecture_names_every_function_of_the_deployment():
    registered = re.findall(
        r'(?:lambda_function|schedule)\([^)]*\)?[^)]*name="(\w+)"',
        "".join(
            file.read_text(encoding="utf-8") for file in sorted((ROOT / "chalicelib/tasks").glob("*.py"))
        ),
    )
    assert len(registered) >= 14
    text = read("docs/architecture.md")
    assert [name for name in registered if f"`{name}`" not in text] == []


def test_the_architecture_names_every_route_and_act():
    from app import app
    from chalicelib.api.tickets.acts import DESK_ACTS, STAFF_ACTS

    text = read("docs/architecture.md")
    unnamed = [path for path in app.routes if path not in text and not is_grouped(path, text)]
    acts = [act for act in (*STAFF_ACTS, *DESK_ACTS) if not re.search(rf"\b{act}\b", text)]
    assert (unnamed, acts) == ([], [])


def is_grouped(path: str, text: str) -> bool:
    """Whether a route stands among the last parts of a common beginning: `/api/tickets/{ticket_id}/comments|withdraw|join`."""
    beginning, _, last = path.rpartition("/")
    groups = re.findall(rf"{re.escape(beginning)}/([a-z|-]+)", text.replace("\\|", "|"))
    return any(last in group.split("|") for group in groups)


STORES = [
    file
    for file in sorted((ROOT / "chalicelib/store").rglob("*.py"))
    if file.stem not in {"__init__", "faults", "table", "direct"}
    and file.parent.name != "keys"  # builds, never asks
]


def store_name(file: Path) -> str:
    """As a pattern names it: `wing.module`, or `module` where it lies beside the wings."""
    return ".".join(file.relative_to(ROOT / "chalicelib/store").with_suffix("").parts)


@pytest.mark.parametrize("file", STORES, ids=store_name)
def test_every_way_to_the_tables_is_an_access_pattern(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    public = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"]
    text = read("docs/access-patterns.md")
    assert [name for name in public if f"`{store_name(file)}.{name}`" not in text] == []


def test_an_access_pattern_is_in_the_code():
    wanted = re.findall(r"`([a-z_0-9]+(?:\.[a-z_0-9]+)?)\.([a-z_]+)`", read("docs/access-patterns.md"))
    stores = {store_name(file): functions(file) for file in STORES}
    assert [
        f"{module}.{name}" for module, name in wanted if module in stores and name not in stores[module]
    ] == []


def test_each_decision_has_a_number_of_its_own():
    numbers = [int(file.name[:4]) for file in sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))]
    assert numbers == sorted(set(numbers))


PROSE = [
    *ROOT.glob("README*.md"),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "infra").rglob("*.md")),
]


@pytest.mark.parametrize("file", PROSE, ids=lambda file: str(file.relative_to(ROOT)))
def test_prose_is_wrapped_at_120_columns(file):
    """Tables, code and headings are as long as they must be; so is one span of code that no line end may part."""
    text = re.sub(r"^ *```.*?^ *```", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    spans = re.compile(r"`[^`]{60,}`|\[[^\]]*\]\([^)]*\)")
    lines = (line for line in text.splitlines() if not re.match(r"\||#|<| {4}", line))
    assert [line for line in lines if len(line) > 120 and not spans.search(line)] == []


def test_every_command_is_told_somewhere():
    """`make help` lists them; a page says what each is for."""
    commands = re.findall(
        r"^([a-z0-9-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    told = "\n".join(file.read_text(encoding="utf-8") for file in PROSE)
    assert [name for name in commands if not re.search(rf"make {name}\b", told)] == []
