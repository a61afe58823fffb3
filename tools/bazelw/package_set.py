"""Which Debian packages make a Bazel: derived from the suite's index, with no version or soname written here.

Following every dependency of bazel-bootstrap gives about 250 packages (a JDK, gcc, …). What runs it:

- the rulesets and tools named in ROOTS;
- its data package and Java libraries;
- the Java runtime that `default-jre-headless` stands for, instead of the JDK it names;
- the shared libraries (section `libs`) of all those, transitively.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bazelw.errors import InstallError

BAZEL = "bazel-bootstrap"
# Beside Bazel itself. bazel-bootstrap depends on further rulesets, which come as its `bazel-*` dependencies.
ROOTS = (
    BAZEL,
    "bazel-rules-pkg",
    "bazel-rules-shell",
    "bazel-stardoc",
    "patchelf",
    "python3-pip-whl",  # for a machine whose python3 has no pip
)
# Needed by Bazel's JNI library, which the package does not declare; the name ends in the soname's number.
_UNDECLARED = re.compile(r"libblake3-\d+")
_DEFAULT_JAVA = re.compile(r"default-(jdk|jre)(-headless)?")
_FIELDS = (
    "Package",
    "Version",
    "Architecture",
    "Section",
    "Pre-Depends",
    "Depends",
    "Size",
    "Installed-Size",
    "SHA256",
)
_FIELD = re.compile(rf"^({'|'.join(_FIELDS)}): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Package:
    """One package of the index. size is the .deb's, in bytes; installed_size is the unpacked size, in bytes."""

    name: str
    version: str
    architecture: str
    section: str
    depends: tuple[str, ...]
    size: int
    installed_size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """The file that `apt-get download` writes (apt quotes the separators: pkgAcqArchive, StoreFilename)."""
        parts = (self.name, self.version, self.architecture)
        return "_".join(part.replace("%", "%25").replace("_", "%5f").replace(":", "%3a") for part in parts) + ".deb"

    @property
    def upstream_version(self) -> str:
        """The version without epoch, Debian revision and repacking mark: 7.7.1 of 7.7.1+ds-8+b1."""
        return re.split(r"[-+~]", self.version.rpartition(":")[2])[0]


class Index(Mapping[str, Package]):
    """A Packages file as a mapping from name to package; of several versions of a package the last one counts.

    A suite has some 70,000 stanzas and about a hundred matter, so each is parsed when it is asked for.
    """

    def __init__(self, text: str) -> None:
        self._text = "\n" + text  # a fixed first character makes the search below ten times as fast as ^ does
        self._starts = {match.group(1): match.start() + 1 for match in re.finditer(r"\nPackage: (\S+)", self._text)}

    def __getitem__(self, name: str) -> Package:
        start = self._starts[name]
        end = self._text.find("\n\n", start)
        return parse_stanza(self._text[start : end if end >= 0 else len(self._text)])

    def __iter__(self) -> Iterator[str]:
        return iter(self._starts)

    def __len__(self) -> int:
        return len(self._starts)


def parse_stanza(text: str) -> Package:
    """Parse one stanza. Dependencies keep the first alternative only, as apt prefers it."""
    fields = dict(_FIELD.findall(text))
    groups = ",".join(fields.get(name, "") for name in ("Pre-Depends", "Depends")).split(",")
    names = (re.match(r"\s*([a-z0-9][a-z0-9+.-]*)", group) for group in groups)
    return Package(
        name=fields["Package"],
        version=fields.get("Version", ""),
        architecture=fields.get("Architecture", ""),
        section=fields.get("Section", "").rpartition("/")[2],
        depends=tuple(match.group(1) for match in names if match),
        size=int(fields.get("Size", 0)),
        installed_size=int(fields.get("Installed-Size", 0)) * 1024,  # the field counts KiB
        sha256=fields.get("SHA256", ""),
    )


def is_java(package: Package) -> bool:
    """Whether it holds Java libraries (some are filed under `libs`), not a runtime or a compiler."""
    named = package.name.endswith("-java") or package.section == "java"
    return named and not re.search(r"jdk|jre", package.name)


def derive(index: Mapping[str, Package]) -> list[Package]:
    """The packages to install, sorted by name.

    Raises InstallError where a package that cannot be done without is not in the index.
    """
    chosen: dict[str, Package] = {}
    waiting = [_named(index, name) for name in ROOTS]
    blake3 = sorted((name for name in index if _UNDECLARED.fullmatch(name)), key=lambda name: int(name.split("-")[-1]))
    waiting += [index[name] for name in blake3[-1:]]
    while waiting:
        package = waiting.pop()
        if package.name in chosen:
            continue
        chosen[package.name] = package
        for name in package.depends:
            if _DEFAULT_JAVA.fullmatch(name):
                waiting.append(java_runtime(index))
            elif name in index and _follows(package, index[name]):
                waiting.append(index[name])
    return sorted(chosen.values(), key=lambda package: package.name)


def java_runtime(index: Mapping[str, Package]) -> Package:
    """The package of the suite's default Java runtime without a display.

    Raises InstallError where the index names none.
    """
    default = _named(index, "default-jre-headless")
    for name in default.depends:
        if re.fullmatch(r"openjdk-\d+-jre-headless", name):
            return _named(index, name)
    raise InstallError(
        f"default-jre-headless names no Java runtime, got {', '.join(default.depends)}; try another suite"
    )


def more_java(index: Mapping[str, Package], owners: Iterable[str], have: Iterable[str]) -> list[Package]:
    """The Java libraries that the packages `owners` depend on and that are not in `have`: the next ones to fetch."""
    known = set(have)
    names = {name for owner in owners for name in index[owner].depends if name in index and name not in known}
    return [index[name] for name in sorted(names) if is_java(index[name])]


def _follows(package: Package, needed: Package) -> bool:
    if package.name == BAZEL and (needed.name.startswith("bazel-") or is_java(needed)):
        return True
    return needed.section == "libs" and not is_java(needed)


def _named(index: Mapping[str, Package], name: str) -> Package:
    try:
        return index[name]
    except KeyError:
        raise InstallError(
            f"the suite lacks a package, got none named {name}; try another suite (BAZELW_SUITES)"
        ) from None
