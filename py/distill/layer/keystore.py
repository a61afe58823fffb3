"""Java's keystore of trusted certificates, in the form JKS (OpenJDK, sun.security.provider.JavaKeyStore).

Every Java reads it, whatever its default form. It is not encrypted: its password only seeds the digest at the end, with
which Java tells whether the file was changed. The default is the one that Java itself takes to read its cacerts.
"""

import hashlib
import struct
from collections.abc import Mapping

PASSWORD = "changeit"  # noqa: S105 - public: what every Java uses

_MAGIC = 0xFEEDFEED
_VERSION = 2
_TRUSTED = 2
_SALT = b"Mighty Aphrodite"


def encode(certificates: Mapping[str, bytes], password: str = PASSWORD, created: int = 0) -> bytes:
    """Give the keystore of `certificates` (DER by alias), sorted; all `created` then (ms since 1970)."""
    data = struct.pack(">III", _MAGIC, _VERSION, len(certificates))
    for alias, der in sorted(certificates.items()):
        data += struct.pack(">I", _TRUSTED) + _utf(alias) + struct.pack(">Q", created) + _utf("X.509")
        data += struct.pack(">I", len(der)) + der
    # The digest of password and salt is Java's, and no secret hangs on it: SHA-1 is what the form has.
    return data + hashlib.sha1(password.encode("utf-16-be") + _SALT + data, usedforsecurity=False).digest()


def _utf(text: str) -> bytes:
    """Write `text` as java.io.DataOutput.writeUTF does: its length, then UTF-8 of UTF-16 units, NUL in two bytes."""
    units = text.encode("utf-16-be", "surrogatepass")
    data = b"".join(
        b"\xc0\x80" if unit == b"\0\0" else unit.decode("utf-16-be", "surrogatepass").encode("utf-8", "surrogatepass")
        for unit in (units[at : at + 2] for at in range(0, len(units), 2))
    )
    return struct.pack(">H", len(data)) + data
