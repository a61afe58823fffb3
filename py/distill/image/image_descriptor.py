"""Descriptors of images: what an index says of a manifest (OCI image-spec 1.1, image-index.md)."""

from pathlib import Path

import msgspec

from distill import canonical
from distill.errors import FormatError


class Platform(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an image runs on (image-index.md, `platform`)."""

    architecture: str
    os: str
    variant: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


class ImageDescriptor(msgspec.Struct, frozen=True, omit_defaults=True, rename={"media_type": "mediaType"}):
    """The descriptor of a manifest, with its platform, as it stands in an index."""

    media_type: str
    digest: str
    size: int
    platform: Platform | None = None
    annotations: dict[str, str] = {}


def read(path: str | Path) -> ImageDescriptor:
    """Read the descriptor of an image in the file at `path`.

    Raises:
        FormatError: no descriptor.
    """
    try:
        return msgspec.json.decode(Path(path).read_bytes(), type=ImageDescriptor)
    except msgspec.DecodeError as error:
        raise FormatError(f"{path} is no descriptor of an image: {error}; build the image again") from None


def write(path: str | Path, descriptor: ImageDescriptor) -> None:
    """Write `descriptor` as one line of JSON to the file at `path`."""
    Path(path).write_bytes(canonical.encode(descriptor) + b"\n")
