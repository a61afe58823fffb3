"""Tests of distill.image.index_layout, and of the commands that lay out an index."""

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from distill.errors import FormatError, InputError
from distill.image import archive, index_layout, manifest, reference
from distill.image import image_descriptor as descriptors
from distill.image.oci_layout import Plan
from support_image import Image, Layer, run, sha256
from support_oci import check_index

ARCHITECTURES = (("amd64", ""), ("arm64", "v8"), ("arm", "v7"))


class Index:
    """An index of one image per architecture, with a layer that all share and one of their own."""

    def __init__(self, root: Path) -> None:
        shared = Layer(root, "shared")
        self.images = []
        for architecture, variant in ARCHITECTURES:
            folder = root / architecture
            folder.mkdir()
            layers = [shared, Layer(folder, architecture)]
            self.images.append(Image(folder, layers, architecture=architecture, variant=variant))
        self.bytes = manifest.index([descriptors.read(image.descriptor) for image in self.images])
        self.file = root / "index.json"
        self.file.write_bytes(self.bytes)

    def plan(self, *names: str) -> Plan:
        """Plan its layout."""
        layers = [(layer.described, str(layer.blob)) for image in self.images for layer in image.layers]
        documents = [(image.config.read_bytes(), image.manifest.read_bytes()) for image in self.images]
        return index_layout.plan(self.bytes, documents, layers, [reference.parse(name) for name in names])

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines of a request that lays it out."""
        return [
            {"role": "index", "path": str(self.file)},
            *(line for image in self.images for line in image.with_blobs),
        ]


def test_the_layout_has_each_blob_once_and_the_index_under_its_name(tmp_path: Path) -> None:
    index = Index(tmp_path)
    files = index.plan("app:v1").files
    assert list(files) == sorted(files)
    listed = json.loads(files["index.json"].data or b"")
    check_index(listed)
    (entry,) = listed["manifests"]
    assert entry["digest"] == sha256(index.bytes)
    assert entry["mediaType"] == "application/vnd.oci.image.index.v1+json"
    assert entry["annotations"]["org.opencontainers.image.ref.name"] == "v1"
    # oci-layout, index.json; the index; three configs, manifests and own layers; the shared layer
    assert len(files) == 2 + 1 + 9 + 1


def test_docker_gets_a_name_for_each_platform(tmp_path: Path) -> None:
    index = Index(tmp_path)
    images = json.loads(archive.docker_manifest(index.plan("app:v1")))
    assert [image["RepoTags"] for image in images] == [
        ["docker.io/library/app:v1-amd64"],
        ["docker.io/library/app:v1-arm64"],
        ["docker.io/library/app:v1-armv7"],
    ]
    assert [len(image["Layers"]) for image in images] == [2, 2, 2]


def test_the_commands_lay_out_an_index(tmp_path: Path) -> None:
    index = Index(tmp_path)
    tar, folder = tmp_path / "index.tar", tmp_path / "index.oci"
    assert run("ImageArchive", {"repo_tags": ["app"]}, index.lines, archive=tar) == 0
    assert run("ImageLayout", {"repo_tags": ["app"]}, index.lines, layout=folder) == 0
    with tarfile.open(tar) as opened:
        names = {member.name for member in opened if member.isfile()}
    assert names == {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} | {"manifest.json"}


def test_configs_and_manifests_pair(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = Index(tmp_path).lines
    config = next(line for line in lines if line["role"] == "config")
    lines.remove(config)
    assert run("ImageArchive", {}, lines, archive=tmp_path / "index.tar") == 1
    assert capsys.readouterr().err == (
        "//app:image: configs and manifests do not pair, got 2 and 3; give one config for each\n"
    )


def test_an_index_of_other_images(tmp_path: Path) -> None:
    index = Index(tmp_path)
    stated = [sha256(image.manifest.read_bytes()) for image in index.images]
    index.images.pop()
    with pytest.raises(FormatError) as caught:
        index.plan()
    assert str(caught.value) == (
        f"index is of other images, got {', '.join(stated[:2])} where it says {', '.join(stated)};"
        " build the index again"
    )


def test_no_index(tmp_path: Path) -> None:
    index = Index(tmp_path)
    index.bytes = b'{"manifests":1}'
    with pytest.raises(FormatError) as caught:
        index.plan()
    assert str(caught.value) == "index has no list of manifests, got int; build the index again"


def test_the_config_of_another_image(tmp_path: Path) -> None:
    index = Index(tmp_path)
    stated, given = (sha256(image.config.read_bytes()) for image in index.images[:2])
    index.images[0].config = index.images[1].config
    with pytest.raises(FormatError) as caught:
        index.plan()
    assert str(caught.value) == (
        f"manifest is of another image, got {given} as config where it says {stated}; build the image again"
    )


def test_a_layer_that_is_not_there(tmp_path: Path) -> None:
    index = Index(tmp_path)
    gone = index.images[1].layers.pop()
    with pytest.raises(FormatError) as caught:
        index.plan()
    assert str(caught.value) == (
        f"layer of an image is not there, got no {gone.described.digest} for linux/arm64/v8; build the image again"
    )


def test_a_name_twice(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"^image name is there twice, got docker\.io/library/app:latest; name it once$"
    ):
        Index(tmp_path).plan("app", "app:latest")
