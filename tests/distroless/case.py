"""The image that a test is about: macro acceptance_tests says which, and the environment carries it."""

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from oci_archive import OciArchive
from rootfs import Layer, Root

IMAGE = os.environ["DISTROLESS_IMAGE"]
ARCHITECTURE = os.environ["DISTROLESS_ARCHITECTURE"]
COMPATIBLE = bool(os.environ.get("DISTROLESS_COMPATIBLE"))
"""Whether it is built to be exactly what distroless has: the switch //rules/settings:distroless_compatible."""
HERE = Path(__file__).resolve().parent

_BASES = {
    "base_nossl": "static",
    "base": "static",
    "cc": "base",
    "python3": "cc",
    "nodejs": "cc",
    "java_base": "base_nossl",
    "java": "java_base",
}


@dataclass(frozen=True)
class Machine:
    """What differs between architectures; `loader` is where programs name it, `oci` and `variant` stand in configs."""

    oci: str
    triplet: str
    loader: str
    elf: str
    variant: str | None = None


MACHINES = {
    "amd64": Machine("amd64", "x86_64-linux-gnu", "lib64/ld-linux-x86-64.so.2", "EM_X86_64"),
    "arm64": Machine("arm64", "aarch64-linux-gnu", "lib/ld-linux-aarch64.so.1", "EM_AARCH64", "v8"),
    "armhf": Machine("arm", "arm-linux-gnueabihf", "lib/ld-linux-armhf.so.3", "EM_ARM", "v7"),
    "ppc64el": Machine("ppc64le", "powerpc64le-linux-gnu", "lib64/ld64.so.2", "EM_PPC64"),
    "riscv64": Machine("riscv64", "riscv64-linux-gnu", "lib/ld-linux-riscv64-lp64d.so.1", "EM_RISCV"),
    "s390x": Machine("s390x", "s390x-linux-gnu", "lib/ld64.so.1", "EM_S390"),
}
MACHINE = MACHINES[ARCHITECTURE]


@dataclass(frozen=True)
class Release:
    """What differs between releases of Debian.

    `python` and `java` are versions, `gcc` is the package of the libraries' licence, `stdcxx` ends the name of
    libstdc++; `merged` is whether its packages have what they bring in /usr, `mvec` the architectures for which its C
    library has vectors of mathematics.
    """

    id: str
    name: str
    python: str
    java: str
    gcc: str
    stdcxx: str
    merged: bool
    mvec: frozenset[str]


RELEASE = {
    "debian12": Release("12", "bookworm", "3.11", "17", "gcc-12-base", "6.0.30", False, frozenset({"amd64"})),
    "debian13": Release("13", "trixie", "3.13", "21", "gcc-14-base", "6.0.33", True, frozenset({"amd64", "arm64"})),
}[os.environ["DISTROLESS_RELEASE"]]
MERGED = RELEASE.merged or not COMPATIBLE
"""Whether /bin, /lib and their like are links to /usr."""
PYTHON = f"python{RELEASE.python}"


def is_based_on(image: str) -> bool:
    """Tell whether the image is `image` or is built on it."""
    return image in lineage()


def lineage() -> list[str]:
    """Give the images that this one is built on, lowest first, and itself."""
    names = [IMAGE]
    while names[0] in _BASES:
        names.insert(0, _BASES[names[0]])
    return names


def _file(name: str) -> Path:
    (found,) = [Path(path) for path in os.environ["DISTROLESS_FILES"].split() if Path(path).name == name]
    return found


def archive() -> Path:
    """Give the archive of the debug variant, whose layers are the image's and a shell's."""
    return _file(f"{IMAGE}_debug.tar")


@cache
def manifest(variant: str) -> Any:
    """Parse the manifest of the image's variant, such as `_debug`."""
    return json.loads(_file(f"{IMAGE}{variant}.manifest.json").read_bytes())


@cache
def config(variant: str) -> Any:
    """Parse the config of the image's variant; an assertion fails where it is not the one of the manifest."""
    data = _file(f"{IMAGE}{variant}.config.json").read_bytes()
    assert manifest(variant)["config"]["digest"] == "sha256:" + hashlib.sha256(data).hexdigest()
    return json.loads(data)


@cache
def layers() -> list[Layer]:
    """Read the layers of the debug variant, lowest first."""
    with OciArchive(archive()) as read:
        assert read.manifest == manifest("_debug")
        return [Layer(stream) for stream in read.layers()]


@cache
def root(variant: str = "") -> Root:
    """Give the files of the image as its layers make them together."""
    return Root(layers()[: len(manifest(variant)["layers"])])


@cache
def locked() -> dict[str, dict[str, Any]]:
    """Give the packages of the lock for the architecture, by name."""
    packages = json.loads(Path(os.environ["DISTROLESS_LOCK"]).read_bytes())["packages"][ARCHITECTURE]
    return {package["name"]: package for package in packages}
