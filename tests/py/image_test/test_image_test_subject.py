"""Tests of distill.image_test.subject."""

import io
import os
import tarfile
from pathlib import Path

import pytest
from distill.errors import FormatError
from distill.image_test.subject import Tar, exported, files
from support_image_test import Built
from support_layer import source


def test_reads_bytes_from_the_layer_that_has_them(tmp_path: Path) -> None:
    lower = [source("a", data=b"lower"), source("b", "hardlink", link="a"), source("only", data=b"here")]
    layers = Built(tmp_path, lower, [source("a", data=b"upper")]).layers()
    contents = {node.record.path: layers.read(node) for node in layers.rootfs}
    assert contents == {"a": b"upper", "b": b"lower", "only": b"here"}
    assert (layers.count, layers.compressed > 0) == (2, True)


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


def test_each_file_counts_once(tmp_path: Path) -> None:
    layers = Built(
        tmp_path, [source("a", data=b"1"), source("b", "hardlink", link="a"), source("d", "directory")]
    ).layers()
    assert [node.record.path for node in files(layers.rootfs)] == ["a"]


def test_the_view_of_an_exported_container(tmp_path: Path) -> None:
    file = tmp_path / "export.tar"
    with tarfile.open(file, "w") as tar:
        for name in ("./", "./etc/"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(folder)
        entry = tarfile.TarInfo("./etc/x")
        entry.size, entry.mode, entry.uid = 4, 0o640, 5
        tar.addfile(entry, io.BytesIO(b"text"))
        link = tarfile.TarInfo("etc/y")
        link.type, link.linkname = tarfile.LNKTYPE, "./etc/x"
        tar.addfile(link)
    view = exported({"config": {"Env": ["A=b=c", "D="]}}, file)
    node = view.rootfs.get("etc/y")
    assert node
    assert view.contents.read(node) == b"text"
    assert (node.file.mode, node.file.uid) == ("0640", 5)
    assert view.environment == {"A": "b=c", "D": ""}


def test_a_truncated_export_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "export.tar"
    with tarfile.open(file, "w") as tar:
        tar.addfile(tarfile.TarInfo("x"))
    os.truncate(file, 700)
    with pytest.raises(FormatError, match="truncated"):
        Tar(file, "export")
