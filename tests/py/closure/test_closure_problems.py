"""Tests of distill.closure.problems; its messages are pinned in test_binary_layer.py."""

import pytest
from distill.closure.problems import debian_package


@pytest.mark.parametrize(
    ("soname", "package"),
    [
        ("libssl.so.3", "libssl3"),
        ("libstdc++.so.6", "libstdc++6"),
        ("libgcc_s.so.1", "libgcc-s1"),
        ("libSDL2-2.0.so.0", "libsdl2-2.0-0"),
        ("libdb-5.3.so", "libdb5.3"),
        ("libicuuc.so.72", "libicuuc72"),
        ("libusb-1.0.so.0", "libusb-1.0-0"),
        ("libc.so.6", "libc6"),
        ("libnss_dns.so.2", "libc6"),
        ("ld-linux-aarch64.so.1", "libc6"),
        ("libpython3.so", "libpython3"),
        ("plugin.so", ""),
        ("libx", ""),
        ("", ""),
    ],
)
def test_names_by_debians_rule(soname: str, package: str) -> None:
    assert debian_package(soname) == package
