"""The manifest of Debian packages: YAML that says which are wanted, and from where. Its format: docs/debian_lock.md."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from distill import yaml_nodes
from distill.checksum import manifest_checksum
from distill.debian import relation
from distill.errors import FormatError
from distill.near import suggestion
from distill.resolver import consistency
from distill.resolver.consistency import Field
from distill.resolver.wish import Wish
from distill.yaml_nodes import Nodes

ARCHITECTURES = ("amd64", "arm64", "armhf", "i386", "ppc64el", "riscv64", "s390x")
"""What packages can be locked for: CPUs that Bazel's platforms know (rules/debian/private/architectures.bzl)."""

_WISH = re.compile(r"([^\s/(\[]+)(?:/([A-Za-z0-9._/-]+))?\s*(\([^)]*\))?\s*(?:\[([^\]]+)\])?")
_WAIVER = re.compile(r"(\S+)\s+(\S+)\s+(\S.*)")
_FIELDS: tuple[Field, ...] = ("depends", "pre-depends", "conflicts", "breaks")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_HOST = re.compile(r"[a-z0-9][a-z0-9.-]*|[0-9a-f:]+")


@dataclass(frozen=True, slots=True)
class Source:
    """An apt repository."""

    name: str
    suites: tuple[str, ...]
    """As below `dists/`; one that ends in `/` is a flat repository."""
    components: tuple[str, ...] = ("main",)
    keyring: str = ""
    """A file of OpenPGP certificates beside the manifest; empty where `unsigned` says why there is none."""
    snapshot: bool = False
    """Whether it is a picture of the past, in which `Valid-Until` and the ends of keys have passed."""
    unsigned: str = ""
    redirects: tuple[str, ...] = ()
    """Hosts to which a mirror may redirect."""
    mirrors: tuple[str, ...] = ()
    architectures: tuple[str, ...] = ()
    """Those that it is read for; empty for all of the manifest."""

    def covers(self, architecture: str) -> bool:
        """Say whether packages for `architecture` may come from it."""
        return not self.architectures or architecture in self.architectures


@dataclass(frozen=True, slots=True)
class PackageManifest:
    """What a manifest says."""

    sources: tuple[Source, ...]
    architectures: tuple[str, ...]
    packages: tuple[tuple[Wish, tuple[str, ...]], ...]
    """Each with the architectures that want it."""
    exclude: Mapping[str, str]
    """Names that are not needed, with the reason."""
    provided: Mapping[str, str]
    """Names that are there already, with what brings them."""
    provided_by: tuple[str, ...]
    """Locks, relative to the manifest, whose packages are there already."""
    waivers: Mapping[str, str]
    checksum: str

    def wishes(self, architecture: str) -> list[Wish]:
        """Give what is wanted for `architecture`."""
        return [wish for wish, architectures in self.packages if architecture in architectures]


def parse(text: bytes, file: str) -> PackageManifest:
    """Read a manifest; `file` names it in errors.

    Raises:
        FormatError: no YAML, or YAML of another form.
        InputError: a key or value that is wrong; the message has its line.
    """
    root = yaml_nodes.compose(text, file)
    reader = _Reader(file)
    keys = (
        "version",
        "sources",
        "architectures",
        "packages",
        "exclude",
        "provided",
        "provided_by",
        "waivers",
        "mirrors",
    )
    fields = reader.mapping(root, keys, ("version", "sources", "architectures", "packages"))
    if reader.text(fields["version"]) != "1":
        raise reader.error(fields["version"], "has an unknown version", "write version: 1")
    mirrors = {
        name: tuple(reader.texts(node))
        for name, node in (reader.mapping(fields["mirrors"]) if "mirrors" in fields else {}).items()
    }
    sources = tuple(reader.source(node, mirrors) for node in reader.items(fields["sources"]))
    reader.once(fields["sources"], "source", [source.name for source in sources])
    for name in mirrors:
        if name not in {source.name for source in sources}:
            near = suggestion(name, [source.name for source in sources], "use the name of a source")
            raise reader.error(fields["mirrors"], "has mirrors of an unknown source", near, name)
    if {name: list(urls) for name, urls in mirrors.items()} != scan_mirrors(text.decode()):
        advice = (
            "write each source as `  NAME: URL`, or as `  NAME:` and lines of `    - URL`, without comments on them"
        )
        raise reader.error(fields["mirrors"], "has mirrors that Bazel cannot read", advice, "another style")
    architectures = reader.architectures(fields["architectures"])
    for source in sources:
        if source.architectures and not set(source.architectures) & set(architectures):
            advice = f"those locked are {', '.join(architectures)}"
            raise reader.error(
                fields["sources"], "has a source for no architecture that is locked", advice, source.name
            )
    reasons = {
        key: {name: reader.text(node) for name, node in reader.mapping(fields[key]).items()} if key in fields else {}
        for key in ("exclude", "provided")
    }
    waivers = reader.waivers(fields["waivers"]) if "waivers" in fields else {}
    suites = tuple(dict.fromkeys(suite for source in sources for suite in source.suites))
    packages = tuple(reader.wish(node, architectures, suites) for node in reader.items(fields["packages"]))
    for wish, _ in packages:
        for key in ("exclude", "provided"):
            if wish.atom.name in reasons[key]:
                advice = "leave it in one of them"
                raise reader.error(fields[key], f"has a package in packages and in {key}", advice, wish.atom.name)
    return PackageManifest(
        sources,
        architectures,
        packages,
        **reasons,
        waivers=waivers,
        provided_by=tuple(dict.fromkeys(reader.texts(fields["provided_by"]))) if "provided_by" in fields else (),
        checksum=manifest_checksum(text),
    )


def scan_mirrors(text: str) -> dict[str, list[str]]:
    """Read the block `mirrors:` line by line, as rules/debian/private/mirrors.bzl does, which has no YAML reader."""
    found: dict[str, list[str]] = {}
    inside, current = False, ""
    for line in text.split("\n"):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        if line[0] not in " \t-":
            inside = bare == "mirrors:"
        elif inside and bare.startswith("- "):
            found.setdefault(current, []).append(_unquoted(bare[2:]))
        elif inside:
            name, _, rest = bare.partition(":")
            current = _unquoted(name)
            found[current] = [_unquoted(rest)] if rest.strip() else []
    return found


def _unquoted(text: str) -> str:
    return text.strip().strip("\"'")


class _Reader(Nodes):
    """Takes a manifest apart."""

    def once(self, node: yaml.Node, what: str, names: Sequence[str]) -> tuple[str, ...]:
        """Give `names`, none of which stands there twice."""
        for name in names:
            if names.count(name) > 1:
                raise self.error(node, f"has a {what} twice", "leave one", name)
        return tuple(names)

    def waivers(self, node: yaml.Node) -> dict[str, str]:
        """Read relations that need not hold, written as the resolver writes them."""
        found: dict[str, str] = {}
        for text, reason in self.mapping(node).items():
            match = _WAIVER.fullmatch(text.strip())
            if match is None:
                raise self.error(reason, "has a waiver of another form", "write PACKAGE FIELD RELATION", text)
            field = next((field for field in _FIELDS if field == match[2]), None)
            if field is None:
                near = suggestion(match[2], _FIELDS, f"the fields are {', '.join(_FIELDS)}")
                raise self.error(reason, "has a waiver of an unknown field", near, text)
            try:
                (package,), (group,) = relation.parse(match[1])[0], relation.parse(match[3])
            except (FormatError, ValueError):
                advice = "write PACKAGE FIELD RELATION, with one relation as the package has it"
                raise self.error(reason, "has a waiver of another form", advice, text) from None
            name = consistency.waiver(str(package), field, relation.text(group))
            if name in found:
                raise self.error(reason, "has a waiver twice", "leave one", name)
            found[name] = self.text(reason)
        return found

    def hosts(self, node: yaml.Node) -> tuple[str, ...]:
        found = self.texts(node)
        for name in found:
            if not _HOST.fullmatch(name):
                raise self.error(node, "has a host of another form", "write its name only, as in cdn.example.org", name)
        return tuple(found)

    def architectures(self, node: yaml.Node) -> tuple[str, ...]:
        found = self.texts(node)
        for name in found:
            if name not in ARCHITECTURES:
                near = suggestion(name, ARCHITECTURES, f"those supported are {', '.join(ARCHITECTURES)}")
                raise self.error(node, "has an unsupported architecture", near, name)
        return tuple(dict.fromkeys(found))

    def source(self, node: yaml.Node, mirrors: Mapping[str, tuple[str, ...]]) -> Source:
        keys = ("name", "suites", "components", "architectures", "keyring", "snapshot", "unsigned", "redirects")
        fields = self.mapping(node, keys, ("name", "suites"))
        name = self.text(fields["name"])
        if not _NAME.fullmatch(name):
            raise self.error(fields["name"], "has a source with a bad name", "use a-z, 0-9 and -")
        snapshot = self.text(fields["snapshot"]) if "snapshot" in fields else "false"
        if snapshot not in {"true", "false"}:
            raise self.error(fields["snapshot"], "has a snapshot that is no truth value", "write true or false")
        if ("keyring" in fields) == ("unsigned" in fields):
            advice = "name the keyring file that its signatures are checked with, or say in unsigned why there is none"
            raise self.error(node, "has a source that needs either keyring or unsigned", advice, name)
        return Source(
            name=name,
            suites=self.once(fields["suites"], "suite", self.texts(fields["suites"])),
            components=self.once(fields["components"], "component", self.texts(fields["components"]))
            if "components" in fields
            else ("main",),
            keyring=self.text(fields["keyring"]) if "keyring" in fields else "",
            snapshot=snapshot == "true",
            unsigned=self.text(fields["unsigned"]) if "unsigned" in fields else "",
            redirects=self.hosts(fields["redirects"]) if "redirects" in fields else (),
            mirrors=mirrors.get(name, ()),
            architectures=self.architectures(fields["architectures"]) if "architectures" in fields else (),
        )

    def wish(
        self, node: yaml.Node, architectures: tuple[str, ...], suites: tuple[str, ...]
    ) -> tuple[Wish, tuple[str, ...]]:
        text = self.text(node)
        match = _WISH.fullmatch(text.strip())
        try:
            atom = relation.parse_atom((match[1] + (match[3] or "")) if match else "")
        except FormatError:
            advice = "write NAME, NAME/SUITE, NAME (>= VERSION) or NAME [ARCHITECTURE …]"
            raise self.error(node, "has a package of another form", advice) from None
        if atom.qualifier:
            known = atom.qualifier in ARCHITECTURES
            advice = f"write `{atom.name} [{atom.qualifier}]`" if known else f"write {atom.name}"
            raise self.error(node, "has a package with an architecture after a colon", advice)
        pinned = (match[2] or "") if match else ""
        if pinned and pinned not in suites:
            near = suggestion(pinned, suites, f"the suites are {', '.join(suites)}")
            raise self.error(node, "has a package from a suite that no source has", near, pinned)
        named = tuple((match[4] or "").split()) if match else ()
        for name in named:
            if name not in architectures:
                raise self.error(
                    node, "has a package for an architecture that is not locked", "add it to architectures", name
                )
        return Wish(atom, pinned), named or architectures
