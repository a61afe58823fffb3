"""Writes and reads the lock of a manifest of Debian packages.

Mirrors, in this order: the manifest's `mirrors`, the variable DISTILL_DEBIAN_MIRROR (URL, or NAME=URL for the source
NAME; several with blanks between), the machine's apt sources. Each package that is locked for the first time is fetched
once and read: what its scripts would make, and its libraries. That is cached by its hash, and so are indexes.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from distill import atomic
from distill.errors import DistillError, InputError, LockError
from distill.lock import apt_sources, locking, package_manifest, provided_by, salvage
from distill.lock import lock as locks
from distill.lock import report as lock_report
from distill.lock.fetch import Fetcher
from distill.lock.lock import Lock
from distill.progress import Progress


def parser() -> argparse.ArgumentParser:
    """Give the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="lock", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("--manifest", type=Path, required=True, help="the manifest (YAML), relative to the workspace")
    top.add_argument("--lock", type=Path, required=True, help="the lock (JSON), relative to the workspace")
    top.add_argument("--command", default="", help="what a user types to run this, for messages")
    top.add_argument("--no-cache", action="store_true", help="download every index and package anew, and keep none")
    top.add_argument("--check", action="store_true", help="the same as the action check")
    commands = top.add_subparsers(dest="action", metavar="ACTION")
    commands.add_parser("lock", help="resolve the manifest with what the archive has now, and write the lock (default)")
    commands.add_parser("update", help="the same for a lock that is up to date with its manifest: only versions move")
    commands.add_parser("check", help="tell whether the lock fits its manifest and was not edited; needs no network")
    why = commands.add_parser("why", help="tell what brought a package into the lock, or why it is left out")
    why.add_argument("package")
    why.add_argument("--architecture", action="append", help="default: all that are locked")
    provides = commands.add_parser("provides", help="tell which packages of the manifest's suites have a file")
    provides.add_argument("file", help="a name, such as libssl.so.3, or a path; * and ? as in a shell")
    provides.add_argument("--architecture", action="append", help="default: all of the manifest")
    return top


def main(arguments: Sequence[str]) -> int:
    """Run one action; gives the exit code."""
    options = parser().parse_args(arguments)
    if options.check:
        options.action = "check"
    root = Path(os.environ.get("BUILD_WORKSPACE_DIRECTORY", "."))
    command = options.command or f"debian_lock --manifest {options.manifest} --lock {options.lock}"
    try:
        run(options, root / options.manifest, root / options.lock, command)
    except DistillError as error:
        sys.stderr.write(f"{options.manifest}: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(f"{options.manifest}: stopped; the lock is as it was\n")
        return 130
    return 0


def run(options: argparse.Namespace, manifest_file: Path, lock_file: Path, command: str) -> None:
    """Run the action that `options` name.

    Raises:
        DistillError: whatever a user can cause.
    """
    try:
        text = manifest_file.read_bytes()
    except OSError as error:
        raise InputError(f"manifest cannot be read, got {error.strerror} for {manifest_file}; write it first") from None
    manifest = package_manifest.parse(text, manifest_file.name)
    if options.action == "check":
        _read(lock_file, command, manifest.checksum)
        sys.stderr.write(f"{lock_file.name} is up to date\n")
    elif options.action == "why":
        lock = _read(lock_file, command, manifest.checksum)
        for line in lock_report.why(lock, options.package, options.architecture or ()):
            sys.stdout.write(f"{line}\n")
    elif options.action == "provides":
        _provides(options, manifest, manifest_file, _previous(lock_file, command))
    elif options.action == "update":
        _write(options, manifest, manifest_file, lock_file, _read(lock_file, command, manifest.checksum))
    else:
        _write(options, manifest, manifest_file, lock_file, _previous(lock_file, command))


def _previous(lock_file: Path, command: str) -> Lock | None:
    """Give the lock that there is; of one that cannot be trusted, and is written anew, only the dates of its suites."""
    if not lock_file.exists():
        return None
    try:
        return _read(lock_file, command, None)
    except LockError as error:
        found = salvage.salvage(lock_file.read_bytes()) if lock_file.is_file() else None
        kept = "of it only the dates of suites count" if found else "so the dates of suites are not compared with it"
        sys.stderr.write(f"note: {str(error).rpartition(';')[0]}; {kept}\n")
        return found


def _read(file: Path, command: str, checksum: str | None) -> Lock:
    try:
        text = file.read_bytes()
    except OSError as error:
        raise LockError(f"lock cannot be read, got {error.strerror} for {file}; run `{command}`") from None
    lock = locks.read(text, file.name, command, checksum)
    if checksum is not None:
        provided_by.check(lock, file.parent, file.name, command)
    return lock


def _write(
    options: argparse.Namespace,
    manifest: package_manifest.PackageManifest,
    manifest_file: Path,
    lock_file: Path,
    previous: Lock | None,
) -> None:
    start = time.monotonic()
    world = _world(options, manifest_file)
    lock = locking.make(manifest, world, previous)
    _replace(lock_file, locks.write(lock))
    for line in (*lock_report.changes(previous, lock), *lock_report.effects(previous, lock)):
        world.progress.say(line)
    world.progress.say(f"wrote {lock_file} in {time.monotonic() - start:.1f} s")


def _provides(
    options: argparse.Namespace,
    manifest: package_manifest.PackageManifest,
    manifest_file: Path,
    previous: Lock | None,
) -> None:
    architectures = options.architecture or manifest.architectures
    for name in architectures:
        if name not in manifest.architectures:
            raise InputError(
                f"architecture is not in the manifest, got {name}; it has {', '.join(manifest.architectures)}"
            )
    found = locking.provides(manifest, _world(options, manifest_file), previous, options.file, architectures)
    if not found:
        raise InputError(f"no package of the suites has the file, got {options.file}; try *{options.file.strip('*')}*")
    packages = previous.packages if previous else {}
    locked = {
        (name, package.name)
        for architecture in packages
        for package in packages[architecture]
        for name in (architecture, "all")
    }
    for architecture, match in found:
        names = [f"{name} (locked)" if (architecture, name) in locked else name for name in match.packages]
        sys.stdout.write(f"{architecture}: /{match.path}: {', '.join(names)}\n")


def _world(options: argparse.Namespace, manifest_file: Path) -> locking.World:
    return locking.World(
        now=datetime.now(UTC),
        fetcher=Fetcher(),
        environment=os.environ,
        apt=apt_sources.read(Path("/etc/apt")),
        folder=manifest_file.parent,
        cache=None if options.no_cache else _cache() / "indexes",
        progress=Progress(sys.stderr),
        facts=None if options.no_cache else _cache() / "facts",
    )


def _cache() -> Path:
    """Give the folder of the cache (XDG Base Directory Specification: a relative path is to be ignored)."""
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (given if given.is_absolute() else Path("~/.cache").expanduser()) / "rules_distill"


def _replace(file: Path, data: bytes) -> None:
    """Write `data` to `file` at once or not at all; with the mode of the file that it replaces."""
    atomic.write(file, data, file.stat().st_mode & 0o777 if file.exists() else 0o644)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
