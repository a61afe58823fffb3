"""LayerLdSoCache."""

import json
from pathlib import Path

import pytest
from distill import listing
from distill.listing import Record
from support_command import Result, run
from support_listing import library

LIB = "usr/lib/x86_64-linux-gnu"


def made(directory: Path, *layers: list[Record]) -> Result:
    lines = []
    for number, records in enumerate(layers):
        path = directory / f"{number}.jsonl"
        path.write_bytes(b"".join(listing.encode(record) for record in records))
        lines.append({"role": "listing", "path": str(path)})
    return run(directory, "LayerLdSoCache", lines)


def test_the_cache_of_all_layers_and_the_links_that_they_lack(tmp_path: Path) -> None:
    libz = library(f"{LIB}/libz.so.1.2", soname="libz.so.1")
    result = made(tmp_path, [library(f"{LIB}/libc.so.6")], [libz])
    assert result.code == 0
    cache = result.records["etc/ld.so.cache"]
    assert (cache.mode, cache.uid, cache.mtime) == ("0644", 0, 0)
    assert b"/libz.so.1\0" in result.files["etc/ld.so.cache"]
    assert result.records[f"{LIB}/libz.so.1"].link == "libz.so.1.2"


def test_an_image_without_a_c_library(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert made(tmp_path, []).code == 1
    assert capsys.readouterr().err.startswith("//x:y: image has no C library that reads a cache, got no libc.so.6;")


def test_unknown_settings_are_errors(tmp_path: Path) -> None:
    assert run(tmp_path, "LayerLdSoCache", [], oops=json.dumps(1)).code == 1
