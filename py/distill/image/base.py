"""The base of an image: the documents of an image that another one is built on, checked as they are read.

Docker's media types become OCI's: the bytes that they describe are the same.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from distill import canonical
from distill.descriptor import CONFIG, INDEX, LAYER_GZIP, LAYER_TAR, LAYER_ZSTD, MANIFEST
from distill.errors import FormatError
from distill.image.image_descriptor import Platform

T = TypeVar("T")

_OCI_TYPES = {
    "application/vnd.docker.image.rootfs.diff.tar": LAYER_TAR,
    "application/vnd.docker.image.rootfs.diff.tar.gzip": LAYER_GZIP,
    "application/vnd.docker.image.rootfs.diff.tar.zstd": LAYER_ZSTD,
    "application/vnd.docker.container.image.v1+json": CONFIG,
    "application/vnd.docker.distribution.manifest.v2+json": MANIFEST,
    "application/vnd.docker.distribution.manifest.list.v2+json": INDEX,
}
"""What docker's media types are called in OCI: the bytes are the same."""

_LOCAL_KEYS = ("container", "container_config", "docker_version", "id", "parent", "throwaway")
"""Keys of docker's old configs that say how the base was built: an image made from it is not built so."""


class _Rootfs(msgspec.Struct):
    diff_ids: list[str]


class _Execution(msgspec.Struct, rename="pascal"):
    env: list[str] | None = None
    labels: dict[str, str] | None = None
    exposed_ports: dict[str, Any] | None = None
    volumes: dict[str, Any] | None = None


class _ConfigForm(msgspec.Struct):
    """What is read of a base's config, with the types it must have."""

    architecture: str
    os: str
    rootfs: _Rootfs
    variant: str | None = None
    config: _Execution | None = None
    history: list[dict[str, Any]] | None = None


class _LayerForm(msgspec.Struct, rename="camel"):
    media_type: str
    digest: str
    size: int


class _ManifestForm(msgspec.Struct):
    """What is read of a base's manifest, with the types it must have."""

    layers: list[_LayerForm]


@dataclass(frozen=True)
class Base:
    """The image below: its documents as they are."""

    config: Mapping[str, Any]
    manifest: Mapping[str, Any]

    @classmethod
    def parse(cls, config: bytes, manifest: bytes) -> "Base":
        """Read and check the documents of a base.

        Raises:
            FormatError: a document that is no config or manifest, or two that do not belong together.
        """
        base = cls(
            canonical.decode_object(config, "the base's config"),
            canonical.decode_object(manifest, "the base's manifest"),
        )
        try:
            diff_ids = msgspec.convert(base.config, _ConfigForm).rootfs.diff_ids
            layers = msgspec.convert(base.manifest, _ManifestForm).layers
        except msgspec.ValidationError as error:
            raise FormatError(f"base is no image: {error}; give an image's manifest and its config") from None
        if len(layers) != len(diff_ids):
            raise FormatError(
                f"base's config and manifest disagree, got {len(diff_ids)} diff_ids and {len(layers)} layers;"
                " give the config that the manifest names"
            )
        return base

    def above(self, layers: Sequence[T], digest: Callable[[T], str]) -> list[T]:
        """Give `layers` without those of the base, if these come first, as where an image names all that it has."""
        own = [entry["digest"] for entry in self.manifest["layers"]]
        return list(layers[len(own) :] if [digest(layer) for layer in layers[: len(own)]] == own else layers)

    @property
    def platform(self) -> Platform:
        """What the base runs on."""
        return Platform(*(self.config.get(key) or "" for key in ("architecture", "os", "variant")))

    @property
    def layers(self) -> list[dict[str, Any]]:
        """The entries of the base's layers, with OCI's media types."""
        entries: list[dict[str, Any]] = self.manifest["layers"]
        return [{**entry, "mediaType": _OCI_TYPES.get(entry["mediaType"], entry["mediaType"])} for entry in entries]

    @property
    def kept(self) -> dict[str, Any]:
        """What an image inherits of the base's config as it is, such as its author."""
        return {key: value for key, value in self.config.items() if key not in _LOCAL_KEYS}

    @property
    def history(self) -> list[Any]:
        """The base's history, with an entry for each layer that has none: engines pair entries with layers."""
        history = list(self.config.get("history") or [])
        told = sum(not entry.get("empty_layer") for entry in history)
        return history + [{"created_by": "the base image"}] * (len(self.manifest["layers"]) - told)
