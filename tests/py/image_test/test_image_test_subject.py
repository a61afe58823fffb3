"""Tests of distill.image_test.subject."""

import io
import tarfile
from pathlib import Path

from distill.image_test.subject import exported, files
from support_image_test import Built
from support_layer import source


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
