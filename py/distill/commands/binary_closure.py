"""BinaryClosure: why each file of an image is there, as a tree and as JSON."""

from pathlib import Path

import msgspec

from distill import canonical, listing, request
from distill.closure import image_closure
from distill.closure import report as closure_report
from distill.image import image_lines
from distill.image.image_lines import Config, Listing
from distill.request import Request
from distill.runtime.rootfs import Node, Rootfs


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings."""

    programs: tuple[str, ...] = ()
    """Globs of the files to begin with."""


def run(asked: Request) -> None:
    """Write the outputs `text` and `json`.

    Raises:
        DistillError: a file that is no listing, a glob that matches nothing.
    """
    settings = asked.settings(Settings)
    lines = image_lines.read(asked, Listing, Config)
    outputs = request.outputs(lines, "json", "text")
    path = image_lines.path(lines, Config)
    config = canonical.decode_object(Path(path).read_bytes(), path)
    layers = image_lines.of(lines, Listing)
    rootfs = Rootfs([listing.read(layer.path) for layer in layers])
    found = image_closure.compute(rootfs, config, settings.programs)

    def origin(node: Node) -> str:
        return closure_report.package(node) or layers[node.layer].label

    Path(outputs["text"]).write_text(closure_report.text(found, origin, rootfs), "utf-8")
    Path(outputs["json"]).write_bytes(canonical.encode(closure_report.document(found, origin, rootfs)))
