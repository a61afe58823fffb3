"""Package layers: the sources that packages bring into a layer, with what scanners read of them."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from distill.debian import relation
from distill.debian.deb import Deb
from distill.errors import ConflictError, FormatError
from distill.layer.layer import Source
from distill.package import selection, slices, usr_merge
from distill.package.selection import Entries, Selection
from distill.scripts import maintainer_scripts
from distill.tar import Entry

STATUS = "var/lib/dpkg/status.d"
"""Where scanners look for the control files of an image's packages (distroless, PACKAGE_METADATA.md)."""


def sources(debs: Sequence[Deb], choice: Selection, mtime: int = 0) -> Iterator[Source]:
    """Give the sources of one layer with what `choice` takes of the opened `debs`; all times are `mtime`.

    A file that two packages have is the one's whose control file says that it Replaces the other, as dpkg decides;
    where neither or both say so, both are given, and Tree.add tells whether they agree.

    Raises:
        InputError: a glob of `choice` that matches nothing in any package.
        ConflictError: paths that fall together in a merged /usr, or a file in `STATUS`.
    """
    origin = ", ".join(deb.identity for deb in debs)
    choice.check([entry.path for deb in debs for entry, _ in deb.entries], origin)
    for deb in debs:
        if part := (choice.parts or {}).get(deb.name):
            part.check([entry.path for entry, _ in deb.entries], deb.identity)
    debs = named(debs, choice)
    chosen: dict[str, Entries] = {}
    moved: set[str] = set()
    for deb in debs:
        entries = selection.select(deb.entries, deb.name, choice)
        if choice.usr_merged:
            entries, directories = usr_merge.merge(entries, deb.identity)
            moved.update(directories)
        chosen[deb.identity] = entries
    for deb, entries in zip(debs, _without_replaced(debs, chosen), strict=True):
        for entry, offset in entries:
            if entry.path.startswith(f"{STATUS}/"):
                raise ConflictError(
                    f"{deb.identity}: a package may not say which packages are there, got /{entry.path}; exclude it"
                )
            yield source(deb, replace(entry, mtime=mtime), offset)
        yield from status_sources(deb, mtime)
    for link in usr_merge.links(sorted(moved)):
        yield Source(entry=replace(link, mtime=mtime), origin="the merged /usr")


def named(debs: Sequence[Deb], choice: Selection) -> list[Deb]:
    """Give those of `debs` of which `choice` asks for something, and those that hold the copyright of such a one.

    A package of which nothing is asked for is not in the image, so nothing there may say that it is.
    """
    found = {deb.name for deb in debs if choice.names(deb.name, (entry for entry, _ in deb.entries))}
    by_name = {deb.name: deb for deb in debs}
    pending = sorted(found)
    while pending:
        for holder in _copyright_holders(by_name[pending.pop()]):
            if holder in by_name and holder not in found:
                found.add(holder)
                pending.append(holder)
    return [deb for deb in debs if deb.name in found]


def _copyright_holders(deb: Deb) -> Iterator[str]:
    """Give the packages that links of `deb` for its whole doc directory lead to (Debian Policy, 12.5)."""
    for entry, _ in deb.entries:
        if entry.kind == "symlink" and slices.classify(entry, deb.name) == slices.COPYRIGHT:
            yield entry.link.rstrip("/").rpartition("/")[2]


def source(deb: Deb, entry: Entry, offset: int) -> Source:
    """Give the source of `entry` of `deb`, whose data stands at `offset` of the package's plain tar."""
    return Source(entry=entry, origin=deb.identity, fd=deb.file.fileno(), offset=offset, package=deb.identity)


def status_sources(deb: Deb, mtime: int = 0) -> list[Source]:
    """Give the files of status.d that say that `deb` is there: its control file and its md5sums, verbatim.

    The first carries into the listing what the check of the image has to know: the effects of the package's scripts,
    and whose files its own may stand for.
    """
    control = deb.control_files["control"]
    replaces = tuple(" ".join(text.split()) for text in deb.fields.get("Replaces", "").split(",") if text.strip())
    effects = tuple(maintainer_scripts.effects(deb))
    files = {deb.name: control}
    if deb.md5sums is not None:
        files[f"{deb.name}.md5sums"] = deb.md5sums
    return [
        Source(
            entry=Entry(path=f"{STATUS}/{name}", kind="file", mode=0o644, size=len(data), mtime=mtime),
            origin=deb.identity,
            data=data,
            package=deb.identity,
            effects=effects if name == deb.name else (),
            replaces=replaces if name == deb.name else (),
        )
        for name, data in files.items()
    ]


def replaces(deb: Deb, other: Deb) -> bool:
    """Say whether the field `Replaces` of `deb` lets its files stand for those of `other` (Debian Policy, 7.6.1).

    Only real names count: what a package provides has no part in who owns a file.

    Raises:
        FormatError: the field is no relation.
    """
    try:
        groups = relation.parse(deb.fields.get("Replaces", ""))
    except FormatError as error:
        raise FormatError(f"{deb.identity}: Replaces cannot be read: {error}") from None
    return any(atom.name == other.name and atom.accepts(other.version) for group in groups for atom in group)


def _without_replaced(debs: Sequence[Deb], chosen: Mapping[str, Entries]) -> list[Entries]:
    """Give the entries of each of `debs` without those that another's stand for."""
    owners: dict[str, list[Deb]] = {}
    for deb in debs:
        for entry, _ in chosen[deb.identity]:
            if entry.kind != "directory":
                owners.setdefault(entry.path, []).append(deb)
    result = []
    for deb in debs:
        lost = {
            path
            for path, found in owners.items()
            if len(found) > 1
            and deb in found
            and any(replaces(other, deb) and not replaces(deb, other) for other in found if other is not deb)
        }
        entries = chosen[deb.identity]
        result.append(selection.promoted([pair for pair in entries if pair[0].path not in lost], entries))
    return result
