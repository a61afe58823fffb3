"""A program in C runs on the image, finds names by the C library and, where there is OpenSSL, its certificates."""

from pathlib import Path

import case
import machine
import pytest
from machine import image

__all__ = ["image"]


def certificates(*, found: bool) -> str:
    if not case.is_based_on("base"):
        return "certificates -1"
    count = case.root().text("etc/ssl/certs/ca-certificates.crt").count("-----BEGIN CERTIFICATE-----")
    return f"certificates {count if found else 0}"


@pytest.fixture(scope="module")
def place(image: Path) -> Path:
    """The image with the program."""
    machine.compiled("base.c", image / "test/base", "-pthread", "-lm", "-ldl")
    return image


@pytest.mark.parametrize("variant", ["", "_nonroot"])
def test_a_program_in_c(place: Path, variant: str) -> None:
    assert machine.output(place, ["/test/base", "libnss_dns.so.2", "libmvec.so.1"], variant=variant).splitlines() == [
        "uid 65532",
        "gid 65532",
        "https 443",
        "udp 17",
        "root 42",
        "iconv 1",
        "hour 8",
        certificates(found=True),
        "library libnss_dns.so.2 1",
        # A slice of ours.
        f"library libmvec.so.1 {int(case.COMPATIBLE and case.ARCHITECTURE in case.RELEASE.mvec)}",
    ]


def test_certificates_without_environment(place: Path) -> None:
    """Distroless has them only where SSL_CERT_FILE says so."""
    lines = machine.output(place, ["/test/base"], environment={"SSL_CERT_FILE": None}).splitlines()
    assert lines[-1] == certificates(found=not case.COMPATIBLE)
