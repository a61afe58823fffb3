"""Unpacks .deb files into one folder, as dpkg would below /, without root and without running any script."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bazelw import process

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
    # Each dpkg-deb decompresses on one core. The largest first, so that none is left alone at the end.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for size in pool.map(lambda deb: _unpack_one(deb, root), sorted(debs, key=_size, reverse=True)):
            done += size
            poll(done)


def _size(deb: Path) -> int:
    return deb.stat().st_size


def _unpack_one(deb: Path, root: Path) -> int:
    process.run(["dpkg-deb", "-x", deb, root], f"unpacking {deb.name}")
    return _size(deb)


def file_names(deb: Path) -> set[str]:
    """The regular files of a .deb, absolute (as in `/usr/share/java/guava-32.jar`).

    Taken from its list of checksums, which is read in no time, unlike its data. Raises InstallError where the .deb
    cannot be read or has no such list.
    """
    sums = process.run(["dpkg-deb", "-I", deb, "md5sums"], f"reading {deb.name}")
    return {"/" + line.split("  ", 1)[1] for line in sums.splitlines() if "  " in line}


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
    target = str(link.readlink())
    if target.startswith("/"):
        here = inside(prefix, target)
        if here.exists() or here.is_symlink():
            link.unlink()
            link.symlink_to(os.path.relpath(here, link.parent))
