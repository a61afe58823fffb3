"""Certificates: a bundle of trusted authorities out of PEM files, each block parsed (RFC 7468, RFC 5280).

The parser is OpenSSL, through the standard library: it is the one that most programs will read the bundle with, and it
takes the old roots that stricter ones refuse (Go Daddy's has the serial number 0). What is written is the DER that was
read, so no version of it changes a bundle.
"""

import base64
import binascii
import re
import ssl
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from distill import globs
from distill.errors import FormatError, InputError

_BLOCK = re.compile(r"-----BEGIN ([^\n]*?)-----(.*?)-----END \1-----", re.DOTALL)
_BEGIN = "-----BEGIN "
_CERTIFICATE = "CERTIFICATE"


@dataclass(frozen=True)
class Certificate:
    """One certificate and what was read of it."""

    der: bytes
    source: str
    """The file that it is from: a path below usr/share/ca-certificates, or on disk."""
    name: str
    """The common name of its subject, or the last of its other names; empty where it is no authority."""
    not_before: date | None
    """The day, UTC, on which it begins to be valid; None where it is no authority."""
    not_after: date | None
    """The day, UTC, on which it ends to be valid; None where it is no authority."""


def parse(text: bytes, source: str) -> list[Certificate]:
    """Read the certificates of the PEM file `text`, which errors call `source`; text around the blocks is let be.

    Raises:
        FormatError: no block, one that does not end, one of another kind (as a private key), or one that is no
            certificate.
    """
    # Latin-1 takes any byte; comments may be in any encoding, and blocks are ASCII.
    pem = text.decode("latin-1")
    blocks = list(_BLOCK.finditer(pem))
    if not blocks or len(blocks) != pem.count(_BEGIN):
        raise FormatError(
            f"{source} is no PEM file, got {len(blocks)} whole blocks where {pem.count(_BEGIN)} begin;"
            " give certificates between BEGIN and END lines"
        )
    return [_certificate(block, source, number) for number, block in enumerate(blocks, 1)]


def exclude(certificates: Iterable[Certificate], names: Sequence[str]) -> list[Certificate]:
    """Give `certificates` without those that `names` means: a source, its last name, or a common name.

    Raises:
        InputError: a name that means none of them.
    """
    left = list(certificates)
    known = {alias for certificate in left for alias in _aliases(certificate)}
    for name in names:
        if name not in known:
            near = globs.near(name, known)
            hint = f"did you mean {', '.join(near)}?" if near else "name a file or a common name"
            raise InputError(f"exclude means no certificate, got {name!r}; {hint}")
    return [certificate for certificate in left if not _aliases(certificate) & set(names)]


def bundle(certificates: Iterable[Certificate]) -> bytes:
    """Give `certificates` as one PEM file in their order, each once, with lines of 64 and a line end at the end.

    Raises:
        InputError: there is none.
    """
    found = {certificate.der: None for certificate in certificates}
    if not found:
        raise InputError("the bundle is empty, got no certificate; give a package or extra, and exclude less")
    return "".join(map(ssl.DER_cert_to_PEM_cert, found)).encode()


def aliases(certificates: Iterable[Certificate]) -> dict[str, bytes]:
    """Give the DER of each of `certificates` once, by an alias for a keystore: its file's name, in lower case.

    Raises:
        InputError: there is none.
    """
    found: dict[bytes, Certificate] = {}
    for certificate in certificates:
        found.setdefault(certificate.der, certificate)
    if not found:
        raise InputError("the keystore is empty, got no certificate; give a package or extra, and exclude less")
    named: dict[str, bytes] = {}
    for der, certificate in found.items():
        # Java looks aliases up in lower case.
        name = alias = certificate.source.rpartition("/")[2].lower()
        number = 1
        while alias in named:
            number += 1
            alias = f"{name}-{number}"
        named[alias] = der
    return named


def report(certificates: Iterable[Certificate], day: date | None) -> list[str]:
    """Give a line for each of `certificates` that is not valid on `day` (None: not looked at) or is no authority."""
    lines = []
    for certificate in certificates:
        what = f"{certificate.source}: {certificate.name}"
        if certificate.not_before is None or certificate.not_after is None:
            lines.append(f"{certificate.source}: a certificate is no authority, so few programs will trust it")
        elif day is not None and certificate.not_after < day:
            lines.append(f"{what} expired on {certificate.not_after}")
        elif day is not None and certificate.not_before > day:
            lines.append(f"{what} is not valid before {certificate.not_before}")
    return lines


def parse_day(text: str) -> date | None:
    """Read the day `text`, `YYYY-MM-DD`; empty text gives None.

    Raises:
        InputError: no day.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"valid_on is no day, got {text!r}; write YYYY-MM-DD") from None


def _certificate(block: re.Match[str], source: str, number: int) -> Certificate:
    kind, body = block.groups()
    if kind != _CERTIFICATE:
        raise FormatError(f"{source} holds what is no certificate, got {kind}; leave only {_CERTIFICATE} blocks")
    try:
        return _read(base64.b64decode("".join(body.split()), validate=True), source)
    except (binascii.Error, ValueError, ssl.SSLError) as error:
        raise FormatError(
            f"{source} holds a certificate that cannot be read, got block {number}; take it out or replace it"
        ) from error


def _read(der: bytes, source: str) -> Certificate:
    """Read one certificate; ValueError or SSLError where it is none, or its dates are none."""
    if not _is_one_value(der):
        raise ValueError("its length is wrong")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=der)
    authorities = context.get_ca_certs()
    if not authorities:
        return Certificate(der, source, "", None, None)
    fields = authorities[0]
    return Certificate(der, source, _name(fields["subject"]), _day(fields["notBefore"]), _day(fields["notAfter"]))


def _is_one_value(der: bytes) -> bool:
    """Say whether `der` is one DER value and nothing after it (X.690, 8.1.3); OpenSSL would let the rest be."""
    if len(der) < 2:
        return False
    octets = der[1] & 0x7F if der[1] & 0x80 else 0
    length = int.from_bytes(der[2 : 2 + octets], "big") if octets else der[1]
    return len(der) == 2 + octets + length


def _name(subject: object) -> str:
    """Give the common name of `subject`, names as `ssl` gives them, or the last of its other names."""
    pairs = [pair for names in subject for pair in names] if isinstance(subject, tuple) else []
    return str(dict(pairs).get("commonName") or (pairs[-1][1] if pairs else ""))


def _day(time: object) -> date:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(time)), UTC).date()


def _aliases(certificate: Certificate) -> set[str]:
    return {certificate.source, certificate.source.rpartition("/")[2], certificate.name} - {""}
