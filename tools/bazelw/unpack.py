"""Unpacks .deb files into one folder, as dpkg would below /, without root and without running any script."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from bazelw import process
from bazelw.errors import InstallError

# Debian has merged these into /usr; a package that still ships the old place must land there too.
_MERGED = ("bin", "sbin", "lib", "lib32", "lib64")


def unpack(debs: Sequence[Path], root: Path, poll: Callable[[int], None]) -> None:
    """Unpack every one of `debs` below `root`; poll gets the number of bytes of .deb files done so far.

    Raises InstallError where one cannot be unpacked.
    """
    (root / "usr").mkdir(parents=True, exist_ok=True)
    for name in _MERGED:
        if not (root / name).is_symlink():
            (root / "usr" / name).mkdir(exist_ok=True)
            (root / name).symlink_to(f"usr/{name}")
    done = 0
    for deb in debs:
        process.run(["dpkg-deb", "-x", deb, root], f"unpacking {deb.name}")
        done += deb.stat().st_size
        poll(done)


def file_names(deb: Path) -> list[str]:
    """The paths in a .deb, absolute (as in `/usr/share/java/guava.jar`). Raises InstallError where it is unreadable."""
    tar = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(deb)], stdout=subprocess.PIPE, check=False)
    listed = subprocess.run(["tar", "-t"], input=tar.stdout, stdout=subprocess.PIPE, check=False)
    if tar.returncode or listed.returncode:
        raise InstallError(f"a package cannot be listed, got {deb.name}; run bazelw again")
    return [line.lstrip(".") for line in listed.stdout.decode("utf-8", "replace").splitlines()]


def arrange(root: Path, prefix: Path) -> None:
    """Move the unpacked `usr/*` and `etc` to `prefix` and make links relative that lead into either.

    Links elsewhere (`/etc/ssl/certs/…`) stay: they mean the machine's own file.
    """
    prefix.mkdir(parents=True)
    for entry in sorted((root / "usr").iterdir()):
        entry.rename(prefix / entry.name)
    if (root / "etc").is_dir():
        (root / "etc").rename(prefix / "etc")
    for folder, folders, files in os.walk(prefix):
        for name in (*folders, *files):
            path = Path(folder, name)
            if path.is_symlink():
                _make_relative(path, prefix)


def inside(prefix: Path, path: str) -> Path:
    """Where the packages' absolute `path` (as in `/usr/share/x` or `/etc/x`) lies below `prefix`."""
    for start in ("/usr/", "/"):
        if path.startswith(start):
            return prefix / path[len(start) :]
    return prefix / path


def _make_relative(link: Path, prefix: Path) -> None:
    target = os.readlink(link)
    if target.startswith("/"):
        here = inside(prefix, target)
        if here.exists() or here.is_symlink():
            link.unlink()
            link.symlink_to(os.path.relpath(here, link.parent))
