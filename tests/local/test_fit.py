"""On a machine that is not Lambda's kind, the package's own code runs on libraries installed for that machine."""

import platform
import zipfile

import pytest

from infra.local import fit


@pytest.mark.parametrize(
    ("system", "machine", "native"),
    [
        ("Linux", "x86_64", True),
        ("Linux", "aarch64", False),
        ("Darwin", "x86_64", False),
        ("Darwin", "arm64", False),
    ],
)
def test_only_linux_on_x86_64_loads_what_lambda_loads(monkeypatch, system, machine, native):
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert fit.is_native() is native


def test_our_code_is_kept_and_compiled_libraries_are_left_out(tmp_path):
    ours = [
        "app.py",
        "chalicelib/__init__.py",
        "chalicelib/web/clients/browser/app-1a2b.js",
        "chalice/app.py",
    ]
    code = tmp_path / "deployment.zip"
    with zipfile.ZipFile(code, "w") as made:
        for name in [*ours, "pydantic_core/_pydantic_core.so", "PIL/_imaging.so", "cryptography/x.py"]:
            made.writestr(name, name)
    with zipfile.ZipFile(fit.without_dependencies(code)) as small:
        assert small.namelist() == ours
        assert small.read("app.py") == b"app.py"
    assert zipfile.ZipFile(code).testzip() is None
