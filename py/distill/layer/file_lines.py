"""What a layer of files is asked for: the lines of a `LayerFiles` request, and where each file goes."""

import msgspec

from distill import paths
from distill.errors import InputError
from distill.layer import runfiles


class SourceLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="src"):
    """A file of the build, or with `tree` a directory whose files all go into the layer.

    Its place is `dest`; or below `below` its `name`, its `short_path` without `strip_prefix`, or with `repository` its
    place among runfiles.
    """

    path: str
    """On disk."""
    dest: str = ""
    below: str = ""
    name: str = ""
    short_path: str = ""
    strip_prefix: str = ""
    repository: str = ""
    """The folder of the main repository below `below`, which is a runfiles directory."""
    only: str = ""
    """What `short_path` begins with; another file is left out, if no line `also` names it."""
    mode: str = ""
    """Octal; empty is 0755 if the file is executable on disk, else 0644."""
    uid: int = 0
    gid: int = 0
    tree: bool = False
    symlink_artifact: bool = False
    """Whether the file is a symlink that goes into the layer as it is."""


class DirectoryLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="directory"):
    """A directory."""

    dest: str
    mode: str = "0755"
    uid: int = 0
    gid: int = 0


class SymlinkLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="symlink"):
    """A symbolic link; `link` stands in it as it is."""

    dest: str
    link: str
    uid: int = 0
    gid: int = 0


class EmptyLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="empty"):
    """An empty file, at `dest`, or at the place of `short_path` among the runfiles `below`."""

    dest: str = ""
    below: str = ""
    short_path: str = ""
    repository: str = ""
    mode: str = "0644"
    uid: int = 0
    gid: int = 0


class ContentLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="content"):
    """A file whose text stands in the request."""

    dest: str
    text: str
    mode: str = "0644"
    uid: int = 0
    gid: int = 0


class LowerLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="lower"):
    """The listing of a layer below: what it has does not come again."""

    path: str


class OmitLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="omit"):
    """What is left out wherever it is named: the file `path` on disk, or `dest` in the image with all below it."""

    path: str = ""
    dest: str = ""


class AlsoLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="also"):
    """A glob of paths among the runfiles: what it matches comes in, whatever `only` of its line says."""

    glob: str


class StrippedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="stripped"):
    """What stands for a file wherever that is named: a program without its debug part."""

    path: str
    """On disk."""
    original: str
    """The path of the file, which no line may name: then there is nothing to stand for."""


Said = LowerLine | OmitLine | AlsoLine | StrippedLine
"""Lines that say something of others."""
Line = SourceLine | DirectoryLine | SymlinkLine | EmptyLine | ContentLine | Said
FORMS = (SourceLine, DirectoryLine, SymlinkLine, EmptyLine, ContentLine, LowerLine, OmitLine, AlsoLine, StrippedLine)
"""The forms of all lines."""


def place(line: SourceLine | EmptyLine) -> str:
    """Give the path in the image where `line` goes; the root (empty) only for a directory.

    Raises:
        PathError: a path that cannot stand in an image.
        InputError: a file outside of what is to be stripped.
    """
    if line.dest:
        return paths.normalize(line.dest)
    if line.repository:
        return paths.join(line.below, runfiles.place(line.short_path, line.repository))
    if isinstance(line, EmptyLine):
        return paths.normalize(line.dest)
    if line.name:
        return paths.normalize(paths.join(line.below, line.name))
    prefix = line.strip_prefix
    rest = line.short_path
    # A file of another repository has a short path that begins with ../: it is in no directory of this one.
    inside = rest == prefix or rest.startswith(f"{prefix}/") if prefix else not rest.startswith("../")
    if not inside:
        raise InputError(
            f"srcs has a file outside of strip_prefix, got {rest} that is not below {prefix or 'the workspace'}; "
            "name it in files, with its path in the image"
        )
    rest = rest[len(prefix) :].strip("/")
    if not rest and line.tree:
        return paths.normalize(line.below) if line.below else ""
    return paths.normalize(paths.join(line.below, rest))


def mode_bits(mode: str, path: str) -> int:
    """Give the 12 bits that the octal text `mode` of `path` says.

    Raises:
        InputError: no octal number of at most 12 bits.
    """
    if mode.isascii() and mode.isdigit() and not set(mode) & set("89") and int(mode, 8) <= 0o7777:
        return int(mode, 8)
    raise InputError(f"mode of /{path} is no octal mode, got {mode!r}; write 0644 or 4755")
