"""Tests of distill.layer.keystore; java and keytool read such a file in the tests of //distroless:java."""

import hashlib
import struct

from distill.layer import keystore
from hypothesis import given
from hypothesis import strategies as st


def test_an_empty_one() -> None:
    data = keystore.encode({})
    assert data[:12] == bytes.fromhex("feedfeed0000000200000000")
    assert data[12:] == hashlib.sha1("changeit".encode("utf-16-be") + b"Mighty Aphrodite" + data[:12]).digest()


def test_an_entry() -> None:
    data = keystore.encode({"a": b"DER"}, created=1)
    assert data[12:-20] == (
        bytes.fromhex("00000002") + b"\0\x01a" + bytes(7) + b"\1" + b"\0\x05X.509" + bytes.fromhex("00000003") + b"DER"
    )


def test_the_password_is_in_the_digest_only() -> None:
    one, other = keystore.encode({"a": b"x"}), keystore.encode({"a": b"x"}, "secret")
    assert one[:-20] == other[:-20]
    assert one[-20:] != other[-20:]


def test_names_are_java_s_utf() -> None:
    data = keystore.encode({"\0é\U0001f600": b""})
    name = b"\xc0\x80" + "é".encode() + b"\xed\xa0\xbd\xed\xb8\x80"
    assert data[16 : 18 + len(name)] == struct.pack(">H", len(name)) + name


@given(st.dictionaries(st.text("abc", max_size=5), st.binary(max_size=9), max_size=5))
def test_entries_are_sorted_and_whole(certificates: dict[str, bytes]) -> None:
    data, at, read = keystore.encode(certificates), 12, []
    for _ in certificates:
        (length,) = struct.unpack_from(">H", data, at + 4)
        alias = data[at + 6 : at + 6 + length].decode()
        at += 6 + length + 8 + 7
        (size,) = struct.unpack_from(">I", data, at)
        read.append((alias, data[at + 4 : at + 4 + size]))
        at += 4 + size
    assert read == sorted(certificates.items())
    assert len(data) == at + 20
