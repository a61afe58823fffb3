"""The checks of an image test that are ours: sizes, packages, ELF files, and what must not be there.

They read the image's own listings, whatever the driver: an engine does not know a file's package or its DT_NEEDED.
"""

from collections.abc import Callable, Iterator

from distill import globs
from distill.debian import deb822, version
from distill.image_test.checks import find
from distill.image_test.config import size
from distill.image_test.schema import ElfTest, NoTest, PackageTest, SizeTest
from distill.image_test.subject import files
from distill.layer.stored import Layers
from distill.near import suggestion
from distill.runtime import programs
from distill.runtime.rootfs import Node, Rootfs

_MOST_NAMED = 5


def sizes(layers: Layers, test: SizeTest) -> Iterator[str]:
    """Check what the image, or a part of it, weighs."""
    part = globs.compiled(test.path) if test.path else None
    what = test.path or "the image"
    counted = [node.file for node in files(layers.rootfs) if part is None or part.fullmatch(node.record.path)]
    if part and not counted:
        yield f"{test.path} means no file of the image"
    unpacked = sum(record.size for record in counted)
    if test.max_unpacked and unpacked > size(test.max_unpacked):
        largest = sorted(counted, key=lambda record: (-record.size, record.path))[:3]
        named = ", ".join(f"/{record.path} ({record.size})" for record in largest)
        yield f"{what} has {unpacked} bytes unpacked, more than {test.max_unpacked}; the largest are {named}"
    if test.max_compressed and layers.compressed > size(test.max_compressed):
        yield f"{what} has {layers.compressed} bytes compressed, more than {test.max_compressed}"
    if test.max_layers is not None and layers.count > test.max_layers:
        yield f"{what} has {layers.count} layers, more than {test.max_layers}"


def packages(layers: Layers, test: PackageTest) -> Iterator[str]:
    """Check that a Debian package is in the image, or not, and its version."""
    known = installed(layers)
    found = {name: text for name, text in known.items() if globs.compiled(test.package).fullmatch(name)}
    if not test.should_exist:
        for name, text in found.items():
            yield f"package {name} is in the image ({text}), which it should not be"
        return
    if not found:
        near = suggestion(test.package, known, f"there are {', '.join(known) or 'none'}")
        yield f"package {test.package} is not in the image; {near}"
    for name, text in found.items():
        if test.version and text != test.version:
            yield f"package {name} has version {text}, expected {test.version}"
        if test.min_version and version.key(text) < version.key(test.min_version):
            yield f"package {name} has version {text}, older than {test.min_version}"


def installed(layers: Layers) -> dict[str, str]:
    """Give the version of each Debian package of the image, by name.

    They are those that its files come from, and those that its dpkg database names, in the form of distroless too.
    """
    found: dict[str, str] = {}
    for node in layers.rootfs:
        if node.record.package:
            name, text, _ = node.record.package.split("_")
            found[name] = text
    database = [child for child in layers.rootfs.children("var/lib/dpkg/status.d") if not child.endswith(".md5sums")]
    for path in ("var/lib/dpkg/status", *database):
        held = layers.rootfs.resolve(path).node
        if held is None or held.kind != "file":
            continue
        for paragraph in deb822.parse(layers.read(held)):
            name, text = paragraph.get("Package", ""), paragraph.get("Version", "")
            if name and text and "deinstall" not in paragraph.get("Status", ""):
                found.setdefault(name, text)
    return dict(sorted(found.items()))


def elf(rootfs: Rootfs, test: ElfTest) -> Iterator[str]:
    """Check what programs and libraries say of themselves."""
    single = find(rootfs, test.path)
    if single.node:
        nodes = [single.node]
    else:
        glob = globs.compiled(test.path)
        nodes = [node for node in rootfs if node.record.type == "file" and glob.fullmatch(node.record.path)]
    nodes = [node for node in nodes if node.file.elf]
    if not nodes:
        yield f"{test.path} means no ELF file of the image"
    for node in nodes:
        yield from _elf(node, test)


def _elf(node: Node, test: ElfTest) -> Iterator[str]:
    path, facts = f"/{node.record.path}", node.file.elf
    if facts is None:
        return
    if test.stripped is not None and facts.stripped != test.stripped:
        yield f"{path} is {'stripped' if facts.stripped else 'not stripped'}"
    search = facts.rpath + facts.runpath
    if test.rpath is not None and bool(search) != test.rpath:
        yield f"{path} has {'RPATH ' + ':'.join(search) if search else 'no RPATH'}"
    if test.interpreter is not None and facts.interpreter != test.interpreter:
        yield f"{path} has interpreter {facts.interpreter or 'none'}, expected {test.interpreter or 'none'}"
    if test.machine and facts.machine != test.machine:
        yield f"{path} is for {facts.machine}, expected {test.machine}"
    for glob in test.expected_needed:
        if not any(globs.compiled(glob).fullmatch(name) for name in facts.needed):
            yield f"{path} does not need {glob}, got {', '.join(facts.needed) or 'nothing'}"
    for glob in test.excluded_needed:
        for name in facts.needed:
            if globs.compiled(glob).fullmatch(name):
                yield f"{path} needs {name}, which it should not"


def banned(layers: Layers, test: NoTest) -> Iterator[str]:
    """Check that nothing is in the image that must not be."""
    rootfs = layers.rootfs
    allowed = [globs.compiled(glob) for glob in test.except_]

    def named(what: str, wanted: Callable[[Node], bool]) -> Iterator[str]:
        found = [
            f"/{node.record.path}"
            for node in rootfs
            if wanted(node) and not any(glob.fullmatch(node.record.path) for glob in allowed)
        ]
        if found:
            more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
            yield f"{what} in the image, got {', '.join(found[:_MOST_NAMED])}{more}"

    for glob in test.paths:
        pattern = globs.compiled(glob)
        yield from named(f"there is {glob}", lambda node, pattern=pattern: bool(pattern.fullmatch(node.record.path)))  # type: ignore[misc]
    if test.shells:
        yield from named("there is a shell", lambda node: _is_shell(rootfs, node))
    if test.setuid:
        yield from named("there is a setuid or setgid file", _is_setuid)
    known = installed(layers) if test.packages else {}
    for glob in test.packages:
        for name, text in known.items():
            if globs.compiled(glob).fullmatch(name):
                yield f"there is package {name} in the image ({text})"


def _is_setuid(node: Node) -> bool:
    return node.kind == "file" and bool(node.file.bits & 0o6000)


def _is_shell(rootfs: Rootfs, node: Node) -> bool:
    """Say whether `node` is a program of a shell's name, or a link to a program under such a name."""
    if not programs.is_shell(node.record.path.rpartition("/")[2]):
        return False
    end = rootfs.resolve("/" + node.record.path).node
    return end is not None and end.kind == "file" and bool(end.file.bits & 0o111)
