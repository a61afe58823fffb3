"""Python runs: all of its standard library, certificates, locale, and libraries that it looks for."""

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import case
import machine
import pytest
from machine import image

__all__ = ["image"]

PYTHON = "/usr/bin/python3"
# Its locale, ldconfig and the cache of libraries; distroless has them since Debian 13.
HAS_LIBC_BIN = not case.COMPATIBLE or case.RELEASE.id == "13"
# Modules that are not to be imported, or not there.
SKIPPED = {
    # They open a browser or print on import.
    "antigravity",
    "this",
    # In packages of Debian of their own: python3-tk and idle, python3-gdbm, python3-lib2to3, python3.11-venv.
    "_gdbm",
    "_tkinter",
    "ensurepip",
    "idlelib",
    "lib2to3",
    "tkinter",
    "turtle",
    "turtledemo",
    # Of Windows, macOS and iOS.
    "_ios_support",
    "_msi",
    "_overlapped",
    "_scproxy",
    "_winapi",
    "_wmi",
    "msilib",
    "msvcrt",
    "nt",
    "winreg",
    "winsound",
}


@pytest.fixture(scope="module")
def found(image: Path) -> Any:
    """What programs/check_python.py finds in the image, without SSL_CERT_FILE."""
    for name in ("programs/check_python.py", "data/server.crt", "data/server.key"):
        shutil.copy(case.HERE / name, image / "test")
    words = [PYTHON, "-I", "/test/check_python.py", "-" if machine.EMULATED else "all", *sorted(SKIPPED)]
    return json.loads(machine.output(image, words, variant="_nonroot", environment={"SSL_CERT_FILE": None}))


@cache
def authorities() -> int:
    return case.root().text("etc/ssl/certs/ca-certificates.crt").count("-----BEGIN CERTIFICATE-----")


def test_every_module_of_the_standard_library(found: Any) -> None:
    assert found["failed"] == {}


def test_version_and_user(found: Any) -> None:
    assert (found["version"], found["uid"]) == ([int(part) for part in case.RELEASE.python.split(".")], 65532)


def test_certificates_without_environment(found: Any) -> None:
    assert found["certificates"] == (0 if case.COMPATIBLE else authorities())


def test_tls(found: Any) -> None:
    assert found["handshake"] == ["hello", "TLSv1.3"]


def test_locale(found: Any) -> None:
    assert found["encoding"] == "utf-8"
    assert found["codeset"] == ("UTF-8" if HAS_LIBC_BIN else "unsupported locale setting")


@pytest.mark.skipif(machine.EMULATED, reason="find_library starts ldconfig, which QEMU alone cannot")
def test_find_library(found: Any) -> None:
    expected = {"c": "libc.so.6", "ssl": "libssl.so.3", "z": "libz.so.1", "stdc++": "libstdc++.so.6"}
    assert found["find_library"] == (expected if HAS_LIBC_BIN else dict.fromkeys(expected))


@pytest.mark.skipif(not HAS_LIBC_BIN, reason="distroless has no ldconfig")
def test_the_cache_of_libraries(image: Path) -> None:
    lines = machine.output(image, ["/sbin/ldconfig", "-p"]).splitlines()
    assert lines[0].endswith("libs found in cache `/etc/ld.so.cache'")
    names = {line.split()[0] for line in lines[1:] if "=>" in line}
    assert {"libc.so.6", "libssl.so.3", "libz.so.1", "libstdc++.so.6", "libsqlite3.so.0"} <= names


@pytest.mark.skipif(not HAS_LIBC_BIN, reason="distroless has no ldconfig")
def test_the_cache_is_what_the_images_own_ldconfig_makes(image: Path) -> None:
    made = image / "tmp/made.cache"
    machine.output(image, ["/sbin/ldconfig", "-i", "-X", "-C", "/tmp/made.cache"])
    try:
        assert made.read_bytes() == (image / "etc/ld.so.cache").read_bytes()
    finally:
        made.unlink()


@pytest.mark.skipif(machine.EMULATED, reason="it starts a program, which QEMU alone cannot")
def test_there_is_no_shell(found: Any) -> None:
    assert found["shell"] == "FileNotFoundError"


def test_names_zones_and_types(found: Any) -> None:
    assert (found["nonroot"], found["getservbyname"], found["svg"]) == (65532, 443, "image/svg+xml")
    assert found["zone"] == "-1 day, 20:00:00"


def test_extensions(found: Any) -> None:
    assert (found["sqlite"], found["curses"]) == ("X", True)


def test_the_entrypoint(image: Path) -> None:
    (entrypoint,) = case.config("")["config"]["Entrypoint"]
    assert machine.output(image, [entrypoint, "-c", "print('hello')"]) == "hello\n"
