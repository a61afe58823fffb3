"""Tests of distill.lint.runtime: each rule with what it finds and what it leaves alone."""

import pytest
from distill.lint import runtime
from distill.listing import Record
from support_lint import PASSWD, found
from support_listing import LIBC, directory, file, program, symlink

CLIENT = [program("usr/bin/app", "libssl.so.3"), program("usr/bin/other", "libgnutls.so.30")]


def test_no_certificates() -> None:
    assert found(runtime.no_certificates, [*LIBC, *CLIENT]) == ["/usr/bin/app", "/usr/bin/other"]


@pytest.mark.parametrize(
    "library",
    [
        "libcurl.so.4", "libcurl-gnutls.so.4", "libs2n.so.1", "libs2n.so", "libtls.so.26", "libssl.so",
        "libmbedtls.so.14", "libssl3.so", "libwolfssl.so.35",
    ],
)  # fmt: skip
def test_every_library_for_tls(library: str) -> None:
    assert found(runtime.no_certificates, [program("usr/bin/app", library)]) == ["/usr/bin/app"]


@pytest.mark.parametrize("library", ["libcrypto.so.3", "libcurlpp.so.0", "libsslx.so.1", "libtlsh.so.0"])
def test_other_libraries(library: str) -> None:
    assert found(runtime.no_certificates, [program("usr/bin/app", library)]) == []


@pytest.mark.parametrize(
    "layer",
    [
        [directory("etc/ssl/certs"), file("etc/ssl/certs/README", size=9)],
        [file("etc/ssl/certs/ca-certificates.crt", size=0)],
        [symlink("etc/ssl/certs/0123abcd.0", "nowhere.pem")],
        [directory("etc/ssl/certs/x.crt")],
        [file("etc/ssl/certs/ssl-cert-snakeoil.pem", size=9)],
    ],
)
def test_what_is_no_certificate(layer: list[Record]) -> None:
    assert found(runtime.no_certificates, CLIENT[:1], layer) == ["/usr/bin/app"]


@pytest.mark.parametrize(
    "layer",
    [
        [file("etc/ssl/certs/ca-certificates.crt", size=9)],
        [file("etc/ssl/certs/0123abcd.0", size=9)],
        [symlink("etc/ssl/certs", "../x"), file("etc/x/own.pem", size=9)],
        [symlink("etc/ssl/cert.pem", "../x.pem"), file("etc/x.pem", size=9)],
        [file("etc/pki/tls/certs/ca-bundle.crt", size=9)],
    ],
)
def test_certificates(layer: list[Record]) -> None:
    assert found(runtime.no_certificates, CLIENT, layer) == []


def test_who_needs_no_certificates() -> None:
    assert found(runtime.no_certificates, LIBC) == []
    assert found(runtime.no_certificates, CLIENT, Env=["SSL_CERT_FILE=/run/x"]) == []


LOCAL = [program("usr/bin/app", "libc.so.6", calls=("localtime",))]


def test_no_zoneinfo() -> None:
    assert found(runtime.no_zoneinfo, LOCAL) == ["/usr/bin/app"]
    assert found(runtime.no_zoneinfo, LOCAL, [symlink("etc/localtime", "nowhere"), directory("usr/share/zoneinfo")])


@pytest.mark.parametrize("path", ["usr/share/zoneinfo/UTC", "etc/localtime"])
def test_zoneinfo(path: str) -> None:
    assert found(runtime.no_zoneinfo, LOCAL, [file(path)]) == []
    assert found(runtime.no_zoneinfo, LIBC) == []


@pytest.mark.parametrize(
    ("zone", "path"),
    [
        ("Europe/Berlin", "usr/share/zoneinfo/Europe/Berlin"),
        (":CET", "usr/share/zoneinfo/CET"),
        ("/etc/zone", "etc/zone"),
    ],
)
def test_time_zone(zone: str, path: str) -> None:
    name = zone.lstrip(":")
    assert found(runtime.unknown_time_zone, [], Env=[f"TZ={zone}"]) == [f"TZ {name} (there is no /{path})"]
    assert found(runtime.unknown_time_zone, [file(path)], Env=[f"TZ={zone}"]) == []


@pytest.mark.parametrize("zone", ["", "UTC", "CET-1CEST", "<+03>-3", "EST5EDT"])
def test_time_zones_without_a_file(zone: str) -> None:
    assert found(runtime.unknown_time_zone, [], Env=[f"TZ={zone}"]) == []
    assert found(runtime.unknown_time_zone, []) == []


@pytest.mark.parametrize("call", ["getpwnam", "getpwuid"])
def test_no_passwd(call: str) -> None:
    app = [program("usr/bin/app", "libc.so.6", calls=(call,))]
    assert found(runtime.no_passwd, app) == ["/usr/bin/app"]
    assert found(runtime.no_passwd, app, [PASSWD]) == []
    assert found(runtime.no_passwd, app, [file("etc/passwd", size=0)]) == ["/usr/bin/app"]
    assert found(runtime.no_passwd, app, [directory("etc/passwd")]) == ["/usr/bin/app"]
    assert found(runtime.no_passwd, LOCAL) == []
