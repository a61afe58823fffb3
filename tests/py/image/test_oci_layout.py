"""Tests of distill.image.oci_layout."""

import json
from pathlib import Path

import pytest
from distill.errors import FormatError, InputError, VerificationError
from distill.image import oci_layout
from support_image import Image, Layer, plan, sha256
from support_match import exactly
from support_oci import check_config, check_index, check_manifest


def test_the_directory_is_a_layout(tmp_path: Path) -> None:
    layer = Layer(tmp_path, "a")
    image = Image(tmp_path, [layer, Layer(tmp_path, "b"), layer], variant="v2")
    oci_layout.write_directory(plan(image, "app:v1"), tmp_path / "out")
    files = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
    blobs = {path for path in files if path.startswith("blobs/sha256/")}
    assert files - blobs == {"oci-layout", "index.json"}
    assert len(blobs) == 4
    for path in blobs:
        assert sha256((tmp_path / "out" / path).read_bytes()) == f"sha256:{Path(path).name}"
    assert json.loads((tmp_path / "out/oci-layout").read_text()) == {"imageLayoutVersion": "1.0.0"}
    index = json.loads((tmp_path / "out/index.json").read_text())
    check_index(index)
    assert index["manifests"] == [
        {
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "digest": image.digest.read_text().strip(),
            "size": image.manifest.stat().st_size,
            "platform": {"architecture": "amd64", "os": "linux", "variant": "v2"},
            "annotations": {
                "org.opencontainers.image.ref.name": "v1",
                "io.containerd.image.name": "docker.io/library/app:v1",
            },
        }
    ]
    check_config(json.loads(image.config.read_text()))
    check_manifest(json.loads(image.manifest.read_text()))


def test_blobs_are_copies(tmp_path: Path) -> None:
    layer = Layer(tmp_path, "a")
    oci_layout.write_directory(plan(Image(tmp_path, [layer])), tmp_path / "out")
    copied = tmp_path / "out" / oci_layout.blob_path(layer.described.digest)
    assert copied.stat().st_ino != layer.blob.stat().st_ino
    assert not copied.is_symlink()


def test_names(tmp_path: Path) -> None:
    image = Image(tmp_path, [])
    assert "annotations" not in json.loads(plan(image).files["index.json"].data or b"")["manifests"][0]
    two = json.loads(plan(image, "a.b/c", "d:1").files["index.json"].data or b"")["manifests"]
    assert [entry["annotations"]["io.containerd.image.name"] for entry in two] == [
        "a.b/c:latest",
        "docker.io/library/d:1",
    ]
    assert two[0]["digest"] == two[1]["digest"]


def test_wrong_names_are_errors(tmp_path: Path) -> None:
    image = Image(tmp_path, [])
    digest = f"app@sha256:{'a' * 64}"
    message = f"image name has a digest, got docker.io/library/{digest}; give it a tag: the digest is what is built"
    with pytest.raises(InputError, match=exactly(message)):
        plan(image, digest)
    message = "image name is there twice, got docker.io/library/app:latest; name it once"
    with pytest.raises(InputError, match=exactly(message)):
        plan(image, "app", "docker.io/library/app:latest")


def test_a_blob_of_another_size_is_an_error(tmp_path: Path) -> None:
    layer = Layer(tmp_path, "a")
    image = Image(tmp_path, [layer])
    layer.blob.write_bytes(layer.bytes[:-1])
    message = (
        f"blob does not fit its descriptor, got {len(layer.bytes) - 1} bytes in {layer.blob} instead of"
        f" {len(layer.bytes)} of {layer.described.digest}; build the layer again"
    )
    with pytest.raises(VerificationError, match=exactly(message)):
        oci_layout.write_directory(plan(image), tmp_path / "out")


def test_documents_of_another_image_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    image, layer = Image(tmp_path, [Layer(tmp_path, "a")]), Layer(tmp_path, "b")
    image.layers = [layer]
    stated = json.loads(image.manifest.read_text())["layers"][0]["digest"]
    message = (
        f"manifest is of another image, got {layer.described.digest} as layer 1 where it says {stated};"
        " build the image again"
    )
    with pytest.raises(FormatError, match=exactly(message)):
        plan(image)
    image.layers = []
    message = f"manifest is of another image, got nothing as layer 1 where it says {stated}; build the image again"
    with pytest.raises(FormatError, match=exactly(message)):
        plan(image)
    image.config = Image(tmp_path / "other", [layer], user="1").config
    stated = json.loads(image.manifest.read_text())["config"]["digest"]
    message = (
        f"manifest is of another image, got {sha256(image.config.read_bytes())} as config where it says {stated};"
        " build the image again"
    )
    with pytest.raises(FormatError, match=exactly(message)):
        plan(image)


@pytest.mark.parametrize(
    "name", ["", "sha256:abc", "sha256:../../../etc/passwd", "md5:" + "a" * 32, "sha256:" + "A" * 64]
)
def test_what_is_no_digest_names_no_path(name: str) -> None:
    message = f"digest is none, got {name!r}; write sha256: and 64 lower-case hex digits"
    with pytest.raises(FormatError, match=exactly(message)):
        oci_layout.blob_path(name)


def test_sha512() -> None:
    assert oci_layout.blob_path(f"sha512:{'b' * 128}") == f"blobs/sha512/{'b' * 128}"
