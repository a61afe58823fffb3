"""Signatures: good, foreign, false, expired, revoked, missing."""

import contextlib
import functools
from datetime import timedelta

import pytest
from distill.errors import FormatError, VerificationError
from distill.lock import signature
from hypothesis import given, settings
from hypothesis import strategies as st
from support_mirror import NOW, key, keyring, signed

TEXT = b"Origin: Test\n- dash\nSuite: x\n"


def verify(message: bytes, keys: bytes) -> signature.Signed:
    return signature.verify(message, signature.keyring(keys, "keys.pgp"), "InRelease", "keys.pgp", now=None)


def test_good() -> None:
    found = verify(signed(TEXT), keyring("other", "archive"))
    assert found.text.rstrip() == TEXT.rstrip()
    assert found.signers == (key().extract_certificate().fingerprint,)


def test_an_armored_keyring() -> None:
    armored = str(key().extract_certificate()).encode()
    assert verify(signed(TEXT), armored).signers


def test_only_what_is_signed_comes_back() -> None:
    message = b"Suite: evil\n" + signed(TEXT) + b"Suite: evil\n"
    try:
        text = verify(message, keyring()).text
    except VerificationError:
        return
    assert b"evil" not in text


def refusal(message: bytes, keys: bytes) -> str:
    with pytest.raises(VerificationError) as caught:
        verify(message, keys)
    return str(caught.value)


def test_a_foreign_key() -> None:
    assert refusal(signed(TEXT, "thief"), keyring()).startswith(
        "InRelease has no good signature by a key of keys.pgp, got signatures by "
    )


def test_a_changed_text() -> None:
    message = refusal(signed(TEXT).replace(b"Suite: x", b"Suite: y"), keyring())
    assert message.endswith("; use another mirror, or the keyring of the archive's owner")


def test_ends_of_lines_are_not_signed() -> None:
    assert verify(signed(TEXT).replace(b"\nSuite: x\n", b"\r\nSuite: x\r\n"), keyring()).text.rstrip() == TEXT.rstrip()
    assert refusal(signed(TEXT).replace(b"\nSuite: x", b"\rSuite: x"), keyring()) == (
        "InRelease has a carriage return within a line, got b'Origin: Test\\n- dash' before it; use another mirror"
    )


def test_a_truncated_signature() -> None:
    assert refusal(signed(TEXT)[:-80], keyring()).startswith(
        "InRelease has no good signature by a key of keys.pgp, got "
    )


def test_no_signature() -> None:
    assert refusal(b"<html>welcome to our network", keyring()) == (
        "InRelease is not signed, got b'<html>welcome to our network'; use another mirror"
    )


def test_an_expired_key() -> None:
    secret = key("brief")
    certificate = secret.extract_certificate().set_expiration(NOW + timedelta(days=1000), secret.certifier())
    keys, message = signature.keyring(bytes(certificate), "keys.pgp"), signed(TEXT, "brief")
    assert signature.verify(message, keys, "InRelease", "keys.pgp", now=NOW).signers
    assert signature.verify(message, keys, "InRelease", "keys.pgp", now=None).signers
    with pytest.raises(VerificationError) as caught:
        signature.verify(message, keys, "InRelease", "keys.pgp", now=NOW + timedelta(days=2000))
    assert str(caught.value).startswith("InRelease is signed by keys of keys.pgp that expired or were revoked, got ")
    assert str(caught.value).endswith("; update the keyring")


@pytest.mark.parametrize("data", [b"", b"no keys", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n"])
def test_no_keyring(data: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        signature.keyring(data, "keys.pgp")
    expected = f"keys.pgp holds no OpenPGP certificate, got {len(data)} bytes; export the archive's public keys"
    assert str(caught.value) == expected


def test_unwrapped() -> None:
    assert signature.unwrapped(b"Suite: x\n") == b"Suite: x\n"
    assert signature.unwrapped(signed(b"Suite: x")) == b"Suite: x\n"


@functools.cache
def _signed_once() -> bytes:
    return signed(TEXT)  # of another length at another time


@settings(deadline=None)
@given(st.data())
def test_damage_is_never_a_good_signature_of_another_text(data: st.DataObject) -> None:
    message = bytearray(_signed_once())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(message) - 1))
        message[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        found = verify(bytes(message), keyring())
    except VerificationError:
        return
    assert [line.rstrip() for line in found.text.split(b"\n")] == [line.rstrip() for line in TEXT.split(b"\n")]


@given(st.binary(max_size=200))
def test_any_bytes_are_no_keyring_or_one(noise: bytes) -> None:
    with contextlib.suppress(FormatError):
        signature.keyring(noise, "keys.pgp")
