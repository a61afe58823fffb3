"""How long one manifest of 30 packages takes to lock from cached indexes: the program, from start to end."""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from archive import KEYRING

PACKAGES = """
    redis-server nginx postgresql-15 python3 python3-numpy python3-requests openjdk-17-jre-headless nodejs php-fpm ruby
    perl git curl ca-certificates openssh-client haproxy varnish memcached rabbitmq-server mariadb-server imagemagick
    ffmpeg ghostscript libreoffice-calc chromium gunicorn uwsgi apache2 squid tzdata
""".split()  # noqa: SIM905 (a list of 30 lines tells less)
_MANIFEST = """\
version: 1
sources:
  - name: debian
    suites: [{suite}]
    keyring: keyring.gpg
architectures: [amd64, arm64]
packages: [{packages}]
"""


def measure(root: Path, suite: str, folder: Path, rounds: int = 5) -> dict[str, Any]:
    """Lock `rounds` times.

    Gives seconds, those with an empty cache apart, those of the processor (which other load on the machine changes
    less), and how many packages each architecture has.
    """
    shutil.rmtree(folder, ignore_errors=True)  # with the cache of the run before
    folder.mkdir()
    (folder / "keyring.gpg").write_bytes(KEYRING.read_bytes())
    (folder / "thirty.yaml").write_text(_MANIFEST.format(suite=suite, packages=", ".join(PACKAGES)))
    command = [sys.executable, str(root / "py/debian_lock.py"), "--manifest=thirty.yaml", "--lock=thirty.lock.json"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder), "BUILD_WORKSPACE_DIRECTORY": str(folder)}
    seconds, processor = [], []
    for _ in range(rounds + 1):
        (folder / "thirty.lock.json").unlink(missing_ok=True)
        start, before = time.monotonic(), _processor()
        subprocess.run(command, env=environment, check=True, capture_output=True)
        seconds.append(time.monotonic() - start)
        processor.append(_processor() - before)
    locked = json.loads((folder / "thirty.lock.json").read_text())["packages"]
    return {
        "packages": {architecture: len(packages) for architecture, packages in locked.items()},
        "seconds": seconds[1:],
        "processor": processor[1:],
        "first": seconds[0],
    }


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def line(figures: dict[str, Any]) -> str:
    """Write the figures as a sentence; the goal is 5 s."""
    median = statistics.median(figures["seconds"])
    sums = " and ".join(f"{count} packages for {name}" for name, count in figures["packages"].items())
    return (
        f"\nA manifest of {len(PACKAGES)} packages locks ({sums}) in {median:.1f} s from cached indexes "
        f"(median of {len(figures['seconds'])}, slowest {max(figures['seconds']):.1f} s; goal 5 s: "
        f"{'met' if median < 5 else 'MISSED'}; of the processor {statistics.median(figures['processor']):.1f} s), in "
        f"{figures['first']:.1f} s where they are downloaded, and packages too.\n"
    )
