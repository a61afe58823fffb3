"""The checksum of locks and their manifests: one that Starlark computes too, to see what is stale or edited by hand.

It is no protection against an attacker, and need not be: packages are pinned by SHA-256, and whoever may edit a lock
may also run the command that writes it. Starlark's one fast function over text is `hash`, which is Java's
String.hashCode; rules/debian/private/checksum.bzl computes the same.
"""

_CHECKSUM_LINE = b'  "checksum": '


def checksum(data: bytes) -> str:
    """Give `<length>:<hash>` of `data`; the hash is Java's String.hashCode over bytes, a signed 32-bit number."""
    value = 0
    for byte in data:
        value = (31 * value + byte) & 0xFFFFFFFF
    return f"{len(data)}:{value - (1 << 32) if value >> 31 else value}"


def manifest_checksum(text: bytes) -> str:
    """Give the checksum of a package manifest, which comments, blank lines and the mirrors do not change."""
    kept = []
    mirrors = False
    for line in text.split(b"\n"):
        line = line.rstrip(b" \t\r")
        if not line or line.lstrip(b" \t").startswith(b"#"):
            continue
        if line[:1] not in b" \t-":
            mirrors = line == b"mirrors:"
        if not mirrors:
            kept.append(line)
    return checksum(b"\n".join(kept))


def lock_checksum(text: bytes) -> str:
    """Give the checksum of a lock's text without the line that holds it."""
    return checksum(b"\n".join(line for line in text.split(b"\n") if not line.startswith(_CHECKSUM_LINE)))
