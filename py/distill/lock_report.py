"""What people ask of locks: what changed between two, and why a package is in one."""

from collections import deque
from collections.abc import Iterator

from distill.errors import LockError
from distill.lock import Lock, LockedPackage
from distill.near import suggestion


def changes(old: Lock | None, new: Lock) -> Iterator[str]:
    """Give lines that tell, for each architecture, what `new` adds, removes and changes, and the sum of sizes."""
    for architecture, packages in new.packages.items():
        before = {p.name: p for p in old.packages.get(architecture, ())} if old else {}
        after = {p.name: p for p in packages}
        total, installed = sum(p.size for p in packages), sum(p.installed_size for p in packages)
        yield f"{architecture}: {len(packages)} packages, {_mb(total)} to download, {_mb(installed)} installed"
        if old is None:
            continue
        for name in sorted(before.keys() | after.keys()):
            if line := _change(before.get(name), after.get(name)):
                yield f"  {line}"
        difference = installed - sum(p.installed_size for p in before.values())
        if before and difference:
            yield f"  {difference / 1e6:+.1f} MB installed"


def _change(old: LockedPackage | None, new: LockedPackage | None) -> str:
    if old is None and new is not None:
        return f"+ {new.name} {new.version} ({_mb(new.installed_size)})"
    if new is None and old is not None:
        return f"- {old.name} {old.version}"
    if old is None or new is None or (old.version, old.sha256) == (new.version, new.sha256):
        return ""
    security = ", security" if new.suite.endswith(("-security", "/updates")) else ""
    difference = new.installed_size - old.installed_size
    size = f", {difference / 1e3:+.0f} kB" if difference else ""
    return f"  {new.name} {old.version} -> {new.version} ({new.suite}{security}{size})"


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def why(lock: Lock, name: str, architecture: str) -> Iterator[str]:
    """Give lines that tell the shortest chains from what the manifest names to the package `name`.

    Raises:
        LockError: the lock does not have it, and does not leave it out.
    """
    for item in lock.left_out:
        if item.name == name:
            yield f"{name} is left out: {item.reason} (wanted by {', '.join(item.wanted_by)})"
            return
    packages = {p.name: p for p in lock.packages.get(architecture, ())}
    if name not in packages:
        near = suggestion(name, packages, "add it to the manifest's packages")
        raise LockError(f"package is not in the lock for {architecture}, got {name!r}; {near}")
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
