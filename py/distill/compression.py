"""Compressed streams. Writing is parallel and depends on the data, the compression and the level alone."""

from typing import Literal

from distill.descriptor import LAYER_GZIP, LAYER_TAR, LAYER_ZSTD

Compression = Literal["gzip", "zstd", "uncompressed"]
Level = Literal["fast", "default", "best"]


def media_type(compression: Compression) -> str:
    """Give the media type of a layer that is compressed so (OCI image-spec, layer.md)."""
    return {"gzip": LAYER_GZIP, "zstd": LAYER_ZSTD, "uncompressed": LAYER_TAR}[compression]
