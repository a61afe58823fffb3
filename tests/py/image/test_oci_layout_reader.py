"""Tests of distill.image.oci_layout_reader."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from distill.errors import FormatError, InputError, VerificationError
from distill.image import oci_layout
from distill.image.image_descriptor import Platform
from distill.image.oci_layout_reader import Layout
from support_image import Image, Layer, plan, sha256
from support_match import begins, exactly

AMD64 = Platform("amd64", "linux")


@pytest.fixture
def image(tmp_path: Path) -> Image:
    made = Image(tmp_path, [Layer(tmp_path, "a")])
    oci_layout.write_directory(plan(made, "app"), tmp_path / "layout")
    return made


def put(root: Path, document: object) -> dict[str, Any]:
    """Put a document into the layout; give its descriptor."""
    data = json.dumps(document).encode()
    (root / oci_layout.blob_path(sha256(data))).write_bytes(data)
    media_type = document.get("mediaType", "") if isinstance(document, dict) else ""
    return {"mediaType": media_type, "digest": sha256(data), "size": len(data)}


def set_index(root: Path, *entries: dict[str, Any]) -> None:
    (root / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": entries}))


def entry(root: Path) -> dict[str, Any]:
    first: dict[str, Any] = json.loads((root / "index.json").read_text())["manifests"][0]
    return first


def test_what_is_written_reads_back(tmp_path: Path, image: Image) -> None:
    layout = Layout(tmp_path / "layout")
    assert layout.image(AMD64) == (image.config.read_bytes(), image.manifest.read_bytes())
    described = json.loads(image.manifest.read_text())["layers"][0]
    assert layout.blob(described).read_bytes() == image.layers[0].bytes


def test_an_index_in_the_index_is_searched(tmp_path: Path, image: Image) -> None:
    root = tmp_path / "layout"
    nested = put(root, {"mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [entry(root)]})
    artifact = put(root, {"config": {"mediaType": "application/vnd.in-toto+json", "digest": "x", "size": 1}})
    set_index(root, nested, artifact)
    assert Layout(root).image(AMD64)[1] == image.manifest.read_bytes()


def test_no_image_or_two_for_a_platform_are_errors(tmp_path: Path, image: Image) -> None:
    root = tmp_path / "layout"
    message = f"{root} has not one image for linux/arm64, got only linux/amd64; give the layout of one image"
    with pytest.raises(InputError, match=exactly(message)):
        Layout(root).image(Platform("arm64", "linux"))
    other = dict(json.loads(image.manifest.read_text()), annotations={"a": "b"})
    set_index(root, entry(root), put(root, other))
    message = f"{root} has not one image for linux/amd64, got 2 images; give the layout of one image"
    with pytest.raises(InputError, match=exactly(message)):
        Layout(root).image(AMD64)
    set_index(root)
    message = f"{root} has not one image for linux/amd64, got only nothing; give the layout of one image"
    with pytest.raises(InputError, match=exactly(message)):
        Layout(root).image(AMD64)


def test_changed_bytes_are_found(tmp_path: Path, image: Image) -> None:
    root = tmp_path / "layout"
    config = root / oci_layout.blob_path(sha256(image.config.read_bytes()))
    changed = config.read_bytes().replace(b"linux", b"linuX")
    config.write_bytes(changed)
    message = (
        f"blob is not what its descriptor says, got {sha256(changed)} of {len(changed)} bytes"
        f" instead of sha256:{config.name} of {len(changed)}; fetch it again"
    )
    with pytest.raises(VerificationError, match=exactly(message)):
        Layout(root).image(AMD64)
    described = json.loads(image.manifest.read_text())["layers"][0]
    with pytest.raises(VerificationError, match=begins("blob is not what its descriptor says, got sha256:")):
        Layout(root).blob(dict(described, size=1))
    blob = root / oci_layout.blob_path(described["digest"])
    blob.write_bytes(b"")
    empty = hashlib.sha256(b"").hexdigest()
    with pytest.raises(
        VerificationError, match=begins(f"blob is not what its descriptor says, got sha256:{empty} of 0")
    ):
        Layout(root).blob(described)


def test_what_is_no_layout_is_an_error(tmp_path: Path, image: Image) -> None:
    root = tmp_path / "layout"
    described = json.loads(image.manifest.read_text())["layers"][0]
    path = oci_layout.blob_path(described["digest"])
    (root / path).unlink()
    message = f"{root} is no whole OCI layout, got No such file or directory for {path}; fetch it again"
    with pytest.raises(FormatError, match=exactly(message)):
        Layout(root).blob(described)
    set_index(root, put(root, {}))
    with pytest.raises(FormatError, match=begins("manifest has no config, got sha256:")):
        Layout(root).image(AMD64)
    (root / "index.json").write_text('{"manifests":{}}')
    with pytest.raises(FormatError, match=exactly("index has no list of manifests, got dict; give an OCI layout")):
        Layout(root).image(AMD64)
    (root / "oci-layout").write_text('{"imageLayoutVersion":"2"}')
    message = f"{root} is no OCI layout of a known version, got '2'; give one of version 1.0.0"
    with pytest.raises(FormatError, match=exactly(message)):
        Layout(root)
    with pytest.raises(
        FormatError, match=begins(f"{tmp_path} is no whole OCI layout, got No such file or directory for oci")
    ):
        Layout(tmp_path)
