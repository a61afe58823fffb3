"""Makes the prefix's rules_python 0.22 speak the MODULE.bazel of today's rules_python.

Debian's rules_python is years behind the one that projects are written for: its pip.parse knows no hub_name, its
interpreters and its own wheels come from hosts that may not be reachable. The folder rules_python/ beside this file
holds files that replace or join the package's; see docs/bazelw.md.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from bazelw.errors import InstallError

_SOURCE = Path(__file__).parent / "rules_python"
TARGET = Path("share/bazel/rules/python")
# What the package must hold for the replacement to be right: file to text. All but the last two are replaced, the
# last ones are built upon.
_EXPECTED = {
    "MODULE.bazel": 'use_extension("@rules_python//python/extensions:python.bzl", "python")',
    "python/extensions/pip.bzl": "pip = module_extension(",
    "python/extensions/python.bzl": "python = module_extension(",
    "python/pip.bzl": "def pip_parse(",
    "python/repositories.bzl": "def py_repositories():",
    "python/pip_install/requirements_parser.bzl": "def parse(content):",
    "python/defs.bzl": "py_library = ",
}


def apply(prefix: Path) -> None:
    """Put the files in place below `prefix`.

    Raises InstallError where the package is not the one that they were written for.
    """
    folder = prefix / TARGET
    for name, text in _EXPECTED.items():
        file = folder / name
        if not file.is_file() or text not in file.read_text(encoding="utf-8"):
            raise InstallError(f"rules_python is not as expected, got no {text!r} in {name}; the wrapper's recipe must be updated")
    for source in sorted(_SOURCE.rglob("*")):
        if source.is_file() and "__pycache__" not in source.parts:
            target = folder / source.relative_to(_SOURCE)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
