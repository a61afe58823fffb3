"""Compiles programs for the architecture of a test and runs the image, on this machine or, for another, in QEMU.

QEMU is called by its path inside the image's root, so that the machine needs no binfmt_misc registration, which a
user namespace could not make. A program that starts another one fails there: only its own code is translated.
"""

import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import case
import pytest
from container import Container
from oci_archive import OciArchive

_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
EMULATED = _MACHINES.get(platform.machine()) != case.ARCHITECTURE
"""Whether the architecture is not that of this machine."""
_QEMU = "/.qemu"
_CPUS = {"amd64": "x86_64", "arm64": "aarch64"}


def _program(name: str, package: str) -> str:
    """Find a program of this machine; skip the test, loudly, where there is none. In CI that is a failure."""
    found = shutil.which(name)
    if found is None and os.environ.get("DISTILL_NO_SKIP"):
        pytest.fail(f"{name} is not installed; install {package}")
    if found is None:
        pytest.skip(f"NOT TESTED: {name} is not installed; install {package}")
    return str(found)


def compiled(source: str, output: Path, *flags: str) -> Path:
    """Compile one of the programs beside this file, in C or, by its name, C++, for the architecture of the test."""
    compiler = "g++" if source.endswith(".cc") else "gcc"
    package = compiler
    if EMULATED:
        package = f"{compiler}-{case.MACHINE.triplet.replace('_', '-')}"
        compiler = f"{case.MACHINE.triplet}-{compiler}"
    subprocess.run(
        [_program(compiler, package), "-O1", "-Wall", "-Werror", "-o", output, case.HERE / "programs" / source, *flags],
        check=True,
    )
    return output


def unpacked(root: Path) -> Path:
    """Unpack the image, as its debug variant, below `root`."""
    root.mkdir()
    with OciArchive(case.archive()) as archive:
        archive.unpack(root)
    if EMULATED:
        program = _program(f"qemu-{_CPUS[case.ARCHITECTURE]}-static", "qemu-user-static")
        shutil.copy(program, root / _QEMU.lstrip("/"))
    return root


def run(
    root: Path,
    command: Sequence[str],
    *,
    variant: str = "",
    volumes: Mapping[str, Path] | None = None,
    environment: Mapping[str, str | None] | None = None,
) -> Container:
    """Start `command` as the image's variant would, with `environment` changed; None takes a variable away."""
    config: Any = case.config(variant)
    settings = dict(config["config"])
    variables = dict(entry.split("=", 1) for entry in settings["Env"])
    for name, value in (environment or {}).items():
        variables.pop(name, None)
        if value is not None:
            variables[name] = value
    settings["Env"] = [f"{name}={value}" for name, value in variables.items()]
    before = [_QEMU] if EMULATED else []
    return Container({"config": settings}, root, command, entrypoint=before, volumes=volumes)


def output(root: Path, command: Sequence[str], seconds: float = 600, **kwargs: Any) -> str:
    """Run to the end and give what it says; an assertion with that fails where it does not exit with 0."""
    with run(root, command, **kwargs) as container:
        code, text = container.wait(seconds)
    assert code == 0, text
    return text


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked image, with the folders in it where tests put what they run."""
    root = unpacked(tmp_path_factory.mktemp("image") / "root")
    for folder in ("test", "out"):
        (root / folder).mkdir()
    return root
