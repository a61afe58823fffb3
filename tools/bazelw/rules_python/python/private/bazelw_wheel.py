"""Fetches one locked requirement with pip and lays it out as a Bazel repository in the current folder.

Usage: bazelw_wheel.py request.json, whose keys bazelw_whl_library.bzl writes. Runs with the machine's python3; pip is
that Python's own, else the one of the wrapper's prefix (Debian's python3-pip-whl).
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import zipfile
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath
from typing import Any

SITE = "site-packages"
# Where a wheel's *.data subfolders go (binary distribution format: the installation scheme's keys).
SCHEME = {"purelib": SITE, "platlib": SITE, "scripts": "bin", "data": "data", "headers": "include"}
NAMESPACE_INIT = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"
BUILD = """\
load("@rules_python//python:defs.bzl", "py_library")

package(default_visibility = ["//visibility:public"])

filegroup(
    name = "dist_info",
    srcs = glob(["site-packages/*.dist-info/**"], allow_empty = True),
)

filegroup(
    name = "data",
    srcs = glob(["data/**", "bin/**", "include/**"], allow_empty = True),
)

filegroup(
    name = "extracted_whl_files",
    srcs = glob(["site-packages/**"], allow_empty = True),
)

filegroup(
    name = "whl",
    srcs = glob(["*.whl"], allow_empty = True),
    data = {whl_deps},
)

py_library(
    name = "pkg",
    srcs = glob(["site-packages/**/*.py"], exclude = {exclude}, allow_empty = True),
    data = [":data"] + glob(
        ["site-packages/**/*"],
        exclude = ["**/* *", "**/*.py", "**/*.pyc", "**/*.dist-info/RECORD"] + {exclude},
        allow_empty = True,
    ),
    imports = ["site-packages"],
    deps = {deps},
)
"""


def normalize(name: str) -> str:
    """A project's name as part of a repository's name."""
    return re.sub(r"[-_.]+", "_", name).lower()


def pip_environment() -> dict[str, str]:
    """The environment in which `python -m pip` works; `pip._vendor` can be imported afterwards."""
    environment = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", **os.environ}
    if importlib.util.find_spec("pip"):
        return environment
    # This file lies in <prefix>/share/bazel/rules/python/python/private.
    prefix = Path(str(Path(__file__).resolve()).partition("/share/bazel/")[0])
    wheels = sorted(prefix.glob("share/python-wheels/pip-*.whl"))
    if not wheels:
        sys.exit(f"no pip, got none for {sys.executable}; install python3-pip")
    sys.path.insert(0, str(wheels[0]))
    paths = [str(wheels[0]), *environment.get("PYTHONPATH", "").split(os.pathsep)]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    return environment


def fetch(request: dict[str, Any]) -> Path | None:
    """Run pip; returns the wheel's file, or None where no marker of the requirement holds here."""
    environment = pip_environment()
    lock = Path("requirement.txt")
    lock.write_text(request["requirement"] + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", *(["--isolated"] if request["isolated"] else [])]
    if request["download_only"]:
        command += ["download", "--only-binary", ":all:", "--dest", "."]
    else:
        command += ["wheel", "--wheel-dir", "."]
    command += ["--no-deps", "-r", str(lock), *request["extra_pip_args"]]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    sys.stdout.write(done.stdout.decode("utf-8", "replace"))
    if done.returncode:
        sys.exit(f"pip failed, got exit code {done.returncode}; see its messages above")
    lock.unlink()
    return next(Path().glob("*.whl"), None)


def place(name: str) -> PurePosixPath:
    """Where the file `name` of a wheel goes."""
    first, _, rest = name.partition("/")
    if not first.endswith(".data"):
        return PurePosixPath(SITE, name)
    key, _, rest = rest.partition("/")
    return PurePosixPath(SCHEME.get(key, "data"), rest)


def extract(wheel: Path) -> Message:
    """Unpack the wheel; returns its METADATA."""
    metadata = None
    with zipfile.ZipFile(wheel) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            path = place(info.filename)
            if ".." in path.parts or path.is_absolute():
                sys.exit(f"the wheel leads out of its folder, got {info.filename} in {wheel}; do not use it")
            content = archive.read(info)
            file = Path(path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            if info.external_attr >> 16 & 0o111 or path.parts[0] == "bin":
                file.chmod(0o755)
            if re.fullmatch(r"[^/]+\.dist-info/METADATA", info.filename):
                metadata = HeaderParser().parsestr(content.decode("utf-8"))
    if metadata is None:
        sys.exit(f"the wheel holds no METADATA, got {wheel}; do not use it")
    return metadata


def dependencies(metadata: Message, request: dict[str, Any]) -> list[str]:
    """The names, normalized, of the lock's projects that this wheel needs here, with the extras asked for."""
    # Whatever Python this is, it has pip by now, and every pip brings this library.
    requirements = importlib.import_module("pip._vendor.packaging.requirements")
    extras = {""}
    for line in request["requirement"].splitlines():
        match = re.match(r"[^\[;=<>~! ]+\s*\[([^\]]*)\]", line)
        extras.update(extra.strip() for extra in (match.group(1) if match else "").split(","))
    found = set()
    for text in metadata.get_all("Requires-Dist") or []:
        try:
            needed = requirements.Requirement(text)
        except requirements.InvalidRequirement:
            continue  # old projects publish such; pip leaves them out as well
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
            found.add(normalize(needed.name))
    found.discard(normalize(metadata["Name"]))
    return sorted(found & set(request["known"]))


def mark_namespaces() -> None:
    """Give every folder of modules that has no __init__.py one that keeps it a namespace package.

    Else Bazel writes an empty one, which hides what other wheels put into the same package.
    """
    for folder, folders, files in os.walk(SITE):
        folders[:] = [name for name in folders if not name.endswith((".dist-info", ".libs")) and name != "__pycache__"]
        modules = folders or any(name.endswith((".py", ".so")) for name in files)
        if folder != SITE and modules and "__init__.py" not in files:
            Path(folder, "__init__.py").write_text(NAMESPACE_INIT, encoding="utf-8")


def main() -> None:
    """Read the request, fetch, unpack, write BUILD.bazel."""
    file = Path(sys.argv[1])
    request = json.loads(file.read_text(encoding="utf-8"))
    wheel = fetch(request)
    deps = []
    if wheel is not None:
        deps = dependencies(extract(wheel), request)
        if not request["implicit_namespaces"]:
            mark_namespaces()
    file.unlink()
    labels = [f"@{request['hub']}_{name}//:" for name in deps]
    exclude = [f"{SITE}/{pattern.removeprefix(SITE + '/')}" for pattern in request["pip_data_exclude"]]
    text = BUILD.format(
        deps=json.dumps([label + "pkg" for label in labels]),
        whl_deps=json.dumps([label + "whl" for label in labels]),
        exclude=json.dumps(exclude),
    )
    Path("WORKSPACE").touch()
    Path("BUILD.bazel").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
