"""Java's trust store, made from the machine's own CA certificates.

Bazel downloads through Java, which reads no PEM bundle. Debian's /etc/ssl/certs/java/cacerts exists only where the
package ca-certificates-java is installed. The format written is JKS (magic 0xFEEDFEED, version 2), which every Java
reads: sun.security.provider.JavaKeyStore.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path

from bazelw.errors import UnsupportedError

# Debian, Fedora, openSUSE; a user's SSL_CERT_FILE comes first.
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
)
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
_TRUSTED_CERTIFICATE = 2  # entry tag
# Java checks the digest only if a password is given; "changeit" is the one it expects of a CA store.
_PASSWORD = "changeit"  # noqa: S105 (no secret)


def bundle(environ: Mapping[str, str]) -> Path:
    """The machine's CA bundle (PEM). Raises UnsupportedError where there is none."""
    for path in (environ.get("SSL_CERT_FILE"), *_BUNDLES):
        if path and Path(path).is_file():
            return Path(path)
    raise UnsupportedError(f"no CA certificates found, got none of {', '.join(_BUNDLES)}; install ca-certificates")


def certificates(pem: bytes) -> list[bytes]:
    """The certificates (DER) of a PEM bundle, each once; whatever is not one is left out."""
    found: dict[bytes, None] = {}
    for body in _PEM.findall(pem):
        try:
            found[base64.b64decode(b"".join(body.split()), validate=True)] = None
        except binascii.Error:
            continue
    return list(found)


def jks(ders: Iterable[bytes]) -> bytes:
    """A JKS key store that trusts the certificates `ders`."""
    entries = []
    for number, der in enumerate(ders):
        alias = b"ca-%d" % number
        entries.append(
            struct.pack(">IH", _TRUSTED_CERTIFICATE, len(alias))
            + alias
            + struct.pack(">Q", 0)  # date of entry, ms since 1970
            + struct.pack(">H", 5)
            + b"X.509"
            + struct.pack(">I", len(der))
            + der
        )
    content = struct.pack(">III", 0xFEEDFEED, 2, len(entries)) + b"".join(entries)
    return content + hashlib.sha1(_PASSWORD.encode("utf-16-be") + b"Mighty Aphrodite" + content).digest()


def write(bundle_path: Path, store: Path) -> None:
    """Write the trust store of `bundle_path` to `store`, replacing it at once.

    Raises UnsupportedError where the bundle holds no certificate.
    """
    ders = certificates(bundle_path.read_bytes())
    if not ders:
        raise UnsupportedError(f"the CA bundle holds no certificate, got {bundle_path}; install ca-certificates")
    fresh = store.with_name(store.name + ".new")
    fresh.write_bytes(jks(ders))
    fresh.replace(store)
