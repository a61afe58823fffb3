"""Tar entries in short."""

from distill.tar import Entry


def file(path: str, size: int = 0, mode: int = 0o644, uid: int = 0, gid: int = 0) -> Entry:
    return Entry(path=path, kind="file", mode=mode, uid=uid, gid=gid, mtime=0, size=size, link="")


def directory(path: str, mode: int = 0o755) -> Entry:
    return Entry(path=path, kind="directory", mode=mode, uid=0, gid=0, mtime=0, size=0, link="")


def symlink(path: str, link: str) -> Entry:
    return Entry(path=path, kind="symlink", mode=0o777, uid=0, gid=0, mtime=0, size=0, link=link)


def hardlink(path: str, link: str) -> Entry:
    return Entry(path=path, kind="hardlink", mode=0o644, uid=0, gid=0, mtime=0, size=0, link=link)


def numbered(*entries: Entry) -> list[tuple[Entry, int]]:
    """Give `entries` with the offsets 0, 1, 2 and so on."""
    return [(entry, number) for number, entry in enumerate(entries)]
