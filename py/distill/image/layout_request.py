"""What the requests for an archive and for a layout share: from lines of an image, or of an index, to the plan."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from distill import request
from distill.errors import RequestError
from distill.image import image_lines, index_layout, oci_layout, reference
from distill.image.image_lines import Blob, Config, Index, Layer, Manifest
from distill.image.oci_layout import Plan
from distill.image.reference import Reference
from distill.request import Request


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of an archive or layout."""

    repo_tags: list[str] = []
    """What the image or index is called."""


def read(asked: Request, output: str) -> tuple[Plan, str]:
    """Give the plan of the layout that `asked` is for, and the path of its one output, which is called `output`.

    Its lines name config and manifest of one image, or an index and those of all its images, and the layers.

    Raises:
        DistillError: a wrong name, or files that do not belong together.
    """
    settings = asked.settings(Settings)
    lines = image_lines.read(asked, Index, Config, Manifest, Layer, Blob)
    path = request.outputs(lines, output)[output]
    return _plan(lines, [reference.parse(text) for text in settings.repo_tags]), path


def _plan(lines: Sequence[object], names: Sequence[Reference]) -> Plan:
    layers = image_lines.blobs(lines)
    if not image_lines.of(lines, Index):
        config, manifest = (Path(image_lines.path(lines, form)).read_bytes() for form in (Config, Manifest))
        return oci_layout.plan(config, manifest, layers, names)
    index = Path(image_lines.path(lines, Index)).read_bytes()
    configs, manifests = image_lines.of(lines, Config), image_lines.of(lines, Manifest)
    if len(configs) != len(manifests):
        raise RequestError(
            f"configs and manifests do not pair, got {len(configs)} and {len(manifests)}; give one config for each"
        )
    images = [
        (Path(config.path).read_bytes(), Path(manifest.path).read_bytes())
        for config, manifest in zip(configs, manifests, strict=True)
    ]
    return index_layout.plan(index, images, layers, names)
