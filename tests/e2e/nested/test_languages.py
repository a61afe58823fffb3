"""Programs that the machine's own compilers build, as images that run: examples/languages."""

import os
import shutil
import subprocess

import pytest
from workspace import Workspace


def search_path(name: str) -> str:
    """Give a PATH on which the compiler `name` is, rustup's toolchain before its shim; skip the test without one."""
    path = os.environ["PATH"]
    found = shutil.which(name)
    if found is None:
        if os.environ.get("DISTILL_NO_SKIP"):
            pytest.fail(f"no {name} on this machine; install it")
        pytest.skip(f"LANGUAGE NOT TESTED: no {name} on this machine")
    if name == "rustc":
        done = subprocess.run([found, "--print", "sysroot"], capture_output=True, text=True, check=True)
        return f"{done.stdout.strip()}/bin:{path}"
    return path


@pytest.mark.parametrize(
    ("language", "name"), [("java", "javac"), ("classpath", "javac"), ("go", "go"), ("rust", "rustc")]
)
def test_a_program_of_the_machines_compiler(tree: Workspace, language: str, name: str) -> None:
    path = f"--action_env=PATH={search_path(name)}"
    tests = (f"//examples/languages:{language}_test", f"//tests/lint:corpus_{language}_test")
    tree.bazel("test", path, "--test_env=DISTILL_NO_SKIP", *tests)
