"""Maintainer scripts, read and never run: what an installed package has that an image of its files lacks.

`preinst` and `postinst` say it (Debian Policy, 6), `triggers` (deb-triggers(5)), `config` (debconf), and files of the
package that systemd's tools read (sysusers.d(5), tmpfiles.d(5)). `prerm` and `postrm` take away, which no image does.
Not told: services, for nothing starts them; manuals, info pages and menus; what a script undoes of older versions.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from distill import paths
from distill.debian.deb import Deb
from distill.effect import Effect
from distill.errors import FormatError, PathError
from distill.scripts import effect_commands, shell_script, systemd_files
from distill.scripts.shell_script import UNKNOWN

_SHELLS = frozenset({"sh", "bash", "dash", "ash"})
_ARMS = {
    "preinst": frozenset({"install", "upgrade", "*"}),
    "postinst": frozenset({"configure", "reconfigure", "triggered", "*"}),
}
_READ_BY_SYSTEMD = re.compile(r"(?:usr/lib|etc)/(sysusers|tmpfiles)\.d/[^/]+\.conf")
_IGNORED = re.compile(
    r"(?:etc/(?:init\.d|rc.\.d|init|systemd|cron\.[a-z]+|apparmor\.d)|usr/local|usr/share/(?:man|info|doc|lintian|bug)"
    r"|var/(?:cache/man|lib/(?:dpkg|systemd|ucf|man-db|apt))|proc|sys|dev|tmp|(?:usr/)?lib/systemd)(?:/.*)?"
    r"|.*\.(?:tmp|dpkg-new|old|distrib)|.*[*?\[].*"
)
"""What is of no use to an image: services, manuals, what only dpkg and administrators use; and files that soon go."""
_MOST_READ = 1 << 20
"""Bytes of a file of systemd's that are read; real ones have some hundred."""
_SHEBANG = re.compile(rb"#![ \t]*(?:/usr/bin/env[ \t]+)?(\S+)")


def effects(deb: Deb) -> list[Effect]:
    """Give what the scripts of `deb` would have done, sorted, each once.

    Raises:
        FormatError: a file of systemd's tools that is too large.
    """
    made: list[Effect] = []
    for name in _ARMS:  # in the order in which they run: what one makes, the next may remove
        made = of_script(name, deb.control_files.get(name, b""), made)
    found = set(made)
    found.update(of_triggers(deb.control_files.get("triggers", b"")))
    if "config" in deb.control_files:
        found.add(Effect("debconf", "config"))
    for entry, offset in deb.entries:
        match = _READ_BY_SYSTEMD.fullmatch(entry.path)
        if match and entry.kind == "file":
            if entry.size > _MOST_READ:
                raise FormatError(
                    f"{deb.identity}: /{entry.path} is too large to be read, got {entry.size} bytes; it may have"
                    f" {_MOST_READ}"
                )
            read = systemd_files.users if match[1] == "sysusers" else systemd_files.paths
            found.update(read(deb.read(entry, offset).decode("utf-8", "surrogateescape")))
    return sorted(_told(found, {entry.path for entry, _ in deb.entries}))


def of_script(name: str, data: bytes, before: Sequence[Effect] = ()) -> list[Effect]:
    """Give the effects `before`, without what it removes, and then those of `data`, the script `name`, in its order."""
    match = _SHEBANG.match(data)
    if not match:
        return list(before)
    if posixpath.basename(match[1].decode("utf-8", "replace")) not in _SHELLS:
        return [*before, Effect("script", name, match[1].decode("utf-8", "backslashreplace"))]
    known = {"DPKG_ROOT": "", "DPKG_MAINTSCRIPT_NAME": name, "0": name, "1": "configure", "2": ""}
    if name == "preinst":
        known["1"] = "install"

    def arm(word: str, patterns: Sequence[str]) -> bool:
        return "$1" not in word.replace("{", "").replace("}", "") or not _ARMS[name].isdisjoint(patterns)

    text = data.replace(b"\0", b"").decode("utf-8", "surrogateescape")
    found = shell_script.commands(text, known, arm)
    result = list(before)
    for words in found:
        if words[0] == "rm":
            result = [made for made in result if made.kind not in ("file", "link") or made.subject not in words]
        result += effect_commands.effects(words)
    return result


def of_triggers(data: bytes) -> Iterator[Effect]:
    """Give the effects of the file `triggers`: those that it activates."""
    for line in data.decode("utf-8", "replace").splitlines():
        verb, _, name = line.partition("#")[0].strip().partition(" ")
        if verb.startswith("activate"):
            if name.strip() == "ldconfig":
                yield Effect("ldconfig", "ldconfig")
            elif name.strip().startswith("update-ca-certificates"):
                yield Effect("certificates", "update-ca-certificates")


def _told(found: Iterable[Effect], shipped: set[str]) -> set[Effect]:
    """Give those of `found` that say something of an image: that are known, and not of the package's own files."""
    told: set[Effect] = set()
    for effect in found:
        subject, detail = effect.subject, effect.detail
        if UNKNOWN in detail:
            if effect.kind in ("mode", "owner", "member"):
                continue
            detail = ""
        if UNKNOWN in subject or not subject or subject.startswith("/") != effect.is_path:
            continue
        if effect.is_path:
            try:
                subject = re.sub("^var/run/", "run/", paths.normalize(subject))
            except PathError:
                continue
            if _IGNORED.fullmatch(subject) or (effect.kind in ("directory", "file") and subject in shipped):
                continue
        told.add(msgspec.structs.replace(effect, subject=subject, detail=detail))
    return told


def summary(effects_of: Mapping[str, Sequence[Effect]]) -> str:
    """Write the report of packages with their effects: a line for each, `package: effect (what stands for it)`."""
    return "".join(
        f"{package}: {effect} ({effect.handled_by})\n" for package, found in effects_of.items() for effect in found
    )
