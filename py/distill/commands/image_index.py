"""ImageIndex: an index of images for several platforms, from their descriptors."""

from pathlib import Path

import msgspec

from distill import request
from distill.descriptor import INDEX
from distill.image import image_descriptor, image_lines, image_settings, manifest
from distill.image.image_descriptor import ImageDescriptor
from distill.request import Request


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of an index."""

    annotations: dict[str, str] = {}


def run(asked: Request) -> None:
    """Write the outputs index, descriptor (of the index) and digest (a line).

    Raises:
        DistillError: no image, two images of one platform, or a file that is no descriptor.
    """
    settings = asked.settings(Settings)
    lines = image_lines.read(asked, image_lines.Image)
    outputs = request.outputs(lines, "index", "descriptor", "digest")
    image_settings.check_keys("annotations", settings.annotations)
    images = [image_descriptor.read(line.path) for line in image_lines.of(lines, image_lines.Image)]
    index = manifest.index(images, settings.annotations)
    own = ImageDescriptor(INDEX, manifest.digest(index), len(index))
    Path(outputs["index"]).write_bytes(index)
    image_descriptor.write(outputs["descriptor"], own)
    Path(outputs["digest"]).write_text(f"{own.digest}\n", "ascii")
