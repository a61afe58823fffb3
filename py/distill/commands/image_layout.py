"""ImageLayout: an image as an OCI layout in a directory."""

from pathlib import Path

import msgspec

from distill import image_lines, oci_layout, reference, request
from distill.image_lines import Blob, Config, Layer, Manifest
from distill.request import Request


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of a layout."""

    repo_tags: list[str] = []
    """What the image is called in the index."""


def run(asked: Request) -> None:
    """Write the output layout, a directory.

    Raises:
        DistillError: a wrong name, or files that are not of one image.
    """
    settings = asked.settings(Settings)
    lines = image_lines.read(asked, Config, Manifest, Layer, Blob)
    outputs = request.outputs(lines, "layout")
    config, manifest = (Path(image_lines.path(lines, form)).read_bytes() for form in (Config, Manifest))
    names = [reference.parse(text) for text in settings.repo_tags]
    oci_layout.write_directory(oci_layout.plan(config, manifest, image_lines.blobs(lines), names), outputs["layout"])
