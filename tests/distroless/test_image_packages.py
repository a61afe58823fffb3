"""What a vulnerability scanner reads of an image: status.d, parsed by python-debian, and the files of its packages."""

import hashlib
from fnmatch import fnmatchcase
from functools import cache

import case
import pytest
from debian.deb822 import Deb822

FOLDER = "var/lib/dpkg/status.d"
# What an image is asked for: the rest is what these depend on, by the lock.
ASKED = {
    "12": {
        "static": ["base-files", "ca-certificates", "media-types", "netbase", "tzdata"],
        "base_nossl": ["libc6"],
        "base": ["libc6", "libssl3"],
        "cc": ["libgomp1", "libstdc++6", "libgcc-s1"],
        "python3": ["libpython3.11-stdlib", "python3-distutils", "python3.11-minimal"],
        "nodejs": ["nodejs"],
        "java_base": [
            "fontconfig-config",
            "fonts-dejavu-core",
            "libfontconfig1",
            "libfreetype6",
            "libjpeg62-turbo",
            "liblcms2-2",
            "libstdc++6",
            "libuuid1",
        ],
        "java": ["openjdk-17-jre-headless"],
    },
    "13": {
        "static": ["base-files", "ca-certificates", "media-types", "netbase", "tzdata", "tzdata-legacy"],
        "base_nossl": ["libc6"],
        "base": ["libc6", "libssl3t64"],
        "cc": ["libgomp1", "libstdc++6", "libgcc-s1"],
        "python3": ["libpython3.13-stdlib", "python3.13-minimal"],
        "nodejs": ["nodejs"],
        "java_base": [
            "fontconfig-config",
            "fonts-dejavu-core",
            "libfontconfig1",
            "libfreetype6",
            "libjpeg62-turbo",
            "liblcms2-2",
            "libstdc++6",
            "libuuid1",
        ],
        # Java's package only recommends two that its libraries need.
        "java": ["libasound2t64", "libharfbuzz0b", "openjdk-21-jre-headless"],
    },
}[case.RELEASE.id]
# Ours, where distroless lacks something: the C.UTF-8 locale, which its java_base has too, and ldconfig in python3.
ASKED_OURS = {"python3": ["libc-bin"], "java_base": ["libc-bin"]}
# What distroless has besides, though nothing of the image depends on it.
ASKED_COMPATIBLE = {
    "12": {},
    "13": {
        "python3": [
            "libc-bin",
            "libcom-err2",
            "libcrypt1",
            "libgssapi-krb5-2",
            "libk5crypto3",
            "libkeyutils1",
            "libkrb5-3",
            "libkrb5support0",
            "libnsl2",
            "libtirpc3t64",
            "python3.13-venv",
        ]
    },
}[case.RELEASE.id]
# Relations that distroless does not follow: pthread_cancel and pthread_exit want libgcc_s.so.1, which cc has.
CUT = {("libc6", "libgcc-s1"): {"base", "base_nossl"}}

# Files of md5sums that are not in an image of ours: nobody reads them there, or they are generated.
DROPPED = [
    # A slice for whoever wants it.
    "usr/lib/*/gconv/*",
    "usr/share/zoneinfo/posix/*",
    "usr/share/zoneinfo/right/*",
    "usr/share/zoneinfo/posixrules",
    "*lib/*/libmvec.so.1",
    # For debuggers and profilers.
    "*lib/*/libc_malloc_debug.so.0",
    "*lib/*/libmemusage.so",
    "*lib/*/libpcprofile.so",
    "*lib/*/libthread_db.so.1",
    # A command for people.
    "usr/share/nodejs/acorn/bin/acorn",
    # Documentation other than licences, and what builds packages.
    "usr/share/bash-completion/*",
    "usr/share/bug/*",
    "usr/share/doc/*",
    "usr/share/doc-base/*",
    "usr/share/gcc/python/*",
    "usr/share/gdb/*",
    "usr/share/info/*",
    "usr/share/lintian/*",
    "usr/share/man/*",
    # Menus and icons of a desktop.
    "usr/share/applications/*",
    "usr/share/icons/*",
    "usr/share/pixmaps/*",
    # Translations.
    "usr/share/locale/*",
    # What the maintainer script of base-files copies to /etc.
    "usr/share/base-files/*",
    "usr/share/initramfs-tools/*",
]
# Layers that are a part of their package, also where the image is as distroless has it.
DERIVED = {
    "ca-certificates": ["usr/sbin/*", "usr/share/ca-certificates/*", "usr/share/doc/*", "usr/share/man/*"],
    "libc-bin": ["*"],
    # Debian's busybox stands in for that of distroless, and is as our other packages are.
    "busybox-static": DROPPED,
}
GENERATED = {"usr/lib/os-release"}


@cache
def status(variant: str = "") -> dict[str, Deb822]:
    root = case.root(variant)
    names = {name for name in root.children(FOLDER) if not name.endswith(".md5sums")}
    return {name: Deb822(root.text(f"{FOLDER}/{name}")) for name in names}


def closure() -> set[str]:
    """Give the packages that the image is to have: by the lock's relations, from what it is asked for."""
    wanted = [name for image in case.lineage() for name in ASKED[image]]
    more = ASKED_COMPATIBLE if case.COMPATIBLE else ASKED_OURS
    wanted += [name for image in case.lineage() for name in more.get(image, [])]
    found: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            needed = case.locked()[name].get("depends", [])
            wanted += [need for need in needed if case.IMAGE not in CUT.get((name, need), set())]
    return found


@pytest.mark.parametrize("variant", ["", "_debug"])
def test_packages_are_those_of_the_lock(variant: str) -> None:
    locked = case.locked()
    wanted = closure() | ({"busybox-static"} if variant else set())
    assert {name: (entry["Version"], entry["Architecture"]) for name, entry in status(variant).items()} == {
        name: (locked[name]["version"], locked[name]["architecture"]) for name in wanted
    }


def test_fields() -> None:
    for name, entry in status("_debug").items():
        assert entry["Package"] == name
        assert {"Maintainer", "Description"} <= set(entry)
        assert "Status" not in entry, "a field of dpkg's own file, which these are not"
        assert (entry.get("Source") or name).split()[0] == case.locked()[name]["source_package"]


def test_each_layer_says_of_which_package_its_files_are() -> None:
    """A scanner may read one layer alone."""
    for layer in case.root("_debug").layers:
        for path in layer.members:
            if path.startswith("usr/lib/") and layer.members[path].isfile() and path != "usr/lib/os-release":
                assert any(member.startswith(FOLDER + "/") for member in layer.members), path


def test_every_package_has_its_licence() -> None:
    root = case.root("_debug")
    without = [name for name in status("_debug") if root.resolve(f"usr/share/doc/{name}/copyright") is None]
    # Its folder of documentation is a link to that of the package python3.13, which distroless lacks.
    assert without == [name for name in ["python3.13-venv"] if name in status()]


def test_md5sums() -> None:
    """What is there is what the package has; what is not is what the family leaves out."""
    root = case.root("_debug")
    checked = 0
    for name in status("_debug"):
        for line in root.text(f"{FOLDER}/{name}.md5sums").splitlines():
            digest, _, path = line.partition("  ")
            if path in GENERATED:
                continue
            found = root.resolve(path)
            if found is None:
                patterns = [*DERIVED.get(name, []), *([] if case.COMPATIBLE else DROPPED)]
                assert any(fnmatchcase(path, pattern) for pattern in patterns), f"{name} has {path}"
                continue
            checked += 1
            assert hashlib.md5(root.data(found), usedforsecurity=False).hexdigest() == digest, path
    assert checked > 100
