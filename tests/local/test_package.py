"""What is deployed is whole, or it is not deployed."""

import json
import zipfile

import pytest

from infra import package
from tests.local.templates import RESOURCES

WHOLE = b"x = 1\n" * 1000
CHALICE_MAKES = {"Resources": {}, "Parameters": {"Stage": {"Default": "local"}}}


class Chalice:
    """Stands for `chalice package`: writes `zips` one call after another; None fails the call."""

    def __init__(self, zips, template=CHALICE_MAKES):
        self.zips, self.template, self.calls = list(zips), template, 0

    def __call__(self, *arguments, root):
        self.calls += 1
        content = self.zips.pop(0)
        if content is None:
            raise package.BadTemplate("chalice failed")
        out = package.Path(arguments[-1])
        (out / "deployment.zip").write_bytes(content)
        (out / "sam.json").write_text(json.dumps(self.template))


@pytest.fixture
def whole(tmp_path):
    file = tmp_path / "whole.zip"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("app.py", WHOLE)
    return file.read_bytes()


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A project whose chalice cache holds a zip."""
    cache = tmp_path / ".chalice" / "deployments" / "cached.zip"
    cache.parent.mkdir(parents=True)
    cache.write_bytes(b"PK")
    monkeypatch.setattr(package, "resources", lambda _root: {})
    return tmp_path


def code_in(file):
    with zipfile.ZipFile(file) as made:
        return made.read("app.py")


def build_with(chalice, root, monkeypatch, **how):
    monkeypatch.setattr(package, "_chalice", chalice)
    monkeypatch.setattr(package, "check_builder", lambda *_: None)
    monkeypatch.setattr(package.compiled, "loaded", lambda _root: ["app", "os"])
    return package.build(root / "out", root=root, **how)


def test_a_whole_package_is_built_once_and_the_cache_stays(root, whole, monkeypatch):
    chalice = Chalice([whole])
    build_with(chalice, root, monkeypatch)
    assert chalice.calls == 1
    assert (root / ".chalice" / "deployments" / "cached.zip").exists()


@pytest.mark.parametrize("cut", [0, 1, 100])
def test_a_package_that_was_cut_short_is_built_anew_without_the_cache(root, whole, monkeypatch, cut):
    chalice = Chalice([whole[:cut], whole])
    build_with(chalice, root, monkeypatch)
    assert chalice.calls == 2
    assert not (root / ".chalice" / "deployments").exists()
    assert code_in(root / "out" / "deployment.zip") == WHOLE


def test_a_cache_that_makes_chalice_fail_is_thrown_away_too(root, whole, monkeypatch):
    build_with(Chalice([None, whole]), root, monkeypatch)
    assert code_in(root / "out" / "deployment.zip") == WHOLE


def test_what_fails_twice_is_refused_with_chalices_words(root, monkeypatch):
    with pytest.raises(package.BadTemplate, match="chalice failed"):
        build_with(Chalice([None, None]), root, monkeypatch)


def test_a_function_that_the_app_does_not_register_is_refused_by_name(root, whole, monkeypatch):
    template = {**CHALICE_MAKES, "Resources": {"Misspelt": {"Properties": {"FunctionName": "x"}}}}
    with pytest.raises(package.BadTemplate, match="Misspelt"):
        build_with(Chalice([whole], template), root, monkeypatch)


def test_the_stage_of_a_package_is_its_templates_default(root, whole, monkeypatch):
    assert (
        build_with(Chalice([whole]), root, monkeypatch, stage="prod")["Parameters"]["Stage"]["Default"]
        == "prod"
    )


def test_the_definitions_of_the_workflows_are_in_the_template():
    for name in package.WORKFLOWS:
        definition = json.loads(RESOURCES["Resources"][name]["Properties"]["DefinitionString"])
        assert definition["StartAt"] in definition["States"]


@pytest.mark.parametrize(
    ("stage", "builder", "fine"),
    [
        ("prod", package.PYTHON, True),
        ("prod", (3, 11), False),
        ("prod", (3, 14), False),
        ("local", (3, 11), True),
    ],
)
def test_a_deployment_is_built_by_the_python_that_runs_it(stage, builder, fine):
    if fine:
        package.check_builder(stage, builder)
    else:
        with pytest.raises(package.BadTemplate, match=r"3\.13"):
            package.check_builder(stage, builder)
