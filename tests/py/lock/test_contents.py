"""Contents indexes."""

import pytest
from distill.lock.contents import Match, paths_of, search
from hypothesis import given
from hypothesis import strategies as st

LINES = [
    b"FILE                                                    LOCATION\n",
    b"bin/busybox                         utils/busybox,utils/busybox-static\n",
    b"usr/lib/x86_64-linux-gnu/libssl.so.3 libs/libssl3\n",
    b"usr/lib/x86_64-linux-gnu/libssl.so.3.1\tnon-free/libs/libssl3-more\n",
    b"./usr/share/a name with blanks      misc/blanks\n",
    b"usr/share/\xff                       bytes\n",
    b"no-package\n",
    b"\n",
]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("libssl.so.3", [("usr/lib/x86_64-linux-gnu/libssl.so.3", "libssl3")]),
        ("libssl.so", []),
        ("ibssl.so.3", []),
        ("/usr/lib/*/libssl.so.3", [("usr/lib/x86_64-linux-gnu/libssl.so.3", "libssl3")]),
        ("usr/lib/libssl.so.3", []),
        ("busybox", [("bin/busybox", "busybox busybox-static")]),
        ("a name with blanks", [("usr/share/a name with blanks", "blanks")]),
        ("\udcff", [("usr/share/\udcff", "bytes")]),
        ("no-package", []),
    ],
)
def test_search(wanted: str, found: list[tuple[str, str]]) -> None:
    assert list(search(LINES, wanted)) == [Match(path, tuple(packages.split())) for path, packages in found]


def test_globs_find_all() -> None:
    assert len(list(search(LINES, "libssl.so.*"))) == 2
    # Its old heading reads as a file; two lines have no package.
    assert len(list(search(LINES, "**"))) == len(LINES) - 2


@given(st.lists(st.binary(max_size=40)), st.text(alphabet="ab*?/.", max_size=8))
def test_any_bytes(lines: list[bytes], wanted: str) -> None:
    for match in search(lines, wanted):
        assert match.path
        assert match.packages


def test_paths() -> None:
    assert paths_of(["main", "contrib"], "amd64") == ["main/Contents-amd64", "contrib/Contents-amd64", "Contents-amd64"]
