"""Programs that the machine's own compilers build, as images that run: examples/languages."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from workspace import Workspace


def compiler(name: str) -> str:
    """Give the folder of a compiler, of rustup's toolchain and not of its shim; skip the test where there is none."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"LANGUAGE NOT TESTED: no {name} on this machine")
    if name == "rustc":
        done = subprocess.run([found, "--print", "sysroot"], capture_output=True, text=True, check=True)
        return f"{done.stdout.strip()}/bin"
    return str(Path(found).parent)


@pytest.mark.parametrize(("language", "name"), [("java", "javac"), ("go", "go"), ("rust", "rustc")])
def test_a_program_of_the_machines_compiler(tree: Workspace, language: str, name: str) -> None:
    path = f"--action_env=PATH={compiler(name)}:{os.environ['PATH']}"
    tree.bazel("test", path, "--test_env=DISTILL_NO_SKIP", f"//examples/languages:{language}_test")
