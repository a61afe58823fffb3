r"""The listing: JSON lines, one per tar entry, in the order of the tar. Whatever inspects an image reads listings.

A path is relative to the root, without a leading or trailing slash. In a listing it is UTF-8 text in which a backslash,
and every byte that is not valid UTF-8, is written `\xNN`, so that any file name survives and reads back
(`escape`, `unescape`). In memory a path is a `str` with surrogateescape, as `os.fsdecode` gives it.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from distill.effect import Effect
from distill.errors import FormatError

Kind = Literal["file", "directory", "symlink", "hardlink", "char", "block", "fifo"]


class Dlopen(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Libraries of which an ELF file opens one while it runs (UAPI group, "ELF dlopen Metadata")."""

    soname: tuple[str, ...]
    """The first that is there is taken."""
    priority: Literal["required", "recommended", "suggested"] = "recommended"
    feature: str = ""
    """What the library is opened for."""


class Elf(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the loader must know of an ELF file (System V ABI, chapters 4 and 5)."""

    machine: str
    """The architecture in Debian's words (`amd64`, `arm64`, …), or `em-<e_machine>`."""
    kind: Literal["executable", "shared", "relocatable", "core", "other"]
    """`e_type`; a position-independent executable is `shared` with an interpreter."""
    interpreter: str = ""
    """PT_INTERP, empty where there is none."""
    soname: str = ""
    needed: tuple[str, ...] = ()
    """DT_NEEDED, in order."""
    rpath: tuple[str, ...] = ()
    """DT_RPATH, split at colons; ignored by the loader where `runpath` is there."""
    runpath: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    """DT_FILTER: libraries that stand before it and that it does not load without."""
    auxiliary: tuple[str, ...] = ()
    """DT_AUXILIARY: libraries that stand before it if they are there."""
    audit: tuple[str, ...] = ()
    """DT_AUDIT and DT_DEPAUDIT: libraries that watch the loader if they are there."""
    own_directories_only: bool = False
    """DF_1_NODEFLIB: what it needs is not looked for in the system's directories."""
    stripped: bool = True
    """Whether there is neither `.symtab` nor `.debug_*`."""
    strippable: int = 0
    """Bytes of symbols, and of what only a debugger reads: what `strip` would remove."""
    calls: tuple[str, ...] = ()
    """Those functions of `elf_symbols.WATCHED` that it takes from another library."""
    versions_needed: dict[str, tuple[str, ...]] = {}
    """By library, the symbol versions without which the loader refuses to run it."""
    versions: tuple[str, ...] = ()
    """The symbol versions that it defines, in the order of its table."""
    dlopen: tuple[Dlopen, ...] = ()
    """What it says that it opens while it runs."""
    build_id: str = ""
    """Hex, of the note NT_GNU_BUILD_ID."""


class Record(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One tar entry."""

    path: str
    type: Kind
    mode: str
    """All 12 bits in octal, four digits: `0755`, `1777`."""
    uid: int = 0
    gid: int = 0
    size: int = 0
    """Bytes of a regular file."""
    sha256: str = ""
    """Hex, of a regular file."""
    link: str = ""
    """Target of a symlink as it stands, or of a hard link as a path of this layer."""
    mtime: int = 0
    """Seconds since 1970."""
    device: tuple[int, int] | None = None
    """Major and minor of a device."""
    package: str = ""
    """The package that the entry is from, `name_version_architecture`, empty where it is from none."""
    elf: Elf | None = None
    """Of a regular file that is an ELF file."""
    shebang: str = ""
    """Of a regular file that begins with `#!`: the interpreter and its argument, as the kernel reads them."""
    text: str = ""
    """What checks need of a file without its blob: the content of `etc/passwd`, `etc/group`, `etc/ld.so.conf` and what
    it includes, and `etc/ld-musl-*.path`; of `etc/ld.so.cache` the directories that it leads to, one a line."""
    marks: tuple[str, ...] = ()
    """Of a regular file: what else its bytes tell that lint asks for (`distill.layer.marks`)."""
    effects: tuple[Effect, ...] = ()
    """Of the file of a package in `var/lib/dpkg/status.d`: what its maintainer scripts would have done."""
    replaces: tuple[str, ...] = ()
    """Of the same file: the relations of the package's field `Replaces`."""

    @property
    def bits(self) -> int:
        """The mode as a number."""
        return int(self.mode, 8)


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Record)
_ESCAPE = re.compile(r"\\x([0-9a-f]{2})")


def escape(path: str) -> str:
    r"""Write `path` (surrogateescape) as UTF-8 text: a backslash or an undecodable byte becomes `\xNN`."""
    if path.isascii() and "\\" not in path:
        return path
    raw = path.encode("utf-8", "surrogateescape").replace(b"\\", b"\\x5c")
    return raw.decode("utf-8", "backslashreplace")


def unescape(text: str) -> str:
    """Give back the path (surrogateescape) that `escape` wrote as `text`."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_byte, text).encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def _byte(match: re.Match[str]) -> str:
    return bytes.fromhex(match[1]).decode("utf-8", "surrogateescape")


def encode(record: Record) -> bytes:
    """Give the line of `record`, with its newline."""
    return _ENCODER.encode(record) + b"\n"


def decode(lines: Iterable[bytes], source: str = "listing") -> Iterator[Record]:
    """Read records from `lines`; `source` names them in errors.

    Raises:
        FormatError: a line that is no record.
    """
    for number, line in enumerate(lines, 1):
        try:
            yield _DECODER.decode(line)
        except msgspec.DecodeError as error:
            raise FormatError(f"{source}:{number} is no listing record: {error}") from None


def read(path: str | Path) -> Iterator[Record]:
    """Read the records of the listing file at `path`."""
    with open(path, "rb") as stream:
        yield from decode(stream, str(path))
