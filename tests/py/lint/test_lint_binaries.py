"""Tests of distill.lint.binaries: each rule with what it finds and what it leaves alone."""

import pytest
from distill.lint import binaries
from distill.listing import Elf
from support_lint import found
from support_listing import LIBC, file, hardlink, library, program


def test_unstripped_elf() -> None:
    big = program("usr/bin/app", stripped=False, strippable=2_000_000)
    assert found(binaries.unstripped_elf, [big, library("usr/lib/x.so", strippable=16384)]) == [
        "/usr/bin/app (2.0 MB)",
        "/usr/lib/x.so (16.4 kB)",
    ]


def test_stripped_elf() -> None:
    module = file("usr/lib/x.ko", elf=Elf("amd64", "relocatable", strippable=99999))
    debug = library("usr/lib/debug/.build-id/00/11.debug", strippable=99999)
    assert found(binaries.unstripped_elf, [*LIBC, library("usr/lib/x.so", strippable=16383), module, debug]) == []


def test_upx_packed() -> None:
    packed = file("usr/bin/app", "0755", elf=Elf("amd64", "executable"), marks=("upx",))
    assert found(binaries.upx_packed, [packed, hardlink("usr/bin/other", "usr/bin/app")]) == ["/usr/bin/app"]
    assert found(binaries.upx_packed, LIBC) == []


def test_foreign_architecture() -> None:
    layer = [
        file("usr/bin/arm", elf=Elf("arm64", "executable"), size=5000),
        file("x.o", elf=Elf("i386", "relocatable")),
        file("usr/lib/t64.exe", marks=("pe",), size=100000),
        file("usr/lib/x.dylib", marks=("mach-o",)),
    ]
    assert sorted(found(binaries.foreign_architecture, layer)) == [
        "/usr/bin/arm (for arm64, 5000 bytes)",
        "/usr/lib/t64.exe (for Windows, 100.0 kB)",
        "/usr/lib/x.dylib (for macOS)",
        "/x.o (for i386)",
    ]


@pytest.mark.parametrize("machine", ["amd64", "em-247"])
def test_the_own_architecture(machine: str) -> None:
    assert found(binaries.foreign_architecture, [program("usr/bin/app", machine=machine)]) == []
