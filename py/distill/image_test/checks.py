"""The checks of container-structure-test that run nothing: each gives what is wrong, one line a fault."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from distill import globs, listing, paths
from distill.errors import DistillError
from distill.image_test import go_regex
from distill.image_test.schema import EnvVar, FileContentTest, FileExistenceTest, LicenseTest, MetadataTest
from distill.image_test.subject import View
from distill.listing import Record
from distill.near import suggestion
from distill.runtime.rootfs import Resolution, Rootfs

# The licences that container-structure-test refuses, and the package that it passes over.
_REFUSED_LICENSES = ("AGPL", "WTFPL")
_LICENSE_EXEMPT = ("libgnutls30",)
_DOCUMENTATION = "usr/share/doc"

_EXPANSION = re.compile(r"\$(?:\{([^}]*)\}|([A-Za-z_][A-Za-z0-9_]*|[*#$@!?0-9-]))")
_SHOWN = 400

_GO_LETTERS = {"directory": "d", "symlink": "L", "char": "Dc", "block": "D", "fifo": "p"}
_LS_LETTERS = {"directory": "d", "symlink": "l", "char": "c", "block": "b", "fifo": "p"}


def expand(text: str, variables: Mapping[str, str]) -> str:
    """Put the values of `variables` for `$NAME` and `${NAME}`, nothing for one that is not set (Go's os.Expand)."""
    return _EXPANSION.sub(lambda match: variables.get(match[1] or match[2] or "", ""), text)


def shown(text: str) -> str:
    """Give `text` for a message, cut where it is long."""
    return repr(text) if len(text) <= _SHOWN else f"{text[:_SHOWN]!r} and {len(text) - _SHOWN} characters more"


def matches(what: str, text: str, expected: Iterable[str], excluded: Iterable[str]) -> Iterator[str]:
    """Check that every pattern of `expected` is found in `text`, which messages call `what`, and none of `excluded`."""
    for pattern in expected:
        if not go_regex.compiled(pattern).search(text):
            yield f"{what} does not match {pattern!r}, got {shown(text)}"
    for pattern in excluded:
        if found := go_regex.compiled(pattern).search(text):
            yield f"{what} matches {pattern!r}, which is excluded, got {shown(found[0])}"


def permissions(record: Record) -> str:
    """Give kind and mode of `record` as Go's FileMode.String says them: `-rw-r--r--`, `dtrwxrwxrwx`, `Lrwxrwxrwx`."""
    special = "".join(letter for bit, letter in ((0o4000, "u"), (0o2000, "g"), (0o1000, "t")) if record.bits & bit)
    return (_GO_LETTERS.get(record.type, "") + special or "-") + _rwx(record.bits)


def ls_permissions(record: Record) -> str:
    """Give kind and mode of `record` as ls(1) says them: `drwxrwxrwt`, `-rwsr-xr-x`."""
    letters = list(_rwx(record.bits))
    for bit, at, letter in ((0o4000, 2, "s"), (0o2000, 5, "s"), (0o1000, 8, "t")):
        if record.bits & bit:
            letters[at] = letter if letters[at] == "x" else letter.upper()
    return _LS_LETTERS.get(record.type, "-") + "".join(letters)


def _rwx(bits: int) -> str:
    return "".join(letter if bits & 0o400 >> at else "-" for at, letter in enumerate("rwxrwxrwx"))


def metadata(view: View, test: MetadataTest) -> Iterator[str]:
    """Check the config of the image."""
    config = view.execution
    yield from _pairs("env", view.environment, test.env_vars)
    for unbound in test.unbound_env_vars:
        if unbound.key in view.environment:
            yield f"env sets {unbound.key}, got {view.environment[unbound.key]!r}"
    yield from _pairs("label", config.get("Labels") or {}, test.labels)
    for what, key, expected in (("entrypoint", "Entrypoint", test.entrypoint), ("cmd", "Cmd", test.cmd)):
        found = list(config.get(key) or [])
        if expected is not None and found != list(expected):
            yield f"{what} is {found}, expected {list(expected)}"
    for what, key, text in (("workdir", "WorkingDir", test.workdir), ("user", "User", test.user)):
        if text and text != (config.get(key) or ""):
            yield f"{what} is {config.get(key) or ''!r}, expected {text!r}"
    ports = set(config.get("ExposedPorts") or {})
    ports |= {port.partition("/")[0] for port in ports}
    yield from _members("port", "exposed", ports, test.exposed_ports, test.unexposed_ports)
    volumes = set(config.get("Volumes") or {})
    yield from _members("volume", "declared", volumes, test.volumes, test.unmounted_volumes)


def _pairs(what: str, found: Mapping[str, str], expected: Sequence[EnvVar]) -> Iterator[str]:
    for pair in expected:
        if pair.key not in found:
            near = suggestion(pair.key, found, f"there are {', '.join(sorted(found)) or 'none'}")
            yield f"{what} {pair.key} is not set; {near}"
        elif pair.is_regex:
            yield from matches(f"{what} {pair.key}", found[pair.key], (pair.value,), ())
        elif found[pair.key] != pair.value:
            yield f"{what} {pair.key} is {found[pair.key]!r}, expected {pair.value!r}"


def _members(what: str, verb: str, found: set[str], wanted: Iterable[str], unwanted: Iterable[str]) -> Iterator[str]:
    for item in wanted:
        if item not in found:
            yield f"{what} {item} is not {verb}, got {', '.join(sorted(found)) or 'none'}"
    for item in unwanted:
        if item in found:
            yield f"{what} {item} is {verb}, which it should not be"


def existence(view: View, test: FileExistenceTest) -> Iterator[str]:
    """Check that a path is there, or not, and what its mode and owner are."""
    path = expand(test.path, view.environment)
    found = find(view.rootfs, path, follow=False)
    if not test.should_exist:
        if found.node:
            yield f"{path} exists ({permissions(found.node.file)}), which it should not"
        return
    if found.node is None:
        yield _missing(view.rootfs, path, found)
        return
    record = found.node.file
    if test.permissions and test.permissions not in (permissions(record), ls_permissions(record)):
        yield f"{path} has permissions {permissions(record)}, expected {test.permissions}"
    for what, got, expected in (("uid", record.uid, test.uid), ("gid", record.gid, test.gid)):
        if expected is not None and got != expected:
            yield f"{path} has {what} {got}, expected {expected}"
    bits = {"": 0, "owner": 0o100, "group": 0o010, "other": 0o001, "any": 0o111}[test.is_executable_by]
    if bits and not record.bits & bits:
        yield f"{path} is not executable by {test.is_executable_by}, got {permissions(record)}"


def content(view: View, test: FileContentTest) -> Iterator[str]:
    """Check what is in a file."""
    path = expand(test.path, view.environment)
    text = _text(view, path)
    if isinstance(text, _Unreadable):
        yield text.reason
    else:
        yield from matches(path, text, test.expected_contents, test.excluded_contents)


def licenses(view: View, test: LicenseTest) -> Iterator[str]:
    """Check that copyright files name no licence that is not allowed."""
    wanted = list(test.files)
    if test.debian:
        found = view.rootfs.resolve(_DOCUMENTATION)
        if found.node is None or found.node.kind != "directory":
            yield f"/{_DOCUMENTATION} is not in the image, so that no copyright file can be checked"
            return
        for child in view.rootfs.children(found.path):
            node = view.rootfs.get(child)
            if node and node.record.type == "directory" and posixpath.basename(child) not in _LICENSE_EXEMPT:
                wanted.append(f"/{child}/copyright")
    for path in wanted:
        text = _text(view, path)
        if isinstance(text, _Unreadable):
            yield text.reason
        else:
            for name in _REFUSED_LICENSES:
                if name in text.upper():
                    yield f"{path} names a licence that is not allowed, got {name}"


@dataclass(frozen=True)
class _Unreadable:
    reason: str


def _text(view: View, path: str) -> "str | _Unreadable":
    """Give the text of a file, its links followed; bytes that are no UTF-8 become U+FFFD, as for Go's regexp."""
    found = find(view.rootfs, path)
    if found.node is None:
        return _Unreadable(_missing(view.rootfs, path, found))
    if found.node.kind != "file":
        return _Unreadable(f"{path} is no file, got a {found.node.kind}")
    try:
        return view.contents.read(found.node).decode("utf-8", "replace")
    except DistillError as error:
        return _Unreadable(str(error))


def _missing(rootfs: Rootfs, path: str, found: Resolution) -> str:
    """Say that `path` is not there, why, and what may be meant."""
    end = paths.join(found.path, found.rest) if found.rest else found.path
    if found.problem == "loop":
        return f"{path} is not in the image: its links lead to each other"
    if found.problem == "not a directory":
        return f"{path} is not in the image: /{found.path} is no directory"
    if end != path.strip("/"):
        return f"{path} is not in the image: its links lead to /{end}"
    near = globs.near(path, [node.record.path for node in rootfs])
    hint = f"; did you mean {', '.join('/' + name for name in near)}?" if near else ""
    return f"{path} is not in the image{hint}"


def find(rootfs: Rootfs, path: str, *, follow: bool = True) -> Resolution:
    r"""Look `path` up as a listing has it (`a\x5cb`), and where that is not there, as the file is called (`a\b`)."""
    found = rootfs.resolve(absolute(path), follow=follow)
    if found.node is None and "\\" in path:
        called = rootfs.resolve(absolute(listing.escape(path)), follow=follow)
        return called if called.node else found
    return found


def absolute(path: str) -> str:
    """Give `path` with a slash in front."""
    return path if path.startswith("/") else f"/{path}"
