"""The machine's own apt sources: which mirrors may hold Debian.

Formats: sources.list(5), one-line style and deb822 style.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

# What every Debian keeps its archive keys in (package debian-archive-keyring); newer releases name it .pgp.
DEBIAN_KEYRINGS = (
    Path("/usr/share/keyrings/debian-archive-keyring.pgp"),
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
)
# Schemes that a private sources file can use as they are. `cdrom:` is none: it needs the host's cdroms.list.
_SCHEMES = ("http", "https", "file", "mirror", "mirror+http", "mirror+https", "mirror+file", "copy")


@dataclass(frozen=True)
class Source:
    """One binary-package source: where, which suites and components, and the key file it names (or None)."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    signed_by: str | None = None


def parse_one_line(text: str) -> list[Source]:
    """Parse the one-line style: `deb [option=value ...] uri suite [component ...]`.

    Lines that are empty, comments, `deb-src` or malformed give nothing.
    """
    sources = []
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)([^#]*)", line)
        if not match:
            continue
        options, uri, suite, components = match.groups()
        named = dict(option.split("=", 1) for option in (options or "").split() if "=" in option)
        sources.append(Source(uri, (suite,), tuple(components.split()), named.get("signed-by")))
    return sources


def parse_deb822(text: str) -> list[Source]:
    """Parse the deb822 style: stanzas with `Types:`, `URIs:`, `Suites:`, `Components:`.

    Stanzas that are disabled, incomplete or of type deb-src only give nothing.
    """
    sources = []
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for stanza in re.split(r"\n[ \t]*\n", "\n".join(lines)):
        fields: dict[str, str] = {}
        name = None
        for line in stanza.splitlines():
            if line[:1] in (" ", "\t"):
                if name is not None:
                    fields[name] += "\n" + line.strip()
            elif ":" in line:
                name, value = line.split(":", 1)
                name = name.strip().lower()
                fields[name] = value.strip()
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() in ("no", "false"):
            continue
        signed_by = fields.get("signed-by") or None
        # A key may stand in the stanza itself; only a path can be named again in a private sources file.
        if signed_by and not signed_by.startswith("/"):
            signed_by = None
        suites, components = fields.get("suites", "").split(), fields.get("components", "").split()
        if suites:
            sources += [
                Source(uri, tuple(suites), tuple(components), signed_by) for uri in fields.get("uris", "").split()
            ]
    return sources


def read_folder(folder: Path) -> list[Source]:
    """Read every source that apt itself reads below `folder` (as /etc/apt); unreadable files give nothing."""
    sources = []
    parts = folder / "sources.list.d"
    listed = [folder / "sources.list"]
    if parts.is_dir():
        listed += sorted(parts.iterdir())
    for path in listed:
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if path.suffix == ".sources":
            sources += parse_deb822(text)
        elif path.suffix == ".list":
            sources += parse_one_line(text)
    return sources


def debian_mirrors(sources: Iterable[Source]) -> list[Source]:
    """The sources that may be a mirror of Debian's main archive, likeliest first, each address once.

    A guess by name only: whether it is Debian is for the archive's signature to say.
    """
    chosen: dict[str, Source] = {}
    for source in sources:
        address = urlsplit(source.uri)
        security = all(re.search(r"-security$|/updates$", suite) for suite in source.suites)
        if address.scheme in _SCHEMES and "main" in source.components and not security:
            chosen.setdefault(source.uri.rstrip("/"), source)
    return sorted(chosen.values(), key=lambda source: not re.search(r"/debian/?$", source.uri))


def keyring(source: Source | None) -> Path | None:
    """The key file to check Debian's archive with: the one the source names, else the machine's; None if none."""
    named = [Path(source.signed_by)] if source and source.signed_by else []
    return next((path for path in (*named, *DEBIAN_KEYRINGS) if path.is_file()), None)


def without_credentials(uri: str) -> str:
    """`uri` without user name and password, for messages."""
    address = urlsplit(uri)
    return urlunsplit(address._replace(netloc=address.netloc.rpartition("@")[2]))
