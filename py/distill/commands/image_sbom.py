"""ImageSbom: the software bill of materials of an image, SPDX 2.3 JSON."""

from pathlib import Path

import msgspec

from distill import descriptor, listing, request
from distill.errors import RequestError
from distill.image import image_lines, manifest, sbom
from distill.image.image_lines import Layer, Listing, Manifest
from distill.request import Request


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of a bill of materials."""

    distribution: str = "debian"
    """Whose packages they are: the namespace of their purls."""


def run(asked: Request) -> None:
    """Write the output sbom.

    Raises:
        DistillError: a file that is no descriptor or listing, or a package that is none.
    """
    settings = asked.settings(Settings)
    lines = image_lines.read(asked, Manifest, Layer, Listing)
    outputs = request.outputs(lines, "sbom")
    layers, listings = image_lines.of(lines, Layer), image_lines.of(lines, Listing)
    if len(layers) != len(listings):
        raise RequestError(
            f"layers and listings do not pair, got {len(layers)} and {len(listings)}; give one listing for each layer"
        )
    pairs = [(descriptor.read(layer.path), listing.read(at.path)) for layer, at in zip(layers, listings, strict=True)]
    digest = manifest.digest(Path(image_lines.path(lines, Manifest)).read_bytes())
    Path(outputs["sbom"]).write_bytes(sbom.build(digest, pairs, settings.distribution) + b"\n")
