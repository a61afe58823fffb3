"""The images that the engines are given: archives of the examples, found among the runfiles."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from image_case import runfile
from oci_archive import OciArchive

COMPRESSIONS = ("gzip", "zstd", "uncompressed")


@dataclass(frozen=True)
class Image:
    """An archive and what it says: `name` is the one that it is loaded under."""

    name: str
    archive: Path
    digest: str
    config_digest: str
    config: dict[str, Any]
    manifest: dict[str, Any]

    @property
    def has_zstd(self) -> bool:
        """Whether a layer is compressed with zstd."""
        return any(layer["mediaType"].endswith("+zstd") for layer in self.manifest["layers"])


def image(path: str) -> Image:
    """Read the archive that stands at `path` in the workspace."""
    file = runfile(path)
    with OciArchive(file) as archive:
        archive.layers()  # checks every digest
        return Image(
            name=archive.index["manifests"][0]["annotations"]["io.containerd.image.name"].removeprefix("docker.io/"),
            archive=file,
            digest=archive.digest,
            config_digest=archive.manifest["config"]["digest"],
            config=archive.config,
            manifest=archive.manifest,
        )


def redis(compression: str = "gzip") -> Image:
    """The Redis image, with its layers compressed so; nine megabytes: blobs of several gzip members or zstd frames."""
    if compression == "gzip":
        return image("examples/redis/redis_image.tar")
    return image(f"tests/e2e/engines/redis_{compression}.tar")


def nginx() -> Image:
    """The nginx image."""
    return image("examples/nginx/nginx_image.tar")


def static_hello() -> Image:
    """The image of a static program."""
    return image("examples/static_hello/static_hello.tar")
