"""Reader of OCI image layouts in a directory (image-spec 1.1, image-layout.md): what it reads it verifies."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from distill import canonical
from distill.descriptor import CONFIG, INDEX
from distill.errors import FormatError, InputError, VerificationError
from distill.image.image_descriptor import Platform
from distill.image.oci_layout import blob_path


class Layout:
    """A layout in a directory, to be read; every document is verified as it is read."""

    def __init__(self, root: str | Path) -> None:
        """Open the layout in the directory `root`.

        Raises:
            FormatError: no layout of a version that we know.
        """
        self._root = Path(root)
        version = canonical.decode_object(self._file("oci-layout"), "oci-layout").get("imageLayoutVersion")
        if version != "1.0.0":
            raise FormatError(f"{root} is no OCI layout of a known version, got {version!r}; give one of version 1.0.0")
        self.index = canonical.decode_object(self._file("index.json"), "index.json")

    def image(self, platform: Platform) -> tuple[bytes, bytes]:
        """Give the config and manifest of the image for `platform`, also where an index of the index holds it.

        An image whose index entry states no platform is known by its config.

        Raises:
            FormatError: an index or a document that is none.
            VerificationError: a document that has not the digest or size its descriptor says.
            InputError: no image for the platform, or more than one.
        """
        found: dict[str, tuple[bytes, bytes]] = {}
        others: set[str] = set()
        pending = [self.index]
        while pending:
            for entry in _entries(pending.pop(), "manifests"):
                if entry.get("mediaType") in (INDEX, "application/vnd.docker.distribution.manifest.list.v2+json"):
                    pending.append(canonical.decode_object(self.document(entry), "index"))
                    continue
                manifest = self.document(entry)
                described = canonical.decode_object(manifest, "manifest").get("config")
                if not isinstance(described, dict):
                    raise FormatError(f"manifest has no config, got {entry['digest']}; give the layout of an image")
                if described.get("mediaType") not in (CONFIG, "application/vnd.docker.container.image.v1+json"):
                    continue  # an artifact, such as a signature or an SBOM
                config = self.document(described)
                facts = canonical.decode_object(config, "config")
                own = Platform(*(facts.get(key) or "" for key in ("architecture", "os", "variant")))
                if (own.architecture, own.os) == (platform.architecture, platform.os) and (
                    not platform.variant or not own.variant or own.variant == platform.variant
                ):
                    found[entry["digest"]] = (config, manifest)
                else:
                    others.add(str(own))
        if len(found) != 1:
            what = f"{len(found)} images" if found else f"only {', '.join(sorted(others)) or 'nothing'}"
            raise InputError(f"{self._root} has not one image for {platform}, got {what}; give the layout of one image")
        return next(iter(found.values()))

    def document(self, descriptor: Mapping[str, Any]) -> bytes:
        """Read the document that `descriptor` describes.

        Raises:
            FormatError: no descriptor, or no such blob.
            VerificationError: another digest or size than the descriptor says.
        """
        name = str(descriptor.get("digest"))
        data = self._file(blob_path(name))
        _verify(name, descriptor.get("size"), len(data), hashlib.new(name.partition(":")[0], data).hexdigest())
        return data

    def blob(self, descriptor: Mapping[str, Any]) -> Path:
        """Give the file of the blob that `descriptor` describes, read through once and verified.

        Raises:
            FormatError: no descriptor, or no such blob.
            VerificationError: another digest or size than the descriptor says.
        """
        name = str(descriptor.get("digest"))
        path = self._root / blob_path(name)
        try:
            with open(path, "rb") as stream:
                found = hashlib.file_digest(stream, name.partition(":")[0]).hexdigest()
                _verify(name, descriptor.get("size"), stream.tell(), found)
        except OSError as error:
            raise self._unreadable(blob_path(name), error) from None
        return path

    def _file(self, path: str) -> bytes:
        try:
            return (self._root / path).read_bytes()
        except OSError as error:
            raise self._unreadable(path, error) from None

    def _unreadable(self, path: str, error: OSError) -> FormatError:
        return FormatError(f"{self._root} is no whole OCI layout, got {error.strerror} for {path}; fetch it again")


def _verify(name: str, size: object, found_size: int, found: str) -> None:
    if found != name.partition(":")[2] or size != found_size:
        raise VerificationError(
            f"blob is not what its descriptor says, got {name.partition(':')[0]}:{found} of {found_size} bytes"
            f" instead of {name} of {size}; fetch it again"
        )


def _entries(document: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    entries = document.get(key)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise FormatError(f"index has no list of {key}, got {type(entries).__name__}; give an OCI layout")
    return entries
