"""Image references: `registry/repository:tag@digest`.

The grammar is that of the OCI distribution-spec 1.1 ("Pulling manifests") and, for the registry and for what a short
name stands for, of the reference syntax that docker, podman and containerd share:

    reference  = [registry "/"] repository [":" tag] ["@" digest]
    registry   = host [":" port]           host = domain, IPv4 or [IPv6]
    repository = component *("/" component)
    component  = [a-z0-9]+ *(("." / "_" / "__" / 1*"-") [a-z0-9]+)
    tag        = [A-Za-z0-9_] 0*127([A-Za-z0-9_.-])
    digest     = "sha256:" 64 hex / "sha512:" 128 hex

The first component is a registry if it has a dot or a colon or an upper-case letter, or is `localhost`; without one the
registry is `docker.io`, where a repository of one component is below `library/`.
"""

import re
from dataclasses import dataclass, replace

from distill.errors import FormatError

DEFAULT_REGISTRY = "docker.io"
DEFAULT_TAG = "latest"
MAX_NAME = 255
"""Most characters of `registry/repository`: what registries and engines take."""

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_REGISTRY = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{{1,5}}))?")
_REPOSITORY = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")


@dataclass(frozen=True)
class Reference:
    """A full reference; `str()` gives it in full, with its registry."""

    registry: str
    """Host and, where it has one, port: `ghcr.io`, `localhost:5000`."""
    repository: str
    """Path in the registry: `library/redis`."""
    tag: str = ""
    """Empty where there is none."""
    digest: str = ""
    """`sha256:<hex>` or `sha512:<hex>`, empty where there is none."""

    @property
    def name(self) -> str:
        """`registry/repository`."""
        return f"{self.registry}/{self.repository}"

    def with_default_tag(self) -> "Reference":
        """Give the reference with the tag `latest` where it has neither tag nor digest."""
        return self if self.tag or self.digest else replace(self, tag=DEFAULT_TAG)

    def __str__(self) -> str:
        return self.name + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


def parse(text: str) -> Reference:
    """Read an image reference, short (`redis:7`) or in full.

    Raises:
        FormatError: no reference; the text says which part of it is wrong.
    """
    rest, at, digest = text.partition("@")
    if at and not _DIGEST.fullmatch(digest):
        raise FormatError(
            f"image reference has a wrong digest, got {text!r}; write @sha256: and 64 lower-case hex digits"
        )
    rest, tag = _split_tag(rest)
    if tag is not None and not _TAG.fullmatch(tag):
        raise FormatError(
            f"image reference has a wrong tag, got {text!r};"
            " use at most 128 letters, digits, dots, dashes and underscores, beginning with none of . and -"
        )
    registry, repository = _split_registry(rest)
    match = _REGISTRY.fullmatch(registry)
    if not match or int(match["port"] or 0) > 65535:
        raise FormatError(
            f"image reference has a wrong registry, got {text!r}; write HOST or HOST:PORT before the first /"
        )
    if not _REPOSITORY.fullmatch(repository):
        raise FormatError(
            f"image reference has a wrong repository, got {text!r};"
            " use lower-case letters and digits, parted by / or single . and _ or by dashes"
        )
    reference = Reference(registry, repository, tag or "", digest)
    if len(reference.name) > MAX_NAME:
        raise FormatError(
            f"image reference is too long, got {len(reference.name)} characters of registry and repository;"
            f" use at most {MAX_NAME}"
        )
    return reference


def _split_tag(text: str) -> tuple[str, str | None]:
    """Part the tag from a name: a colon behind the last slash. A colon before it belongs to the registry's port."""
    name, colon, tag = text.rpartition(":")
    return (name, tag) if colon and "/" not in tag else (text, None)


def _split_registry(text: str) -> tuple[str, str]:
    """Part the registry from the repository, and put in what a short name leaves out."""
    first, slash, rest = text.partition("/")
    if slash and (first == "localhost" or any(c in first for c in ".:") or first != first.lower()):
        registry, repository = first, rest
    else:
        registry, repository = DEFAULT_REGISTRY, text
    if registry in (DEFAULT_REGISTRY, f"index.{DEFAULT_REGISTRY}"):
        registry = DEFAULT_REGISTRY
        if repository and "/" not in repository:
            repository = f"library/{repository}"
    return registry, repository
