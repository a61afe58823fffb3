"""The slow path of bazelw: decides what the fast path could not, and installs."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from typing import Protocol

from bazelw import information, install, settings, versions
from bazelw.errors import InstallError, UnsupportedError, WrapperError
from bazelw.progress import Progress

# The command line and why it is the one.
Choice = tuple[list[str], str]


class FastPath(Protocol):
    """What this module uses of the script `bazelw`."""

    RECIPE: int

    def home(self) -> str:
        """The wrapper's folder."""

    def prefix(self) -> str:
        """The installed Bazel's folder."""

    def on_path(self, name: str, /) -> str | None:
        """A program on PATH."""

    def choose(self, arguments: Sequence[str], /) -> Choice | None:
        """The command to run, if it is settled."""

    def launch(self, arguments: Sequence[str], /) -> list[str] | None:
        """The installed Bazel's command, if there is one."""


def run(fast: FastPath, arguments: Sequence[str]) -> Choice | int:
    """The command for the fast path to become and why, or an exit code where there is nothing to run."""
    try:
        return _run(fast, arguments)
    except WrapperError as error:
        sys.stderr.write(f"bazelw: {error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("\nbazelw: interrupted; run it again to go on\n")
        return 128 + signal.SIGINT


def _run(fast: FastPath, arguments: Sequence[str]) -> Choice | int:
    if arguments and arguments[0] == "--wrapper-help":
        sys.stdout.write(information.HELP)
        return 0
    if arguments and arguments[0].startswith("--wrapper-") and arguments[0] != "--wrapper-info":
        raise UnsupportedError(f"no such option, got {arguments[0]}; see ./bazelw --wrapper-help")
    chosen = settings.read(os.environ, fast.home(), fast.prefix())
    bazel = fast.on_path("bazel")
    if bazel is not None:
        versions.note(chosen.home, bazel)
    if arguments and arguments[0] == "--wrapper-info":
        sys.stdout.write(information.describe(chosen, fast.choose([]), fast.RECIPE))
        return 0
    choice = fast.choose(arguments)
    if choice is not None:
        return choice
    progress = Progress()
    if install.is_complete(chosen.prefix):
        install.refresh(chosen, os.environ)
    else:
        progress.say("no Bazel 7 or newer found; installing one from Debian's packages (about 160 MB, once)")
        install.install(chosen, os.environ, progress)
    command = fast.launch(arguments)
    if command is None:
        raise InstallError(
            f"the installed Bazel is not usable, got {chosen.prefix}; remove that folder, run bazelw again"
        )
    return command, "installed by bazelw"
