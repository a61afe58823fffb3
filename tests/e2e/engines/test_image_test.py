"""`image_test` by docker and podman: what the driver that needs no engine says, they say too."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest
from engine import Engine
from image_case import runfile
from programs import ENVIRONMENT

# What Bazel tells this test, and not the one that it runs.
OURS = ("TESTBRIDGE_TEST_ONLY", "TEST_SHARD_INDEX", "TEST_SHARD_STATUS_FILE", "TEST_TOTAL_SHARDS", "XML_OUTPUT_FILE")
FAULTS = """\
FAIL Command Test: another exit code (tests/e2e/engines/shell_faults.yaml:7)
     exit code is 4, expected 0
FAIL Command Test: another output (tests/e2e/engines/shell_faults.yaml:8)
     output does not match 'two', got 'one\\n'
     | one
FAIL Command Test: a setup that fails (tests/e2e/engines/shell_faults.yaml:9)
     setup 'sh -c echo no >&2; exit 3' exited with 3, got 'no\\n'
FAIL Command Test: a teardown that fails (tests/e2e/engines/shell_faults.yaml:10)
     teardown 'false' exited with 1, got ''
FAIL Command Test: too long (tests/e2e/engines/shell_faults.yaml:11)
     command did not end within 2 s and was killed
FAIL File Existence Test: a file that is not there (tests/e2e/engines/shell_faults.yaml:14)
     /etc/paswd is not in the image; did you mean /etc/passwd?
FAIL File Existence Test: another owner (tests/e2e/engines/shell_faults.yaml:15)
     /home/nonroot has uid 65532, expected 0
FAIL File Content Test: another content (tests/e2e/engines/shell_faults.yaml:18)
"""


def run(driver: str, tests: str, tmp_path: Path, engine: Engine | None = None) -> subprocess.CompletedProcess[str]:
    """Run the `image_test` of `tests` by `driver`, as `bazel test` does; `engine` is the one that it finds in PATH."""
    programs = tmp_path / f"{driver}-bin"
    programs.mkdir(exist_ok=True)
    environment = {key: value for key, value in os.environ.items() if key not in OURS}
    if engine:
        command, options = shlex.join(map(str, engine._command)), shlex.join(engine.options)
        script = programs / driver
        script.write_text(
            "#!/bin/sh\nword=$1; shift\n"
            f'case $word in run|create) exec {command} $word {options} "$@";; esac\n'
            f'exec {command} $word "$@"\n'
        )
        script.chmod(0o755)
        environment |= dict(engine._environment or {})
    environment["PATH"] = f"{programs}:{ENVIRONMENT['PATH']}"
    program = runfile(f"tests/e2e/engines/{tests}_{driver}.sh")
    return subprocess.run([program], capture_output=True, text=True, env=environment, check=False, timeout=600)


@pytest.mark.parametrize("tests", ["shell", "redis"])
def test_says_what_the_driver_without_an_engine_says(engine: Engine, tmp_path: Path, tests: str) -> None:
    expected = run("namespace", tests, tmp_path)
    assert expected.returncode == 0, expected.stdout + expected.stderr
    found = run(engine.name, tests, tmp_path, engine)
    assert (found.stdout, found.returncode) == (expected.stdout, 0), found.stderr


def test_refuses_with_the_same_words(engine: Engine, tmp_path: Path) -> None:
    expected = run("namespace", "shell_faults", tmp_path)
    assert expected.stdout.startswith(FAULTS), expected.stdout + expected.stderr
    found = run(engine.name, "shell_faults", tmp_path, engine)
    assert (found.stdout, found.returncode) == (expected.stdout, 1), found.stderr


def test_leaves_nothing_but_the_image(engine: Engine, tmp_path: Path) -> None:
    def held() -> list[list[str]]:
        return [sorted(engine.ask(*words, "--all", "--quiet").split()) for words in (["ps"], ["images"])]

    run(engine.name, "shell", tmp_path, engine)
    before = held()
    run(engine.name, "shell", tmp_path, engine)
    assert held() == before
    assert engine.inspect("distroless/static_debug:latest")
