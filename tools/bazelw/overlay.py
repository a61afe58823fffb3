"""Changes to the prefix's own copies of rulesets: today's rules_python, and a stardoc that needs no JDK.

Debian's rules_python is years behind the one that projects are written for: its pip.parse knows no hub_name, its
interpreters and its own wheels come from hosts that may not be reachable. The folder rules_python/ beside this file
holds files that replace or join the package's; see docs/bazelw.md.
"""

from __future__ import annotations

import re
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
# The one target of stardoc's that is Java.
_RENDERER = re.compile(r'^java_binary\(\n    name = "renderer",\n.*?^\)\n', re.MULTILINE | re.DOTALL)
_SHELL_RENDERER = 'sh_binary(\n    name = "renderer",\n    srcs = ["renderer.sh"],\n)\n'


def rules_python(prefix: Path) -> None:
    """Put the files in place below `prefix`.

    Raises InstallError where the package is not the one that they were written for.
    """
    folder = prefix / TARGET
    for name, text in _EXPECTED.items():
        file = folder / name
        if not file.is_file() or text not in file.read_text(encoding="utf-8"):
            raise InstallError(
                f"rules_python is not as expected, got no {text!r} in {name}; the wrapper's recipe must be updated"
            )
    for source in sorted(_SOURCE.rglob("*")):
        if source.is_file() and "__pycache__" not in source.parts:
            target = folder / source.relative_to(_SOURCE)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def stardoc(prefix: Path, final: Path, java: Path) -> None:
    """Let stardoc's renderer run by the prefix's Java: java_binary would download a JDK and its tools.

    final: where `prefix` will be. java: home of the Java runtime, relative to it. Raises InstallError where the
    package is not the one that this was written for.
    """
    folder = Path("share/bazel/tools/stardoc/stardoc")
    build = prefix / folder / "BUILD"
    text, count = _RENDERER.subn(_SHELL_RENDERER, build.read_text(encoding="utf-8") if build.is_file() else "")
    jar = folder / "renderer_prebuilt.jar"
    if count != 1 or not (prefix / jar).is_file():
        raise InstallError(
            "stardoc is not as expected, got no java_binary for its renderer; the wrapper's recipe must be updated"
        )
    build.write_text(text, encoding="utf-8")
    script = prefix / folder / "renderer.sh"
    script.write_text(f'#!/bin/sh\nexec "{final / java}/bin/java" -jar "{final / jar}" "$@"\n', encoding="utf-8")
    script.chmod(0o755)
