"""Modes and owners of single paths of a layer, instead of those that their sources have."""

from collections.abc import Mapping
from dataclasses import replace

import msgspec

from distill import paths
from distill.errors import InputError
from distill.layer.file_lines import mode_bits
from distill.layer.tree import Source, Tree

_MOST_ID = (1 << 32) - 2
"""The highest id; the one above it says `no change` to chown(2)."""


class Metadata:
    """The attributes `modes` and `owners` of a rule: what they ask for, and whether each path of them was there.

    Args:
        modes: paths to octal modes.
        owners: paths to `uid:gid`.

    Raises:
        InputError: a mode or owner that cannot be read.
    """

    def __init__(self, modes: Mapping[str, str], owners: Mapping[str, str]) -> None:
        self._names = {"modes": modes, "owners": owners}
        self._changes: dict[str, dict[str, int]] = {}
        self._found: set[str] = set()
        for path, mode in modes.items():
            self._changes[path] = {"mode": mode_bits(mode, path)}
        for path, owner in owners.items():
            uid, colon, gid = owner.partition(":")
            if not (colon and uid.isascii() and uid.isdigit() and gid.isascii() and gid.isdigit()):
                raise InputError(f"owner of /{path} is not of the form uid:gid, got {owner!r}; write 65532:65532")
            self._changes.setdefault(path, {}).update(uid=checked_id(int(uid), path), gid=checked_id(int(gid), path))

    def of(self, source: Source) -> Source:
        """Give `source` with the mode and owner that are asked for its path.

        Raises:
            InputError: a mode for a symlink.
        """
        change = self._changes.get(source.entry.path)
        if change is None:
            return source
        self._found.add(source.entry.path)
        if "mode" in change and source.entry.kind == "symlink":
            raise InputError(
                f"modes names a symlink, which has no mode, got /{source.entry.path}; name what it points to"
            )
        return replace(source, entry=msgspec.structs.replace(source.entry, **change))

    def finish(self, tree: Tree) -> None:
        """Change the directories of `tree` that no source has named.

        Raises:
            InputError: a path that is not in the layer.
        """
        for path in sorted(self._changes.keys() - self._found, key=paths.encode):
            parent = tree.get(path)
            if parent is None:
                names = [name for name, given in self._names.items() if path in given]
                said = "modes and owners name" if len(names) > 1 else f"{names[0]} names"
                raise InputError(f"{said} what is not in the layer, got /{path}; add it or leave it out")
            tree.add(self.of(parent))


def checked_id(value: int, path: str) -> int:
    """Give the id `value` of the owner of `path`.

    Raises:
        InputError: a number that no user or group can have.
    """
    if not 0 <= value <= _MOST_ID:
        raise InputError(f"owner of /{path} is out of range, got {value}; give ids from 0 to {_MOST_ID}")
    return value
