"""Image configs, manifests and indexes (OCI image-spec 1.1: config.md, manifest.md, image-index.md).

From settings, the descriptors of the image's own layers and, where there is one, the base's config and manifest. No
blob is read: a document is made of digests that are already known.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from distill import canonical
from distill.descriptor import CONFIG, INDEX, MANIFEST, Descriptor
from distill.errors import FormatError, ImageError, InputError
from distill.image import image_settings
from distill.image.base import Base
from distill.image.image_descriptor import ImageDescriptor, Platform
from distill.image.image_settings import Settings
from distill.runtime import environment

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")


@dataclass(frozen=True)
class Layer:
    """A layer that an image adds."""

    descriptor: Descriptor
    label: str = ""
    """What the history says made it."""


@dataclass(frozen=True)
class Image:
    """An image's documents, canonical."""

    config: bytes
    manifest: bytes
    descriptor: ImageDescriptor


def build(settings: Settings, layers: Sequence[Layer], base: Base | None = None) -> Image:
    """Give the config and manifest of an image of `layers` (lowest first) on `base`.

    Raises:
        InputError: a setting that is wrong.
        ImageError: a base for another platform.
        FormatError: a descriptor that is not a layer's.
    """
    image_settings.check(settings)
    for layer in layers:
        _check_layer(layer.descriptor)
    platform = _platform(settings, base)
    config = canonical.encode(_config(settings, layers, base, platform))
    below = base.layers if base else []
    document: dict[str, Any] = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": CONFIG, "digest": digest(config), "size": len(config)},
        "layers": below + [_layer_entry(layer.descriptor) for layer in layers],
    }
    if settings.annotations:
        document["annotations"] = settings.annotations
    manifest = canonical.encode(document)
    return Image(config, manifest, ImageDescriptor(MANIFEST, digest(manifest), len(manifest), platform))


def index(images: Sequence[ImageDescriptor], annotations: Mapping[str, str] | None = None) -> bytes:
    """Give the index of `images`, in their order.

    Raises:
        InputError: no image, or two of one platform, between which no engine could choose.
    """
    if not images:
        raise InputError("manifests is empty, got no image; name at least one")
    seen: dict[str, ImageDescriptor] = {}
    for image in images:
        name = str(image.platform)
        if image.platform and seen.setdefault(name, image) is not image:
            raise InputError(f"manifests has two images of one platform, got {name} twice; keep one")
    document: dict[str, Any] = {"schemaVersion": 2, "mediaType": INDEX, "manifests": list(images)}
    if annotations:
        document["annotations"] = dict(annotations)
    return canonical.encode(document)


def digest(document: bytes) -> str:
    """Give `sha256:<hex>` of `document`."""
    return f"sha256:{hashlib.sha256(document).hexdigest()}"


def _config(settings: Settings, layers: Sequence[Layer], base: Base | None, platform: Platform) -> dict[str, Any]:
    """Give the config document: the base's, with what the settings say put over it."""
    below = base.config if base else {}
    document = dict(base.kept) if base else {}
    document.update(
        created=settings.created or image_settings.EPOCH,
        config=_execution(settings, below.get("config") or {}),
        rootfs={
            "type": "layers",
            "diff_ids": [
                *(below["rootfs"]["diff_ids"] if base else []),
                *(layer.descriptor.diff_id for layer in layers),
            ],
        },
        history=[
            *(base.history if base else []),
            *({"created_by": layer.label or "rules_distill"} for layer in layers),
        ],
        architecture=platform.architecture,
        os=platform.os,
    )
    if platform.variant:
        document["variant"] = platform.variant
    return document


def _execution(settings: Settings, base: Mapping[str, Any]) -> dict[str, Any]:
    """Give the `config` of the config document: how a container runs.

    What this module does not know, such as docker's Healthcheck, is the base's.
    """
    config = dict(base)
    if settings.entrypoint is not None:
        config["Entrypoint"], config["Cmd"] = settings.entrypoint, None
    if settings.cmd is not None:
        config["Cmd"] = settings.cmd
    variables = environment.parse(base.get("Env") or [])
    for own in (settings.program_env, settings.env):
        variables = environment.extend(variables, own)
    config["Env"] = [f"{name}={value}" for name, value in variables.items()]
    config["User"] = settings.user or base.get("User")
    config["WorkingDir"] = (settings.working_dir.rstrip("/") or settings.working_dir) or base.get("WorkingDir")
    config["StopSignal"] = settings.stop_signal or base.get("StopSignal")
    config["Labels"] = {**(base.get("Labels") or {}), **settings.labels}
    ports = [image_settings.port(text) for text in settings.exposed_ports]
    config["ExposedPorts"] = {**(base.get("ExposedPorts") or {}), **{port: {} for port in ports}}
    volumes = [image_settings.volume(path) for path in settings.volumes]
    config["Volumes"] = {**(base.get("Volumes") or {}), **{path: {} for path in volumes}}
    return {key: value for key, value in config.items() if value not in (None, "", [], {})}


def _platform(settings: Settings, base: Base | None) -> Platform:
    """Give what the image runs on: what the settings say, with the base's variant where they say none."""
    own = Platform(settings.architecture, settings.os, settings.variant)
    if not base:
        return own
    below = base.platform
    if (below.architecture, below.os) != (own.architecture, own.os):
        raise ImageError(f"base is for another platform, got {below} below an image for {own}; use a base for {own}")
    if own.variant and below.variant > own.variant:  # v5 < v6 < v7 and v1 < v2 < v3 < v4: the lower runs on the higher
        raise ImageError(f"base is for a later variant, got {below} below an image for {own}; use a base for {own}")
    return Platform(own.architecture, own.os, own.variant or below.variant)


def _check_layer(layer: Descriptor) -> None:
    if not (_DIGEST.fullmatch(layer.digest) and _DIGEST.fullmatch(layer.diff_id) and layer.size >= 0):
        raise FormatError(
            f"layer has no descriptor of a layer, got digest {layer.digest!r} and diff_id {layer.diff_id!r}; build it"
        )


def _layer_entry(layer: Descriptor) -> dict[str, Any]:
    """Give the entry of a layer in a manifest: its descriptor without what is ours."""
    entry: dict[str, Any] = {"mediaType": layer.media_type, "digest": layer.digest, "size": layer.size}
    if layer.annotations:
        entry["annotations"] = layer.annotations
    return entry
