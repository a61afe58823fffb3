"""ImageArchive: an image, or an index, as one tar that docker, podman, skopeo and containerd read."""

from distill.image import archive, layout_request
from distill.request import Request


def run(asked: Request) -> None:
    """Write the output archive.

    Raises:
        DistillError: a wrong name, or files that are not of one image or index.
    """
    plan, path = layout_request.read(asked, "archive")
    archive.write(plan, path)
