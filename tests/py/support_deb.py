"""Small Debian packages, made in memory: sound ones, and odd ones from their parts."""

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import zstandard

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": lambda data: gzip.compress(data, mtime=0),
    ".bz2": bz2.compress,
    ".lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE),
    ".xz": lzma.compress,
    ".zst": lambda data: zstandard.ZstdCompressor().compress(data),
}


@dataclass(frozen=True)
class Item:
    """One entry of a data.tar: a directory if `path` is empty or ends in a slash, a link if `link` is set."""

    path: str
    data: bytes = b""
    mode: int | None = None
    link: str = ""
    hard: bool = False
    uid: int = 0
    gid: int = 0
    mtime: int = 1_700_000_000


def tar(items: Sequence[Item], form: int = tarfile.GNU_FORMAT, prefix: str = "./") -> bytes:
    """Give the tar of `items`, their paths beginning with `prefix` as dpkg-deb writes them."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, errors="surrogateescape") as archive:
        for item in items:
            info = tarfile.TarInfo(prefix + item.path.rstrip("/"))
            info.uid, info.gid, info.mtime = item.uid, item.gid, item.mtime
            info.uname, info.gname = "root", "root"
            if item.link:
                info.type = tarfile.LNKTYPE if item.hard else tarfile.SYMTYPE
                info.linkname = prefix + item.link if item.hard else item.link
                info.mode = 0o644 if item.hard else 0o777
            elif item.path.endswith("/") or not item.path:
                info.type, info.mode = tarfile.DIRTYPE, 0o755
            else:
                info.size, info.mode = len(item.data), 0o644
            if item.mode is not None:
                info.mode = item.mode
            archive.addfile(info, io.BytesIO(item.data) if info.isreg() else None)
    return out.getvalue()


def member(name: str, data: bytes) -> bytes:
    """Give one ar member with its header and padding."""
    header = f"{name:<16}{1700000000:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode()
    return header + data + b"\n" * (len(data) % 2)


def ar(*members: tuple[str, bytes]) -> bytes:
    """Give the ar archive of `members`."""
    return b"!<arch>\n" + b"".join(member(name, data) for name, data in members)


def control_text(name: str = "demo", version: str = "1.0-1", architecture: str = "amd64", more: str = "") -> str:
    """Give a control file; `more` holds further whole lines."""
    return (
        f"Package: {name}\nVersion: {version}\nArchitecture: {architecture}\n"
        f"Maintainer: Nobody <nobody@example.com>\n{more}Description: a package of the tests\n"
    )


def deb(
    items: Sequence[Item] = (),
    control: str | None = None,
    scripts: dict[str, bytes] | None = None,
    suffix: str = ".xz",
    control_suffix: str = ".xz",
) -> bytes:
    """Give the bytes of a package with `items` and `control` (default: demo 1.0-1 amd64)."""
    files = {"control": (control if control is not None else control_text()).encode("utf-8", "surrogateescape")}
    files |= {"md5sums": b"d41d8cd98f00b204e9800998ecf8427e  usr/bin/demo\n"} if scripts is None else scripts
    control_tar = tar([Item(name, data) for name, data in files.items()])
    data_tar = tar(items)
    return ar(
        ("debian-binary", b"2.0\n"),
        (f"control.tar{control_suffix}", COMPRESSORS[control_suffix](control_tar)),
        (f"data.tar{suffix}", COMPRESSORS[suffix](data_tar)),
    )


def write(directory: Path, data: bytes, name: str = "demo.deb") -> str:
    """Write the package `data` into `directory`; give its path."""
    path = directory / name
    path.write_bytes(data)
    return str(path)
