"""Every dependency has its reason in CONTRIBUTING.md; WORKSPACE files name what MODULE.bazel does."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKSPACES = ("WORKSPACE", "tests/e2e/workspace/WORKSPACE")


def _text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def _modules() -> dict[str, str]:
    """Name to version of every bazel_dep."""
    return dict(re.findall(r'^bazel_dep\(name = "(\w+)", version = "([\d.]+)"', _text("MODULE.bazel"), re.MULTILINE))


def _requirements(path: str) -> set[str]:
    return {line for line in _text(path).splitlines() if line and line[0] not in "#-"}


def _archives(path: str) -> dict[str, str]:
    """Name to version, from the address, of every http_archive."""
    pattern = r'^http_archive\(\n    name = "(\w+)",.*?/releases/download/v?([\d.]+)/'
    return dict(re.findall(pattern, _text(path), re.DOTALL | re.MULTILINE))


def test_every_dependency_has_its_reason() -> None:
    reasons = re.findall(r"^- `([\w-]+)`: \S", _text("CONTRIBUTING.md").partition("## Dependencies")[2], re.MULTILINE)
    named = set(_modules()) | _requirements("py/requirements.in") | _requirements("tests/requirements.in")
    assert sorted(reasons) == sorted(named), "give each dependency one line in CONTRIBUTING.md, and no other"


def test_the_workspace_declares_every_module() -> None:
    assert set(_archives("WORKSPACE")) == set(_modules())


def test_a_workspace_has_the_versions_of_the_module() -> None:
    for path in WORKSPACES:
        versions = _archives(path)
        # A WORKSPACE takes rules_python 1; see there.
        assert versions.pop("rules_python").startswith("1."), path
        assert versions == {name: _modules()[name] for name in versions}, path


def test_the_outside_workspace_has_the_hashes_of_ours() -> None:
    ours, theirs = ({*re.findall(r'sha256 = "(\w{64})"', _text(path))} for path in WORKSPACES)
    assert theirs
    assert theirs <= ours
