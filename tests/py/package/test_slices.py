"""The slice of a path."""

import pytest
from distill.errors import InputError
from distill.package import slices
from support_entry import directory, file, symlink


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("usr/share/doc/redis/copyright", "copyright"),
        ("usr/share/common-licenses/GPL-3", "licenses"),
        ("usr/share/doc/redis/changelog.Debian.gz", "doc"),
        ("usr/share/doc/redis/examples/copyright", "doc"),
        ("usr/share/doc-base/python", "doc"),
        ("usr/share/man/de/man1/x.1.gz", "man"),
        ("usr/share/info/x.info.gz", "info"),
        ("usr/share/lintian/overrides/x", "lintian"),
        ("usr/share/bug/x/control", "bug"),
        ("usr/share/bash-completion/completions/x", "completions"),
        ("usr/share/locale/de/LC_MESSAGES/x.mo", "locale"),
        ("usr/lib/locale/C.utf8/LC_CTYPE", "c-locale"),
        ("usr/lib/locale/C.UTF-8/LC_CTYPE", "c-locale"),
        ("usr/lib/locale/de_DE.utf8/LC_CTYPE", "locale"),
        ("usr/lib/x86_64-linux-gnu/gconv/UTF-7.so", "gconv"),
        ("usr/lib/debug/.build-id/00/11.debug", "debug"),
        ("usr/include/stdio.h", "dev"),
        ("usr/lib/x86_64-linux-gnu/libc.a", "dev"),
        ("usr/lib/x86_64-linux-gnu/crt1.o", "dev"),
        ("usr/lib/x86_64-linux-gnu/pkgconfig/libssl.pc", "dev"),
        ("usr/share/gcc/python/libstdcxx/v6/printers.py", "dev"),
        ("lib/systemd/system/redis-server.service", "services"),
        ("etc/init.d/redis-server", "services"),
        ("etc/rc2.d/S01x", "services"),
        ("etc/redis/redis.conf", "config"),
        ("etc/pam.d/login", "config"),
        ("bin/sh", "bins"),
        ("usr/libexec/x/y", "bins"),
        ("lib64/ld-linux-x86-64.so.2", "libs"),
        ("lib/x86_64-linux-gnu/libc.so.6", "libs"),
        ("usr/lib/python3.11/os.py", "libs"),
        ("usr/share/zoneinfo/Etc/UTC", "data"),
        ("var/lib/redis", "data"),
        ("opt/x/bin/y", "data"),
    ],
)
def test_paths(path: str, expected: str) -> None:
    assert slices.classify(file(path), "demo") == expected


def test_links_whose_slice_depends_on_more_than_the_path() -> None:
    assert slices.classify(symlink("usr/share/doc/libgcc-s1", "gcc-12-base"), "libgcc-s1") == "copyright"
    assert slices.classify(symlink("usr/share/doc/x/NEWS.gz", "changelog.gz"), "x") == "doc"
    assert slices.classify(directory("usr/share/doc/x"), "x") == "doc"
    assert slices.classify(symlink("usr/lib/x/libz.so", "libz.so.1"), "zlib1g-dev") == "dev"
    assert slices.classify(symlink("usr/lib/x/libz.so", "libz.so.1"), "zlib1g") == "libs"
    assert slices.classify(file("usr/lib/x/libz.so"), "zlib1g-dev") == "libs"


def test_all_slices_are_kept_but_the_dropped() -> None:
    assert slices.kept([], []) == frozenset(slices.CATALOGUE)
    assert slices.kept([], ["doc", "man"]) == frozenset(slices.CATALOGUE) - {"doc", "man"}
    assert slices.kept(["libs", "doc"], ["doc"]) == {"libs", "doc", "copyright"}
    assert slices.kept(["libs"], ["doc"]) == {"libs", "copyright"}
    assert set(slices.DEFAULT_DROP) < set(slices.CATALOGUE)


ALL = (
    "bins, bug, c-locale, completions, config, copyright, data, debug, dev, doc, gconv, info, libs, licenses, lintian,"
    " locale, man, services"
)


@pytest.mark.parametrize(
    ("keep", "drop", "message"),
    [
        (
            ["lib"],
            [],
            f"slices names no slice, got 'lib'; choose from {ALL}",
        ),
        (
            [],
            ["docs"],
            f"drop names no slice, got 'docs'; choose from {ALL}",
        ),
        ([], ["copyright"], "drop names what is always kept, got 'copyright'; leave it out"),
    ],
)
def test_bad_names(keep: list[str], drop: list[str], message: str) -> None:
    with pytest.raises(InputError) as error:
        slices.kept(keep, drop)
    assert str(error.value) == message
