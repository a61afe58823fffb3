"""The archive: an OCI layout in one tar that docker, podman, skopeo and containerd all read.

Beside the layout stands docker's `manifest.json` (what `docker save` writes), whose paths are those of the layout's
blobs. docker before 25 reads only that; containerd, and docker with its image store, read `index.json`; podman and
skopeo either. Sorted, with no times and no owners, each blob once.
"""

import os
from pathlib import Path

from distill import canonical, copying, tar
from distill.image.oci_layout import Content, Plan, write_content

DOCKER_MANIFEST = "manifest.json"


def docker_manifest(layout: Plan) -> bytes:
    """Give docker's `manifest.json` (moby, image/spec/spec.md, "Combined Image JSON + Filesystem Changeset Format")."""
    images = [
        {
            "Config": image.config,
            "RepoTags": [str(name) for name in image.names] or None,
            "Layers": list(image.layers),
        }
        for image in layout.images
    ]
    return canonical.encode(images)


def write(layout: Plan, path: str | Path) -> None:
    """Write the archive of `layout` to the file `path`; what is half-written is removed again.

    Raises:
        VerificationError: a blob that has not the size its descriptor says.
    """
    manifest = docker_manifest(layout)
    files = {**layout.files, DOCKER_MANIFEST: Content(len(manifest), manifest)}
    directories = {parent for file in files for parent in _parents(file)}
    out = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        for name in sorted(directories | set(files)):
            if name in directories:
                copying.write(out, tar.header(tar.Entry(path=name, kind="directory", mode=0o755)))
                continue
            content = files[name]
            copying.write(out, tar.header(tar.Entry(path=name, kind="file", mode=0o644, size=content.size)))
            write_content(out, content)
            copying.write(out, tar.padding(content.size))
        copying.write(out, tar.END)
    except BaseException:
        Path(path).unlink(missing_ok=True)
        raise
    finally:
        os.close(out)


def _parents(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
