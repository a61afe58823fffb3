"""OCI image layouts (image-spec 1.1, image-layout.md): what is in one, and how it becomes a directory.

A layout is planned from documents and descriptors alone (`plan`); blobs are copied only when it is written, inside the
kernel where the file system can, and never hashed again: the layer action made their digest as it wrote them. Sizes are
compared, which finds a blob that was cut or exchanged.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from distill import canonical, copying
from distill.descriptor import INDEX, MANIFEST, Descriptor
from distill.errors import FormatError, InputError, VerificationError
from distill.image.base import Base
from distill.image.image_descriptor import ImageDescriptor
from distill.image.manifest import digest
from distill.image.reference import Reference

VERSION = b'{"imageLayoutVersion":"1.0.0"}'
"""The content of `oci-layout`."""

REF_NAME = "org.opencontainers.image.ref.name"
"""The tag: what skopeo and podman select an image of a layout by."""
CONTAINERD_NAME = "io.containerd.image.name"
"""The full name, which containerd, and docker with its image store, give the image."""

_DIGEST = re.compile(r"(sha256):([0-9a-f]{64})|(sha512):([0-9a-f]{128})")


@dataclass(frozen=True)
class Content:
    """A file of a layout: its bytes, or the file on disk that has them."""

    size: int
    data: bytes | None = None
    file: str = ""
    digest: str = ""
    """Of a blob."""


@dataclass(frozen=True)
class Image:
    """An image of a layout, as docker sees it."""

    config: str
    """Path of the config's blob."""
    layers: Sequence[str]
    """Path of each layer's blob, lowest first; a layer that comes twice is here twice."""
    names: Sequence[Reference]
    """What the image is called."""


@dataclass(frozen=True)
class Plan:
    """A layout to be written."""

    files: Mapping[str, Content]
    """By path in the layout, sorted."""
    images: Sequence[Image]
    """Its one image, or those of its index."""


def plan(
    config: bytes, manifest: bytes, layers: Sequence[tuple[Descriptor, str]], names: Sequence[Reference] = ()
) -> Plan:
    """Plan the layout of one image.

    Args:
        config: the image config.
        manifest: the image manifest.
        layers: descriptor and blob file of each layer, lowest first, the base's included.
        names: what the image is called; a name without a tag gets `latest`.

    Raises:
        FormatError: a manifest that is none, or is not that of the config and the layers.
        InputError: a name with a digest, which nobody can give an image, or the same name twice.
    """
    image = Base.parse(config, manifest)
    described = image.manifest.get("config")
    stated = [described.get("digest") if isinstance(described, dict) else None]
    stated += [entry["digest"] for entry in image.manifest["layers"]]
    given = [digest(config), *(layer.digest for layer, _ in layers)]
    if stated != given:
        at = next(
            (n for n, pair in enumerate(zip(stated, given, strict=False)) if pair[0] != pair[1]),
            min(len(stated), len(given)),
        )
        raise FormatError(
            f"manifest is of another image, got {_item(given, at)} as {f'layer {at}' if at else 'config'}"
            f" where it says {_item(stated, at)}; build the image again"
        )
    names = tagged(names)
    entry = ImageDescriptor(MANIFEST, digest(manifest), len(manifest), image.platform)
    layer_paths = [blob_path(layer.digest) for layer, _ in layers]
    return assemble(entry, (config, manifest), layers, [Image(blob_path(digest(config)), layer_paths, names)], names)


def assemble(
    entry: ImageDescriptor,
    documents: Sequence[bytes],
    layers: Sequence[tuple[Descriptor, str]],
    images: Sequence[Image],
    names: Sequence[Reference],
) -> Plan:
    """Give the plan of a layout of one `entry`, an image or an index, under `names` that have tags.

    Args:
        entry: what `index.json` says of it.
        documents: all documents that are blobs: configs, manifests, an index.
        layers: descriptor and blob file of each layer.
        images: the images, for docker.
        names: what the entry is called.
    """
    entries = [
        msgspec.structs.replace(entry, annotations={REF_NAME: name.tag, CONTAINERD_NAME: str(name)}) for name in names
    ]
    # Not manifest.index: one image may stand here under several names.
    listed = canonical.encode({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries or [entry]})
    files = {"oci-layout": Content(len(VERSION), VERSION), "index.json": Content(len(listed), listed)}
    for document in documents:
        name = digest(document)
        files[blob_path(name)] = Content(len(document), document, digest=name)
    for layer, file in layers:
        files[blob_path(layer.digest)] = Content(layer.size, file=file, digest=layer.digest)
    return Plan(dict(sorted(files.items())), images)


def write_directory(layout: Plan, root: str | Path) -> None:
    """Write `layout` into the directory `root`, which is made if it is not there.

    Blobs are copied, never linked: a link would share its mode and its bytes with somebody else's file.

    Raises:
        VerificationError: a blob that has not the size its descriptor says.
    """
    for path, content in layout.files.items():
        target = Path(root, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "wb", buffering=0) as out:
            write_content(out.fileno(), content)


def write_content(out: int, content: Content) -> None:
    """Write `content` to the file descriptor `out`.

    Raises:
        VerificationError: a blob that has not the size its descriptor says.
    """
    if content.data is not None:
        copying.write(out, content.data)
        return
    with open(content.file, "rb", buffering=0) as blob:
        size = os.fstat(blob.fileno()).st_size
        if size != content.size:
            raise VerificationError(
                f"blob does not fit its descriptor, got {size} bytes in {content.file} instead of {content.size} of"
                f" {content.digest}; build the layer again"
            )
        copying.copy(blob.fileno(), out, size)


def blob_path(name: str) -> str:
    """Give the path of the blob with the digest `name` (`sha256:<hex>`) in a layout.

    Raises:
        FormatError: no digest, so that nothing can be read or written outside of the layout.
    """
    match = _DIGEST.fullmatch(name) if isinstance(name, str) else None
    if not match:
        raise FormatError(f"digest is none, got {name!r}; write sha256: and 64 lower-case hex digits")
    return f"blobs/{match[1] or match[3]}/{match[2] or match[4]}"


def _item(items: Sequence[object], at: int) -> object:
    return items[at] if at < len(items) else "nothing"


def tagged(names: Sequence[Reference]) -> list[Reference]:
    """Give `names` with tags; they must differ.

    Raises:
        InputError: a name with a digest, which nobody can give an image, or the same name twice.
    """
    result: list[Reference] = []
    for name in names:
        if name.digest:
            raise InputError(f"image name has a digest, got {name}; give it a tag: the digest is what is built")
        if (full := name.with_default_tag()) in result:
            raise InputError(f"image name is there twice, got {full}; name it once")
        result.append(full)
    return result
