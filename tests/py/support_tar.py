"""Headers of tars by hand, right and wrong ones."""

from distill import tar


def block(
    name: bytes = b"f",
    flag: bytes = b"0",
    size: bytes = b"0",
    link: bytes = b"",
    magic: bytes = b"ustar\00000",
    **at: bytes,
) -> bytes:
    """Give a header with a right checksum; `at` puts bytes elsewhere: `at_345=b"prefix"`."""
    raw = bytearray(512)
    fields = {0: name, 100: b"644", 108: b"0", 116: b"0", 124: size, 136: b"0", 156: flag, 157: link, 257: magic}
    fields |= {int(key[3:]): value for key, value in at.items()}
    for offset, value in fields.items():
        raw[offset : offset + len(value)] = value
    raw[148:156] = b"%06o\0 " % (sum(raw[:148]) + sum(raw[156:]) + 8 * 32)
    return bytes(raw)


def data(content: bytes) -> bytes:
    return content + tar.padding(len(content))


def pax(records: bytes, flag: bytes = b"x") -> bytes:
    return block(b"PaxHeaders", flag, b"%o" % len(records)) + data(records)


def record(key: bytes, value: bytes) -> bytes:
    length = len(key) + len(value) + 3
    while len(str(length)) + len(key) + len(value) + 3 != length:
        length = len(str(length)) + len(key) + len(value) + 3
    return b"%d %b=%b\n" % (length, key, value)


def long(flag: bytes, name: bytes) -> bytes:
    return block(b"././@LongLink", flag, b"%o" % (len(name) + 1)) + data(name + b"\0")
