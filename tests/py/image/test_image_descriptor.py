"""Tests of distill.image.image_descriptor."""

from pathlib import Path

import pytest
from distill.descriptor import MANIFEST
from distill.errors import FormatError
from distill.image import image_descriptor
from distill.image.image_descriptor import ImageDescriptor, Platform
from support_match import exactly


def test_what_is_written_reads_back_and_is_one_canonical_line(tmp_path: Path) -> None:
    described = ImageDescriptor(MANIFEST, "sha256:0", 5, Platform("arm64", "linux", "v8"), {"b": "1", "a": "2"})
    image_descriptor.write(tmp_path / "d", described)
    assert image_descriptor.read(tmp_path / "d") == described
    assert (tmp_path / "d").read_text() == (
        '{"annotations":{"a":"2","b":"1"},"digest":"sha256:0","mediaType":"application/vnd.oci.image.manifest.v1+json",'
        '"platform":{"architecture":"arm64","os":"linux","variant":"v8"},"size":5}\n'
    )


def test_what_is_no_descriptor_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "d").write_text('{"mediaType":"x","digest":"y","size":"z"}')
    message = (
        f"{tmp_path}/d is no descriptor of an image: Expected `int`, got `str` - at `$.size`; build the image again"
    )
    with pytest.raises(FormatError, match=exactly(message)):
        image_descriptor.read(tmp_path / "d")


def test_a_platform_reads_as_engines_write_it() -> None:
    assert [str(Platform("arm", "linux", "v7")), str(Platform("amd64", "linux"))] == ["linux/arm/v7", "linux/amd64"]
