"""Real programs, made by the compilers of the machine."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HELLO = '#include <stdio.h>\nint main(void) {\n    puts("hello");\n    return 0;\n}\n'


def tool(name: str, *folders: str) -> str:
    """Give the path of the program `name`; the test skips, loudly, where there is none, and fails in CI."""
    found = shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", os.defpath), *folders)))
    if found is None and os.environ.get("DISTILL_NO_SKIP"):
        pytest.fail(f"{name} is not installed")
    if found is None:
        pytest.skip(f"NOT TESTED: {name} is not installed")
    return found


def compiled(path: Path, *flags: str, source: str = HELLO) -> Path:
    """Compile the C `source` with debug information to `path` and give it."""
    code = path.with_name(f"{path.name}.c")
    code.write_text(source)
    subprocess.run([tool("gcc"), "-g", "-o", path, code, *flags], check=True)
    return path


def compiled_go(path: Path) -> Path:
    """Compile a Go program that says hello on standard error and panics, to `path`."""
    code = path.with_name("hello.go")
    code.write_text('package main\n\nfunc main() {\n\tprintln("hello")\n\tpanic("trace")\n}\n')
    home = path.parent
    environment = {
        "CGO_ENABLED": "0",
        "GOCACHE": str(home / "cache"),
        "GOENV": "off",
        "GOFLAGS": "-mod=mod",
        "GOTOOLCHAIN": "local",
        "GO111MODULE": "off",
        "HOME": str(home),
        "PATH": os.environ.get("PATH", os.defpath),
    }
    go = tool("go", "/usr/local/go/bin")
    subprocess.run([go, "build", "-o", path, code], check=True, env=environment, cwd=home)
    return path


def script(path: Path, text: str) -> str:
    """Write a shell script to `path` and give it as a string."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)
