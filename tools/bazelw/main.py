"""The slow path of bazelw: decides what the fast path could not, and installs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Protocol

from bazelw import install, settings, versions
from bazelw.errors import WrapperError
from bazelw.progress import Progress


class FastPath(Protocol):
    """What this module uses of the script `bazelw`."""

    def home(self) -> str:
        """The wrapper's folder."""

    def prefix(self) -> str:
        """The installed Bazel's folder."""

    def on_path(self, name: str) -> str | None:
        """A program on PATH."""

    def choose(self, arguments: Sequence[str]) -> list[str] | None:
        """The command to run, if it is settled."""

    def launch(self, arguments: Sequence[str]) -> list[str] | None:
        """The installed Bazel's command, if there is one."""


def run(fast: FastPath, arguments: Sequence[str]) -> list[str] | int:
    """The command for the fast path to become, or an exit code where there is nothing to run."""
    try:
        return _run(fast, arguments)
    except WrapperError as error:
        print(f"bazelw: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("\nbazelw: interrupted; run it again to go on", file=sys.stderr)
        return 130


def _run(fast: FastPath, arguments: Sequence[str]) -> list[str] | int:
    chosen = settings.read(os.environ, fast.home(), fast.prefix())
    bazel = fast.on_path("bazel")
    if bazel is not None:
        versions.note(chosen.home, bazel)
        command = fast.choose(arguments)
        if command is not None:
            return command
    progress = Progress()
    if (chosen.prefix / install.INFO).is_file() and install.is_at_home(chosen.prefix):
        install.refresh(chosen, os.environ)
    else:
        progress.say("no Bazel 7 or newer found; installing one from Debian's packages (about 160 MB, once)")
        install.install(chosen, os.environ, progress)
    command = fast.launch(arguments)
    if command is None:
        raise install.InstallError(f"the installed Bazel cannot be used, got {chosen.prefix}; remove that folder and run bazelw again")
    return command
