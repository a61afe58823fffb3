"""The index of an image has one for each architecture of its release."""

import json
import os
from pathlib import Path

import pytest

FILES = [Path(path) for path in os.environ["DISTROLESS_FILES"].split()]
DEBIAN12 = [("amd64", None), ("arm64", "v8"), ("arm", "v7"), ("ppc64le", None), ("s390x", None)]
DEBIAN13 = [*DEBIAN12[:3], ("riscv64", None)]


def test_every_variant_has_one() -> None:
    names = [f"static{variant}_index.index.json" for variant in ("", "_nonroot", "_debug", "_debug_nonroot")]
    assert sorted(file.name for file in FILES) == sorted([*names, "static_index.index.json"])


@pytest.mark.parametrize("file", FILES, ids=str)
def test_its_platforms(file: Path) -> None:
    index = json.loads(file.read_bytes())
    platforms = [entry["platform"] for entry in index["manifests"]]
    assert index["mediaType"] == "application/vnd.oci.image.index.v1+json"
    assert {platform["os"] for platform in platforms} == {"linux"}
    found = [(platform["architecture"], platform.get("variant")) for platform in platforms]
    assert found == (DEBIAN13 if "debian13" in file.parts else DEBIAN12)
    assert len({entry["digest"] for entry in index["manifests"]}) == len(found)
