"""What looks like a secret, put together here so that no scanner finds one in these files."""

import base64
import hashlib


def random(length: int, seed: str = "x") -> str:
    """Give letters and digits that look random, the same every time."""
    found = ""
    while len(found) < length:
        found += base64.b64encode(hashlib.sha256(f"{seed}{len(found)}".encode()).digest()).decode()
        found = "".join(c for c in found if c.isalnum())
    return found[:length]


def hexadecimal(length: int) -> str:
    """Give digits to the base 16 that look random, the same every time."""
    return "".join(hashlib.sha256(str(part).encode()).hexdigest() for part in range(length // 64 + 1))[:length]


BODY = "\n".join("MIIE" + random(60, str(line)) for line in range(12))


def pem(label: str, body: str = BODY) -> str:
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"
