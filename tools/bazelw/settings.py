"""What the user may set: environment variables, read once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bazelw.errors import UnsupportedError

# The sandbox mounts an empty folder over these, so nothing below them is seen by an action.
_HIDDEN_BY_SANDBOX = ("/tmp", "/dev/shm")  # noqa: S108 (nothing is made there)


@dataclass(frozen=True)
class Settings:
    """The settings of one run.

    home: folder for everything the wrapper keeps.
    prefix: folder of the installed Bazel, below home.
    mirror: Debian mirror given by the user, or None for the machine's own.
    keyring: keyring given by the user, or None.
    suites: Debian suites to look in, in order.
    apt_sources: folder with the machine's sources.list and sources.list.d.
    keep_downloads: whether the packages stay after an installation.
    """

    home: Path
    prefix: Path
    mirror: str | None
    keyring: Path | None
    suites: tuple[str, ...]
    apt_sources: Path
    keep_downloads: bool


def read(environ: Mapping[str, str], home: str, prefix: str) -> Settings:
    """Read the settings from `environ`; `home` and `prefix` are those of the fast path.

    Raises UnsupportedError where the home folder is hidden by Bazel's sandbox.
    """
    allowed = environ.get("BAZELW_ALLOW_TMP", "") not in ("", "0")
    for hidden in () if allowed else _HIDDEN_BY_SANDBOX:
        if Path(os.path.realpath(home)).is_relative_to(hidden):
            raise UnsupportedError(
                f"Bazel's sandbox hides {hidden}, got cache folder {home}; set BAZELW_HOME to a folder elsewhere"
            )
    keyring = environ.get("BAZELW_KEYRING")
    return Settings(
        home=Path(home),
        prefix=Path(prefix),
        mirror=environ.get("BAZELW_MIRROR") or None,
        keyring=Path(keyring) if keyring else None,
        suites=tuple((environ.get("BAZELW_SUITES") or "forky sid").replace(",", " ").split()),
        apt_sources=Path(environ.get("BAZELW_APT_SOURCES") or "/etc/apt"),
        keep_downloads=environ.get("BAZELW_KEEP_DOWNLOADS", "") not in ("", "0"),
    )
