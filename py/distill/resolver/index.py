"""Package indexes (`Packages` files), and what one architecture can be resolved from.

An index of Debian holds 60,000 paragraphs, and a closure needs some dozens of them: an index is cut into paragraphs, of
which only the name and what is provided are read; the rest of a paragraph is read when it is first asked for. One that
is faulty then is passed over and remembered: a vendor's slip costs that package, not the lock.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from distill.debian import deb822, relation
from distill.debian.relation import Atom, Group
from distill.debian.version import key
from distill.errors import FormatError

_NAME = re.compile(rb"^Package:[ \t]*([^\s]+)[ \t]*$", re.MULTILINE)
_PROVIDES = re.compile(rb"^Provides:([^\n]*(?:\n[ \t][^\n]*)*)", re.MULTILINE)
_BLANK = re.compile(rb"\n[ \t\r]+(?=\n)")
_ARCHITECTURE = re.compile(rb"^Architecture:[ \t]*([^\s]+)[ \t]*$", re.MULTILINE)
_SOURCE = re.compile(r"(\S+)(?:\s+\((\S+)\))?")
_PATH = re.compile(r"(?!\.\.?/)[A-Za-z0-9._+~:@=%-]+(?:/(?!\.\.?/)[A-Za-z0-9._+~:@=%-]+)*", re.ASCII)
_SIZE = re.compile(r"[0-9]{1,15}")
_RELATIONS = ("Pre-Depends", "Depends", "Conflicts", "Breaks", "Provides")
_PRIORITIES = {"required": 0, "important": 1, "standard": 2, "optional": 3}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an index is from."""

    source: str
    """The manifest's name for it."""
    suite: str
    component: str
    """Empty in a flat repository."""
    automatic: bool = True
    """False where the suite says `NotAutomatic: yes`, as backports do: taken if nothing else fits or if pinned."""


@dataclass(frozen=True, slots=True, eq=False)
class Package:
    """One binary package as an index tells of it."""

    name: str
    version: str
    architecture: str
    """`Architecture`: the target's, or `all`."""
    origin: Origin
    path: str
    """`Filename`, relative to the root of the mirror."""
    size: int
    sha256: str
    source_package: str
    source_version: str
    section: str
    priority: str
    installed_size: int
    """Bytes; 0 where the index does not tell."""
    essential: bool
    multi_arch: str
    pre_depends: tuple[Group, ...] = field(repr=False)
    depends: tuple[Group, ...] = field(repr=False)
    conflicts: tuple[Group, ...] = field(repr=False)
    breaks: tuple[Group, ...] = field(repr=False)
    provides: tuple[Atom, ...] = field(repr=False)

    @property
    def rank(self) -> tuple[int, str]:
        """Sorts providers of one name: by priority, then by name."""
        return _PRIORITIES.get(self.priority, 4), self.name

    def __str__(self) -> str:
        """Name the package for a message."""
        return f"{self.name} {self.version} ({self.origin.suite})"


class _Entry:
    """A paragraph, read when it is first asked for."""

    __slots__ = ("_package", "_paragraph", "fault", "origin")

    def __init__(self, paragraph: bytes, origin: Origin) -> None:
        self._paragraph = paragraph
        self._package: Package | None = None
        self.origin = origin
        self.fault = ""
        """Why it is none; known when it was asked for."""

    @property
    def package(self) -> Package | None:
        """The package; None where the paragraph is faulty."""
        if self._package is None and not self.fault:
            try:
                self._package = read_package(self._paragraph, self.origin)
                self._paragraph = b""
            except FormatError as error:
                self.fault = str(error)
        return self._package

    @property
    def architecture(self) -> str:
        """What the paragraph says, without reading all of it; empty where it does not say."""
        if self._package is not None:
            return self._package.architecture
        match = _ARCHITECTURE.search(self._paragraph)
        return match[1].decode("utf-8", "replace") if match else ""


class Universe:
    """All packages that one architecture can be resolved from, of every source, suite and component."""

    def __init__(self, architecture: str) -> None:
        self.architecture = architecture
        self._local = {architecture, "all", ""}  # a paragraph without one is faulty, and should be noticed
        self._names: dict[str, list[_Entry]] = {}
        self._virtual: dict[str, list[_Entry]] = {}
        self._real: dict[str, tuple[Package, ...]] = {}
        self._providers: dict[str, tuple[Package, ...]] = {}
        self.passed_over: dict[str, None] = {}
        """Why faulty packages that were asked for were passed over."""

    def add(self, data: bytes, origin: Origin) -> int:
        """Add the paragraphs of the index `data`; gives how many there were.

        Raises:
            FormatError: a paragraph without a name.
        """
        count = 0
        for count, paragraph in enumerate(_paragraphs(data), 1):  # noqa: B007 (the last count is the result)
            entry = _Entry(paragraph, origin)
            self._names.setdefault(_name(paragraph, origin), []).append(entry)
            if b"\nProvides:" in paragraph and (provided := _PROVIDES.search(paragraph)):
                for atom in provided[1].decode("utf-8", "replace").split(","):
                    self._virtual.setdefault(re.split(r"[\s(:]", atom.strip(), maxsplit=1)[0], []).append(entry)
        self._real.clear()
        self._providers.clear()
        return count

    def names(self) -> set[str]:
        """Give the names of all packages for this architecture."""
        return self._known(self._names)

    def virtual_names(self) -> set[str]:
        """Give all names that some package for this architecture provides."""
        return self._known(self._virtual)

    def has(self, name: str) -> bool:
        """Say whether a package has or provides `name`."""
        return bool(self.real(name) or self.providers(name))

    def faults(self, name: str) -> list[str]:
        """Say why packages that have or provide `name` were passed over."""
        entries = [*self._names.get(name, ()), *self._virtual.get(name, ())]
        return list(dict.fromkeys(entry.fault for entry in entries if entry.fault))

    def real(self, name: str) -> tuple[Package, ...]:
        """Give the packages called `name`, what is to be taken first: automatic suites, then the highest version.

        Where two sources have the same version, the one that was added first wins.
        """
        found = self._real.get(name)
        if found is None:
            by_version: dict[bytes, Package] = {}
            for package in self._here(self._names.get(name, ())):
                kept = by_version.setdefault(key(package.version), package)
                if package.origin.automatic > kept.origin.automatic:
                    by_version[key(package.version)] = package
            ordered = sorted(by_version.values(), key=lambda p: (p.origin.automatic, key(p.version)), reverse=True)
            found = self._real[name] = tuple(ordered)
        return found

    def providers(self, name: str) -> tuple[Package, ...]:
        """Give the packages that provide `name`, by priority, then by name, then as `real` sorts them."""
        found = self._providers.get(name)
        if found is None:
            names = {package.name for package in self._here(self._virtual.get(name, ()))}
            candidates = [p for n in names for p in self.real(n) if any(a.name == name for a in p.provides)]
            found = self._providers[name] = tuple(sorted(candidates, key=lambda package: package.rank))
        return found

    def _known(self, index: "dict[str, list[_Entry]]") -> set[str]:
        return {name for name, entries in index.items() if any(entry.architecture in self._local for entry in entries)}

    def _here(self, entries: "list[_Entry] | tuple[()]") -> Iterator[Package]:
        for entry in entries:
            if entry.architecture in self._local:
                if (package := entry.package) is not None:
                    yield package
                else:
                    self.passed_over[entry.fault] = None


def provided(package: Package, atom: Atom) -> bool:
    """Say whether what `package` provides meets the dependency `atom`.

    A versioned relation needs a versioned Provides (§7.5). `NAME:any` is a name of its own, as for dpkg and apt: it is
    met by `Provides: NAME:any`, which meets nothing else, and by what a package with `Multi-Arch: allowed` provides.
    """
    anywhere = atom.qualifier == "any"
    for p in package.provides:  # a loop and not any(): this is asked 2,000 times for each closure
        if p.name == atom.name and offers(p, atom):
            if (p.qualifier == "any") == anywhere:
                return True
            if anywhere and package.multi_arch == "allowed":
                return True
    return False


def offers(provides: Atom, atom: Atom) -> bool:
    """Say whether the version of `provides` is one that `atom`, a relation on its name, accepts."""
    return not atom.operator or (provides.operator == "=" and atom.accepts(provides.version))


def read_package(paragraph: bytes, origin: Origin) -> Package:
    """Read one paragraph of an index.

    Raises:
        FormatError: a field that is missing or not of its form.
    """
    fields = deb822.parse_one(paragraph, f"index of {origin.source} {origin.suite}")
    name = fields.get("Package", "")

    def need(field: str, form: str) -> str:
        value = fields.get(field, "")
        if not re.fullmatch(form, value, re.ASCII):
            raise _fault(origin, f"has no good {field} for {name or 'a package'}", value[:60])
        return value

    need("Package", relation.NAME.pattern)
    path = need("Filename", r"[^\n]+").removeprefix("./")
    if not _PATH.fullmatch(path):
        raise _fault(origin, f"has no good Filename for {name}", path[:80])
    version = need("Version", r"\S+")
    try:
        key(version)
        relations = {field: relation.parse(fields.get(field, "")) for field in _RELATIONS}
    except FormatError as error:
        raise FormatError(f"index of {origin.source} {origin.suite}: {name}: {error}") from None
    source = _SOURCE.fullmatch(fields.get("Source", name))
    installed = fields.get("Installed-Size", "")
    return Package(
        name=name,
        version=version,
        architecture=need("Architecture", r"[a-z0-9-]+"),
        origin=origin,
        path=path,
        size=int(need("Size", _SIZE.pattern)),
        sha256=need("SHA256", r"[0-9a-f]{64}"),
        source_package=source[1] if source else name,
        source_version=(source[2] if source else "") or version,
        section=fields.get("Section", ""),
        priority=fields.get("Priority", ""),
        installed_size=int(installed) * 1024 if _SIZE.fullmatch(installed) else 0,
        essential=fields.get("Essential", "") == "yes",
        multi_arch=fields.get("Multi-Arch", ""),
        pre_depends=relations["Pre-Depends"],
        depends=relations["Depends"],
        conflicts=relations["Conflicts"],
        breaks=relations["Breaks"],
        provides=tuple(group[0] for group in relations["Provides"]),
    )


def _name(paragraph: bytes, origin: Origin) -> str:
    """Give the name of the package that `paragraph` tells of; nearly always the first field."""
    if paragraph.startswith(b"Package: "):
        return paragraph[9 : paragraph.find(b"\n")].decode("utf-8", "replace")
    match = _NAME.search(paragraph)
    if not match:
        raise _fault(origin, "has a paragraph without a name", paragraph[:60].strip().decode("utf-8", "replace"))
    return match[1].decode("utf-8", "replace")


def _fault(origin: Origin, what: str, got: str) -> FormatError:
    advice = "tell the archive's owner, or use another mirror"
    return FormatError(f"index of {origin.source} {origin.suite} {what}, got {got!r}; {advice}")


def _paragraphs(data: bytes) -> Iterator[bytes]:
    """Cut an index where blank lines are."""
    if b"\r" in data or b"\n \n" in data or b"\n\t\n" in data:
        data = _BLANK.sub(b"\n", data.replace(b"\r\n", b"\n"))
    return (paragraph for paragraph in data.split(b"\n\n") if paragraph.strip())
