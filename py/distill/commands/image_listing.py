"""ImageListing: one listing of a whole image, as an engine would see it."""

import msgspec

from distill import listing, request
from distill.image import image_lines
from distill.image.image_lines import Listing
from distill.request import Request
from distill.runtime.rootfs import Rootfs


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A listing has no settings."""


def run(asked: Request) -> None:
    """Write the output listing.

    Raises:
        DistillError: a file that is no listing.
    """
    asked.settings(Settings)
    lines = image_lines.read(asked, Listing)
    outputs = request.outputs(lines, "listing")
    rootfs = Rootfs([listing.read(line.path) for line in image_lines.of(lines, Listing)])
    with open(outputs["listing"], "wb") as out:
        out.writelines(listing.encode(record) for record in rootfs.records())
