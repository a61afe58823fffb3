"""Checksums: Java's numbers, and what counts in a manifest and a lock."""

import pytest
from distill.checksum import checksum, lock_checksum, manifest_checksum


@pytest.mark.parametrize(
    ("text", "expected"),
    [(b"", "0:0"), (b"a", "1:97"), (b"hello", "5:99162322"), (b"polygenelubricants", "18:-2147483648")],
)
def test_javas_numbers(text: bytes, expected: str) -> None:
    assert checksum(text) == expected


def test_comments_blank_lines_and_mirrors_do_not_count() -> None:
    plain = b"version: 1\npackages:\n- aa\n  # inside\n"
    other = b"# head\nversion: 1  \r\n\nmirrors:\n  debian:\n    - http://a\n  # more\n  b: http://c\npackages:\n- aa\n"
    assert manifest_checksum(plain) == manifest_checksum(other)


def test_packages_count() -> None:
    assert manifest_checksum(b"packages:\n- aa\n") != manifest_checksum(b"packages:\n- ab\n")


def test_a_lock_without_its_own_checksum() -> None:
    assert lock_checksum(b'{\n  "checksum": "1",\n  "x": 1\n}\n') == checksum(b'{\n  "x": 1\n}\n')
