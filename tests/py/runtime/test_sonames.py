"""Which package has a library, for messages."""

import json
from pathlib import Path

import pytest
from distill.errors import FormatError
from distill.runtime.sonames import Sonames, debian_package


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


def index(folder: Path, hub: str, **sonames: dict[str, str]) -> str:
    file = folder / f"{hub}.json"
    file.write_text(json.dumps({"hub": hub, "sonames": sonames}))
    return str(file)


def test_what_a_lock_has(tmp_path: Path) -> None:
    one = index(tmp_path, "bookworm", amd64={"libpq.so.5": "libpq5"}, arm64={})
    two = index(tmp_path, "ours", amd64={"libpq.so.5": "our-pq"}, arm64={"libpq.so.5": "our-pq"})
    found = Sonames([one, two])
    assert found.advice("libpq.so.5", "amd64") == (
        "libpq.so.5 is in libpq5 of this lock: add @bookworm//libpq5 to packages"
    )
    assert found.advice("libpq.so.5", "arm64") == "libpq.so.5 is in our-pq of this lock: add @ours//our-pq to packages"
    assert found.target("libpq.so.5", "arm64") == "@ours//our-pq:arm64"
    assert found.target("libpq.so.5", "s390x") == ""


def test_what_no_lock_has(tmp_path: Path) -> None:
    found = Sonames([index(tmp_path, "bookworm", amd64={})])
    assert found.advice("libpq.so.5", "amd64") == (
        "no package of this lock has it where the loader looks: lock the one that has it, by Debian's naming rule"
        " libpq5 (`bazel run @bookworm//:lock -- provides libpq.so.5` tells)"
    )
    assert found.advice("plugin.so", "amd64") == (
        "no package of this lock has it where the loader looks: lock the one that has it"
        " (`bazel run @bookworm//:lock -- provides plugin.so` tells)"
    )


def test_without_a_lock() -> None:
    assert Sonames().advice("libpq.so.5", "amd64") == (
        "add the package that has it, by Debian's naming rule libpq5 (`provides libpq.so.5` of the lock command tells)"
    )
    assert Sonames().advice("plugin.so", "amd64") == "add the package that has it"


def test_an_index_is_read_when_it_is_asked(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("[]")
    found = Sonames([str(tmp_path / "bad.json")])
    with pytest.raises(FormatError, match=r"/bad.json is no index of sonames, got Expected `object`, got `array`; "):
        found.advice("libpq.so.5", "amd64")
