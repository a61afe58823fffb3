"""LayerCaCertificates."""

from pathlib import Path
from typing import Any

import pytest
from support_command import Result, package_line, run
from support_deb import Item, control_text, deb, write

DATA = Path(__file__).parents[1] / "data" / "certificates"
VALID, EXPIRED, FUTURE = ((DATA / f"{name}.pem").read_bytes() for name in ("valid", "expired", "future"))
BUNDLE = "etc/ssl/certs/ca-certificates.crt"
ITEMS = [
    Item("usr/share/ca-certificates/mozilla/b.crt", VALID),
    Item("usr/share/ca-certificates/mozilla/B.crt", EXPIRED.rstrip()),
    Item("usr/share/ca-certificates/mozilla/README", b"no certificate"),
    Item("usr/share/doc/ca-certificates/copyright", b"free"),
    Item("usr/sbin/update-ca-certificates", b"#!/bin/sh\n"),
]


def made(directory: Path, *extra: bytes, package: bool = True, **settings: Any) -> Result:
    path = write(directory, deb(ITEMS, control_text("ca-certificates", "2025", "all")))
    lines = [package_line(path, "ca-certificates", "2025", "all")] if package else []
    for number, data in enumerate(extra):
        (directory / f"{number}.pem").write_bytes(data)
        lines.insert(0, {"role": "extra", "path": f"{number}.pem"})
    return run(directory, "LayerCaCertificates", lines, ("report",), **settings)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_bundle_and_its_papers(tmp_path: Path) -> None:
    result = made(tmp_path, FUTURE)
    assert result.code == 0
    assert result.files[BUNDLE] == EXPIRED + VALID + FUTURE
    assert [path for path, record in result.records.items() if record.type != "directory"] == [
        BUNDLE,
        "usr/lib/ssl/cert.pem",
        "usr/share/doc/ca-certificates/copyright",
        "var/lib/dpkg/status.d/ca-certificates",
        "var/lib/dpkg/status.d/ca-certificates.md5sums",
    ]
    assert {record.mtime for record in result.records.values()} == {0}
    assert result.records["usr/lib/ssl/cert.pem"].link == f"/{BUNDLE}"
    assert (result.directory / "report").read_text() == ""


def test_what_is_not_valid_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = made(tmp_path, FUTURE, valid_on="2026-01-01")
    lines = [
        "mozilla/B.crt: Example Expired Root expired on 2020-06-30",
        "0.pem: Example Without Common Name is not valid before 2050-01-01",
    ]
    assert result.code == 0
    assert (result.directory / "report").read_text().splitlines() == lines
    assert capsys.readouterr().err.splitlines() == [f"//x:y: warning: {line}" for line in lines]


def test_exclude_and_no_package(tmp_path: Path) -> None:
    assert made(tmp_path, exclude=["B.crt"]).files[BUNDLE] == VALID
    result = made(tmp_path, VALID, package=False)
    assert result.files == {BUNDLE: VALID}


@pytest.mark.parametrize(
    ("extra", "settings", "message"),
    [
        (
            [b"oops"],
            {},
            "0.pem is no PEM file, got 0 whole blocks where 0 begin; give certificates between BEGIN and END lines",
        ),
        ([], {"exclude": ["zzz"]}, "exclude means no certificate, got 'zzz'; name a file or a common name"),
        ([], {"valid_on": "today"}, "valid_on is no day, got 'today'; write YYYY-MM-DD"),
    ],
)
def test_a_known_error_leaves_nothing(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    extra: list[bytes],
    settings: dict[str, Any],
    message: str,
) -> None:
    result = made(tmp_path, *extra, **settings)
    assert (result.code, capsys.readouterr().err) == (1, f"//x:y: {message}\n")
    assert list(result.directory.iterdir()) == []


def test_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = run(tmp_path, "LayerCaCertificates", [{"role": "extra", "path": "no.pem"}], ("report",))
    assert result.code == 1
    assert capsys.readouterr().err == (
        "//x:y: extra cannot be read, got no.pem: No such file or directory; give a PEM file\n"
    )


def test_another_package(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = run(tmp_path, "LayerCaCertificates", [package_line(write(tmp_path, deb()))], ("report",))
    assert result.code == 1
    assert capsys.readouterr().err == (
        "//x:y: package has no certificates, got demo_1.0-1_amd64; give ca-certificates\n"
    )


def test_only_the_keystore_of_java(tmp_path: Path) -> None:
    result = made(tmp_path, FUTURE, VALID, formats=["java"])
    assert BUNDLE not in result.records
    assert "usr/lib/ssl/cert.pem" not in result.records
    data = result.files["etc/ssl/certs/java/cacerts"]
    assert data.startswith(bytes.fromhex("feedfeed 00000002 00000003"))
    assert all(name in data for name in (b"\0\x050.pem", b"\0\x05b.crt", b"\0\x07b.crt-2"))


def test_no_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert made(tmp_path, formats=[]).code == 1
    assert capsys.readouterr().err == (
        "//x:y: formats is empty, got none; name at least one of bundle, openssl, java\n"
    )


def test_a_keystore_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert made(tmp_path, package=False, formats=["java"]).code == 1
    assert capsys.readouterr().err == (
        "//x:y: the keystore is empty, got no certificate; give a package or extra, and exclude less\n"
    )
