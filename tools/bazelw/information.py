"""What --wrapper-info and --wrapper-help print."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from bazelw import apt_sources, bazelrc, install
from bazelw.errors import UnsupportedError
from bazelw.settings import Settings

HELP = """\
Usage: ./bazelw <any Bazel command>
       ./bazelw --wrapper-info   which Bazel is used and why, where it is, its overrides
       ./bazelw --wrapper-help   this text

Runs the first of these Bazels:
  1. $BAZEL (a path, or a name on PATH)
  2. bazelisk on PATH
  3. bazel on PATH, if it is version 7 or newer
  4. Bazel 7.7.1, which is first installed from Debian's packages into a folder of yours. No root, nothing of the
     system is changed. It takes a Debian-like system with apt-get, on x86_64 or aarch64, about 160 MB of download
     and 600 MB of disk. A build that was interrupted is taken up where it was; remove the folder to uninstall.

Environment:
  BAZEL                  the Bazel to run; nothing else is looked at
  BAZELW_HOME            folder for all that bazelw keeps; default: bazelw/ in $XDG_CACHE_HOME or ~/.cache.
                         Not below /tmp: Bazel's sandbox hides that
  BAZELW_MIRROR          address of a Debian mirror (http, https, file); default: those in /etc/apt
  BAZELW_SUITES          Debian suites to look in, in order; default: forky sid
  BAZELW_KEYRING         key file that the mirror's signature is checked with; default: the one the machine's apt
                         source names, else Debian's archive keyring
  BAZELW_APT_SOURCES     folder of sources.list and sources.list.d; default: /etc/apt
  BAZELW_KEEP_DOWNLOADS  1: keep the downloaded packages in the folder
  BAZELW_ALLOW_TMP       1: take a BAZELW_HOME below /tmp; actions must then run without the sandbox
  SSL_CERT_FILE          CA certificates (PEM) that downloads are checked with; default: the machine's

Exit codes are Bazel's own, and:
  121  this machine or a setting rules an installation out
  122  the installation failed: network, signature, disk; run it again
"""
_VERSION_TIMEOUT_SECONDS = 120


def describe(settings: Settings, choice: tuple[list[str], str] | None, recipe: int) -> str:
    """The text of --wrapper-info; `choice` is the command that would run and why, None before an installation."""
    lines = []
    if choice is None:
        lines += ["bazel: none yet; the next command installs one", f"mirrors: {_mirrors(settings)}"]
    else:
        (command, *_), reason = choice
        lines += [f"bazel: {command}", f"why: {reason}", f"version: {_version(settings, command)}"]
    lines.append(f"prefix: {settings.prefix} (recipe {recipe})")
    if install.is_complete(settings.prefix):
        facts = _facts(settings)
        lines.append(
            f"installed: Bazel {facts['version']} from suite {facts['suite']} at {facts['mirror']}, "
            f"{len(facts['packages'])} packages, {facts['download_bytes'] / 1e6:.0f} MB"
        )
        rc = (settings.prefix / bazelrc.RC).read_text(encoding="utf-8")
        lines.append("overrides, when the installed Bazel runs:")
        lines += [f"  {line.partition('=')[2]}" for line in rc.splitlines() if "--override_module=" in line]
    return "\n".join(lines) + "\n"


def _mirrors(settings: Settings) -> str:
    try:
        return ", ".join(apt_sources.without_credentials(mirror) for mirror, _ in install.candidates(settings))
    except UnsupportedError as error:
        return str(error)


def _version(settings: Settings, command: str) -> str:
    if command == str(settings.prefix / "bin/bazel"):
        return str(_facts(settings)["version"])
    try:
        done = subprocess.run(
            [command, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_VERSION_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"unknown ({error})"
    return done.stdout.strip() or f"unknown (exit code {done.returncode})"


def _facts(settings: Settings) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((settings.prefix / install.INFO).read_text(encoding="utf-8"))
    return facts
