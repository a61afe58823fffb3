"""Slices: which named part of its package a path is in, for every package alike.

The names follow chisel's, where it has one. A path is in exactly one slice, the first of CATALOGUE that has it.
"""

from distill import globs
from distill.errors import InputError
from distill.package.usr_merge import merged_path
from distill.tar import Entry

COPYRIGHT = "copyright"
"""The slice that is always kept: the licences of what an image ships have to be in it."""

CATALOGUE: dict[str, tuple[str, ...]] = {
    COPYRIGHT: ("usr/share/doc/*/copyright",),
    "licenses": ("usr/share/common-licenses",),
    "doc": ("usr/share/doc", "usr/share/doc-base", "usr/share/gtk-doc", "usr/share/help"),
    "man": ("usr/share/man", "usr/local/man", "usr/local/share/man"),
    "info": ("usr/share/info",),
    "lintian": ("usr/share/lintian",),
    "bug": ("usr/share/bug", "usr/share/reportbug", "usr/share/apport"),
    "completions": ("usr/share/bash-completion", "usr/share/zsh", "usr/share/fish", "etc/bash_completion.d"),
    "c-locale": ("usr/lib/locale/C.[uU][tT][fF]*8",),
    "locale": ("usr/share/locale", "usr/share/locale-langpack", "usr/lib/locale", "usr/share/i18n"),
    "gconv": ("usr/lib/*/gconv", "usr/lib/gconv", "usr/lib32/gconv", "usr/lib64/gconv", "usr/libx32/gconv"),
    "debug": ("usr/lib/debug",),
    "dev": (
        "usr/include",
        "usr/lib*/**/*.a",
        "usr/lib*/**/*.la",
        "usr/lib*/*.o",
        "usr/lib*/*/*.o",
        "usr/lib*/**/pkgconfig",
        "usr/share/pkgconfig",
        "usr/share/aclocal",
        "usr/lib*/cmake",
        "usr/lib*/*/cmake",
        "usr/share/gir-1.0",
        "usr/share/vala/vapi",
        "usr/share/gdb/auto-load",
        "usr/share/gcc/python",
    ),
    "services": (
        "usr/lib/systemd/system",
        "usr/lib/systemd/user",
        "usr/lib/tmpfiles.d",
        "usr/lib/sysusers.d",
        "etc/init.d",
        "etc/init",
        "etc/rc?.d",
        "etc/logrotate.d",
        "etc/cron.*",
        "etc/ufw",
    ),
    "config": ("etc",),
    "bins": ("usr/bin", "usr/sbin", "usr/games", "usr/libexec", "usr/local/bin", "usr/local/sbin"),
    "libs": ("usr/lib", "usr/lib32", "usr/lib64", "usr/libx32", "usr/local/lib"),
    "data": ("**",),
}
"""The globs of each slice, on merged paths (usr_merge). Besides: see `classify` for what a glob cannot say."""

DEFAULT_DROP = ("doc", "man", "info", "lintian", "bug", "completions", "locale", "gconv", "debug", "dev")
"""What a minimal image does without: nothing of it is read by a program that runs there, but for gconv, which iconv
needs for all but Unicode and ASCII, and locale, which holds translations."""

_COMPILED = {name: [globs.compiled(glob) for glob in found] for name, found in CATALOGUE.items()}
_DOC_LINK = globs.compiled("usr/share/doc/*")
_DEV_LINK = globs.compiled("usr/lib*/**/lib*.so")


def classify(entry: Entry, package: str) -> str:
    """Give the slice of `entry` of the package named `package` (`libc6-dev`), with a merged /usr or without.

    Two things depend on more than the path. A link that stands for the package's whole doc directory leads to the
    copyright of the package it is built with, so it is `copyright`. And `libfoo.so` in a -dev package that links to
    `libfoo.so.1` is `dev`; elsewhere a name without a version may be one that a program loads.
    """
    path = merged_path(entry.path)
    if entry.kind == "symlink":
        if path.count("/") == 3 and _DOC_LINK.fullmatch(path):
            return COPYRIGHT
        if package.endswith("-dev") and _DEV_LINK.fullmatch(path):
            return "dev"
    return of_path(path)


def of_path(path: str) -> str:
    """Give the slice of a file at `path`, in a merged /usr."""
    return next(name for name, patterns in _COMPILED.items() if any(p.fullmatch(path) for p in patterns))


def kept(keep: list[str], drop: list[str]) -> frozenset[str]:
    """Give the slices to keep: those of `keep`, or where it is empty all but those of `drop`; always the copyright.

    Raises:
        InputError: a slice that there is not, or the copyright dropped.
    """
    for attribute, names in (("slices", keep), ("drop", drop)):
        for name in names:
            if name not in CATALOGUE:
                raise InputError(
                    f"{attribute} names no slice, got {name!r}; choose from {', '.join(sorted(CATALOGUE))}"
                )
    if COPYRIGHT in drop:
        raise InputError(f"drop names what is always kept, got {COPYRIGHT!r}; leave it out")
    return frozenset(keep or CATALOGUE.keys() - drop) | {COPYRIGHT}
