"""ImageLayout: an image, or an index, as an OCI layout in a directory."""

from distill.image import layout_request, oci_layout
from distill.request import Request


def run(asked: Request) -> None:
    """Write the output layout, a directory.

    Raises:
        DistillError: a wrong name, or files that are not of one image or index.
    """
    plan, path = layout_request.read(asked, "layout")
    oci_layout.write_directory(plan, path)
