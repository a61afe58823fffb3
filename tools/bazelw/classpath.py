"""Bazel's Java class path: the jars Debian's Bazel takes from other packages."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

# Bazel's client reads the class path from this file, one absolute path a line (a patch of Debian's).
LIST = "usr/share/bazel/bazel_classpath_debian_depends.txt"


def listed(root: Path) -> list[str]:
    """The jars, as absolute paths of the packages, that the list below the unpacked `root` names."""
    return (root / LIST).read_text(encoding="utf-8").split()


def manifest_class_path(jar: Path, name: str) -> list[str]:
    """The absolute paths that the manifest of `jar` puts on the class path; `name` is the jar's own absolute path.

    JAR file specification, Class-Path: entries are relative to the jar; a line is continued by a leading space.
    """
    try:
        with zipfile.ZipFile(jar) as archive:
            manifest = archive.read("META-INF/MANIFEST.MF").decode("utf-8", "replace")
    except (KeyError, zipfile.BadZipFile, OSError):
        return []
    unfolded = manifest.replace("\r\n", "\n").replace("\n ", "")
    folder = name.rpartition("/")[0]
    for line in unfolded.split("\n"):
        if line.lower().startswith("class-path:"):
            entries = (entry.removeprefix("file://") for entry in line.partition(":")[2].split())
            return [
                entry if entry.startswith("/") else f"{folder}/{entry}" for entry in entries if entry.endswith(".jar")
            ]
    return []


def closure(root: Path, where: Callable[[str], Path]) -> tuple[list[str], dict[str, str]]:
    """All jars needed: the listed ones and, transitively, those of their manifests.

    where: gives the file for a jar's absolute path. Returns the jars that exist, in class-path order, and the
    missing ones, each with the jar that wants it (the list itself for a listed one).
    """
    present: dict[str, None] = {}
    missing: dict[str, str] = {}
    waiting = [(name, LIST) for name in listed(root)]
    while waiting:
        name, wanted_by = waiting.pop(0)
        if name in present or name in missing:
            continue
        jar = where(name)
        if not jar.is_file():
            missing[name] = wanted_by
            continue
        present[name] = None
        waiting += [(entry, name) for entry in manifest_class_path(jar, name)]
    return list(present), missing


def write_version_jar(jar: Path, version: str) -> None:
    """Write a jar that tells Bazel its version.

    Debian's build holds none: `native.bazel_version` is empty then, which rulesets take for the newest Bazel.
    Bazel reads the resource /build-data.properties (com.google.devtools.build.lib.bazel.Bazel).
    """
    with zipfile.ZipFile(jar, "w") as archive:
        archive.writestr(zipfile.ZipInfo("build-data.properties"), f"build.label={version}\n")
