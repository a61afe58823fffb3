"""Bytes for tests: the same on every machine and with every version of Python."""

import hashlib
import itertools


def noise(size: int, seed: str = "") -> bytes:
    """Give `size` bytes that cannot be compressed."""
    blocks = (hashlib.sha256(f"{seed}{number}".encode()).digest() for number in itertools.count())
    return b"".join(itertools.islice(blocks, -(-size // 32)))[:size]


def mixed(size: int) -> bytes:
    """Give `size` bytes that compress as programs do: words, numbers, zeros and some noise."""
    pieces: list[bytes] = []
    length = 0
    for number in itertools.count():
        seed = hashlib.sha256(str(number).encode()).digest()
        text = b" ".join(b"word%d" % (byte * byte // 64) for byte in seed)
        piece = (text, seed[:16], bytes(seed[0]), number.to_bytes(8, "little") * (seed[1] % 8))[seed[2] % 4]
        pieces.append(piece)
        length += len(piece)
        if length >= size:
            break
    return b"".join(pieces)[:size]
