"""What people see is built when its sources changed, and only then."""

import json
import re
import shutil

import pytest

from chalicelib.web.files import UNNAMED
from infra import clients, package
from infra.package import BadTemplate


@pytest.fixture
def root(tmp_path):
    """A project with one small client, whose tools are installed."""
    home = tmp_path / "clients"
    (home / "browser").mkdir(parents=True)
    (home / "browser" / "index.html").write_text("<p>")
    (home / "miniprogram").mkdir()
    (home / "miniprogram" / "app.json").write_text("{}")
    locked = {"packages": {"": {}, "node_modules/vite": {"version": "7.3.8"}}}
    (home / "package-lock.json").write_text(json.dumps(locked))
    (home / "node_modules").mkdir()
    (home / "node_modules" / ".package-lock.json").write_text(json.dumps(locked))
    return tmp_path


@pytest.fixture
def npm(monkeypatch):
    """Stands for npm: notes what it was asked, and writes a page where a build goes. `fails`: it does not."""
    asked = []

    def run(root, *arguments, trouble):
        asked.append(arguments[:2])
        if run.fails:
            raise clients.NotBuilt(trouble)
        if arguments[0] == "run":
            out = clients.Path(arguments[-1])
            out.mkdir(parents=True)
            (out / "index.html").write_text("built")

    run.fails = False
    run.asked = asked
    monkeypatch.setattr(clients, "_npm", run)
    monkeypatch.setattr(clients, "_check_node", lambda: None)
    return run


def test_what_did_not_change_is_not_built_again(root, npm):
    assert clients.build(root) == ["browser"]
    assert clients.build(root) == []
    assert npm.asked == [("run", "build:browser")]


@pytest.mark.parametrize("changed", ["browser/index.html", "miniprogram/app.json", "package-lock.json"])
def test_a_change_of_any_source_is_built(root, npm, changed):
    clients.build(root)
    file = root / "clients" / changed
    file.write_text(file.read_text() + " ")
    assert clients.build(root) == ["browser"]


def test_a_new_and_a_removed_file_are_changes(root, npm):
    clients.build(root)
    more = root / "clients" / "miniprogram" / "app.js"
    more.write_text("")
    assert clients.build(root) == ["browser"]
    more.unlink()
    assert clients.build(root) == ["browser"]


def test_tools_are_installed_only_when_the_lock_file_asks_for_others(root, npm):
    lock = root / "clients" / "package-lock.json"
    lock.write_text(lock.read_text().replace("7.3.8", "7.3.9"))
    assert not clients.is_installed(root)
    clients.build(root)
    assert npm.asked == [("ci", "--no-audit"), ("run", "build:browser")]


def test_tools_that_are_not_there_at_all_are_not_installed(root):
    shutil.rmtree(root / "clients" / "node_modules")
    assert not clients.is_installed(root)


def test_a_build_that_fails_leaves_the_last_one_in_place(root, npm):
    clients.build(root)
    (root / "clients" / "browser" / "index.html").write_text("<p")
    npm.fails = True
    with pytest.raises(clients.NotBuilt):
        clients.build(root)
    assert (clients.folder(root, "browser") / "index.html").read_text() == "built"


@pytest.mark.parametrize(
    ("node", "said"), [(None, "没有找到 Node.js"), ("v18.20.4", "现有 v18.20.4"), ("v20.18.9", "现有")]
)
def test_without_a_node_that_is_new_enough_a_person_reads_what_to_install(monkeypatch, tmp_path, node, said):
    if node:
        for name in ("node", "npm"):
            program = tmp_path / name
            program.write_text(f"#!/bin/sh\necho {node}\n")
            program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(clients.NotBuilt, match=said):
        clients._check_node()


def test_a_deployment_without_its_pages_is_refused_and_the_local_cloud_runs_with_the_last(root, npm, capsys):
    npm.fails = True
    with pytest.raises(BadTemplate):
        package._build_clients("prod", root)
    package._build_clients("local", root)
    assert "网页没有更新" in capsys.readouterr().err


@pytest.mark.parametrize("client", ["browser", "desk"])
def test_a_page_holds_nothing_inline_and_works_under_any_base_path(client):
    page = clients.folder(clients.ROOT, client) / "index.html"
    if not page.exists():
        pytest.skip(f"the client {client} is not built: `make run` builds it (needs Node 20)")
    html = page.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", html)
    assert "<!-- practice -->" in html  # where a stage for drills says so
    for address in re.findall(
        r'(?:src|href)="((?!tel:|#)[^"]+)"', html
    ):  # whom to call, and a place in this page, need no file
        assert address.startswith(("./", "data:"))
        name = address.removeprefix("./")
        assert "/" not in name or address.startswith("data:")
        is_named = name in UNNAMED or address.startswith("data:")  # asked for each time
        assert is_named or re.search(r"-[\w-]{8}\.", name), "a name without its digest"
