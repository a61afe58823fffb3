"""Fetches one locked requirement with pip and lays it out as a Bazel repository in the current folder.

Usage: wheel.py request.json, whose keys whl_library.bzl writes. Runs with the machine's python3; pip is that
Python's own, else the one of the wrapper's prefix (Debian's python3-pip-whl).
"""

import glob
import importlib.util
import json
import os
import re
import subprocess
import sys
import zipfile
from email.parser import HeaderParser

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


def normalize(name):
    """A project's name as part of a repository's name."""
    return re.sub(r"[-_.]+", "_", name).lower()


def pip_environment():
    """The environment in which `python -m pip` works and `pip._vendor` can be imported."""
    if importlib.util.find_spec("pip"):
        return dict(os.environ)
    # This file lies in <prefix>/share/bazel/rules/python/python/private/bazelw.
    prefix = os.path.realpath(__file__).split("/share/bazel/")[0]
    wheels = glob.glob(os.path.join(prefix, "share/python-wheels/pip-*.whl"))
    if not wheels:
        sys.exit("no pip, got none for %s; install python3-pip" % sys.executable)
    sys.path.insert(0, wheels[0])
    return dict(os.environ, PYTHONPATH=os.pathsep.join([wheels[0], os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep))


def fetch(request):
    """Run pip; returns the wheel's file name, or None where no marker of the requirement holds here."""
    environment = pip_environment()
    environment.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    with open("requirement.txt", "w", encoding="utf-8") as file:
        file.write(request["requirement"] + "\n")
    command = [sys.executable, "-m", "pip"] + (["--isolated"] if request["isolated"] else [])
    if request["download_only"]:
        command += ["download", "--only-binary", ":all:", "--dest", "."]
    else:
        command += ["wheel", "--wheel-dir", "."]
    command += ["--no-deps", "-r", "requirement.txt"] + request["extra_pip_args"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    sys.stdout.write(done.stdout.decode("utf-8", "replace"))
    if done.returncode:
        sys.exit("pip failed, got exit code %d; see its messages above" % done.returncode)
    wheels = glob.glob("*.whl")
    return wheels[0] if wheels else None


def extract(wheel):
    """Unpack the wheel; returns its METADATA as a message."""
    metadata = None
    with zipfile.ZipFile(wheel) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            first, _, rest = info.filename.partition("/")
            if first.endswith(".data") and rest:
                key, _, rest = rest.partition("/")
                path = os.path.join(SCHEME.get(key, "data"), rest)
            else:
                path = os.path.join(SITE, info.filename)
            path = os.path.normpath(path)
            if path.startswith((os.pardir, os.sep)):
                sys.exit("the wheel leads out of its folder, got %s in %s; do not use it" % (info.filename, wheel))
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            content = archive.read(info)
            with open(path, "wb") as file:
                file.write(content)
            if info.external_attr >> 16 & 0o111 or path.startswith("bin/"):
                os.chmod(path, 0o755)
            if re.fullmatch(r"[^/]+\.dist-info/METADATA", info.filename):
                metadata = HeaderParser().parsestr(content.decode("utf-8"))
    return metadata


def dependencies(metadata, request):
    """The names, normalized, of the lock's projects that this wheel needs here, with the extras asked for."""
    try:
        from packaging.requirements import InvalidRequirement, Requirement
    except ImportError:
        from pip._vendor.packaging.requirements import InvalidRequirement, Requirement
    asked = set()
    for line in request["requirement"].splitlines():
        match = re.match(r"[^\[;=<>~! ]+\s*\[([^\]]*)\]", line)
        asked.update(extra.strip() for extra in (match.group(1) if match else "").split(","))
    found = set()
    for text in metadata.get_all("Requires-Dist") or []:
        try:
            needed = Requirement(text)
        except InvalidRequirement:
            continue
        extras = asked | {""}
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
            found.add(normalize(needed.name))
    found.discard(normalize(metadata["Name"]))
    return sorted(found & set(request["known"]))


def mark_namespaces():
    """Give every folder of modules that has no __init__.py one that keeps it a namespace package.

    Else Bazel writes an empty one, which hides what other wheels put into the same package.
    """
    for folder, folders, files in os.walk(SITE):
        folders[:] = [name for name in folders if not name.endswith((".dist-info", ".libs")) and name != "__pycache__"]
        if folder != SITE and "__init__.py" not in files and (folders or any(name.endswith((".py", ".so")) for name in files)):
            with open(os.path.join(folder, "__init__.py"), "w", encoding="utf-8") as file:
                file.write(NAMESPACE_INIT)


def main():
    """Read the request, fetch, unpack, write BUILD.bazel."""
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    wheel = fetch(request)
    deps = []
    if wheel is not None:
        metadata = extract(wheel)
        if metadata is None:
            sys.exit("the wheel holds no METADATA, got %s; do not use it" % wheel)
        deps = dependencies(metadata, request)
        if not request["implicit_namespaces"]:
            mark_namespaces()
    for name in ("requirement.txt", sys.argv[1]):
        os.remove(name)
    with open("WORKSPACE", "w", encoding="utf-8"):
        pass
    with open("BUILD.bazel", "w", encoding="utf-8") as file:
        labels = ["@%s_%s//:" % (request["hub"], name) for name in deps]
        file.write(BUILD.format(
            deps=json.dumps([label + "pkg" for label in labels]),
            whl_deps=json.dumps([label + "whl" for label in labels]),
            exclude=json.dumps([pattern if pattern.startswith(SITE) else SITE + "/" + pattern for pattern in request["pip_data_exclude"]]),
        ))


if __name__ == "__main__":
    main()
