"""Descriptors: the JSON that stands for a blob (OCI image-spec 1.1, descriptor.md), with the diff_id of a layer."""

from pathlib import Path

import msgspec

from distill.errors import FormatError

LAYER_TAR = "application/vnd.oci.image.layer.v1.tar"
LAYER_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip"
LAYER_ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd"
CONFIG = "application/vnd.oci.image.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"

EMPTY = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
"""The diff_id of a tar without entries, two blocks of zeros."""


class Descriptor(msgspec.Struct, frozen=True, omit_defaults=True, rename={"media_type": "mediaType"}):
    """A content descriptor; `diff_id` is ours and stands only in descriptor files of layers, never in a manifest."""

    media_type: str
    digest: str
    """`sha256:<hex>` of the blob."""
    size: int
    """Bytes of the blob."""
    diff_id: str = ""
    """`sha256:<hex>` of the uncompressed tar."""
    annotations: dict[str, str] = {}

    @property
    def is_empty(self) -> bool:
        """Whether it is of a layer without entries, which no image has: what is in it is known to its action alone."""
        return self.diff_id == EMPTY


def write(path: str | Path, descriptor: Descriptor) -> None:
    """Write `descriptor` as one line of JSON to the file at `path`."""
    Path(path).write_bytes(msgspec.json.encode(descriptor) + b"\n")


def read(path: str | Path) -> Descriptor:
    """Read the descriptor file at `path`.

    Raises:
        FormatError: no descriptor.
    """
    try:
        return msgspec.json.decode(Path(path).read_bytes(), type=Descriptor)
    except msgspec.DecodeError as error:
        raise FormatError(f"{path} is no descriptor: {error}") from None
