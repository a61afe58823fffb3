"""OCI layouts of an index: the images of several platforms under one name (image-spec 1.1, image-layout.md).

`index.json` names the index, which names the images. Docker's own list of a tar has no platforms: there each image has
the name of the index with its architecture behind it, `app:v1-arm64`, as such images are commonly called.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from distill import canonical
from distill.descriptor import INDEX, Descriptor
from distill.errors import FormatError
from distill.image import oci_layout
from distill.image.base import Base
from distill.image.image_descriptor import ImageDescriptor, Platform
from distill.image.manifest import digest
from distill.image.oci_layout import Image, Plan, blob_path
from distill.image.reference import Reference


def plan(
    index: bytes,
    images: Sequence[tuple[bytes, bytes]],
    layers: Sequence[tuple[Descriptor, str]],
    names: Sequence[Reference] = (),
) -> Plan:
    """Plan the layout of an index.

    Args:
        index: the index.
        images: config and manifest of each image, in the order of the index.
        layers: descriptor and blob file of all their layers; one that several images have may come once.
        names: what the index is called; a name without a tag gets `latest`.

    Raises:
        FormatError: a document that is none, or not what the index and the manifests name.
        InputError: a name with a digest, which nobody can give an image, or the same name twice.
    """
    stated = _digests(canonical.decode_object(index, "index").get("manifests"))
    if stated != (given := [digest(manifest) for _, manifest in images]):
        raise FormatError(
            f"index is of other images, got {', '.join(given) or 'none'} where it says {', '.join(stated) or 'none'};"
            " build the index again"
        )
    names = oci_layout.tagged(names)
    known = {layer.digest: (layer, file) for layer, file in layers}
    documents = [index]
    planned = []
    for config, manifest in images:
        documents += [config, manifest]
        planned.append(_image(Base.parse(config, manifest), config, known, names))
    entry = ImageDescriptor(INDEX, digest(index), len(index))
    return oci_layout.assemble(entry, documents, list(known.values()), planned, names)


def _image(
    image: Base, config: bytes, known: Mapping[str, tuple[Descriptor, str]], names: Sequence[Reference]
) -> Image:
    described = image.manifest.get("config")
    if (found := described.get("digest") if isinstance(described, dict) else None) != digest(config):
        raise FormatError(
            f"manifest is of another image, got {digest(config)} as config where it says {found}; build the image again"
        )
    for entry in image.manifest["layers"]:
        if entry["digest"] not in known:
            raise FormatError(
                f"layer of an image is not there, got no {entry['digest']} for {image.platform}; build the image again"
            )
    paths = [blob_path(entry["digest"]) for entry in image.manifest["layers"]]
    own = [replace(name, tag=f"{name.tag}-{_suffix(image.platform)}") for name in names]
    return Image(blob_path(digest(config)), paths, own)


def _suffix(platform: Platform) -> str:
    # The variant is left out where an architecture has but one that anybody builds: arm64 is always v8.
    return platform.architecture + (platform.variant if platform.architecture == "arm" else "")


def _digests(entries: Any) -> list[str]:
    if not isinstance(entries, list):
        raise FormatError(f"index has no list of manifests, got {type(entries).__name__}; build the index again")
    return [str(entry.get("digest")) if isinstance(entry, dict) else str(entry) for entry in entries]
