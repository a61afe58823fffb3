"""The software bill of materials of an image: SPDX 2.3, JSON (https://spdx.github.io/spdx-spec/v2.3/).

The image contains its layers, a layer contains the Debian packages that the listings name. Only what can still be seen
in the merged view counts: a package that a later layer removed is not in the image. The document is a function of the
manifest's digest and the listings: its time is 1970, its namespace is made of the digest.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from distill import canonical
from distill.descriptor import Descriptor
from distill.errors import FormatError
from distill.image.image_settings import EPOCH
from distill.listing import Record
from distill.runtime.rootfs import Rootfs

_IDENTITY = re.compile(r"(?P<name>[^_]+)_(?P<version>[^_]+)_(?P<architecture>[^_]+)")
_DOCUMENT = "SPDXRef-DOCUMENT"
_IMAGE = "SPDXRef-Image"


def build(digest: str, layers: Sequence[tuple[Descriptor, Iterable[Record]]], distribution: str = "debian") -> bytes:
    """Give the SPDX document of the image whose manifest has `digest`.

    Args:
        digest: `sha256:<hex>` of the manifest.
        layers: descriptor and listing of each layer, lowest first.
        distribution: the namespace of the packages' purls.

    Raises:
        FormatError: a listing with a package that is no `name_version_architecture`.
    """
    rootfs = Rootfs([records for _, records in layers])
    held = {(node.layer, node.record.package) for node in rootfs if node.record.package}
    packages: dict[str, dict[str, Any]] = {}
    relations = [(_DOCUMENT, "DESCRIBES", _IMAGE)]
    parts = [_image(digest)]
    for number, (layer, _) in enumerate(layers):
        identifier = f"SPDXRef-Layer-{number}"
        parts.append(_layer(identifier, layer))
        relations.append((_IMAGE, "CONTAINS", identifier))
        for package in sorted(package for at, package in held if at == number):
            packages.setdefault(package, _package(package, distribution))
            relations.append((identifier, "CONTAINS", packages[package]["SPDXID"]))
    document = {
        "SPDXID": _DOCUMENT,
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "name": digest,
        "documentNamespace": f"https://spdx.org/spdxdocs/rules_distill/{digest.replace(':', '-')}",
        "creationInfo": {"created": EPOCH, "creators": ["Tool: rules_distill"]},
        "packages": parts + [packages[name] for name in sorted(packages)],
        "relationships": [
            {"spdxElementId": subject, "relationshipType": relation, "relatedSpdxElement": target}
            for subject, relation, target in relations
        ],
    }
    return canonical.encode(document)


def _image(digest: str) -> dict[str, Any]:
    return _entry(_IMAGE, "image", digest) | {"primaryPackagePurpose": "CONTAINER", "checksums": [_checksum(digest)]}


def _layer(identifier: str, layer: Descriptor) -> dict[str, Any]:
    entry = _entry(identifier, "layer", layer.digest)
    return entry | {"primaryPackagePurpose": "ARCHIVE", "checksums": [_checksum(layer.digest)]}


def _package(identity: str, distribution: str) -> dict[str, Any]:
    match = _IDENTITY.fullmatch(identity)
    if not match:
        raise FormatError(f"listing names no package, got {identity!r}; write name_version_architecture")
    name, version, architecture = match["name"], match["version"], match["architecture"]
    readable = re.sub(r"[^A-Za-z0-9.-]", "-", f"{name}-{version}-{architecture}")
    unique = hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    # purl-spec: in a version everything but letters, digits and `.-_~:` is percent-encoded
    purl = f"pkg:deb/{distribution}/{quote(name.lower())}@{quote(version, safe=':')}?arch={quote(architecture)}"
    return _entry(f"SPDXRef-Package-{readable}-{unique}", name, version) | {
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}]
    }


def _entry(identifier: str, name: str, version: str) -> dict[str, Any]:
    return {
        "SPDXID": identifier,
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
    }


def _checksum(digest: str) -> dict[str, str]:
    algorithm, _, value = digest.partition(":")
    return {"algorithm": algorithm.upper(), "checksumValue": value}
