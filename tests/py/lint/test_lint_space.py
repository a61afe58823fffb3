"""Tests of distill.lint.space: each rule with what it finds and what it leaves alone."""

from typing import Any

import pytest
from distill.lint import space
from distill.listing import Record
from support_lint import found
from support_listing import directory, file, hardlink, symlink


def big(path: str, content: str = "a", size: int = 20000, **values: Any) -> Record:
    return file(path, size=size, sha256=content * 64, **values)


@pytest.mark.parametrize("mark", ["gzip", "xz", "zstd", "bzip2", "lz4", "zip"])
def test_compressed_file(mark: str) -> None:
    assert found(space.compressed_file, [big("srv/data", marks=(mark,))]) == [f"/srv/data ({mark}, 20.0 kB)"]


@pytest.mark.parametrize(
    "record",
    [
        big("srv/data"),
        big("srv/data.gz", size=16383, marks=("gzip",)),
        big("usr/share/doc/x/changelog.gz", marks=("gzip",)),
        big("usr/local/share/man/man1/x.1.gz", marks=("gzip",)),
        big("usr/share/i18n/charmaps/X.gz", marks=("gzip",), package="locales_1_all"),
        big("srv/app.jar", marks=("zip",)),
    ],
)
def test_what_may_be_compressed(record: Record) -> None:
    assert found(space.compressed_file, [record]) == []


def test_a_package_may_not_have_compressed_files_everywhere() -> None:
    layer = [big("usr/lib/x.xz", marks=("xz",), package="x_1_all"), big("srv/x.jar", marks=("gzip",))]
    assert len(found(space.compressed_file, layer)) == 2


def test_duplicate_file() -> None:
    assert found(space.duplicate_file, [big("a"), big("b")], [big("c"), big("d", "d")]) == [
        "/b (as /a, 20.0 kB)",
        "/c (as /a, 20.0 kB)",
    ]
    small = [big(str(number), size=5000) for number in range(5)]
    assert len(found(space.duplicate_file, small)) == 4


def test_what_is_no_duplicate() -> None:
    small = [big("a", size=5000), big("b", size=5000), big("c", size=5000)]
    assert found(space.duplicate_file, small) == []
    assert found(space.duplicate_file, [big("a"), hardlink("b", "a"), symlink("c", "a")]) == []
    tiny = [big(str(number), size=4095) for number in range(10)]
    assert found(space.duplicate_file, tiny) == []
    assert found(space.duplicate_file, [big("a")], [big("a")]) == []


def test_what_comes_with_each_layer_of_a_package() -> None:
    notes = [big("usr/share/doc/a/copyright"), big("var/lib/dpkg/status.d/a.md5sums")]
    assert found(space.duplicate_file, notes, [big("usr/share/doc/b/copyright")]) == []
    assert found(space.shadowed_bytes, notes, notes) == found(space.shadowed_bytes, notes, [big("usr", "b")]) == []


def test_shadowed_bytes() -> None:
    lower = [big("etc/x"), big("srv/y"), big("srv/small", size=4095), big("srv/stays")]
    upper = [big("etc/x", "b"), file("srv/.wh.y"), file("srv/.wh.small")]
    assert found(space.shadowed_bytes, lower, upper) == [
        "/etc/x (layer 0, replaced, 20.0 kB)",
        "/srv/y (layer 0, removed, 20.0 kB)",
    ]


def test_nothing_is_shadowed() -> None:
    # A hard link keeps the bytes of a file that is gone.
    lower, upper = [big("a"), hardlink("b", "a"), directory("d")], [directory("d"), file(".wh.a")]
    assert found(space.shadowed_bytes, lower, upper) == []


@pytest.mark.parametrize(
    ("path", "cache"),
    [
        ("var/cache/apt/archives/x.deb", "var/cache/apt"),
        ("var/lib/apt/lists/x_Packages", "var/lib/apt/lists"),
        ("root/.cache/pip/http/x", "root/.cache"),
        ("home/me/.npm/_cacache/x", "home/me/.npm"),
        ("nonroot/.cache/x", "nonroot/.cache"),
        ("app/.cache/pip/http/x", "app/.cache/pip"),
        ("usr/share/nonroot/.cache/pip/x", "usr/share/nonroot/.cache/pip"),
        ("srv/npm/_cacache/content-v2/x", "srv/npm/_cacache"),
        ("root/.m2/repository/x", "root/.m2/repository"),
        ("app/.m2/repository/x", "app/.m2/repository"),
        ("opt/conda/pkgs/x", "opt/conda/pkgs"),
        ("opt/miniconda3/pkgs/x", "opt/miniconda3/pkgs"),
        ("var/cache/debconf/config.dat", "var/cache/debconf"),
        ("app/.cargo/registry/x", "app/.cargo/registry"),
        ("usr/local/cargo/registry/x", "usr/local/cargo/registry"),
        ("app/.cache/go-build/x", "app/.cache/go-build"),
        ("go/pkg/mod/cache/x", "go/pkg/mod/cache"),
        ("root/.local/share/pnpm/store/v3/x", "root/.local/share/pnpm/store"),
        ("root/.bundle/cache/x", "root/.bundle/cache"),
        ("root/.nuget/packages/x", "root/.nuget/packages"),
        ("root/.composer/cache/x", "root/.composer/cache"),
        ("root/.cargo/registry/x", "root/.cargo/registry"),
        ("srv/app/node_modules/.cache/babel/x", "srv/app/node_modules/.cache"),
    ],
)
def test_package_cache(path: str, cache: str) -> None:
    layer = [file(path, size=3), file(f"{path}2", size=4)]
    assert found(space.package_cache, layer) == [f"/{cache} (2 files, 7 bytes)"]


@pytest.mark.parametrize(
    "path",
    ["var/cache/apt", "var/cache/app/x", "srv/root/.cache/x", "root/cache/x", "srv/.cachet/pip/x", "opt/app/pkgs/x"],
)
def test_no_package_cache(path: str) -> None:
    assert found(space.package_cache, [file(path)]) == []


def test_too_many_layers() -> None:
    assert found(space.too_many_layers, *[[file("x")]] * 101) == ["101 layers"]
    assert found(space.too_many_layers, *[[file("x")]] * 100) == []


def test_small_layers() -> None:
    small, large = [file("x", size=10)], [file("x", size=4096)]
    assert found(space.small_layers, [], small, *[large] * 20) == ["layer 0 is empty"]
    assert found(space.small_layers, *[small] * 13) == ["13 layers with less than 4096 bytes of files"]
    assert found(space.small_layers, *[small] * 12, large) == []
