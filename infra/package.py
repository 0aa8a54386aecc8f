"""Builds the deployment: `python -m infra.package OUT [--stage prod]` writes OUT/sam.json and OUT/deployment.zip.

What `chalice package` makes of app.py, merged with infra/resources/*.yaml and the workflow definitions infra/*.asl.json.
The clients are built into it first, where they changed (infra/clients.py).
Compiled modules are put into the zip last (infra/compiled.py). The local cloud and production deploy this same output.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import yaml

from infra import clients, compiled

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = {"Escalation": "escalation.asl.json", "FollowUp": "follow_up.asl.json"}
# What the functions run on. The one place that says it: 3.11 leaves Lambda in June 2027, and chalice takes whatever
# Python builds. A deployment is built by this one; the local cloud runs on any from 3.11, with a package of its own.
PYTHON = (3, 13)
REGION = "us-east-1"  # chalice wants one to look up service names; the template itself names no region
Template = dict[str, Any]


class BadTemplate(Exception):
    """The merged template names something that app.py does not have."""


def resources(root: Path = ROOT) -> Template:
    """All files of infra/resources as one template, with the workflows' definitions in place."""
    merged: Template = {}
    for file in sorted((root / "infra" / "resources").glob("*.yaml")):
        _merge(merged, yaml.safe_load(file.read_text(encoding="utf-8")))
    for name, file_name in WORKFLOWS.items():
        definition = json.loads((root / "infra" / file_name).read_text(encoding="utf-8"))
        merged["Resources"][name]["Properties"]["DefinitionString"] = json.dumps(
            definition, ensure_ascii=False
        )
    return merged


def build(out: Path, *, stage: str = "local", root: Path = ROOT) -> Template:
    """Package into `out` and answer the template. Raises BadTemplate for a function that app.py does not have."""
    check_builder(stage, sys.version_info[:2])
    out.mkdir(parents=True, exist_ok=True)
    extra = out / "resources.json"
    extra.write_text(json.dumps(resources(root), ensure_ascii=False), encoding="utf-8")
    _package(out, extra, stage, root)
    _compile(out / "deployment.zip", root)
    template: Template = json.loads((out / "sam.json").read_text(encoding="utf-8"))
    template["Parameters"]["Stage"]["Default"] = stage
    unknown = [name for name, resource in template["Resources"].items() if "Type" not in resource]
    if unknown:
        raise BadTemplate(
            f"infra/resources names functions that app.py does not register: {', '.join(unknown)}"
        )
    (out / "sam.json").write_text(json.dumps(template, ensure_ascii=False, indent=1), encoding="utf-8")
    return template


def check_builder(stage: str, builder: tuple[int, ...]) -> None:
    """Raises BadTemplate for a Python that the functions of a deployment would not run on."""
    if stage != "local" and builder != PYTHON:
        wanted, here = ".".join(map(str, PYTHON)), ".".join(map(str, builder))
        raise BadTemplate(
            f"部署包要用 Python {wanted} 打（云上的函数用它运行），现在是 {here}。"
            f"请安装 Python {wanted}，执行 make clean，再来一次；本地运行不受影响"
        )


def _package(out: Path, extra: Path, stage: str, root: Path) -> None:
    """chalice keeps the last zip and builds on it; one that a kill left half written is thrown away and built anew."""
    arguments = ("package", "--stage", stage, "--merge-template", str(extra), str(out))
    code = out / "deployment.zip"
    with clients.one_build_at_a_time(root):
        _build_clients(stage, root)
        try:
            _chalice(*arguments, root=root)
        except BadTemplate:
            code.unlink(missing_ok=True)
        if not (code.exists() and zipfile.is_zipfile(code)):
            shutil.rmtree(root / ".chalice" / "deployments", ignore_errors=True)
            _chalice(*arguments, root=root)


def _compile(code: Path, root: Path) -> None:
    try:
        compiled.add_to(code, compiled.loaded(root))
    except compiled.NotCompiled as trouble:
        raise BadTemplate(str(trouble)) from None


def _build_clients(stage: str, root: Path) -> None:
    """The local cloud runs with the last ones that could be built, and says so; a deployment does not."""
    try:
        clients.build(root)
    except clients.NotBuilt as trouble:
        if stage != "local":
            raise BadTemplate(str(trouble)) from None
        print(f"{trouble}\n网页没有更新，先用上一次构建的。", file=sys.stderr, flush=True)


def _chalice(*arguments: str, root: Path) -> None:
    command = [sys.executable, "-c", "from chalice.cli import main; main()", *arguments]
    environment = {**os.environ, "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", REGION)}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BadTemplate(f"chalice {arguments[0]} failed:\n{done.stdout}{done.stderr}")


def _merge(into: Template, more: Template) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--stage", default="prod")
    chosen = parser.parse_args()
    try:
        build(chosen.out, stage=chosen.stage)
    except BadTemplate as trouble:
        sys.exit(str(trouble))
    print(f"{chosen.out / 'sam.json'}: ready for `aws cloudformation package` and `deploy`")


if __name__ == "__main__":
    main()
