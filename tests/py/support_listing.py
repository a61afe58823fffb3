"""Short words for records of a listing."""

from typing import Any

from distill.listing import Elf, Record


def directory(path: str, mode: str = "0755", **values: Any) -> Record:
    return Record(path=path, type="directory", mode=mode, **values)


def file(path: str, mode: str = "0644", **values: Any) -> Record:
    return Record(path=path, type="file", mode=mode, **values)


def symlink(path: str, link: str) -> Record:
    return Record(path=path, type="symlink", mode="0777", link=link)


def hardlink(path: str, link: str, mode: str = "0644") -> Record:
    return Record(path=path, type="hardlink", mode=mode, link=link)


def library(path: str, *needed: str, machine: str = "amd64", soname: str | None = None, **values: Any) -> Record:
    name = path.rpartition("/")[2]
    return file(path, elf=Elf(machine, "shared", needed=needed, soname=name if soname is None else soname, **values))


def program(path: str, *needed: str, machine: str = "amd64", mode: str = "0755", **values: Any) -> Record:
    values.setdefault("interpreter", "/lib64/ld-linux-x86-64.so.2" if needed else "")
    return file(path, mode, elf=Elf(machine, "executable", needed=needed, **values))


def script(path: str, shebang: str, mode: str = "0755") -> Record:
    return file(path, mode, shebang=shebang)


LIBC = [
    directory("lib64"),
    program("lib64/ld-linux-x86-64.so.2", soname="ld-linux-x86-64.so.2"),
    library("usr/lib/x86_64-linux-gnu/libc.so.6", "ld-linux-x86-64.so.2"),
]
"""A C library and its loader."""
