r"""What a locked package's own bytes say, read when the lock is written: no index of an archive has it.

Both facts are for people: what the package's maintainer scripts would have made, which no image has of itself, and
which libraries a program gets from it. They stand in the lock as text. A character that is not to be printed is
written `\xNN` or `\uNNNN`: nothing in a package may talk to a terminal.
"""

import msgspec

from distill.debian.deb import Deb
from distill.effect import HANDLED_BY, Effect
from distill.elf import file as elf
from distill.errors import FormatError
from distill.runtime.loader import system_directories
from distill.scripts import maintainer_scripts

_MOST = 1 << 16
"""Characters of all facts of one package. systemd, with the most that were seen, has 4,127."""


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one package's bytes say."""

    effects: tuple[str, ...] = ()
    """What its scripts would have made, one `str(Effect)` each, sorted; without what no image misses."""
    sonames: tuple[str, ...] = ()
    """DT_SONAME of the libraries that it puts where the loader looks, sorted."""


def of(deb: Deb) -> Facts:
    """Read the facts of the opened package `deb`.

    Raises:
        FormatError: a file that is too large, or more facts than any sound package has.
    """
    found = Facts(tuple(_effects(deb)), tuple(_sonames(deb)))
    size = sum(len(text) for text in (*found.effects, *found.sonames))
    if size > _MOST:
        raise FormatError(
            f"{deb.identity}: scripts and libraries are more than a lock may hold, got {size} characters of"
            f" {len(found.effects)} effects and {len(found.sonames)} sonames; take another version of the package"
        )
    return found


def handled_by(effect: str) -> str:
    """Say what stands in an image for an effect that is text; empty for a kind that is not known."""
    word = effect.partition(" ")[0]
    return next((what for kind, what in HANDLED_BY.items() if kind == word), "")


def _effects(deb: Deb) -> list[str]:
    told = [effect for effect in maintainer_scripts.effects(deb) if _matters(effect)]
    return sorted({_printable(str(effect)) for effect in told})


def _matters(effect: Effect) -> bool:
    return not effect.handled_by.startswith("nothing: ")


def _sonames(deb: Deb) -> list[str]:
    """Give the names of libraries: none of a package for all machines, which can have none for this one."""
    directories = {directory.strip("/") for directory in system_directories(deb.architecture)}
    found: set[str] = set()
    for entry, offset in deb.entries:
        if entry.kind != "file" or entry.path.rpartition("/")[0] not in directories:
            continue
        try:
            facts = elf.parse_file(deb.file.fileno(), offset, entry.size)
        except FormatError:
            continue  # the loader would not take it either
        if facts and facts.soname and facts.machine == deb.architecture:
            found.add(_printable(facts.soname))
    return sorted(found)


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
