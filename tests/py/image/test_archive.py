"""Tests of distill.image.archive. That engines take it is tested where engines are: in .ci/run."""

import json
import tarfile
from pathlib import Path

import pytest
from distill.errors import VerificationError
from distill.image import archive
from support_image import Image, Layer, plan, sha256
from support_match import begins


def test_the_archive_is_a_layout_and_what_docker_saves(tmp_path: Path) -> None:
    layer = Layer(tmp_path, "a")
    image = Image(tmp_path, [layer, Layer(tmp_path, "b"), layer])
    archive.write(plan(image, "app:v1", "ghcr.io/x/app"), tmp_path / "image.tar")
    with tarfile.open(tmp_path / "image.tar") as tar:
        members = tar.getmembers()
        assert [member.name for member in members] == sorted(member.name for member in members)
        assert {(member.mtime, member.uid, member.gid, member.uname) for member in members} == {(0, 0, 0, "")}
        assert [member.name for member in members if member.isdir()] == ["blobs", "blobs/sha256"]
        assert {member.mode for member in members if member.isfile()} == {0o644}
        files = {m.name: stream.read() for m in members if (stream := tar.extractfile(m))}
    blobs = {name: data for name, data in files.items() if name.startswith("blobs/")}
    assert len(blobs) == 4
    assert all(name == f"blobs/sha256/{sha256(data)[7:]}" for name, data in blobs.items())
    (docker,) = json.loads(files["manifest.json"])
    assert docker["RepoTags"] == ["docker.io/library/app:v1", "ghcr.io/x/app:latest"]
    assert files[docker["Config"]] == image.config.read_bytes()
    assert [files[path] for path in docker["Layers"]] == [layer.bytes for layer in image.layers]
    assert len(json.loads(files["index.json"])["manifests"]) == 2
    assert json.loads(files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}


def test_the_archive_ends_as_a_tar_does(tmp_path: Path) -> None:
    archive.write(plan(Image(tmp_path, [])), tmp_path / "image.tar")
    data = (tmp_path / "image.tar").read_bytes()
    assert len(data) % 512 == 0
    assert data.endswith(bytes(1024))


def test_the_same_image_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        archive.write(plan(Image(tmp_path / name, [Layer(tmp_path / name, "a")]), "app"), tmp_path / f"{name}.tar")
    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    layer = Layer(tmp_path, "a")
    image = Image(tmp_path, [layer])
    layer.blob.write_bytes(b"")
    with pytest.raises(VerificationError, match=begins("blob does not fit its descriptor, got 0 bytes in ")):
        archive.write(plan(image), tmp_path / "image.tar")
    assert not (tmp_path / "image.tar").exists()
