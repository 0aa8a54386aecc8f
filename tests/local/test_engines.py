"""An engine is used only when it is what was pinned."""

import base64
import hashlib
import tarfile

import pytest

from infra.local import engines


def a_package(folder, content=b"#!/bin/sh\n"):
    inner = folder / "dynoxide"
    inner.write_bytes(content)
    file = folder / "package.tgz"
    with tarfile.open(file, "w:gz") as archive:
        archive.add(inner, "package/dynoxide")
    return file, base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode()


def test_a_package_with_the_pinned_hash_is_unpacked(tmp_path):
    file, integrity = a_package(tmp_path)
    assert engines.unpack(file, integrity, tmp_path / "out").read_bytes() == b"#!/bin/sh\n"


def test_a_package_with_one_byte_changed_is_refused_and_nothing_is_unpacked(tmp_path):
    file, integrity = a_package(tmp_path)
    file.write_bytes(file.read_bytes()[:-1] + b"\x01")
    with pytest.raises(engines.EngineMissing, match="校验值不符"):
        engines.unpack(file, integrity, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_dynoxide_on_the_path_is_used_as_it_is(tmp_path, monkeypatch):
    own = tmp_path / "bin" / "dynoxide"
    own.parent.mkdir()
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setattr(engines, "ENGINES", tmp_path / "none")
    monkeypatch.setenv("PATH", str(own.parent))
    assert engines.dynoxide() == own


def test_a_platform_without_a_package_is_told_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "ENGINES", tmp_path / "none")
    monkeypatch.setattr(engines, "_platform", lambda: "plan9-mips")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(engines.EngineMissing, match="plan9-mips"):
        engines.dynoxide()


def test_a_machine_without_npm_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "ENGINES", tmp_path / "none")
    monkeypatch.setattr(engines, "_platform", lambda: "linux-x64")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(engines.EngineMissing, match="Node"):
        engines.dynoxide()
