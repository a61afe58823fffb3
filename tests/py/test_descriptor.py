"""Tests of distill.descriptor."""

from pathlib import Path

import pytest
from distill import descriptor
from distill.descriptor import Descriptor
from distill.errors import FormatError
from support_match import begins

LAYER = Descriptor(descriptor.LAYER_GZIP, "sha256:" + "a" * 64, 5, "sha256:" + "b" * 64, {"k": "v"})


def test_written_as_the_specification_names_it(tmp_path: Path) -> None:
    descriptor.write(tmp_path / "d", LAYER)
    assert (tmp_path / "d").read_text() == (
        '{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:' + "a" * 64 + '","size":5,'
        '"diff_id":"sha256:' + "b" * 64 + '","annotations":{"k":"v"}}\n'
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    for made in (LAYER, Descriptor(descriptor.CONFIG, "sha256:0", 0)):
        descriptor.write(str(tmp_path / "d"), made)
        assert descriptor.read(str(tmp_path / "d")) == made


def test_defaults_are_left_out(tmp_path: Path) -> None:
    descriptor.write(tmp_path / "d", Descriptor(descriptor.INDEX, "sha256:0", 1))
    assert b"diff_id" not in (tmp_path / "d").read_bytes()
    assert b"annotations" not in (tmp_path / "d").read_bytes()


def test_what_a_descriptor_has_beyond_ours_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "d").write_text('{"mediaType":"x","digest":"y","size":1,"urls":[],"platform":{"os":"linux"}}')
    assert descriptor.read(tmp_path / "d") == Descriptor("x", "y", 1)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"mediaType":"x","digest":"y","size":"1"}', b"\xff"])
def test_a_file_that_is_no_descriptor(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "d").write_bytes(data)
    with pytest.raises(FormatError, match=begins(f"{tmp_path}/d is no descriptor: ")):
        descriptor.read(tmp_path / "d")
