"""Tests of distill.runtime.symbol_versions."""

import pytest
from distill.listing import Record
from distill.runtime.loader import Loader
from distill.runtime.rootfs import Rootfs
from distill.runtime.symbol_versions import Checker
from support_listing import library, program

HAS = ("GLIBC_2.2.5", "GLIBC_2.9", "GLIBC_2.36", "GLIBC_2.10", "GLIBC_PRIVATE")


def unmet(*records: Record, path: str = "usr/bin/app") -> list[str]:
    rootfs = Rootfs([records])
    node = rootfs.get(path)
    assert node
    return [found.message for found in Checker().check(Loader(rootfs).load(path, node))]


def app(*versions: str) -> Record:
    return program("usr/bin/app", "libc.so.6", versions_needed={"libc.so.6": versions})


def test_a_version_that_is_not_there_names_both_files_and_the_highest() -> None:
    assert unmet(app("GLIBC_2.9", "GLIBC_2.38", "GLIBC_2.37"), library("lib/libc.so.6", versions=HAS)) == [
        (
            "/usr/bin/app needs GLIBC_2.37, GLIBC_2.38 of libc.so.6, which /lib/libc.so.6 does not have, where the"
            " highest is GLIBC_2.36; build it against that library, or take the library from a later release"
        )
    ]


def test_a_version_of_a_kind_that_is_not_there() -> None:
    assert unmet(app("GLIBC_ABI_DT_RELR", "OTHER"), library("lib/libc.so.6", versions=HAS)) == [
        (
            "/usr/bin/app needs GLIBC_ABI_DT_RELR, OTHER of libc.so.6, which /lib/libc.so.6 does not have, where there"
            " is none of that kind; build it against that library, or take the library from a later release"
        )
    ]


@pytest.mark.parametrize("versions", [HAS, ()])
def test_versions_that_are_there_and_libraries_without_any(versions: tuple[str, ...]) -> None:
    assert unmet(app("GLIBC_2.9", "GLIBC_PRIVATE"), library("lib/libc.so.6", versions=versions)) == []


def test_a_library_that_is_missing_is_not_compared() -> None:
    assert unmet(app("GLIBC_2.9")) == []


def test_libraries_and_the_loader_itself_are_compared() -> None:
    loader = program("lib64/ld-linux-x86-64.so.2", soname="ld-linux-x86-64.so.2", versions=("GLIBC_2.3",))
    needs = {"ld-linux-x86-64.so.2": ("GLIBC_2.35",), "liba.so": ("A_1",)}
    found = unmet(
        program("usr/bin/app", "liba.so"),
        loader,
        library("lib/liba.so", "libb.so", versions=("A_1",)),
        library("lib/libb.so", versions_needed=needs),
    )
    assert [message.partition(",")[0] for message in found] == ["/lib/libb.so needs GLIBC_2.35 of ld-linux-x86-64.so.2"]


def test_a_pair_of_files_is_compared_once() -> None:
    rootfs = Rootfs([[app("GLIBC_2.38"), library("lib/libc.so.6", versions=HAS)]])
    checker = Checker()
    node = rootfs.get("usr/bin/app")
    assert node
    process = Loader(rootfs).load("usr/bin/app", node)
    assert len(list(checker.check(process))) == 1
    assert list(checker.check(process)) == []


def test_a_number_without_end_is_a_name() -> None:
    long = "V_" + "9" * 5000
    assert len(unmet(app(long), library("lib/libc.so.6", versions=("V_1", long + "1")))) == 1
