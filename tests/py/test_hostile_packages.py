"""Whatever stands in packages, a layer of them stays below its root: names, links and owners drawn at random."""

import contextlib
from contextlib import ExitStack
from pathlib import Path

import pytest
from distill import paths, tar
from distill.debian.deb import open_deb
from distill.errors import DistillError
from distill.layer.layer import Source, Tree
from distill.package import debian_layer
from distill.package.selection import Selection
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support_deb import Item, ar, control_text
from support_deb import tar as make_tar
from support_tar import block, data, long, pax, record

USUAL = st.lists(st.sampled_from([b"a", b"b", b"bin", b"lib", b"usr", b"\xff \n", b"x" * 60]), min_size=1, max_size=3)
ODD = st.lists(st.sampled_from([b"..", b".", b"", b"a", b"lib", b"usr"]), min_size=1, max_size=4)


@st.composite
def names(draw: st.DrawFn, odd: int) -> bytes:
    """Draw a name; one in `odd` may climb, be the root, or be wrong in another way."""
    parts = draw(ODD if draw(st.integers(1, odd)) == 1 else USUAL)
    return draw(st.sampled_from([b"", b"./", b"/"])) + b"/".join(parts) + draw(st.sampled_from([b"", b"", b"", b"/"]))


NAMES, LINKS = names(20), names(3)
FLAGS = st.sampled_from([b"0", b"0", b"5", b"5", b"1", b"2", b"2", b"3", b"6", b"7"])
MODES = st.sampled_from([b"0644", b"4755", b"2755", b"1777", b"0000", b"7777"])


@st.composite
def entries(draw: st.DrawFn) -> bytes:
    """Draw one entry of a tar; its name may be in the header, in a GNU long name or in a pax header."""
    name, link, flag, mode = draw(NAMES), draw(LINKS), draw(FLAGS), draw(MODES)
    content = draw(st.binary(max_size=3)) if flag in (b"0", b"7") and not name.endswith(b"/") else b""
    way = draw(st.sampled_from(["plain", "gnu", "pax"]))
    before, shown, target = b"", name[:100], link[:100]
    if way == "gnu":
        before, shown, target = long(b"L", name) + long(b"K", link), b"n", b"l"
    elif way == "pax":
        before, shown, target = pax(record(b"path", name) + record(b"linkpath", link)), b"n", b"l"
    head = block(shown, flag, b"%o" % len(content), target, at_100=mode)
    return before + head + data(content)


def package(name: str, raw: bytes) -> bytes:
    control = make_tar([Item("control", control_text(name, "1", "all").encode())])
    return ar(("debian-binary", b"2.0\n"), ("control.tar", control), ("data.tar", raw + tar.END))


def layer(folder: Path, raws: list[bytes], merged: bool) -> list[Source]:
    with ExitStack() as stack:
        debs = []
        for number, raw in enumerate(raws):
            file = folder / f"{number}.deb"
            file.write_bytes(package(f"p{number}", raw))
            debs.append(stack.enter_context(open_deb(file)))
        tree = Tree()
        for source in debian_layer.sources(debs, Selection(usr_merged=merged)):
            tree.add(source)
        return list(tree.sources())


def entry(name: bytes, flag: bytes = b"0", link: bytes = b"") -> bytes:
    return block(name, flag, b"0", link)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.lists(entries(), max_size=5).map(b"".join), min_size=1, max_size=3), st.booleans())
@example([entry(b"a", b"2", b"/etc"), entry(b"a/passwd")], True)
@example([entry(b"usr/lib", b"2", b"/etc"), entry(b"lib/passwd")], True)
@example([entry(b"lib", b"2", b"usr/lib"), entry(b"usr/lib", b"2", b"../etc"), entry(b"lib/passwd")], True)
@example([entry(b"bin/x") + entry(b"y", b"1", b"bin/x"), entry(b"usr/bin/x")], True)
def test_nothing_escapes(tmp_path_factory: pytest.TempPathFactory, raws: list[bytes], merged: bool) -> None:
    with contextlib.suppress(DistillError):
        seen: dict[str, str] = {}
        for source in layer(tmp_path_factory.getbasetemp(), raws, merged):
            made = source.entry
            assert paths.normalize(made.path) == made.path
            assert made.path not in seen
            for above in paths.parents(made.path):
                assert seen[above] == "directory", (above, made.path)  # never a link, and before what is in it
            if made.kind == "hardlink":
                assert seen[made.link] in {"file", "hardlink", "symlink", "char", "fifo"}, made
            if merged:
                top = made.path.partition("/")[0]
                assert top not in {"bin", "lib"} or (made.path == top and made.link == f"usr/{top}")
            seen[made.path] = made.kind
