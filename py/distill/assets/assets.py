"""Assets for hosting outside of an image: a directory of files whose names have their hashes, and what maps to them.

A server may let such a file be kept for ever (RFC 9111, 5.2.2; `immutable`, RFC 8246), because another content has
another name.
"""

import hashlib
import os
from pathlib import Path

import msgspec

from distill import canonical, paths
from distill.errors import InputError
from distill.layer.tree import Source, Tree, unreadable

_CHUNK = 1 << 20
_DIGITS = 12
"""Hex digits of the hash in a name, as Django and bundlers of web pages take."""


class Asset(msgspec.Struct, frozen=True):
    """One file of the bundle."""

    name: str
    """Its path in the bundle."""
    size: int
    sha256: str


def hashed(path: str, sha256: str) -> str:
    """Give the name of the asset `path` in the bundle: `css/app.css` becomes `css/app.<hash>.css`."""
    folder, slash, base = path.rpartition("/")
    stem, extension = os.path.splitext(base)  # noqa: PTH122 - a name in any form, not a file
    return f"{folder}{slash}{stem}.{sha256[:_DIGITS]}{extension}"


def bundle(tree: Tree, out: Path, *, hash_names: bool) -> dict[str, Asset]:
    """Copy the files of `tree` to the directory `out` and give them by their paths in the tree.

    Args:
        tree: the assets, at paths that they are asked for by.
        out: a directory, made if it is not there.
        hash_names: whether the files in `out` have their hashes in their names.

    Raises:
        InputError: an asset that is no file, or cannot be read, or whose name is no Unicode text.
    """
    found: dict[str, Asset] = {}
    out.mkdir(parents=True, exist_ok=True)
    for source in tree.sources():
        path = source.entry.path
        if source.entry.kind == "directory":
            continue
        if source.entry.kind != "file" or source.file is None:
            raise InputError(f"srcs has a {source.entry.kind}, got /{path}; give files and directories")
        if not _is_text(path):
            raise InputError(f"srcs has a name that is no Unicode text, got {path!a}; rename the file")
        partial = out.with_name(f"{out.name}.partial")
        size, sha256 = _copy(source, source.file, partial)
        name = hashed(path, sha256) if hash_names else path
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        partial.rename(out / name)
        found[path] = Asset(name, size, sha256)
    return found


def manifest(assets: dict[str, Asset]) -> bytes:
    """Give the JSON that maps paths to names, in the form of Django's ManifestStaticFilesStorage.

    That takes `version`, `hash` and `paths`, and passes over `files`, which is the rest that is known.
    """
    names = {path: asset.name for path, asset in assets.items()}
    return canonical.encode({"version": "1.1", "hash": "", "paths": names, "files": assets}) + b"\n"


def report(assets: dict[str, Asset]) -> str:
    """Give a line for each kind of file, the heaviest first: how many there are, and their bytes."""
    kinds: dict[str, tuple[int, int]] = {}
    for path, asset in assets.items():
        kind = os.path.splitext(path)[1].lower() or "other"  # noqa: PTH122 - as above
        count, size = kinds.get(kind, (0, 0))
        kinds[kind] = (count + 1, size + asset.size)
    lines = [f"{len(assets)} files, {sum(asset.size for asset in assets.values()):,} bytes\n"]
    heaviest = sorted(kinds.items(), key=lambda item: (-item[1][1], item[0]))
    return "".join([*lines, *(f"{kind}: {count} files, {size:,} bytes\n" for kind, (count, size) in heaviest)])


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _copy(source: Source, file: str, out: Path) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    try:
        with open(paths.encode(file), "rb", buffering=0) as stream, out.open("wb", buffering=0) as copy:
            while data := stream.read(_CHUNK):
                copy.write(data)
                digest.update(data)
                size += len(data)
    except OSError as error:
        raise unreadable(source, error) from None
    return size, digest.hexdigest()
