"""The overlay's wheel.py: one locked requirement becomes a Bazel repository."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import not_tested

METADATA = """\
Metadata-Version: 2.1
Name: Some-Thing
Version: 1.0
Provides-Extra: more
Requires-Dist: plain_dep>=1
Requires-Dist: Needs.Extra; extra == "more"
Requires-Dist: other-extra; extra == "less"
Requires-Dist: windows-only; sys_platform == "win32"
Requires-Dist: not-in-the-lock
"""


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A folder with one wheel."""
    if importlib.util.find_spec("pip") is None:
        not_tested("a wheel needs pip in the Python that runs the tests")
    folder = tmp_path / "index"
    folder.mkdir()
    with zipfile.ZipFile(folder / "some_thing-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("some_thing/__init__.py", "")
        archive.writestr("name_space/inner.py", "")
        archive.writestr("some_thing-1.0.data/scripts/tool", "#!python\n")
        archive.writestr("some_thing-1.0.data/data/share/x", "x")
        archive.writestr("some_thing-1.0.dist-info/METADATA", METADATA)
        archive.writestr(
            "some_thing-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("some_thing-1.0.dist-info/RECORD", "")
    return folder


def fetch(bazelw_root: Path, folder: Path, requirement: str, **changes: object) -> subprocess.CompletedProcess[str]:
    """Run wheel.py in `folder`."""
    folder.mkdir()
    request = {
        "download_only": False,
        "extra_pip_args": [],
        "implicit_namespaces": False,
        "isolated": False,
        "known": ["some_thing", "plain_dep", "needs_extra", "other_extra", "windows_only"],
        "pip_data_exclude": ["**/tests/**"],
        "hub": "hub",
        "requirement": requirement,
        **changes,
    }
    (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
    script = bazelw_root / "tools/bazelw/rules_python/python/private/bazelw_wheel.py"
    # The machine's own settings name the index, as they may for a user.
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder.parent / "index")}
    command = [sys.executable, str(script), "request.json"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("download_only", [False, True])
def test_wheel_becomes_a_repository(bazelw_root: Path, tmp_path: Path, index: Path, download_only: bool) -> None:
    folder = tmp_path / "repository"
    done = fetch(bazelw_root, folder, "Some.Thing[more]==1.0", download_only=download_only)
    assert done.returncode == 0, done.stdout + done.stderr
    build = (folder / "BUILD.bazel").read_text(encoding="utf-8")
    assert 'deps = ["@hub_needs_extra//:pkg", "@hub_plain_dep//:pkg"],' in build
    assert "site-packages/**/tests/**" in build
    assert "pkgutil" in (folder / "site-packages/name_space/__init__.py").read_text(encoding="utf-8")
    assert (folder / "site-packages/some_thing/__init__.py").read_text(encoding="utf-8") == ""
    assert (folder / "bin/tool").stat().st_mode & 0o111
    assert (folder / "data/share/x").is_file()
    assert not (folder / "request.json").exists()
    assert sorted(path.name for path in folder.glob("*.*")) == [
        "BUILD.bazel",
        "some_thing-1.0-py3-none-any.whl",
    ]


def test_requirement_that_is_not_for_this_machine_is_empty(bazelw_root: Path, tmp_path: Path, index: Path) -> None:
    done = fetch(bazelw_root, tmp_path / "repository", 'some-thing==1.0; sys_platform == "win32"')
    assert done.returncode == 0, done.stderr
    assert "deps = []," in (tmp_path / "repository/BUILD.bazel").read_text(encoding="utf-8")


def test_wrong_hash_fails(bazelw_root: Path, tmp_path: Path, index: Path) -> None:
    done = fetch(bazelw_root, tmp_path / "repository", f"some-thing==1.0 --hash=sha256:{'0' * 64}")
    assert done.returncode == 1
    assert "pip failed, got exit code 1; see its messages above" in done.stderr
    assert "HASH" in done.stdout.upper()
