"""Tests of distill.layer.content."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest
from distill.elf import ld_so_cache
from distill.elf.ld_so_cache import Library
from distill.errors import InputError
from distill.layer import content
from distill.layer.content import Facts
from distill.layer.pipeline import Pipeline
from distill.layer.tree import Source
from distill.tar import Entry
from support_data import mixed
from support_elf import Made
from support_layer import on_disk, source
from support_match import exactly
from support_secret import pem


def copy(each: Source, out: Path) -> Facts:
    fd = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        with Pipeline(fd, "uncompressed", "fast", 1) as pipe:
            facts = content.copy(each, pipe)
            pipe.finish()
    finally:
        os.close(fd)
    return facts


@pytest.mark.parametrize("size", [0, 1, 2047, 2048, 1 << 20, (1 << 20) + 1, 3_000_000])
def test_bytes_files_and_regions_are_the_same(size: int, tmp_path: Path) -> None:
    data = mixed(size)
    (tmp_path / "x").write_bytes(data)
    (tmp_path / "y").write_bytes(b"before" + data + b"after")
    with open(tmp_path / "y", "rb") as stream:
        sources = [
            source("f", data=data),
            on_disk("f", tmp_path / "x"),
            Source(Entry("f", "file", size=size), "y", fd=stream.fileno(), offset=6),
        ]
        for each in sources:
            assert copy(each, tmp_path / "out") == Facts(hashlib.sha256(data).hexdigest())
            assert (tmp_path / "out").read_bytes() == data


def test_elf_facts_of_each_kind_of_source(tmp_path: Path) -> None:
    data = Made(interpreter="/ld.so").build()
    (tmp_path / "x").write_bytes(data)
    for each in (source("f", data=data), on_disk("f", tmp_path / "x")):
        facts = copy(each, tmp_path / "out")
        assert facts.elf is not None
        assert facts.elf.interpreter == "/ld.so"


def test_a_broken_elf_file_is_a_file(tmp_path: Path) -> None:
    data = Made().build()[:70]
    assert copy(source("f", data=data), tmp_path / "out") == Facts(hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"#!/bin/sh\n", "/bin/sh"),
        (b"#!/bin/sh", "/bin/sh"),
        (b"#! \t/usr/bin/env python3 -u \t\nrest", "/usr/bin/env python3 -u"),
        (b"#!/usr/bin/env\tperl  -w\n", "/usr/bin/env perl  -w"),
        (b"#!/bin/sh\0x\n", "/bin/sh"),
        (b"#!/bin/sh\r\n", "/bin/sh\r"),
        (b"#!\n/bin/sh", ""),
        (b"#!", ""),
        (b"#!   \n", ""),
        (b"#!/b\xff\\\n", "/b\\xff\\x5c"),
        (b"#!/" + b"x" * 300, ""),
        (b"#!/bin/sh " + b"x" * 300, "/bin/sh " + "x" * 246),
        (b"no #!/bin/sh\n", ""),
    ],
)
def test_shebang_as_the_kernel_reads_it(head: bytes, said: str) -> None:
    assert content.shebang(head) == said


def test_a_script_has_its_interpreter(tmp_path: Path) -> None:
    assert copy(source("f", data=b"#!/bin/sh\necho\n"), tmp_path / "out").shebang == "/bin/sh"


@pytest.mark.parametrize(
    "path",
    ["etc/passwd", "etc/group", "etc/ld.so.conf", "etc/ld.so.conf.d/libc.conf", "etc/ld-musl-x86_64.path"],
)
def test_the_text_of_accounts_and_of_the_loaders_configuration(path: str, tmp_path: Path) -> None:
    data = b"root:x:0:0:r\xffot:/root:/bin/sh\n"
    (tmp_path / "x").write_bytes(data)
    for each in (source(path, data=data), on_disk(path, tmp_path / "x")):
        assert copy(each, tmp_path / "out").text == "root:x:0:0:r\\xffot:/root:/bin/sh\n"
    for other in ("etc/shadow", "etc/ld.so.conf.d/a/b", "usr/etc/passwd"):
        assert copy(source(other, data=data), tmp_path / "out").text == ""


def test_of_the_loaders_cache_the_directories(tmp_path: Path) -> None:
    libraries = [Library("liba.so", "/opt/\udcff/liba.so", 3), Library("libb.so", "/opt/b/libb.so", 3)]
    data = ld_so_cache.encode(libraries, "x")
    assert copy(source("etc/ld.so.cache", data=data), tmp_path / "out").text == "/opt/b\n/opt/\\xff\n"
    assert copy(source("etc/ld.so.cache", data=b"?"), tmp_path / "out").text == ""


def test_a_text_too_long_is_left_out(tmp_path: Path) -> None:
    data = b"x" * ((1 << 20) + 1)
    (tmp_path / "x").write_bytes(data)
    for each in (source("etc/passwd", data=data), on_disk("etc/passwd", tmp_path / "x")):
        assert copy(each, tmp_path / "out").text == ""


def test_a_missing_file(tmp_path: Path) -> None:
    missing = Source(Entry("etc/f", "file", size=1), "x", file=str(tmp_path / "x"))
    message = (
        f"file {tmp_path}/x for /etc/f cannot be read, got No such file or directory; "
        "check that it is there and that its permissions allow it"
    )
    with pytest.raises(InputError, match=exactly(message)):
        copy(missing, tmp_path / "out")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file(tmp_path: Path) -> None:
    (tmp_path / "x").touch(mode=0)
    with pytest.raises(InputError, match="cannot be read, got Permission denied"):
        copy(on_disk("f", tmp_path / "x"), tmp_path / "out")


def test_a_pipe_is_no_file_and_nobody_waits(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x", 0o600)
    message = f"file {tmp_path}/x for /f is no regular file, got mode 010600; give a file"
    with pytest.raises(InputError, match=exactly(message)):
        copy(on_disk("f", tmp_path / "x"), tmp_path / "out")


@pytest.mark.parametrize("size", [2, 4])
def test_a_file_of_another_size(size: int, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    each = on_disk("f", tmp_path / "x")
    each = replace(each, entry=Entry("f", "file", size=size))
    message = (
        f"file {tmp_path}/x for /f changed while it was read, got 3 bytes where there were {size} bytes; "
        "build again when nothing writes to it"
    )
    with pytest.raises(InputError, match=exactly(message)):
        copy(each, tmp_path / "out")
    with pytest.raises(InputError, match="got 3 bytes where there were"):
        copy(replace(each, file=None, data=b"abc"), tmp_path / "out")


def test_a_region_that_ends_too_soon(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    with open(tmp_path / "x", "rb") as stream:
        region = Source(Entry("f", "file", size=5), "the package", fd=stream.fileno(), offset=1)
        with pytest.raises(InputError, match="file the package for /f changed while it was read, got 2 bytes where"):
            copy(region, tmp_path / "out")


@pytest.mark.parametrize("change", ["longer", "shorter", "other"])
def test_a_file_that_changes_while_it_is_read(change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_bytes(mixed(3_000_000))
    each = on_disk("f", tmp_path / "x")
    read = os.preadv

    def reading(fd: int, buffers: list[memoryview], offset: int) -> int:
        count = read(fd, buffers, offset)
        if offset == 0:
            size = {"longer": 3_000_001, "shorter": 1_500_000, "other": 3_000_000}[change]
            os.truncate(tmp_path / "x", size)
            os.utime(tmp_path / "x", (1, 1))
        return count

    monkeypatch.setattr(os, "preadv", reading)
    with pytest.raises(InputError, match=r"\Afile .*/x for /f changed while it was read, got "):
        copy(each, tmp_path / "out")


def test_a_source_without_bytes_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a file without bytes: 'f'"):
        copy(Source(Entry("f", "file", size=1), "x"), tmp_path / "out")


def test_marks_of_each_kind_of_source(tmp_path: Path) -> None:
    for data, mark in ((b"\x1f\x8b\x08" + bytes(9), "gzip"), (b"machine x password hunter2\n", "secret:credentials")):
        (tmp_path / "x").write_bytes(data)
        for each in (source("root/.netrc", data=data), on_disk("root/.netrc", tmp_path / "x")):
            assert copy(each, tmp_path / "out").marks == (mark,)


def test_a_script_has_its_secrets_too(tmp_path: Path) -> None:
    facts = copy(source("root/.netrc", data=b"#!/bin/sh\npassword hunter2\n"), tmp_path / "out")
    assert (facts.shebang, facts.marks) == ("/bin/sh", ("secret:credentials",))


def test_packages_and_published_code_have_no_secrets(tmp_path: Path) -> None:
    data = b"machine x password hunter2\n"
    public = replace(source("root/.netrc", data=data), package="demo_1_all")
    assert copy(public, tmp_path / "out").marks == ()
    key = b"-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n"
    assert copy(source("srv/key.py", data=key), tmp_path / "out").marks == ("secret:private-key",)
    assert copy(source("srv/lib/python3/key.py", data=key), tmp_path / "out").marks == ()


def test_a_larger_file_has_its_secrets_too(tmp_path: Path) -> None:
    data = b" words" * (1 << 17) + b"\n" + pem("PRIVATE KEY").encode()
    (tmp_path / "x").write_bytes(data)
    for each in (source("srv/x", data=data), on_disk("srv/x", tmp_path / "x")):
        assert copy(each, tmp_path / "out").marks == ("secret:private-key",)
