"""Installs Bazel: packages from a Debian mirror into a prefix of the user's, in one atomic step."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bazelw import apt_sources, bazelrc, classpath, overlay, relocate, rulesets, truststore, unpack
from bazelw.apt_sources import Source
from bazelw.apt_state import PrivateApt
from bazelw.errors import InstallError, UnsupportedError
from bazelw.lock import exclusive, staged
from bazelw.package_set import BAZEL, Index, Package, derive, is_java, more_java
from bazelw.progress import Progress
from bazelw.settings import Settings

WANTED_VERSION = "7.7.1"
# Debian's architectures that Bazel is built for, by the kernel's name of the machine.
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
# How deep the jars' manifests may lead from one package to the next; in practice once.
_MAX_ROUNDS = 5
_VERSION_JAR = Path("share/bazelw/version.jar")
INFO = Path("share/bazelw/info.json")
_PROGRAMS = ("apt-get", "dpkg-deb", "tar")


@dataclass(frozen=True)
class Found:
    """A suite that holds the packages: its private apt, its index, where both come from, its Bazel's version."""

    apt: PrivateApt
    index: Index
    mirror: str
    suite: str
    version: str


def install(settings: Settings, environ: Mapping[str, str], progress: Progress) -> None:
    """Make `settings.prefix`, unless it is there already; waits for another installation.

    Raises UnsupportedError where this machine cannot, InstallError where the installation failed.
    """
    architecture = debian_architecture()
    with exclusive(settings.home / "lock", progress):
        if is_complete(settings.prefix):
            return  # made while this process waited
        try:
            with staged(settings.home) as stage:
                _install(settings, environ, progress, architecture, stage)
        except OSError as error:
            raise InstallError(
                f"the installation failed, got {error}; make room or set BAZELW_HOME, then run bazelw again"
            ) from error
        finally:
            progress.finish()


def is_complete(prefix: Path) -> bool:
    """Whether there is a prefix that was made for the place it is at (its programs hold absolute paths)."""
    try:
        command = (prefix / "launch").read_text(encoding="utf-8").splitlines()[1]
    except (OSError, IndexError):
        return False
    return command == str(prefix / "bin/bazel")


def refresh(settings: Settings, environ: Mapping[str, str]) -> None:
    """Make trust store and launch files again: the machine's CA certificates changed."""
    _write_launch(settings.prefix, settings.prefix, truststore.bundle(environ))


def debian_architecture() -> str:
    """Debian's name of this machine's architecture. Raises UnsupportedError where nothing can be installed on it."""
    if not sys.platform.startswith("linux"):
        raise UnsupportedError(
            f"Bazel can be installed on Linux only, got {sys.platform}; install Bazel 7 or newer and set BAZEL"
        )
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        known = ", ".join(sorted(_ARCHITECTURES))
        raise UnsupportedError(
            f"no Debian Bazel for this CPU, got {machine}, not one of {known}; install Bazel 7 or newer and set BAZEL"
        )
    for program in _PROGRAMS:
        if shutil.which(program) is None:
            raise UnsupportedError(
                f"not a Debian-like system, got no {program} on PATH; install Bazel 7 or newer and set BAZEL"
            )
    return _ARCHITECTURES[machine]


def candidates(settings: Settings) -> list[tuple[str, Path | None]]:
    """The mirrors to try, each with its key file (None: apt's default keys).

    Raises UnsupportedError where neither the user nor the machine names one.
    """
    if settings.mirror:
        given: list[Source] = [Source(settings.mirror, (), ())]
    else:
        given = apt_sources.debian_mirrors(apt_sources.read_folder(settings.apt_sources))
    if not given:
        raise UnsupportedError(
            f"no Debian mirror, got none in the apt sources of {settings.apt_sources}; set BAZELW_MIRROR to an address"
        )
    return [(source.uri, settings.keyring or apt_sources.keyring(source)) for source in given]


def _install(
    settings: Settings, environ: Mapping[str, str], progress: Progress, architecture: str, stage: Path
) -> None:
    bundle = truststore.bundle(environ)
    found = _find(settings, progress, architecture)
    packages = derive(found.index)
    _check_room(settings.home, packages)
    downloads = settings.home / "downloads"
    root, prefix = stage / "root", stage / "prefix"
    packages = _fetch_and_unpack(found, packages, downloads, root, progress)
    progress.start("relocating")
    jars, _ = classpath.closure(root, lambda name: _in_root(root, name))
    unpack.arrange(root, prefix)
    paths = [settings.prefix / _VERSION_JAR, *(unpack.inside(settings.prefix, name) for name in jars)]
    unpack.inside(prefix, "/" + classpath.LIST).write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
    place = relocate.layout(prefix)
    relocate.relocate(prefix, settings.prefix, place)
    rulesets.write_stubs(prefix)
    rulesets.reach_all(prefix)
    overlay.rules_python(prefix)
    overlay.stardoc(prefix, settings.prefix, place.java)
    classpath.write_version_jar(prefix / _VERSION_JAR, found.version)
    _write_options(prefix, settings.prefix, bundle)
    _write_info(prefix, found, packages)
    if settings.prefix.exists():  # a cache folder that was moved here: its paths are the old place's
        settings.prefix.rename(stage / "moved")
    prefix.rename(settings.prefix)
    if not settings.keep_downloads:
        shutil.rmtree(downloads, ignore_errors=True)
        shutil.rmtree(settings.home / "apt", ignore_errors=True)
    progress.say(f"installed Bazel {found.version} in {settings.prefix}")


def _find(settings: Settings, progress: Progress, architecture: str) -> Found:
    """The first mirror and suite that hold the wanted Bazel, else the first with a later one of its major version.

    Raises the first failure, which is about the likeliest mirror and suite, where there is neither.
    """
    failures: list[InstallError] = []
    later: Found | None = None
    for mirror, keyring in candidates(settings):
        shown = apt_sources.without_credentials(mirror)
        for suite in settings.suites:
            progress.start(f"reading the index of {suite} at {shown}")
            apt = PrivateApt(settings.home / "apt", mirror, suite, architecture, keyring)
            try:
                index = Index(apt.update())
            except InstallError as error:
                told = f"no usable suite {suite} at {shown}: {error}; check the network, or set BAZELW_MIRROR"
                failures.append(InstallError(told))
                continue
            held = index[BAZEL].upstream_version if BAZEL in index else "none"
            if held == WANTED_VERSION:
                return Found(apt, index, mirror, suite, held)
            if later is None and _is_later(held):
                later = Found(apt, index, mirror, suite, held)
            told = f"suite {suite} at {shown} holds no Bazel {WANTED_VERSION}, got {held}; set BAZELW_SUITES"
            failures.append(InstallError(told))
    if later is not None:
        progress.say(f"Debian holds no Bazel {WANTED_VERSION} any more; taking {later.version} of {later.suite}")
        # The private apt is at the suite that was read last.
        later.apt.update()
        return later
    raise failures[0]


def _is_later(version: str) -> bool:
    """Whether `version` is a later release of the wanted one's major version."""
    numbers = [[int(part) for part in text.split(".") if part.isdecimal()] for text in (version, WANTED_VERSION)]
    return numbers[0][:1] == numbers[1][:1] and numbers[0] > numbers[1]


def _check_room(home: Path, packages: Sequence[Package]) -> None:
    needed = sum(package.size + package.installed_size for package in packages)
    free = shutil.disk_usage(home).free
    if free < needed:
        amounts = f"{free // 10**6} MB free of {needed // 10**6} MB"
        raise InstallError(f"not enough room, got {amounts} needed in {home}; make room or set BAZELW_HOME")


def _fetch_and_unpack(
    found: Found, packages: list[Package], downloads: Path, root: Path, progress: Progress
) -> list[Package]:
    """Fetch and unpack `packages`, then those that the jars' manifests turn out to need; returns all of them."""
    everything = list(packages)
    for _ in range(_MAX_ROUNDS):
        debs = _fetch(found.apt, packages, downloads, progress)
        _unpack(debs, root, progress)
        _, missing = classpath.closure(root, lambda name: _in_root(root, name))
        wanting = {f"/{_in_root(root, jar).relative_to(root)}" for jar in missing.values() if jar != classpath.LIST}
        libraries = [package for package in everything if is_java(package)]
        owners = [package.name for package in libraries if wanting & unpack.file_names(downloads / package.file_name)]
        packages = more_java(found.index, owners, (package.name for package in everything))
        if not wanting or not packages:
            break
        everything += packages
    return sorted(everything, key=lambda package: package.name)


def _unpack(debs: Sequence[Path], root: Path, progress: Progress) -> None:
    total = sum(deb.stat().st_size for deb in debs)
    unpack.unpack(debs, root, lambda done: progress.update("unpacking", done, total))


def _fetch(apt: PrivateApt, packages: Sequence[Package], folder: Path, progress: Progress) -> list[Path]:
    """Download what is not there yet, whole and right; returns the files in the order of `packages`."""
    folder.mkdir(parents=True, exist_ok=True)
    absent = [package for package in packages if not _is_whole(folder / package.file_name, package)]
    for package in absent:
        (folder / package.file_name).unlink(missing_ok=True)
    total = sum(package.size for package in absent)
    before = apt.downloaded_bytes(folder)
    if absent:
        apt.download(
            [f"{package.name}={package.version}" for package in absent],
            folder,
            lambda: progress.update("downloading", apt.downloaded_bytes(folder) - before, total),
        )
        progress.update("downloading", total, total)
    for package in absent:
        if not (folder / package.file_name).is_file():
            raise InstallError(f"apt-get left no file, got none named {package.file_name}; run bazelw again")
    return [folder / package.file_name for package in packages]


def _is_whole(deb: Path, package: Package) -> bool:
    """Whether an earlier run's download is the file that the (signed) index names."""
    if not deb.is_file() or deb.stat().st_size != package.size or not package.sha256:
        return False
    return hashlib.sha256(deb.read_bytes()).hexdigest() == package.sha256


def _in_root(root: Path, name: str) -> Path:
    """The file for the packages' absolute path `name`, links between jars followed, below the unpacked `root`."""
    path = root / name.lstrip("/")
    for _ in range(10):
        if not path.is_symlink():
            break
        target = path.readlink()
        path = root / str(target).lstrip("/") if target.is_absolute() else path.parent / target
    return path


def _write_options(prefix: Path, final: Path, bundle: Path) -> None:
    options = bazelrc.options(final, rulesets.modules(prefix), rulesets.repositories(prefix))
    (prefix / bazelrc.RC).write_text(options, encoding="utf-8")
    (prefix / bazelrc.WORKSPACE_RC).write_text(bazelrc.workspace_options(), encoding="utf-8")
    _write_launch(prefix, final, bundle)


def _write_launch(prefix: Path, final: Path, bundle: Path) -> None:
    truststore.write(bundle, prefix / bazelrc.TRUST_STORE)
    place = relocate.layout(prefix)
    for name, workspace in (("launch", False), ("launch.workspace", True)):
        fresh = prefix / (name + ".new")
        fresh.write_text(bazelrc.launch(final, place, bundle, workspace), encoding="utf-8")
        fresh.replace(prefix / name)


def _write_info(prefix: Path, found: Found, packages: Sequence[Package]) -> None:
    info = {
        "version": found.version,
        "mirror": apt_sources.without_credentials(found.mirror),
        "suite": found.suite,
        "packages": {package.name: package.version for package in packages},
        "download_bytes": sum(package.size for package in packages),
    }
    (prefix / INFO).write_text(json.dumps(info, indent=1) + "\n", encoding="utf-8")
