"""Programs of the machine: found, run, and missed loudly."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

# Debian's own first: a machine may have another docker client in /usr/local/bin. Daemons are in sbin.
_FOLDERS = ("/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin")
ENVIRONMENT = {"PATH": os.pathsep.join(_FOLDERS), "LC_ALL": "C.UTF-8"}


def skip(problem: str) -> None:
    """Skip the test, loudly; with DISTILL_NO_SKIP in the environment (as in CI) that is a failure."""
    if os.environ.get("DISTILL_NO_SKIP"):
        pytest.fail(f"DISTILL_NO_SKIP is set, and {problem}", pytrace=False)
    pytest.skip(f"NOT TESTED: {problem}")


def require(name: str) -> str:
    """Find the program `name`, or skip the test."""
    found = shutil.which(name, path=ENVIRONMENT["PATH"])
    if found is None:
        skip(f"{name} is not installed")
    return str(found)


def require_root() -> None:
    """Skip the test where it is not root that runs it: the engines are used as root."""
    if os.geteuid() != 0:
        skip(f"the engines are run as root, this is uid {os.geteuid()}")


def run(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    seconds: float = 180,
    check: bool = True,
) -> subprocess.CompletedProcess[str]:
    """Run `command` to its end; an assertion with all its output fails where it does not exit with 0."""
    done = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        env={**ENVIRONMENT, **(environment or {})},
    )
    if check:
        words = " ".join(str(word) for word in command)
        assert done.returncode == 0, f"exit code {done.returncode} of {words}\n{done.stdout}{done.stderr}"
    return done


class Daemon:
    """A program that serves until it is stopped: `ready` is asked until it does not raise.

    It dies with the test that started it, however that ends. `log` is the file that gets its output.
    """

    def __init__(self, command: Sequence[str | Path], log: Path, ready: Callable[[], object]) -> None:
        self.log = log
        with log.open("wb") as stream:
            self.process = subprocess.Popen(
                [require("setpriv"), "--pdeathsig", "TERM", "--", *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                env=ENVIRONMENT,
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                ready()
            except (OSError, AssertionError) as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    raise AssertionError(f"{command[0]} does not serve ({error}):\n{log.read_text()[-4000:]}") from None
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        """End it, by force where it does not end by itself."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def remove(folder: Path) -> None:
    """Remove a folder of an engine's: what is still mounted below it first."""
    mounted = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    for place in reversed([place for place in mounted if place.startswith(f"{folder}/")]):
        run(["umount", "--lazy", place], check=False)
    shutil.rmtree(folder, ignore_errors=True)
