"""Tiny Debian packages, their lock, and a mirror of them on loopback."""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import support_deb
from distill.checksum import lock_checksum, manifest_checksum
from distill.lock import lock
from distill.lock.lock import Lock, LockedBase, LockedPackage

# No apt source of a machine has this suite or component: only the mirror that a test names is asked.
SUITE = COMPONENT = "tiny"
MANIFEST = f"""\
version: 1
sources:
  - name: tiny
    suites: [{SUITE}]
    components: [{COMPONENT}]
    unsigned: a test's own packages
architectures: [amd64]
packages:
"""


def manifest(names: list[str]) -> str:
    """Give a manifest that wants the packages `names`."""
    return MANIFEST + "".join(f"  - {name}\n" for name in names)


def package(name: str, *more: support_deb.Item, scripts: dict[str, bytes] | None = None) -> bytes:
    """Give a package with one file of its own in it, and `more`, and maintainer scripts."""
    return support_deb.deb(
        [
            support_deb.Item(""),
            support_deb.Item("usr/"),
            support_deb.Item("usr/share/"),
            support_deb.Item(f"usr/share/{name}/"),
            support_deb.Item(f"usr/share/{name}/file", name.encode()),
            *more,
        ],
        control=support_deb.control_text(name),
        scripts=scripts,
    )


def locked(
    packages: Mapping[str, bytes],
    wrong_size: str = "",
    bases: Mapping[str, str] = {},
    sonames: Mapping[str, tuple[str, ...]] = {},
) -> str:
    """Give the lock of `packages`, whatever their bytes are, as the lock command writes it, with one wrong size.

    It builds on the locks `bases`: their texts, by file; `sonames` are libraries by package.
    """
    entries = tuple(
        LockedPackage(
            name=name,
            version="1.0-1",
            architecture="amd64",
            source="tiny",
            suite=SUITE,
            component=COMPONENT,
            section="misc",
            source_package=name,
            source_version="1.0-1",
            path=path(name),
            size=len(data) + (name == wrong_size),
            sha256=hashlib.sha256(data).hexdigest(),
            installed_size=1,
            depends=(),
            wished=True,
            sonames=sonames.get(name, ()),
        )
        for name, data in sorted(packages.items())
    )
    checksum = manifest_checksum(manifest(sorted(packages)).encode())
    below = tuple(LockedBase(file, lock_checksum(text.encode())) for file, text in bases.items())
    return lock.write(Lock(lock.VERSION, "", checksum, (), (), (), {"amd64": entries}, below)).decode()


def path(name: str) -> str:
    """Give the place of a package in the pool."""
    return f"pool/{name}_1.0-1_amd64.deb"


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Say nothing."""


@contextmanager
def mirror(folder: Path, packages: Mapping[str, bytes]) -> Iterator[str]:
    """Serve `packages` from `folder` on loopback and give the address."""
    for name, data in packages.items():
        file = folder / path(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
