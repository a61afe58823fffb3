"""One installation at a time, and none that is half made."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from bazelw.errors import InstallError
from bazelw.progress import Progress


@contextlib.contextmanager
def exclusive(path: Path, progress: Progress) -> Iterator[None]:
    """Hold the lock file `path`; where another process holds it, say so and wait.

    The lock goes with its holder, however that ends (flock(2)). Raises InstallError where it cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise InstallError(
            f"the cache folder cannot be written, got {path.parent}: {error.strerror}; set BAZELW_HOME to one that can"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            progress.say(f"another bazelw (process {holder}) is installing Bazel; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


@contextlib.contextmanager
def staged(home: Path) -> Iterator[Path]:
    """A fresh folder in `home` to build in; removed at the end, and so are those of runs that were killed.

    To be used under the lock. What is finished is renamed out of it: a name outside is complete or absent.
    """
    for left in home.glob("stage-*"):
        shutil.rmtree(left, ignore_errors=True)
    stage = home / f"stage-{os.getpid()}"
    stage.mkdir()
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)
