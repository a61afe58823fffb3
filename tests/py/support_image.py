"""Whole images in a temporary directory: layers with blobs, descriptors and listings, and requests to the commands."""

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tool
from distill import descriptor, listing
from distill.descriptor import LAYER_GZIP, Descriptor
from distill.image import oci_layout, reference
from distill.image.oci_layout import Plan
from distill.listing import Record


def sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


class Layer:
    """A layer on disk. The commands for images never look into a blob, so that any bytes will do."""

    def __init__(self, root: Path, name: str, records: Sequence[Record] = ()) -> None:
        content = f"the tar of {name}".encode() * 100
        self.bytes = gzip.compress(content, mtime=0)
        self.blob, self.descriptor, self.listing = (root / f"{name}{end}" for end in (".tar.gz", ".json", ".jsonl"))
        self.blob.write_bytes(self.bytes)
        self.described = Descriptor(LAYER_GZIP, sha256(self.bytes), len(self.bytes), sha256(content))
        descriptor.write(self.descriptor, self.described)
        self.listing.write_bytes(b"".join(listing.encode(record) for record in records))

    @property
    def line(self) -> dict[str, Any]:
        """The line of a request that names the descriptor."""
        return {"role": "layer", "path": str(self.descriptor)}


def request(
    command: str, settings: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], **outputs: Path
) -> list[str]:
    """Give the lines of a request."""
    out = [{"role": "out", "name": name, "path": str(path)} for name, path in outputs.items()]
    header = {"command": command, "label": "//app:image", "settings": settings}
    return [json.dumps(line) for line in [header, *lines, *out]]


def run(command: str, settings: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], **outputs: Path) -> int:
    """Run a request as the tool does; give the exit code."""
    return tool.run(request(command, settings, lines, **outputs))


class Image:
    """An image on disk, made by the command."""

    def __init__(self, root: Path, layers: Sequence[Layer], base: "Image | None" = None, **settings: Any) -> None:
        self.layers: list[Layer] = [*(base.layers if base else []), *layers]
        names = ("config", "manifest", "descriptor", "digest")
        self.config, self.manifest, self.descriptor, self.digest = (root / f"image.{name}" for name in names)
        lines: list[dict[str, Any]] = [layer.line for layer in self.layers]
        if base:
            lines += [
                {"role": "base_config", "path": str(base.config)},
                {"role": "base_manifest", "path": str(base.manifest)},
            ]
        self.exit_code = run(
            "ImageManifest",
            {"architecture": "amd64", **settings},
            lines,
            config=self.config,
            manifest=self.manifest,
            descriptor=self.descriptor,
            digest=self.digest,
        )

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The lines of a request that name config and manifest."""
        return [{"role": "config", "path": str(self.config)}, {"role": "manifest", "path": str(self.manifest)}]

    @property
    def with_blobs(self) -> list[dict[str, Any]]:
        """The lines of a request that needs the bytes of the layers."""
        blobs = [{"role": "blob", "path": str(layer.blob)} for layer in self.layers]
        return [*self.documents, *(layer.line for layer in self.layers), *blobs]

    @property
    def listings(self) -> list[dict[str, Any]]:
        """The lines of a request that name the listings."""
        return [{"role": "listing", "path": str(layer.listing)} for layer in self.layers]


def plan(image: Image, *names: str) -> Plan:
    """Plan the layout of `image`."""
    layers = [(layer.described, str(layer.blob)) for layer in image.layers]
    parsed = [reference.parse(name) for name in names]
    return oci_layout.plan(image.config.read_bytes(), image.manifest.read_bytes(), layers, parsed)
