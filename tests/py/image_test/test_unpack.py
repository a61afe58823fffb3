"""Tests of distill.image_test.unpack: against what tests/support unpacks, and in what one user may do."""

import io
import os
import stat
import tarfile
import tempfile
from pathlib import Path

import oci_archive
import pytest
from distill.errors import ImageError, PathError
from distill.image_test import unpack
from distill.image_test.drivers import remove
from distill.layer.tree import Source
from distill.listing import Record
from distill.runtime.identity import ROOT, Identity
from distill.runtime.rootfs import Rootfs
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support_image_test import Built
from support_layer import source
from support_listing import directory, file, symlink

APP = Identity("app", 1000, frozenset((1000, 50)), 1000)


def tree(root: Path) -> dict[str, object]:
    """Give what stands below `root`: kind and mode of each path, with the bytes of files and the ends of links."""
    found: dict[str, object] = {}
    for path in sorted(root.rglob("*")):
        name, mode = str(path.relative_to(root)), stat.S_IMODE(path.lstat().st_mode)
        if path.is_symlink():
            found[name] = ("symlink", os.readlink(path))  # noqa: PTH115 - as it is written
        else:
            found[name] = ("directory", mode) if path.is_dir() else ("file", mode, path.read_bytes())
    return found


NAMES = st.sampled_from(["a", "b", "c"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
KINDS = st.sampled_from(["directory", "file", "symlink", "hidden", "opaque"])
LAYERS = st.lists(st.dictionaries(PATHS, KINDS, max_size=6), min_size=2, max_size=4)


@settings(max_examples=80, deadline=None)
@given(LAYERS)
def test_unpacks_as_the_reference_does(layers: list[dict[str, str]]) -> None:
    """Whiteouts and opaque directories come first in a layer, as the reference reads it in one pass."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        built = Built(root, *(_entries(number, layer) for number, layer in enumerate(layers)))
        view = built.layers()
        assume(not view.rootfs.clashes)
        for name in ("ours", "theirs"):
            (root / name).mkdir()
        unpack.unpack(view.rootfs, view.copy, root / "ours", ROOT)
        for each in built.folders:
            _reference(each / "blob", root / "theirs")
        assert tree(root / "ours") == tree(root / "theirs")


def _entries(number: int, layer: dict[str, str]) -> list[Source]:
    """Give what a layer holds: nothing is below what is no directory."""
    found: dict[str, Source] = {}
    for path, kind in sorted(layer.items()):
        above = [path[:at] for at in range(len(path)) if path[at] == "/"]
        if any(layer.get(parent, "directory") != "directory" for parent in above):
            continue
        parent, _, name = path.rpartition("/")
        text = f"{path} of {number}"
        if kind in ("hidden", "opaque"):
            mark = f".wh.{name}" if kind == "hidden" else ".wh..wh..opq"
            place = f"{parent}/{mark}" if parent else mark
            found[place] = source(place)
        elif kind == "symlink":
            found[path] = source(path, "symlink", link=text, mode=0o777)
        else:
            mode = {"file": 0o640, "directory": 0o750}[kind] + number
            found[path] = source(path, "file" if kind == "file" else "directory", text.encode(), mode=mode)
    return list(found.values())


def _reference(blob: Path, root: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(blob.read_bytes()), mode="r:*") as tar:
        for member in sorted(tar, key=lambda member: ".wh." not in member.name):
            place = root / member.name
            hidden = place.parent if place.name == ".wh..wh..opq" else place.with_name(place.name.removeprefix(".wh."))
            if ".wh." not in place.name or os.path.lexists(hidden):
                oci_archive._apply(tar, member, root)


def test_the_image_is_laid_out_with_its_links(tmp_path: Path) -> None:
    layers = Built(
        tmp_path,
        [
            source("usr/bin/a", data=b"a", mode=0o755, mtime=7),
            source("usr/bin/b", "hardlink", link="usr/bin/a"),
            source("bin", "symlink", link="usr/bin", mode=0o777),
            source("run/pipe", "fifo", mode=0o600),
            source("dev/null", "char", device=(1, 3), mode=0o666),
            source("caf\udce9", data=b""),
        ],
    ).layers()
    root = tmp_path / "root"
    root.mkdir()
    unpack.unpack(layers.rootfs, layers.copy, root, ROOT, ["proc", "srv/app"], ["etc/hosts", "bin"])
    assert (root / "bin/a").samefile(root / "usr/bin/b")
    assert (root / "usr/bin/a").stat().st_mtime == 7
    assert (root / "run/pipe").is_fifo()
    assert not (root / "dev/null").exists()
    assert os.path.lexists(os.fsencode(root) + b"/caf\xe9")
    assert (root / "srv/app").is_dir()
    assert (root / "etc/hosts").read_bytes() == b""


@pytest.mark.parametrize(
    ("record", "root", "app"),
    [
        (file("x", "0600"), 0o600, 0o000),
        (file("x", "0644"), 0o644, 0o444),
        (file("x", "0640", gid=50), 0o640, 0o440),
        (file("x", "0640", uid=1000), 0o640, 0o640),
        (file("x", "0466", uid=1000), 0o466, 0o466),
        (file("x", "4755"), 0o4755, 0o4555),
        (directory("x", "1777"), 0o1777, 0o1777),
        (directory("x", "0750"), 0o750, 0o050),
    ],
)
def test_the_owners_bits_are_what_the_user_may_do(record: Record, root: int, app: int) -> None:
    assert (unpack.mode(record, ROOT), unpack.mode(record, APP)) == (root, app)


def test_a_user_may_be_refused_all(tmp_path: Path) -> None:
    layers = Built(tmp_path, [source("d", "directory", mode=0o700), source("d/x", data=b"x", mode=0o600)]).layers()
    root = tmp_path / "root"
    root.mkdir()
    unpack.unpack(layers.rootfs, layers.copy, root, APP)
    assert stat.S_IMODE((root / "d").stat().st_mode) == 0
    remove(root)
    assert not root.exists()


def test_a_path_that_climbs_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PathError, match="path climbs"):
        unpack.unpack(Rootfs([[file("a/../../x")]]), lambda *_: None, tmp_path, ROOT)


TARGETS = Rootfs([[directory("etc"), file("etc/x"), symlink("link", "/etc"), symlink("loop", "loop")]])


@pytest.mark.parametrize(
    ("path", "end"),
    [("/etc", "etc"), ("/link/new/dir", "etc/new/dir"), ("/", ""), ("/none/../etc/y", None), ("/etc/x/y", None)],
)
def test_where_an_engine_makes_a_directory(path: str, end: str | None) -> None:
    if end is not None:
        assert unpack.target(TARGETS, path) == end
        return
    with pytest.raises(ImageError, match="cannot be made in the image, got"):
        unpack.target(TARGETS, path)
