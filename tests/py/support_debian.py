"""Small Debian archives for tests: indexes as text, and a universe read from them."""

import hashlib
from collections.abc import Mapping

from distill.resolver.index import Origin, Universe

MAIN = Origin("debian", "bookworm", "main")


def paragraph(name: str, version: str = "1", **fields: str) -> str:
    """Write one paragraph of an index; `pre_depends` stands for `Pre-Depends`."""
    architecture = fields.pop("architecture", "amd64")
    written = {
        "Package": name,
        "Version": version,
        "Architecture": architecture,
        "Priority": fields.pop("priority", "optional"),
        "Section": "misc",
        "Installed-Size": "10",
        "Filename": f"pool/main/{name[0]}/{name}/{name}_{version.partition(':')[2] or version}_{architecture}.deb",
        "Size": str(1000 + len(name)),
        "SHA256": hashlib.sha256(f"{name}{version}{architecture}".encode()).hexdigest(),
        **{key.replace("_", "-").title(): value for key, value in fields.items()},
    }
    return "".join(f"{key}: {value}\n" for key, value in written.items())


def index(*paragraphs: str) -> bytes:
    """Join paragraphs into an index."""
    return "\n".join(paragraphs).encode()


def universe(*paragraphs: str, architecture: str = "amd64", more: Mapping[Origin, bytes] = {}) -> Universe:
    """Read paragraphs as bookworm main, and `more` indexes."""
    found = Universe(architecture)
    found.add(index(*paragraphs), MAIN)
    for origin, data in more.items():
        found.add(data, origin)
    return found
