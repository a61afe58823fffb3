"""Which packages make a Bazel."""

from __future__ import annotations

import pytest
from bazelw.errors import InstallError
from bazelw.package_set import Index, Package, derive, is_java, java_runtime, more_java, parse_stanza


def stanza(name: str, depends: str = "", section: str = "devel", version: str = "1") -> str:
    """One stanza of an index."""
    return (
        f"Package: {name}\nVersion: {version}\nArchitecture: all\nSection: {section}\nDepends: {depends}\n"
        f"Installed-Size: 2\nSize: 3\nSHA256: ab\nDescription: Package: no such\n"
    )


ROOTS = [
    stanza("bazel-bootstrap", "bazel-data (= 1), liba1 (>= 2) | libz, one-java, gcc, default-jdk-headless, libabsent"),
    stanza("bazel-data", "libjs-jquery"),
    stanza("bazel-rules-pkg"),
    stanza("bazel-rules-shell"),
    stanza("bazel-stardoc", "default-jre-headless"),
    stanza("default-jdk-headless", "openjdk-9-jdk-headless", "java"),
    stanza("default-jre-headless", "openjdk-9-jre-headless, java-common", "java"),
    stanza("gcc"),
    stanza("liba1", "libb2:any", "libs"),
    stanza("libb2", "debconf", "contrib/libs"),
    stanza("libblake3-0", section="libs"),
    stanza("libblake3-10", section="libs"),
    stanza("libblake3-2", section="libs"),
    stanza("libjs-jquery", section="javascript"),
    stanza("one-java", "two-java, libc9", "libs"),
    stanza("libc9", section="libs"),
    stanza("openjdk-9-jdk-headless", section="java"),
    stanza("openjdk-9-jre-headless", "liba1", "java"),
    stanza("patchelf"),
    stanza("python3-pip-whl"),
    stanza("two-java", section="java"),
]


def test_set_is_derived() -> None:
    names = [package.name for package in derive(Index("\n".join(ROOTS)))]
    assert names == [
        "bazel-bootstrap",
        "bazel-data",
        "bazel-rules-pkg",
        "bazel-rules-shell",
        "bazel-stardoc",
        "liba1",
        "libb2",
        "libblake3-10",
        "libc9",
        "one-java",
        "openjdk-9-jre-headless",
        "patchelf",
        "python3-pip-whl",
    ]


def test_missing_root_is_named() -> None:
    index = Index("\n".join(text for text in ROOTS if "Package: patchelf" not in text))
    with pytest.raises(InstallError) as caught:
        derive(index)
    assert str(caught.value) == (
        "the suite lacks a package, got none named patchelf; try another suite (BAZELW_SUITES)"
    )


def test_default_java_that_names_no_runtime() -> None:
    with pytest.raises(InstallError) as caught:
        java_runtime(Index(stanza("default-jre-headless", "java-common")))
    assert str(caught.value) == "default-jre-headless names no Java runtime, got java-common; try another suite"


def test_more_java_gives_what_owners_need_and_is_not_there() -> None:
    index = Index("\n".join(ROOTS))
    assert [package.name for package in more_java(index, ["one-java"], ["one-java"])] == ["two-java"]
    assert more_java(index, ["one-java"], ["one-java", "two-java"]) == []


def test_stanza() -> None:
    package = parse_stanza(stanza("libx_y", "a (>= 1:2) | b, c [amd64], , d:any", "java", "1:2.0~rc1-3+b1"))
    assert package == Package("libx_y", "1:2.0~rc1-3+b1", "all", "java", ("a", "c", "d"), 3, 2048, "ab")
    assert package.file_name == "libx%5fy_1%3a2.0~rc1-3+b1_all.deb"
    assert package.upstream_version == "2.0"
    assert is_java(package)


def test_index_keeps_the_last_of_a_name_and_only_whole_names() -> None:
    index = Index(stanza("a", version="1") + "\n" + stanza("ab") + "\n" + stanza("a", version="2"))
    assert (len(index), set(index), index["a"].version) == (2, {"a", "ab"}, "2")
    assert "b" not in index
