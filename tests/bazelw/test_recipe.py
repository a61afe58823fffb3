"""The recipe's number goes up with what it installs, or users keep an old prefix."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import ModuleType

# What only decides, tells or waits does not change a prefix.
_NOT_INSTALLED = {
    "BUILD.bazel",
    "__init__.py",
    "errors.py",
    "information.py",
    "lock.py",
    "main.py",
    "progress.py",
    "versions.py",
}


def digest(folder: Path) -> str:
    """A digest of the files that a prefix is made by."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in (".py", ".bzl", ".bazel")]
    content = hashlib.sha256()
    for path in files:
        if path.name not in _NOT_INSTALLED and "__pycache__" not in path.parts:
            content.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return content.hexdigest()[:16]


def test_recipe_is_raised_with_what_it_installs(bazelw_root: Path, fast: ModuleType) -> None:
    now = f"{fast.RECIPE} {digest(bazelw_root / 'tools/bazelw')}"
    noted = (bazelw_root / "tools/bazelw/RECIPE").read_text(encoding="utf-8").strip()
    assert now == noted, (
        f"tools/bazelw changed: if an installed prefix differs, raise RECIPE in bazelw by one; then\n"
        f"  echo '<recipe> {now.partition(' ')[2]}' >tools/bazelw/RECIPE"
    )
