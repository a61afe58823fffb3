"""What people ask of locks: what changed between two, and why a package is in one and what comes with it."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from distill.debian import version
from distill.errors import LockError
from distill.lock import facts
from distill.lock.lock import Lock, LockedPackage
from distill.near import suggestion

_MOST_PACKAGES = 40
_ROOM = 120
"""Characters of a package's effects in a summary; the lock has all of them."""


def changes(old: Lock | None, new: Lock) -> Iterator[str]:
    """Give lines that tell, for each architecture, what `new` adds, removes and changes, and the sums of sizes."""
    for architecture, packages in new.packages.items():
        before = {p.name: p for p in old.packages.get(architecture, ())} if old else {}
        total = f"{_size(_download(packages))} to download, {_size(_installed(packages))} installed"
        yield f"{architecture}: {len(packages)} packages, {total}"
        if old and before:
            yield from (f"  {line}" for line in _differences(before, {p.name: p for p in packages}))
            yield from (f"  {line}" for line in _choices(old.chosen(architecture), new.chosen(architecture)))
    for architecture, packages in old.packages.items() if old else ():
        if architecture not in new.packages:
            yield f"{architecture}: no longer locked, {len(packages)} packages less"


def _differences(before: Mapping[str, LockedPackage], after: Mapping[str, LockedPackage]) -> Iterator[str]:
    added = [after[name] for name in sorted(after.keys() - before.keys())]
    removed = [before[name] for name in sorted(before.keys() - after.keys())]
    changed = [
        (before[name], after[name])
        for name in sorted(before.keys() & after.keys())
        if (before[name].version, before[name].sha256) != (after[name].version, after[name].sha256)
    ]
    if not added and not removed and not changed:
        yield "nothing changed"
        return
    security = sum(_is_security(package) for package in [*added, *(new for _, new in changed)])
    download = _download(after.values()) - _download(before.values())
    installed = _installed(after.values()) - _installed(before.values())
    yield (
        f"{len(changed)} changed, {len(added)} added, {len(removed)} removed, {security} from a security suite;"
        f" {_more(download)} to download, {_more(installed)} installed"
    )
    lines = [(new.name, _change(old, new)) for old, new in changed]
    lines += [(p.name, f"+ {p.name} {p.version} ({_from(p)}, {_size(p.installed_size)})") for p in added]
    lines += [(p.name, f"- {p.name} {p.version}") for p in removed]
    yield from (line for _, line in sorted(lines))


def effects(old: Lock | None, new: Lock) -> Iterator[str]:
    """Give lines that tell what scripts of packages that `old` lacks, or has otherwise, would have made.

    A package is told of once, with what it says for the first of its architectures.
    """
    told: dict[str, dict[str, tuple[str, ...]]] = {}
    for architecture, packages in new.packages.items():
        before = {(p.name, p.sha256) for p in old.packages.get(architecture, ())} if old else set()
        for package in packages:
            if package.effects and (package.name, package.sha256) not in before:
                told.setdefault(package.name, {})[architecture] = package.effects
    if not told:
        return
    yield "scripts of packages are never run; in an image other layers stand for what they would have made:"
    for name, found in sorted(told.items())[:_MOST_PACKAGES]:
        first, *others = found
        differ = [architecture for architecture in others if found[architecture] != found[first]]
        where = f" ({first}; not the same for {', '.join(differ)})" if differ else ""
        yield f"  {name}{where}: {_listed(found[first])}"
    more = f"; and {len(told) - _MOST_PACKAGES} more packages" if len(told) > _MOST_PACKAGES else ""
    yield f"  (`why PACKAGE` tells all of it, and what stands for it{more})"


def _listed(found: Sequence[str]) -> str:
    """Give as many of `found`, at least one, as a line has room for."""
    room = _ROOM - len(found[0])
    count = 1
    while count < len(found) and (room := room - len(found[count]) - 2) >= 0:
        count += 1
    more = len(found) - count
    return ", ".join(text[:_ROOM] for text in found[:count]) + (f" and {more} more" if more else "")


def _choices(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(before.keys() & after.keys()):
        if before[name] != after[name]:
            yield f"{name} is provided by {after[name]} now, and no longer by {before[name]}"


def _change(old: LockedPackage, new: LockedPackage) -> str:
    difference = new.installed_size - old.installed_size
    about = _from(new) + (f", {_more(difference)}" if difference else "")
    if old.version == new.version:
        return f"  {new.name} {new.version}, another build of it ({about})"
    older = ", older" if version.key(new.version) < version.key(old.version) else ""
    return f"  {new.name} {old.version} -> {new.version} ({about}{older})"


def _from(package: LockedPackage) -> str:
    return package.suite + (", security" if _is_security(package) else "")


def _is_security(package: LockedPackage) -> bool:
    return package.suite.endswith(("-security", "/updates"))


def _download(packages: Iterable[LockedPackage]) -> int:
    return sum(package.size for package in packages)


def _installed(packages: Iterable[LockedPackage]) -> int:
    return sum(package.installed_size for package in packages)


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if abs(size) >= 1e6 else f"{size / 1e3:.0f} kB"


def _more(difference: int) -> str:
    return f"{'+' if difference >= 0 else ''}{_size(difference)}"


def why(lock: Lock, name: str, architectures: Collection[str] = ()) -> Iterator[str]:
    """Give lines that tell, for each architecture, a shortest chain from what the manifest names to the package `name`.

    Below stand what its scripts would have made, with what stands for that in an image, and its libraries.

    Args:
        lock: the lock.
        name: of a package.
        architectures: each of which has to have it; empty for all that do.

    Raises:
        LockError: the lock does not have it, and does not leave it out; or it is for other architectures.
    """
    for architecture in architectures:
        if architecture not in lock.packages:
            raise LockError(
                f"lock is for other architectures, got {architecture!r}; it has {', '.join(lock.packages)}: "
                "add it to the manifest's architectures"
            )
    found = {architecture: {p.name: p for p in packages} for architecture, packages in lock.packages.items()}
    out = next((item for item in lock.left_out if item.name == name), None)
    missing = [a for a in out.architectures or found if name not in found[a]] if out else []
    if architectures:
        missing = [architecture for architecture in architectures if architecture in missing]
    wanted = [a for a in architectures or [a for a in found if name in found[a]] if a not in missing]
    for architecture in wanted or (found if not missing else ()):
        if name not in found[architecture]:
            where = architecture if architectures else ", ".join(found)
            known = found[architecture] if architectures else set().union(*found.values())
            near = suggestion(name, known, "add it to the manifest's packages")
            raise LockError(f"package is not in the lock for {where}, got {name!r}; {near}")
    for architecture in wanted:
        yield from _chain(found[architecture], name, architecture)
    if out and missing:
        where = f" for {', '.join(missing)}" if wanted or len(missing) < len(found) else ""
        yield f"{name} is left out{where}: {out.reason} (wanted by {', '.join(out.wanted_by)})"


def _chain(packages: Mapping[str, LockedPackage], name: str, architecture: str) -> Iterator[str]:
    parents: dict[str, str] = {}
    todo = deque(sorted(p.name for p in packages.values() if p.wished))
    seen = set(todo)
    while todo:
        current = todo.popleft()
        for target in packages[current].depends:
            if target not in seen:
                seen.add(target)
                parents[target] = current
                todo.append(target)
    chain = [name]
    while chain[0] in parents:
        chain.insert(0, parents[chain[0]])
    yield f"{architecture}: {' -> '.join(chain)}"
    direct = sorted(p.name for p in packages.values() if name in p.depends)
    if direct:
        yield f"  needed by {', '.join(direct)}"
    for effect in packages[name].effects:
        yield f"  scripts would have made: {effect} ({facts.handled_by(effect)})"
    if packages[name].sonames:
        yield f"  libraries {', '.join(packages[name].sonames)}"
