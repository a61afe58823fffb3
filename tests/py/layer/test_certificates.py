"""Bundles of certificates."""

import ssl
from datetime import date
from pathlib import Path

import pytest
from distill.errors import DistillError, FormatError, InputError
from distill.layer import certificates
from distill.layer.certificates import Certificate
from hypothesis import example, given, settings
from hypothesis import strategies as st

DATA = Path(__file__).parents[1] / "data" / "certificates"
VALID, EXPIRED, FUTURE, SERVER = (
    (DATA / f"{name}.pem").read_bytes() for name in ("valid", "expired", "future", "server")
)


def one(text: bytes, source: str = "x.pem") -> Certificate:
    [certificate] = certificates.parse(text, source)
    return certificate


def test_what_is_read_of_an_authority() -> None:
    certificate = one(VALID)
    assert certificate.name == "Example Root"
    assert (certificate.not_before, certificate.not_after) == (date(2000, 1, 1), date(2100, 1, 1))
    assert one(FUTURE).name == "Example Without Common Name"


def test_what_is_no_authority_is_read_but_not_looked_into() -> None:
    certificate = one(SERVER)
    assert (certificate.name, certificate.not_before, certificate.not_after) == ("", None, None)


def test_several_blocks_with_text_around_them() -> None:
    text = "Zürich\n".encode("latin-1") + VALID + b"between\r\n" + EXPIRED.replace(b"\n", b"\r\n") + b"after"
    assert [c.name for c in certificates.parse(text, "x")] == ["Example Root", "Example Expired Root"]


def test_a_bundle_has_each_certificate_once_in_order_and_ends_in_a_line_end() -> None:
    found = certificates.parse(EXPIRED + VALID.rstrip() + b"\n" + EXPIRED, "x")
    assert certificates.bundle(found) == EXPIRED + VALID
    assert certificates.bundle([one(VALID.replace(b"\n", b"\r\n"))]) == VALID


def test_openssl_reads_the_bundle() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=certificates.bundle([one(VALID), one(SERVER)]).decode())
    assert context.cert_store_stats()["x509"] == 2


NO_CERTIFICATE = "x.pem holds a certificate that cannot be read, got block 1; take it out or replace it"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            b"",
            "x.pem is no PEM file, got 0 whole blocks where 0 begin; give certificates between BEGIN and END lines",
        ),
        (
            VALID + VALID[:-20],
            "x.pem is no PEM file, got 1 whole blocks where 2 begin; give certificates between BEGIN and END lines",
        ),
        (
            VALID.replace(b"CERTIFICATE", b"PRIVATE KEY"),
            "x.pem holds what is no certificate, got PRIVATE KEY; leave only CERTIFICATE blocks",
        ),
        (VALID.replace(b"MIIB", b"MII?"), NO_CERTIFICATE),
        (VALID.replace(b"MIIB", b"MIIC"), NO_CERTIFICATE),
        (b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", NO_CERTIFICATE),
        (b"-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n", NO_CERTIFICATE),
    ],
)
def test_a_broken_file_is_named(text: bytes, message: str) -> None:
    with pytest.raises(FormatError) as error:
        certificates.parse(text, "x.pem")
    assert str(error.value) == message


def test_bytes_after_the_certificate_are_refused() -> None:
    der = one(VALID).der + b"\0"
    with pytest.raises(FormatError) as error:
        certificates.parse(ssl.DER_cert_to_PEM_cert(der).encode(), "x.pem")
    assert str(error.value) == NO_CERTIFICATE


FOUND = [one(VALID, "mozilla/Example_Root.crt"), one(EXPIRED, "mozilla/Old.crt"), one(SERVER, "own/server.pem")]


@pytest.mark.parametrize("name", ["mozilla/Example_Root.crt", "Example_Root.crt", "Example Root"])
def test_exclude_by_file_or_common_name(name: str) -> None:
    assert certificates.exclude(FOUND, [name]) == FOUND[1:]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "Exampel_Root.crt",
            ("exclude means no certificate, got 'Exampel_Root.crt';"
            " did you mean Example_Root.crt, mozilla/Example_Root.crt?"),
        ),
        ("zzz", "exclude means no certificate, got 'zzz'; name a file or a common name"),
        ("", "exclude means no certificate, got ''; name a file or a common name"),
    ],
)  # fmt: skip
def test_an_excluded_name_that_means_nothing(name: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        certificates.exclude(FOUND, [name])
    assert str(error.value) == message


def test_an_empty_bundle_is_refused() -> None:
    with pytest.raises(InputError) as error:
        certificates.bundle([])
    assert str(error.value) == ("the bundle is empty, got no certificate; give a package or extra, and exclude less")


def test_the_report() -> None:
    found = [*FOUND, one(FUTURE, "future.pem")]
    server = "own/server.pem: a certificate is no authority, so few programs will trust it"
    assert certificates.report(found, None) == [server]
    assert certificates.report(found, date(2026, 1, 1)) == [
        "mozilla/Old.crt: Example Expired Root expired on 2020-06-30",
        server,
        "future.pem: Example Without Common Name is not valid before 2050-01-01",
    ]
    assert certificates.report(FOUND[1:2], date(2020, 6, 30)) == []
    assert certificates.report(found[3:], date(2050, 1, 1)) == []


def test_days() -> None:
    assert certificates.parse_day("") is None
    assert certificates.parse_day("2026-02-28") == date(2026, 2, 28)
    with pytest.raises(InputError) as error:
        certificates.parse_day("2026-02-30")
    assert str(error.value) == "valid_on is no day, got '2026-02-30'; write YYYY-MM-DD"


@settings(deadline=None)
@example(149, b"+", 1)  # a time that OpenSSL reads and Python does not
@given(st.integers(0, len(VALID)), st.binary(max_size=4), st.integers(0, 4))
def test_damaged_files_give_certificates_or_a_known_error(at: int, noise: bytes, length: int) -> None:
    try:
        found = certificates.parse(VALID[:at] + noise + VALID[at + length :], "x")
        certificates.report(found, date(2026, 1, 1))
        assert certificates.bundle(found)
    except DistillError:
        pass
