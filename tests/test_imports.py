"""Imports point one way (docs/architecture.md), and what must be asked in one place is asked nowhere else."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = [ROOT / "app.py", *sorted((ROOT / "chalicelib").rglob("*.py"))]
BELOW_ACTIONS = {"store", "gateways", "web", "domain", "ids"}
# From each part, the parts of chalicelib that it may import beside itself.
MAY_IMPORT = {
    "app": {"api", "tasks", "logs"},
    "api": {"actions", "clock", "logs"} | BELOW_ACTIONS,
    "tasks": {"actions", "clock", "logs"} | BELOW_ACTIONS,
    "actions": {"logs"} | BELOW_ACTIONS,
    "store": {"domain", "settings", "logs", "ids"},
    "gateways": {"domain", "settings", "logs"},
    "logs": {"domain", "settings"},
    "settings": {"domain"},
    "clock": {"domain"},
    "web": {"domain"},
    "ids": set(),
    "domain": set(),
}
# Inside every large layer, the same wings, from the top floor to the ground: a wing imports from its own floor and those below.
FLOORS = [
    {"feed"},
    {"classes"},
    {"forms", "open311", "partners", "figures", "openapi", "counter"},
    {"offers"},
    {"views"},
    {"acts", "town_import"},
    {"parties"},
    {"understanding", "knowledge", "clocks", "visits", "identity", "notices"},
    {"tickets", "requests"},
    {"town"},
    {"tables"},
]
# A wing that stands on another floor in one layer, and why.
ELSEWHERE = {
    ("api", "tickets"): 5,  # the routes of acts and views
    ("api", "notices"): 4,  # a button in a message does an act
    ("actions", "town"): 5,  # imports, hand-overs and swaps are acts
}
# No wing: the ground of its layer, laid out in files by subject.
GROUND = {("store", "keys")}
LAYERS_WITH_WINGS = ("domain", "store", "actions", "api")
MOST_FILES_IN_A_FOLDER = 25
AWS = {"boto3", "botocore"}
OF_THE_FRAMEWORK = {"app", "api", "tasks"}
# Each costs every cold start of every function, and few functions need it.
HEAVY = AWS | {
    "cryptography",
    "PIL",
    "qrcode",
    "chinese_calendar",
    "openpyxl",
    "python_calamine",
    "olefile",
    "docx",
    "moto",
}
WALL_CLOCK = {"now", "today", "utcnow", "time", "time_ns", "localtime", "gmtime"}
CLOCK_OWNERS = {"datetime", "date", "time"}


def part_of(file: Path) -> str:
    """The part of the house a file belongs to: app, clock, settings, or a folder of chalicelib."""
    inside = file.relative_to(ROOT).with_suffix("").parts
    return inside[0] if inside[0] == "app" else inside[1] if len(inside) > 1 else "chalicelib"


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported, in full; `from chalicelib import clock` counts as chalicelib.clock."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name their module in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def at_start(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when a module is imported; what TYPE_CHECKING guards does not run."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        for inner in ("body", "orelse", "finalbody", "handlers"):
            yield from at_start(getattr(node, inner, []))


def wall_clock_reads(tree: ast.AST) -> list[str]:
    """Calls such as datetime.now() and time.time(), and imports of the bare functions."""
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [
        f"{owner}.{call.attr}"
        for call in calls
        if isinstance(call, ast.Attribute) and call.attr in WALL_CLOCK
        if (owner := ast.unparse(call.value).rpartition(".")[2]) in CLOCK_OWNERS
    ]
    bare = [name for name in imports(tree) if name in {f"time.{read}" for read in WALL_CLOCK}]
    return named + bare


def reads_environment(tree: ast.AST) -> bool:
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    found = named | {name.rpartition(".")[2] for name in imports(tree)}
    return bool(found & {"environ", "environb", "getenv"})


# of the module, so that all that is asked of a file is asked of one reading of it
@pytest.fixture(params=FILES, ids=lambda file: file.relative_to(ROOT).as_posix(), scope="module")
def file(request) -> Path:
    return request.param


@pytest.fixture(scope="module")
def tree(file) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def test_imports_point_one_way(file, tree):
    part = part_of(file)
    inside = {name.split(".")[1] for name in imports(tree) if name.startswith("chalicelib.")}
    if part in MAY_IMPORT:
        assert inside - {part} <= MAY_IMPORT[part]
    else:
        assert file.name == "__init__.py", f"{part} has no place in docs/architecture.md"


@cache
def wings_of(layer: str) -> dict[str, set[str]]:
    """Each wing of a layer with the wings of the same layer that it imports."""
    top = ROOT / "chalicelib" / layer
    wings: dict[str, set[str]] = {}
    for file in sorted(top.glob("*/*.py")):
        if (layer, file.parent.name) in GROUND:
            continue
        of = wings.setdefault(file.parent.name, set())
        for name in imports(ast.parse(file.read_text(encoding="utf-8"))):
            part = name.split(".")
            is_inside = part[:2] == ["chalicelib", layer] and (layer, part[2]) not in GROUND
            if is_inside and (top / part[2]).is_dir():
                of.add(part[2])
    return wings


def floor_of(layer: str, wing: str) -> int:
    return ELSEWHERE.get((layer, wing), next(floor for floor, wings in enumerate(FLOORS) if wing in wings))


@pytest.mark.parametrize("layer", LAYERS_WITH_WINGS)
def test_no_wing_imports_from_a_floor_above_it(layer):
    upward = [
        (wing, other)
        for wing, others in wings_of(layer).items()
        for other in others
        if floor_of(layer, other) < floor_of(layer, wing)
    ]
    assert upward == []


@pytest.mark.parametrize("layer", LAYERS_WITH_WINGS)
def test_wings_stand_in_no_circle(layer):
    graph = {wing: others - {wing} for wing, others in wings_of(layer).items()}
    assert set(TopologicalSorter(graph).static_order()) >= set(graph)


@pytest.mark.parametrize("layer", LAYERS_WITH_WINGS)
def test_what_lies_below_the_wings_imports_none_of_them(layer):
    """Files beside the wings are either the ground under them or the spine above them; `routes`, `table` and `model` are ground."""
    spine = {
        "consuming",
        "sweeping",
        "lapsing",
        "nightly",
        "retention",
        "jobs",
        "job_kinds",
        "photos",
        "forms",
    }
    for file in sorted((ROOT / "chalicelib" / layer).glob("*.py")):
        if layer in {"domain", "store"} or file.stem not in spine:
            inside = {
                name.split(".")[2]
                for name in imports(ast.parse(file.read_text(encoding="utf-8")))
                if name.startswith(f"chalicelib.{layer}.")
            }
            assert not inside & set(wings_of(layer)), file.name


@pytest.mark.parametrize(("layer", "folder"), GROUND)
def test_the_ground_of_a_layer_stands_on_nothing_of_it(layer, folder):
    inside = {
        name
        for file in (ROOT / "chalicelib" / layer / folder).glob("*.py")
        for name in imports(ast.parse(file.read_text(encoding="utf-8")))
        if name.startswith(f"chalicelib.{layer}.")
    }
    assert {name for name in inside if not name.startswith(f"chalicelib.{layer}.{folder}")} == set()


def test_a_folder_is_read_at_a_glance():
    sizes = {
        folder: len(list(folder.glob("*.py")))
        for folder in (ROOT / "chalicelib").rglob("*")
        if folder.is_dir()
    }
    assert {folder.name: size for folder, size in sizes.items() if size > MOST_FILES_IN_A_FOLDER} == {}


def test_no_folder_of_the_console_grows_past_what_one_can_look_over_either():
    console = ROOT / "clients" / "desk" / "src"
    sizes = {folder: sum(each.is_file() for each in folder.iterdir()) for folder in console.rglob("*/")}
    assert {folder.name: size for folder, size in sizes.items() if size > MOST_FILES_IN_A_FOLDER} == {}


def test_aws_is_spoken_to_by_stores_and_gateways_alone(file, tree):
    if part_of(file) not in {"store", "gateways"}:
        assert not AWS & {name.split(".")[0] for name in imports(tree)}


def test_the_framework_stays_at_the_edge(file, tree):
    if part_of(file) not in OF_THE_FRAMEWORK:
        assert "chalice" not in {name.split(".")[0] for name in imports(tree)}


def test_what_is_slow_to_import_is_imported_where_it_is_used(tree):
    at_import = [node for node in at_start(tree.body) if isinstance(node, ast.Import | ast.ImportFrom)]
    loaded = {name.split(".")[0] for node in at_import for name in imports(ast.Module([node], []))}
    assert not HEAVY & loaded


def test_only_clock_reads_the_wall_clock(file, tree):
    if file.name not in {"clock.py", "sigv4.py"}:  # a signature states when it was made, to DynamoDB alone
        assert wall_clock_reads(tree) == []


def test_only_settings_reads_the_environment(file, tree):
    if file.name != "settings.py":
        assert not reads_environment(tree)


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now(SHANGHAI)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "time.time()",
        "from time import time",
    ],
)
def test_a_reading_of_the_wall_clock_is_recognised(source):
    assert wall_clock_reads(ast.parse(source))


@pytest.mark.parametrize(
    "source", ["clock.now()", "http.now()", "time.monotonic()", "time.sleep(1)", "due.time()"]
)
def test_what_only_sounds_like_it_is_not(source):
    assert not wall_clock_reads(ast.parse(source))


@pytest.mark.parametrize("source", ["os.environ['STAGE']", "os.getenv('STAGE')", "from os import environ"])
def test_a_reading_of_the_environment_is_recognised(source):
    assert reads_environment(ast.parse(source))


# A module that has the name of its importer, or of another import, is called by its layer; else it keeps its own name.
LAYER_ALIASES = {
    "domain": "rules",
    "store": "store",
    "gateways": "gateway",
    "actions": "actions",
    "web": "pages",
}
# Two modules of one layer in one file: the second is named by what it holds.
MORE_ALIASES = {"class_members", "messages", "records", "volunteer_routes", "parting", "together"}


def aliases() -> Iterator[tuple[str, str, str]]:
    """Where, of which layer, and the other name of every module of ours that is imported under one."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chalicelib."):
                folder = ROOT / Path(*str(node.module).split("."))
                for name in node.names:
                    if name.asname and (folder / f"{name.name}.py").exists():
                        yield (
                            f"{path.relative_to(ROOT)}:{node.lineno}",
                            str(node.module).split(".")[1],
                            name.asname,
                        )


def test_a_module_keeps_its_name_or_is_called_by_its_layer():
    others = [
        f"{where} as {alias}"
        for where, layer, alias in aliases()
        if alias != LAYER_ALIASES.get(layer) and alias not in MORE_ALIASES
    ]
    assert not others
