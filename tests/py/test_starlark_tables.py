"""Tables that stand in Starlark and in Python say the same."""

import re
from pathlib import Path

from distill.lock import lock, package_manifest
from distill.package import slices

PRIVATE = Path(__file__).parent.parent.parent / "rules" / "debian" / "private"


def strings(file: str, pattern: str) -> list[str]:
    return re.findall(pattern, (PRIVATE / file).read_text(), re.MULTILINE)


def test_architectures() -> None:
    assert strings("architectures.bzl", r'^    "(\S+)": ') == list(package_manifest.ARCHITECTURES)


def test_the_version_of_locks() -> None:
    assert strings("lock.bzl", r"^_VERSION = (\d+)$") == [str(lock.VERSION)]


def test_default_drop() -> None:
    assert strings("slices.bzl", r'^    "(\S+)",$') == sorted(slices.DEFAULT_DROP)
