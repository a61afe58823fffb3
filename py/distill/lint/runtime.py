"""Rules on files that programs of an image want while they run, and that it lacks."""

import re
from collections.abc import Callable, Iterator

from distill.lint.image import Image
from distill.lint.rule import Problem, rule
from distill.listing import Elf

_TLS = (
    "libcurl.so.", "libcurl-gnutls.so.", "libcurl-nss.so.", "libgnutls.so.", "libmbedtls.so.", "libs2n.so", "libssl.so",
    "libssl3.so", "libtls.so.", "libwolfssl.so.",
)  # fmt: skip
"""How the names of libraries for TLS begin, and of curl's, which needs one; `libssl3.so` is that of NSS."""
_CERTIFICATES = "etc/ssl/certs"
_CERTIFICATE = re.compile(r"[0-9a-f]{8}\.\d+|.+\.(?:cer|crt|pem)")
"""Names of certificates, and of links to them by hash (OpenSSL, openssl-rehash(1))."""
_OWN = "ssl-cert-snakeoil.pem"
"""A certificate of the machine itself, which Debian's ssl-cert makes: it is nobody's authority."""
_BUNDLES = (
    "etc/ssl/certs/ca-certificates.crt",
    "etc/ssl/cert.pem",
    "etc/pki/tls/certs/ca-bundle.crt",
    "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "usr/lib/ssl/cert.pem",
)
_ZONES = "usr/share/zoneinfo"
_POSIX_ZONE = re.compile(r"<?[A-Za-z0-9+-]+>?[+-]?\d")


@rule(
    "no-certificates",
    "warning",
    "programs use TLS, and the image has no certificates to check a server with",
    "add a ca_certificates_layer, or set SSL_CERT_FILE to where they will be",
)
def no_certificates(image: Image) -> Iterator[Problem]:
    """ELF files that need a library for TLS in an image without certificates.

    Such libraries are OpenSSL's and what has its name, GnuTLS, LibreSSL's libtls, NSS, Mbed TLS, s2n and wolfSSL, and
    curl's, which uses one of them. Their first connection to another host fails with an error that names no file.
    Certificates are looked for where distributions have them: files that hold something, below `/etc/ssl/certs` with
    names of certificates; `SSL_CERT_FILE` or `SSL_CERT_DIR` in the environment says that they are elsewhere. Programs
    that are linked statically, those of Go and Rust among them, do not say what they use and are not found.
    """
    if {"SSL_CERT_FILE", "SSL_CERT_DIR"} & image.environment.keys():
        return
    directory = image.rootfs.resolve(_CERTIFICATES).path
    names = (path for path in image.rootfs.children(directory) if _CERTIFICATE.fullmatch(path.rpartition("/")[2]))
    if any(image.has_bytes(path) for path in (*_BUNDLES, *names) if not path.endswith(_OWN)):
        return
    yield from _elf_files(image, lambda elf: any(name.startswith(_TLS) for name in elf.needed))


@rule(
    "no-zoneinfo",
    "note",
    "programs ask for the local time, and the image has no time zones",
    "add a zoneinfo_layer with the zones that are used, or stay with UTC",
)
def no_zoneinfo(image: Image) -> Iterator[Problem]:
    """ELF files that call `localtime` in an image without `/usr/share/zoneinfo` and `/etc/localtime`.

    Whatever `TZ` says, the C library then takes UTC, and says nothing. Where UTC is meant nothing is wrong.
    """
    if not image.has_content(_ZONES) and not image.has("etc/localtime"):
        yield from _elf_files(image, lambda elf: "localtime" in elf.calls)


@rule(
    "unknown-time-zone",
    "warning",
    "env names a time zone that the image does not have, so its programs run in UTC",
    "add a zoneinfo_layer that has it, or mend TZ",
)
def unknown_time_zone(image: Image) -> Iterator[Problem]:
    """A variable `TZ` in the image's environment that names a zone of which there is no file.

    The C library takes UTC for it without a word. `UTC`, and rules in the form of POSIX such as `CET-1CEST`, need no
    file.
    """
    name = image.environment.get("TZ", "").removeprefix(":")
    if not name or name in ("UTC", "GMT") or _POSIX_ZONE.match(name):
        return
    path = name.lstrip("/") if name.startswith("/") else f"{_ZONES}/{name}"
    if not image.has(path):
        yield Problem(detail=f"TZ {name} (there is no /{path})")


@rule(
    "no-passwd",
    "warning",
    "programs look users up, and the image has no /etc/passwd",
    "add an accounts_layer",
)
def no_passwd(image: Image) -> Iterator[Problem]:
    """ELF files that call `getpwnam` or `getpwuid` in an image without `/etc/passwd`, or with nobody in it.

    Every lookup fails then, that of root too: servers do not find the user they shall run as, and tools no home.
    """
    if not image.has_bytes("etc/passwd"):
        yield from _elf_files(image, lambda elf: not {"getpwnam", "getpwuid"}.isdisjoint(elf.calls))


def _elf_files(image: Image, wanted: Callable[[Elf], bool]) -> Iterator[Problem]:
    for node in image.files:
        if node.file.elf is not None and wanted(node.file.elf):
            yield Problem(node.record.path)
