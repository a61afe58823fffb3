"""The rulesets of a prefix: which module or repository lies where, and stubs for those that nothing uses."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bazelw.errors import InstallError

# Module name to folder below share/bazel: the packages' own places.
_MODULES = {
    "bazel_features": "tools/features",
    "bazel_skylib": "tools/skylib",
    "platforms": "tools/platforms",
    "rules_cc": "rules/cc",
    "rules_java": "rules/java",
    "rules_license": "rules/license",
    "rules_pkg": "rules/pkg",
    "rules_proto": "rules/proto",
    "rules_python": "rules/python",
    "rules_shell": "rules/shell",
    "stardoc": "tools/stardoc",
}
# Modules that Bazel's own tools name and that no build of the rulesets above loads from.
_STUBS = ("apple_support", "buildozer", "protobuf", "zlib")
# What a stub must hold so that the modules naming it load: file to text.
_STUB_FILES: dict[str, dict[str, str]] = {
    "buildozer": {
        "buildozer_binary.bzl": '''\
"""A stand-in: nothing here runs buildozer."""

def _repository_impl(repository_ctx):
    repository_ctx.file("BUILD.bazel", "")

_repository = repository_rule(implementation = _repository_impl)

def _extension_impl(module_ctx):  # buildifier: disable=unused-variable
    _repository(name = "buildozer_binary")

buildozer_binary = module_extension(implementation = _extension_impl)
''',
    },
}
# Bazel's own module, which every build depends on.
_BAZEL_TOOLS = Path("share/bazel/embedded_tools/MODULE.bazel")
# Modules that Bazel's own does not lead to. An override of a module that is not in the graph is an error, so a
# project that does not use them all could not be built without these dependencies.
_UNREACHED = ("rules_pkg", "rules_shell", "stardoc")
STUB_FOLDER = Path("share/bazelw/stubs")
# In a WORKSPACE, rulesets go by these names as well.
_WORKSPACE_NAMES = {"io_bazel_stardoc": "stardoc"}


def write_stubs(prefix: Path) -> None:
    """Write the stub modules below `prefix`."""
    for name in _STUBS:
        folder = prefix / STUB_FOLDER / name
        folder.mkdir(parents=True)
        files = {
            "MODULE.bazel": f'module(name = "{name}")\n',
            "WORKSPACE": f'workspace(name = "{name}")\n',
            "BUILD.bazel": "",
            **_STUB_FILES.get(name, {}),
        }
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")


def reach_all(prefix: Path) -> None:
    """Make Bazel's own module depend on those it does not lead to.

    Raises InstallError where Bazel's package has its module elsewhere.
    """
    file = prefix / _BAZEL_TOOLS
    if not file.is_file():
        raise InstallError(
            f"Bazel's package holds no module file, got none at {_BAZEL_TOOLS}; the wrapper's recipe must be updated"
        )
    lines = [f'bazel_dep(name = "{name}", version = "0.0.0", repo_name = "bazelw_{name}")\n' for name in _UNREACHED]
    file.write_text(
        file.read_text(encoding="utf-8") + "\n# bazelw: keeps its overrides valid.\n" + "".join(lines), encoding="utf-8"
    )


def modules(prefix: Path) -> Mapping[str, Path]:
    """Every module of an unpacked `prefix`: name to folder relative to it, sorted.

    Raises InstallError where a package put a module elsewhere.
    """
    found = {name: Path("share/bazel") / folder for name, folder in _MODULES.items()}
    found.update({name: STUB_FOLDER / name for name in _STUBS})
    for name, folder in found.items():
        if not (prefix / folder / "MODULE.bazel").is_file():
            raise InstallError(
                f"the packages hold no module {name}, got none at {folder}; the wrapper's recipe must be updated"
            )
    return dict(sorted(found.items()))


def repositories(prefix: Path) -> Mapping[str, Path]:
    """Every repository for WORKSPACE builds: name to folder relative to the prefix. Raises as `modules` does."""
    found = {name: folder for name, folder in modules(prefix).items() if name not in _STUBS}
    found.update({name: found[module] for name, module in _WORKSPACE_NAMES.items()})
    return dict(sorted(found.items()))
