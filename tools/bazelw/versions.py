"""Notes which version a `bazel` on PATH is, so that asking it (some 20 ms) happens once per file."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from pathlib import Path

_TIMEOUT_SECONDS = 120  # a bazelisk that is named bazel downloads one first
_MOST_LINES = 20


def major(path: str) -> int:
    """The major version that `path --version` prints; 0 where it prints none or fails."""
    try:
        done = subprocess.run(
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.match(r"bazel (\d+)\.", done.stdout)
    return int(match.group(1)) if match and done.returncode == 0 else 0


def note(home: Path, path: str) -> None:
    """Write the version of the file `path` where the fast path looks for it, replacing the file at once.

    Each line is `<mtime, ns> <size> <major> <path>`. A folder that cannot be written is no failure here: the
    version is then asked for every time.
    """
    status = Path(path).stat()
    line = f"{status.st_mtime_ns} {status.st_size} {major(path)} {path}\n"
    file = home / "versions"
    with contextlib.suppress(OSError):
        home.mkdir(parents=True, exist_ok=True)
        kept = file.read_text(encoding="utf-8").splitlines(keepends=True) if file.is_file() else []
        kept = [old for old in kept if not old.endswith(f" {path}\n")][-_MOST_LINES:]
        fresh = home / f"versions.{os.getpid()}"
        fresh.write_text("".join([*kept, line]), encoding="utf-8")
        fresh.replace(file)
