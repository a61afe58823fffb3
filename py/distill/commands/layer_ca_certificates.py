"""LayerCaCertificates: the trusted authorities, from a ca-certificates package and files of one's own."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from distill.debian.deb import Deb
from distill.errors import InputError
from distill.layer import certificates, keystore, layer_request
from distill.layer.certificates import Certificate
from distill.layer.layer import Source, Tree
from distill.layer.layer_request import OUTPUTS, LayerSettings
from distill.package import debian_layer
from distill.package.package_input import PackageLine, open_package
from distill.request import Request, outputs
from distill.tar import Entry

BUNDLE = "etc/ssl/certs/ca-certificates.crt"
OPENSSL = "usr/lib/ssl/cert.pem"
"""Where Debian's OpenSSL looks when no environment variable says otherwise."""
JAVA = "etc/ssl/certs/java/cacerts"
"""Where Debian's Java looks."""
Format = Literal["bundle", "openssl", "java"]
_BELOW = "usr/share/ca-certificates/"


class Settings(LayerSettings, frozen=True, forbid_unknown_fields=True):
    """Scalar settings."""

    exclude: tuple[str, ...] = ()
    """Certificates to leave out: files below usr/share/ca-certificates, their last names, or common names."""
    formats: tuple[Format, ...] = ("bundle", "openssl")
    """What is written: the bundle, the link to it by which OpenSSL finds it, Java's keystore."""
    valid_on: str = ""
    """A day, YYYY-MM-DD, on which certificates have to be valid or are reported; empty reports no times."""


class ExtraLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="extra"):
    """A PEM file of one's own."""

    path: str


def run(request: Request) -> None:
    """Write the layer to the outs `blob`, `descriptor` and `listing`, and to `report` a line for each doubtful one.

    The package's certificates come first, by the bytes of their paths, then those of `extra`, as they are given.
    """
    settings = request.settings(Settings)
    day = certificates.parse_day(settings.valid_on)
    lines = layer_request.read(request, PackageLine, ExtraLine)
    outs = outputs(lines, *OUTPUTS, "report")
    with ExitStack() as stack:
        tree = Tree()
        found: list[Certificate] = []
        for line in lines:
            if isinstance(line, PackageLine):
                deb = stack.enter_context(open_package(line))
                found += _of_package(deb)
                for source in _papers(deb):
                    tree.add(source)
        for line in lines:
            if isinstance(line, ExtraLine):
                found += certificates.parse(_read(line.path), line.path)
        found = certificates.exclude(found, settings.exclude)
        if not settings.formats:
            raise InputError("formats is empty, got none; name at least one of bundle, openssl, java")
        for source in _written(found, settings.formats):
            tree.add(source)
        report = certificates.report(found, day)
        Path(outs.pop("report")).write_text("".join(f"{text}\n" for text in report), "utf-8")
        layer_request.write(tree, outs, settings)
    for text in report:
        sys.stderr.write(f"{request.header.label}: warning: {text}\n")


def _written(found: Sequence[Certificate], formats: Sequence[Format]) -> Iterator[Source]:
    if "bundle" in formats:
        yield _file(BUNDLE, certificates.bundle(found))
    if "openssl" in formats:
        link = Entry(path=OPENSSL, kind="symlink", mode=0o777, link=f"/{BUNDLE}")
        yield Source(entry=link, origin="the bundle")
    if "java" in formats:
        yield _file(JAVA, keystore.encode(certificates.aliases(found)))


def _of_package(deb: Deb) -> list[Certificate]:
    found = sorted(
        (entry.path, entry, offset)
        for entry, offset in deb.entries
        if entry.kind == "file" and entry.path.startswith(_BELOW) and entry.path.endswith(".crt")
    )
    if not found:
        raise InputError(f"package has no certificates, got {deb.identity}; give ca-certificates")
    return [
        certificate
        for path, entry, offset in found
        for certificate in certificates.parse(deb.read(entry, offset), path.removeprefix(_BELOW))
    ]


def _papers(deb: Deb) -> Sequence[Source]:
    """Give the copyright of `deb` and its entries in status.d."""
    path = f"usr/share/doc/{deb.name}/copyright"
    copyright = [debian_layer.source(deb, replace(e, mtime=0), at) for e, at in deb.entries if e.path == path]
    return [*copyright, *debian_layer.status_sources(deb)]


def _file(path: str, data: bytes) -> Source:
    return Source(entry=Entry(path=path, kind="file", mode=0o644, size=len(data)), origin="the bundle", data=data)


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"extra cannot be read, got {path}: {error.strerror}; give a PEM file") from None
