"""Runs gdb on a program of an unpacked image, as one would who debugs a container from outside."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def require_gdb() -> None:
    """Skip the test, loudly, where there is no gdb; in CI that is a failure."""
    if shutil.which("gdb"):
        return
    if os.environ.get("DISTILL_NO_SKIP"):
        pytest.fail("a program cannot be debugged here: gdb is not installed")
    pytest.skip("PROGRAM NOT DEBUGGED: gdb is not installed")


def gdb(root: Path, program: str, *commands: str, without_debug_parts: bool = False) -> str:
    """Give what gdb says to `commands`, run on the `program` of the image that is unpacked at `root`."""
    require_gdb()
    parts = root / ("none" if without_debug_parts else "usr/lib/debug")
    before = [f"set debug-file-directory {parts}", f"set sysroot {root}"]
    done = subprocess.run(
        [
            *("gdb", "-batch", "-nx", f"-cd={root / 'usr/src/debug'}"),
            *(word for command in before for word in ("-iex", command)),
            *(word for command in commands for word in ("-ex", command)),
            str(root / program.lstrip("/")),
        ],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout
