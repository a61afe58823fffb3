"""Rules on bytes that an image carries for nothing, and on its layers."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from distill.layer import marks
from distill.lint.image import BIG, Image
from distill.lint.rule import Problem, rule

_WORTH = 16384
"""Bytes below which a finding is not worth a word."""

_READ_COMPRESSED = re.compile(r"usr/(?:local/)?share/(?:doc|gtk-doc|help|icons|info|man)/")
"""Where readers expect compressed files."""
_ZIP_FORMATS = (
    ".aar", ".apk", ".docx", ".ear", ".epub", ".jar", ".jmod", ".kmz", ".npz", ".odp", ".ods", ".odt", ".pptx", ".pt",
    ".pth", ".vsix", ".war", ".xlsx", ".xpi",
)  # fmt: skip
"""Formats of their own that happen to be zips; programs read members of them in place."""

_CACHES = re.compile(
    r"""(
        var/cache/(?:apk|apt|debconf|dnf|pacman|yum|zypp)
        |var/lib/apt/lists
        |(?:root|nonroot|home/[^/]+)/(?:\.cache|\.npm)
        |usr/local/share/\.cache
        |opt/[^/]*conda[^/]*/pkgs
        |(?:.*?/)?(?:
            \.bundle/cache|\.cache/(?:go-build|pip|pnpm|pypoetry|uv|yarn)|\.cargo/registry|\.composer/cache
            |\.gradle/caches|\.local/share/pnpm/store|\.m2/repository|\.npm/_cacache|\.nuget/packages|\.yarn/cache
            |_cacache|go/pkg/mod/cache|node_modules/\.cache|usr/local/cargo/registry
        )
    )/.""",
    re.VERBOSE,
)

_OF_A_PACKAGE = re.compile(r"usr/share/doc/[^/]+/copyright|var/lib/dpkg/status\.d/.*")
"""What says of a package that it is there and under which terms: it comes with every layer that has a part of it."""

_MOST_LAYERS = 100
_SMALL = 4096
_MOST_SMALL = 12


@rule(
    "compressed-file",
    "note",
    "files are stored compressed, so each container that reads them decompresses them again",
    "store them as they are: the layer is compressed",
)
def compressed_file(image: Image) -> Iterator[Problem]:
    """Files of 16 KiB and more that begin as gzip, bzip2, xz, zstd, lz4 or zip do.

    A layer is compressed as a whole, so a compressed file in it saves nothing: it cannot be compressed again, and the
    layer's compressor no longer sees what it has in common with its neighbours. Whoever reads it spends time at each
    start and holds a second copy in memory. Where a program reads the plain file just as well, store that.

    Left out are documentation, manual pages and icons, what a Debian package has below `/usr/share`, and formats of
    which programs read single members in place, such as `.jar`.
    """
    for node in image.files:
        file, path = node.file, node.record.path
        found = [mark for mark in file.marks if mark in marks.COMPRESSED]
        if not found or file.size < _WORTH or _READ_COMPRESSED.match(path):
            continue
        if (file.package and path.startswith("usr/share/")) or (found == ["zip"] and path.endswith(_ZIP_FORMATS)):
            continue
        yield Problem(path, found[0], file.size)


@rule(
    "duplicate-file",
    "warning",
    "files are there more than once, byte for byte",
    "keep one and make links of the others",
)
def duplicate_file(image: Image) -> Iterator[Problem]:
    """Files of 4 KiB and more with the same sha256 at several paths, in one layer or in several, 16 KiB or more in all.

    Copyright files and what scanners read of packages are left out. Each finding is a copy beyond the first path; its
    size is what a link would save. Hard links are one file. Within one layer compression may hide some of it from a
    registry, but not from a host's disk and page cache.
    """
    copies: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for node in image.files:
        if node.file.size >= BIG and not _OF_A_PACKAGE.fullmatch(node.record.path):
            copies[node.file.sha256].append((node.record.path, node.file.size))
    for (first, size), *others in copies.values():
        if size * len(others) >= _WORTH:
            for path, _ in others:
                yield Problem(path, f"as /{first}", size)


@rule(
    "shadowed-bytes",
    "warning",
    "files are hidden by a layer above, and pulled all the same",
    "leave them out of the lower layer",
)
def shadowed_bytes(image: Image) -> Iterator[Problem]:
    """Files of 4 KiB and more that no container sees, because a layer above replaces or removes them.

    A layer above cannot take anything away from those below: all are pulled and stored whole. Leave the file out
    where it comes from, with `exclude` of a `package_layer` for one. Copyright files and what scanners read of
    packages are left out: every layer with a part of a package has them.
    """
    for number, record in image.big:
        if id(record) not in image.visible and not _OF_A_PACKAGE.fullmatch(record.path):
            above = image.rootfs.get(record.path)
            yield Problem(record.path, f"layer {number}, {'replaced' if above else 'removed'}", record.size)


@rule(
    "package-cache",
    "warning",
    "caches of package managers are in the image",
    "leave them out: nothing reads them in a container",
)
def package_cache(image: Image) -> Iterator[Problem]:
    """Files in the caches of package managers, in whoever's home.

    Of apt, debconf, dnf, apk, zypper, pacman, conda, pip, poetry, uv, npm, pnpm, yarn, cargo, bundler, Composer,
    Gradle, Maven, NuGet and Go. They make the next installation faster, and there is none. A finding is a cache, with
    the bytes of all its files.
    """
    yield from by_directory(image, lambda path: found[1] if (found := _CACHES.match(path)) else "")


@rule(
    "too-many-layers",
    "warning",
    "the image has more layers than engines like",
    "put what changes together into one layer, with package_layer for one",
)
def too_many_layers(image: Image) -> Iterator[Problem]:
    """More than 100 layers.

    Engines on overlayfs stop at about 125, a child image adds its own, and each layer is a request to the registry, a
    directory on the host and a step of every lookup of a path.
    """
    if len(image.layers) > _MOST_LAYERS:
        yield Problem(detail=f"{len(image.layers)} layers")


@rule(
    "small-layers",
    "note",
    "layers are empty, or many are tiny",
    "leave empty ones out and put small ones that change together into one",
)
def small_layers(image: Image) -> Iterator[Problem]:
    """Layers without any entry, and more than 12 layers with less than 4 KiB of files each.

    A layer costs a request, a digest and a directory, whatever is in it. A few small layers that many images share are
    worth that, dozens are not.
    """
    for number, layer in enumerate(image.layers):
        if not layer.entries:
            yield Problem(detail=f"layer {number} is empty")
    small = sum(1 for layer in image.layers if layer.entries and layer.size < _SMALL)
    if small > _MOST_SMALL:
        yield Problem(detail=f"{small} layers with less than {_SMALL} bytes of files")


def by_directory(image: Image, directory_of: Callable[[str], str]) -> Iterator[Problem]:
    """Give a problem for each directory that `directory_of` names for a file's path, with the bytes of its files."""
    sizes: dict[str, list[int]] = defaultdict(list)
    for node in image.files:
        if directory := directory_of(node.record.path):
            sizes[directory].append(node.file.size)
    for directory, found in sizes.items():
        yield Problem(directory, f"{len(found)} {'file' if len(found) == 1 else 'files'}", sum(found))
