"""redis-cli of Debian's package, as another action would run it."""

import subprocess
from pathlib import Path

from image_case import runfile


def test_it_runs() -> None:
    program = runfile("tests/package_program/redis_cli")
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("redis-cli ")


def test_it_runs_in_an_action() -> None:
    assert runfile("tests/package_program/version.txt").read_text().startswith("redis-cli ")


def test_its_libraries_are_those_of_the_packages() -> None:
    files = Path(f"{runfile('tests/package_program/redis_cli')}.files")
    done = subprocess.run(
        [files / "loader", "--library-path", files / "lib", "--list", files / "root/usr/bin/redis-cli"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = [line.split(" => ")[1].split()[0] for line in done.stdout.splitlines() if " => " in line]
    assert found
    assert {Path(path).parent for path in found} <= {files, files / "lib"}
