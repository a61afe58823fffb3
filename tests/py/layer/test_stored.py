"""Layers read back from their blobs."""

import os
import tarfile
from pathlib import Path

import pytest
from distill.errors import FormatError
from distill.layer.stored import Tar
from support_image_test import Built
from support_layer import source


def test_reads_bytes_from_the_layer_that_has_them(tmp_path: Path) -> None:
    lower = [source("a", data=b"lower"), source("b", "hardlink", link="a"), source("only", data=b"here")]
    layers = Built(tmp_path, lower, [source("a", data=b"upper")]).layers()
    contents = {node.record.path: layers.read(node) for node in layers.rootfs}
    assert contents == {"a": b"upper", "b": b"lower", "only": b"here"}
    assert (layers.count, layers.compressed > 0) == (2, True)


def test_a_layer_without_entries_does_not_count(tmp_path: Path) -> None:
    whole = Built(tmp_path, [source("a", data=b"lower")], [], [source("b", data=b"upper")]).layers()
    assert whole.count == 2
    assert {node.record.path: whole.read(node) for node in whole.rootfs} == {"a": b"lower", "b": b"upper"}
    (tmp_path / "other").mkdir()
    without = Built(tmp_path / "other", [source("a", data=b"lower")], [source("b", data=b"upper")]).layers()
    assert whole.compressed == without.compressed


def test_copies_bytes(tmp_path: Path) -> None:
    layers = Built(tmp_path, [source("x", data=b"x" * 5000), source("caf\udce9\\", data=b"y")]).layers()
    for path, expected in (("x", b"x" * 5000), ("caf\\xe9\\x5c", b"y")):
        node = layers.rootfs.get(path)
        assert node
        with (tmp_path / "copy").open("wb") as target:
            layers.copy(node, target.fileno())
        assert (tmp_path / "copy").read_bytes() == expected


def test_a_blob_that_is_not_the_listings_is_an_error(tmp_path: Path) -> None:
    built = Built(tmp_path, [source("x", data=b"x")], [source("y", data=b"y")])
    (built.folders[0] / "blob").write_bytes((built.folders[1] / "blob").read_bytes())
    layers = built.layers()
    node = layers.rootfs.get("x")
    assert node
    with pytest.raises(FormatError) as caught:
        layers.read(node)
    assert str(caught.value) == "listing and blob of a layer differ, got no file /x; build the layer again"


def test_a_truncated_tar_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "export.tar"
    with tarfile.open(file, "w") as tar:
        tar.addfile(tarfile.TarInfo("x"))
    os.truncate(file, 700)
    with pytest.raises(FormatError, match="truncated"):
        Tar(file, "export")
