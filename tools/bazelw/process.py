"""Runs a helper program (apt-get, dpkg-deb, patchelf) for the installation."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from bazelw.errors import InstallError

_PR_SET_PDEATHSIG = 1  # prctl(2)
_POLL_SECONDS = 0.1


def _die_with_parent() -> None:
    # A killed wrapper must not leave an apt-get behind that writes into folders the next run uses.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def run(
    command: Sequence[str | Path],
    what: str,
    cwd: Path | None = None,
    poll: Callable[[], None] | None = None,
    log: Path | None = None,
) -> str:
    """Run `command` and return its stdout; `what` names the step in an error.

    poll is called about ten times a second while it runs. With `log`, output goes to that file instead and the
    result is empty. Raises InstallError, with the program's last error line, where it cannot start or exits non-zero.
    """
    environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    sink = None if log is None else log.open("w", encoding="utf-8")
    try:
        with subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            text=True,
            stdout=sink or subprocess.PIPE,
            stderr=subprocess.STDOUT if sink else subprocess.PIPE,
            errors="replace",
            # Only what is logged runs long; and a fork with Python code in between is not for a program with threads.
            preexec_fn=None if log is None else _die_with_parent,
        ) as process:
            while poll is not None and sink is not None:
                poll()
                try:
                    process.wait(_POLL_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    continue
            output, complaint = process.communicate()
    except OSError as error:
        raise InstallError(f"{what} could not start, got {command[0]}: {error.strerror}; install it") from error
    finally:
        if sink is not None:
            sink.close()
    if process.returncode:
        text = log.read_text(encoding="utf-8", errors="replace") if log else (complaint or output or "")
        raise InstallError(f"{what} failed, got exit code {process.returncode}: {_reason(text)}")
    return output or ""


def _reason(text: str) -> str:
    """The line of `text` that says why: apt's first `Err:` or `E:`, with its indented detail, else the last line."""
    lines = [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        if line.startswith(("Err:", "E:")):
            detail = lines[number + 1] if number + 1 < len(lines) else ""
            return f"{line}: {detail.strip()}" if detail.startswith(" ") else line
    return lines[-1].strip() if lines else "no message"
