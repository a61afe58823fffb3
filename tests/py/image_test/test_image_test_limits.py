"""Tests of distill.image_test.limits."""

from pathlib import Path

import pytest
from distill.image_test import limits
from support_elf import Made
from support_image_test import Built, parsed
from support_layer import source

STATUS = b"""\
Package: old
Version: 1:2-3
Status: install ok installed

Package: removed
Version: 1
Status: deinstall ok config-files
"""
SOURCES = [
    source(
        "usr/bin/app",
        data=Made(dynamic=[(1, b"libc.so.6"), (1, b"libssl.so.3"), (29, b"/opt")], interpreter="/lib/ld.so").build(),
        mode=0o755,
    ),
    source("usr/bin/again", "hardlink", link="usr/bin/app"),
    source("usr/bin/dash", data=b"x" * 1000, mode=0o755, package="dash_0.5_amd64"),
    source("bin/sh", "symlink", link="../usr/bin/dash", mode=0o777),
    source("usr/share/bash", data=b"completion"),
    source("usr/bin/su", data=b"x", mode=0o4755),
    source("usr/bin/wall", data=b"x", mode=0o2755),
    source("var/lib/dpkg/status", data=STATUS),
    source("var/lib/dpkg/status.d/libc6", data=b"Package: libc6\nVersion: 2.36-9\n"),
    source("var/lib/dpkg/status.d/libc6.md5sums", data=b"no paragraph"),
]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(tmp_path_factory.mktemp("image"), SOURCES)


def test_sizes(image: Built) -> None:
    layers = image.layers()
    tests = parsed(
        "sizeTests: [{name: a, maxUnpacked: 10 kB, maxCompressed: 10 kB, maxLayers: 1},"
        " {name: b, maxUnpacked: 1000, maxCompressed: 5, maxLayers: 0}, {name: c, path: /usr/share, maxUnpacked: 9},"
        " {name: d, path: /none, maxUnpacked: 9}]"
    ).size_tests
    assert list(limits.sizes(layers, tests[0])) == []
    app = image.layers().rootfs.get("usr/bin/app")
    assert app
    total = app.file.size + 1000 + 10 + 2 + len(STATUS) + 31 + 12
    largest = f"/usr/bin/dash (1000), /usr/bin/app ({app.file.size}), /var/lib/dpkg/status ({len(STATUS)})"
    assert list(limits.sizes(layers, tests[1])) == [
        f"the image has {total} bytes unpacked, more than 1000; the largest are {largest}",
        f"the image has {layers.compressed} bytes compressed, more than 5",
        "the image has 1 layers, more than 0",
    ]
    assert list(limits.sizes(layers, tests[2])) == [
        "/usr/share has 10 bytes unpacked, more than 9; the largest are /usr/share/bash (10)"
    ]
    assert list(limits.sizes(layers, tests[3])) == ["/none means no file of the image"]


@pytest.mark.parametrize(
    ("keys", "faults"),
    [
        ("package: dash, version: 0.5", []),
        ("package: old, minVersion: '1:2-2'", []),
        ("package: 'lib*', minVersion: 2.36-9", []),
        ("package: removed, shouldExist: false", []),
        ("package: dash, version: 0.6", ["package dash has version 0.5, expected 0.6"]),
        ("package: libc6, minVersion: 2.36-10", ["package libc6 has version 2.36-9, older than 2.36-10"]),
        ("package: libc, version: 1", ["package libc is not in the image; did you mean libc6?"]),
        ("package: zlib1g", ["package zlib1g is not in the image; there are dash, libc6, old"]),
        ("package: 'o*', shouldExist: false", ["package old is in the image (1:2-3), which it should not be"]),
    ],
)
def test_packages(image: Built, keys: str, faults: list[str]) -> None:
    (test,) = parsed(f"packageTests: [{{name: n, {keys}}}]").package_tests
    assert list(limits.packages(image.layers(), test)) == faults


@pytest.mark.parametrize(
    ("keys", "faults"),
    [
        ("path: /usr/**, stripped: true, rpath: true, machine: amd64, expectedNeeded: ['libssl.*']", []),
        ("path: /usr/bin/app, interpreter: /lib/ld.so, excludedNeeded: ['libsystemd*']", []),
        ("path: /usr/bin/app, stripped: false", ["/usr/bin/app is stripped"]),
        ("path: /usr/bin/app, rpath: false", ["/usr/bin/app has RPATH /opt"]),
        ("path: /usr/bin/app, interpreter: ''", ["/usr/bin/app has interpreter /lib/ld.so, expected none"]),
        ("path: /usr/bin/app, machine: arm64", ["/usr/bin/app is for amd64, expected arm64"]),
        (
            "path: /usr/bin/app, expectedNeeded: [libz.so.1], excludedNeeded: ['lib[cs]*']",
            [
                "/usr/bin/app does not need libz.so.1, got libc.so.6, libssl.so.3",
                "/usr/bin/app needs libc.so.6, which it should not",
                "/usr/bin/app needs libssl.so.3, which it should not",
            ],
        ),
        ("path: /usr/share/*, stripped: true", ["/usr/share/* means no ELF file of the image"]),
    ],
)
def test_elf(image: Built, keys: str, faults: list[str]) -> None:
    (test,) = parsed(f"elfTests: [{{name: n, {keys}}}]").elf_tests
    assert list(limits.elf(image.layers().rootfs, test)) == faults


@pytest.mark.parametrize(
    ("keys", "faults"),
    [
        ("paths: [/root/**], packages: [apt]", []),
        ("shells: true, except: [/bin/sh, /usr/bin/dash]", []),
        ("shells: true", ["there is a shell in the image, got /bin/sh, /usr/bin/dash"]),
        ("setuid: true", ["there is a setuid or setgid file in the image, got /usr/bin/su, /usr/bin/wall"]),
        ("packages: ['lib*']", ["there is package libc6 in the image (2.36-9)"]),
        (
            "paths: [/**]",
            [
                "there is /** in the image, got /bin, /bin/sh, /usr, /usr/bin, /usr/bin/again and 13 more",
            ],
        ),
    ],
)
def test_banned(image: Built, keys: str, faults: list[str]) -> None:
    (test,) = parsed(f"noTests: [{{name: n, {keys}}}]").no_tests
    assert list(limits.banned(image.layers(), test)) == faults


def test_an_image_without_packages(tmp_path: Path) -> None:
    (test,) = parsed("packageTests: [{name: n, package: libc6}]").package_tests
    layers = Built(tmp_path, [source("x")]).layers()
    assert list(limits.packages(layers, test)) == ["package libc6 is not in the image; there are none"]
