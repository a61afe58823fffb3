"""Reports of a closure: a tree for people, as `nix-store --query --tree` prints one, and JSON for programs."""

from collections.abc import Callable, Iterator

from distill.closure.closure import Closure, Need
from distill.runtime.rootfs import Node, Rootfs

_SHOWN = 20
"""Packages of which a text names what is not needed."""

_DEEPEST = 3 * 100
"""Columns of indentation; a tree that is deeper goes straight down."""

Origin = Callable[[Node], str]
"""Says where a file is from: a package, or a target."""


def text(closure: Closure, origin: Origin, rest: Rootfs | None = None) -> str:
    """Give the tree: each file with its size, where it is from and why it is there.

    A file that stands above already is marked `[...]` and what it needs is not repeated.

    Args:
        closure: what to show.
        origin: says where a file is from.
        rest: the image; what of it the closure does not need is summed up.
    """
    lines = [*_tree(closure, origin), ""]
    total = sum(node.record.size for node in closure.files.values())
    lines.append(f"{_count(len(closure.files), 'file')}, {size(total)}")
    lines += [f"missing: {_named(missing.name)}, which {_by(missing.by)} needs" for missing in closure.missing]
    lines += [f"/{path} {why}" for path, why in closure.unreadable]
    for by, wish in closure.unopened:
        what = f" for {wish.feature}" if wish.feature else ""
        lines.append(f"not there: {' or '.join(wish.soname)}, which /{by} would open{what}")
    if rest is not None:
        lines += _rest(closure, origin, rest)
    return "".join(f"{line}\n" for line in lines)


def document(closure: Closure, origin: Origin, rest: Rootfs | None = None) -> dict[str, object]:
    """Give the same as a value for JSON: all files with all that they need, by path."""
    needs: dict[str, list[Need]] = {}
    for need in closure.needs:
        needs.setdefault(need.by, []).append(need)
    reasons = closure.reasons()
    result: dict[str, object] = {
        "files": [
            {
                "path": path,
                "size": closure.files[path].record.size,
                "from": origin(closure.files[path]),
                "why": _why(reasons.get(path)),
                "needs": [{"kind": n.kind, "name": n.name, "path": n.path} for n in needs.get(path, ())],
            }
            for path in sorted(closure.files)
        ],
        "missing": [{"by": missing.by, "kind": missing.kind, "name": missing.name} for missing in closure.missing],
        "unreadable": [{"path": path, "why": why} for path, why in closure.unreadable],
        "unopened": [
            {"by": by, "soname": list(wish.soname), "priority": wish.priority, "feature": wish.feature}
            for by, wish in closure.unopened
        ],
    }
    if rest is not None:
        result["rest"] = [
            {"from": name, "files": count, "size": total} for name, (count, total) in _unneeded(closure, origin, rest)
        ]
    return result


def package(node: Node) -> str:
    """Give name and version of the package that a file is from, empty for none."""
    return readable(node.record.package or node.file.package)


def readable(identity: str) -> str:
    """Give `name version` for `name_version_architecture`."""
    name, _, rest = identity.partition("_")
    return f"{name} {rest.rpartition('_')[0]}" if rest else name


def size(count: int) -> str:
    """Give a number of bytes in three figures: `0 B`, `1.42 kB`, `29.6 MB`."""
    value, unit = float(count), "B"
    for following in ("kB", "MB", "GB", "TB"):
        if value < 999.5:
            break
        value, unit = value / 1000, following
    return f"{value:.3g} {unit}" if unit != "B" else f"{count} B"


def _tree(closure: Closure, origin: Origin) -> Iterator[str]:
    """Give a line for each need, depth first; no recursion, for a chain may be as long as an image is large."""
    children: dict[str, dict[str, list[Need]]] = {}
    for need in closure.needs:
        children.setdefault(need.by, {}).setdefault(need.path, []).append(need)
    seen: set[str] = set()
    links: set[str] = set()
    pending: list[tuple[str, bool, str, list[Need]]] = []

    def push(by: str, indent: str) -> None:
        below = []
        for path, needs in children.get(by, {}).items():
            if needs[0].kind == "link":  # they stand where they are met first
                if path in links:
                    continue
                links.add(path)
            below.append((path, needs))
        pending.extend((indent, number == 0, path, needs) for number, (path, needs) in enumerate(reversed(below)))

    push("", "")
    while pending:
        indent, last, path, needs = pending.pop()
        root = not needs[0].by
        branch = "" if root else "└─ " if last else "├─ "
        node = closure.files[path]
        link = f" -> {node.record.link}" if node.record.type == "symlink" else ""
        again = " [...]" if path in seen and path in children else ""
        said = ["" if link else size(node.record.size), origin(node), f"({_reasons(needs)}){again}"]
        yield "  ".join([f"{indent}{branch}/{path}{link}", *filter(None, said)])
        if path not in seen:
            seen.add(path)
            push(path, indent if root else (indent + ("   " if last else "│  "))[:_DEEPEST])


def _reasons(needs: list[Need]) -> str:
    if needs[0].kind == "link":
        return f"on the way to {needs[0].name}"
    words = {
        "root": "{}",
        "interpreter": "interpreter {}",
        "needed": "{}",
        "opened": "opens {}",
        "script": "#!{}",
        "link": "{}",
    }
    return ", ".join(dict.fromkeys(words[need.kind].format(need.name) for need in needs))


def _why(need: Need | None) -> dict[str, str]:
    """Give the first reason; none for a file that only a hard link of it brings."""
    return {"by": need.by, "kind": need.kind, "name": need.name} if need else {}


def _unneeded(closure: Closure, origin: Origin, rest: Rootfs) -> list[tuple[str, tuple[int, int]]]:
    """Give, by where they are from, number and bytes of the files that nothing needs; the most bytes first."""
    found: dict[str, tuple[int, int]] = {}
    for node in rest:
        if node.record.type == "file" and node.record.path not in closure.files:
            name = origin(node)
            count, total = found.get(name, (0, 0))
            found[name] = (count + 1, total + node.record.size)
    return sorted(found.items(), key=lambda item: (-item[1][1], item[0]))


def _rest(closure: Closure, origin: Origin, rest: Rootfs) -> Iterator[str]:
    found = _unneeded(closure, origin, rest)
    if not found:
        return
    count, total = (sum(values[part] for _, values in found) for part in (0, 1))
    yield ""
    said = "Not reached by ELF, shebang and link rules; a program or an interpreter may open them"
    yield f"{said}: {_count(count, 'file')}, {size(total)}"
    for name, (number, sum_) in found[:_SHOWN]:
        yield f"   {name or 'no package'}: {_count(number, 'file')}, {size(sum_)}"
    if len(found) > _SHOWN:
        yield f"   and {len(found) - _SHOWN} more"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _named(name: str) -> str:
    return name if "/" not in name or name.startswith("/") else f"/{name}"


def _by(path: str) -> str:
    return f"/{path}" if path else "the image"
