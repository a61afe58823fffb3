"""Signatures of Release files. All cryptography is Sequoia's (pysequoia); only what it gives back as signed is used."""

from dataclasses import dataclass
from datetime import datetime

import pysequoia

from distill.errors import FormatError, VerificationError

Certificate = pysequoia.Cert


@dataclass(frozen=True, slots=True)
class Signed:
    """A text that was verified."""

    text: bytes
    signers: tuple[str, ...]
    """Fingerprints of the certificates whose signatures are good."""


def keyring(data: bytes, file: str) -> list[Certificate]:
    """Read OpenPGP certificates, binary or armored; `file` names them in errors.

    Raises:
        FormatError: no certificates.
    """
    try:
        found = pysequoia.Cert.split_bytes(data)
    except Exception:  # pysequoia raises what its Rust side gives, of many types
        found = []
    if not found:
        raise FormatError(
            f"{file} holds no OpenPGP certificate, got {len(data)} bytes; export the archive's public keys"
        )
    return found


def verify(message: bytes, certificates: list[Certificate], where: str, file: str, *, now: datetime | None) -> Signed:
    """Verify `message`, a text with a cleartext signature (RFC 9580, §7), as InRelease files are.

    One good signature by a certificate that is neither revoked nor expired is enough: archives sign with the keys of
    several releases.

    Args:
        message: the file.
        certificates: the keyring.
        where: what errors call the message.
        file: what errors call the keyring.
        now: the time at which certificates must not have expired; None for a picture of the past, whose signatures
            must have been made while they had not.

    Raises:
        VerificationError: no signature, or none that is good.
    """
    if b"-----BEGIN PGP SIGNED MESSAGE-----" not in message:
        raise VerificationError(f"{where} is not signed, got {message[:40]!r}; use another mirror")
    return _verify(message, None, certificates, where, file, now)


def verify_detached(
    text: bytes, sign: bytes, certificates: list[Certificate], where: str, file: str, *, now: datetime | None
) -> Signed:
    """Verify `text` by the detached signature `sign`, as Release and Release.gpg are; the rest is as for `verify`.

    Of several signatures in one block only the first is read: archives that sign with several keys have InRelease.
    """
    try:
        found = pysequoia.Sig.from_bytes(sign)
    except Exception:  # of many types, as above
        raise VerificationError(f"{where}.gpg is no signature, got {sign[:40]!r}; use another mirror") from None
    return _verify(text, found, certificates, where, file, now)


def _verify(
    message: bytes,
    sign: pysequoia.Sig | None,
    certificates: list[Certificate],
    where: str,
    file: str,
    now: datetime | None,
) -> Signed:
    asked: list[str] = []

    def store(names: list[str]) -> list[Certificate]:
        asked.extend(names)
        return certificates

    try:
        result = pysequoia.verify(bytes=message, store=store, signature=sign)
    except Exception:  # as above; the text of the error is a Rust backtrace
        result = None
    if result is None or not result.bytes:
        keys = ", ".join(name[-16:].upper() for name in asked) or "no key"
        raise VerificationError(
            f"{where} has no good signature by a key of {file}, got signatures by {keys}; use another mirror, or the "
            "keyring of the archive's owner"
        )
    by_name = {certificate.fingerprint: certificate for certificate in certificates}
    good: list[str] = []
    ended: list[str] = []
    for signature in result.valid_sigs:
        certificate = by_name[signature.certificate]
        expired = now is not None and certificate.expiration is not None and certificate.expiration < now
        (ended if expired or certificate.is_revoked else good).append(certificate.fingerprint)
    if not good:
        keys = ", ".join(name[-16:].upper() for name in ended)
        raise VerificationError(
            f"{where} is signed by keys of {file} that expired or were revoked, got {keys}; update the keyring"
        )
    return Signed(_lines(bytes(result.bytes), where), tuple(sorted(good)))


def _lines(text: bytes, where: str) -> bytes:
    r"""Give `text` with `\n` at the ends of its lines.

    A signature over text does not tell one end of a line from another (RFC 9580, §5.2.1.2): a mirror could turn a `\n`
    into a `\r`, which ends no line for whoever reads the file, and so hide a field such as Valid-Until.

    Raises:
        VerificationError: a `\r` within a line.
    """
    text = text.replace(b"\r\n", b"\n")
    before, found, _ = text.partition(b"\r")
    if found:
        raise VerificationError(
            f"{where} has a carriage return within a line, got {before[-40:]!r} before it; use another mirror"
        )
    return text


def unwrapped(message: bytes) -> bytes:
    """Give the text of `message` without checking a signature that it may have: for unsigned sources."""
    begin, end = b"-----BEGIN PGP SIGNED MESSAGE-----", b"\n-----BEGIN PGP SIGNATURE-----"
    if not message.startswith(begin):
        return message
    return message.partition(b"\n\n")[2].partition(end)[0] + b"\n"
