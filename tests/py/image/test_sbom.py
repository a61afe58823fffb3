"""Tests of distill.image.sbom, by the rules of SPDX 2.3 for JSON documents."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from distill.descriptor import LAYER_GZIP, Descriptor
from distill.errors import FormatError
from distill.image import sbom
from distill.listing import Record
from support_listing import directory, file
from support_match import exactly

DIGEST = f"sha256:{'a' * 64}"


def layer(number: int, *records: Record) -> tuple[Descriptor, list[Record]]:
    return Descriptor(LAYER_GZIP, f"sha256:{number:064x}", 1, DIGEST), list(records)


def check_spdx(document: dict[str, Any]) -> None:
    """Check what SPDX 2.3 requires: clauses 6 (document), 7 (packages) and 11 (relationships)."""
    assert document["spdxVersion"] == "SPDX-2.3"
    assert document["dataLicense"] == "CC0-1.0"
    assert document["SPDXID"] == "SPDXRef-DOCUMENT"
    assert document["name"]
    assert re.fullmatch(r"https://[^#\s]+", document["documentNamespace"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["creationInfo"]["created"])
    assert all(re.match(r"(Tool|Organization|Person): ", creator) for creator in document["creationInfo"]["creators"])
    identifiers = [package["SPDXID"] for package in document["packages"]]
    assert len(set(identifiers)) == len(identifiers)
    for package in document["packages"]:
        assert re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", package["SPDXID"])
        assert package["name"]
        assert package["downloadLocation"] == "NOASSERTION"
        assert package["filesAnalyzed"] is False
        for checksum in package.get("checksums", []):
            assert checksum["algorithm"] in ("SHA256", "SHA512")
            assert re.fullmatch(r"[0-9a-f]{64}|[0-9a-f]{128}", checksum["checksumValue"])
        for reference in package.get("externalRefs", []):
            assert reference["referenceCategory"] == "PACKAGE-MANAGER"
            assert re.fullmatch(
                r"pkg:deb/[a-z]+/[a-z0-9.%A-F-]+@[^?\s]+\?arch=[a-z0-9-]+", reference["referenceLocator"]
            )
    known = {*identifiers, "SPDXRef-DOCUMENT"}
    for relation in document["relationships"]:
        assert {relation["spdxElementId"], relation["relatedSpdxElement"]} <= known
        assert relation["relationshipType"] in ("DESCRIBES", "CONTAINS")
    assert {relation["relatedSpdxElement"] for relation in document["relationships"]} == set(identifiers)


LAYERS = [
    layer(
        1,
        directory("usr"),
        file("usr/libstdc++.so.6", package="libstdc++6_12.2.0-14+deb12u1_amd64"),
        file("usr/gone", package="gone_1_all"),
        file("usr/redis", package="redis-server_5:7.0.15-1~deb12u5_amd64"),
        file("usr/own"),
    ),
    layer(2, file("usr/.wh.gone"), file("usr/tz", package="tzdata_2024a-0+deb12u1_all")),
    layer(3),
]


def test_golden() -> None:
    text = sbom.build(DIGEST, LAYERS)
    check_spdx(json.loads(text))
    assert text.decode() + "\n" == (Path(__file__).parents[1] / "data/sbom.spdx.json").read_text("utf-8")


def test_packages_are_those_of_the_merged_view() -> None:
    document = json.loads(sbom.build(DIGEST, LAYERS))
    locators = [ref["referenceLocator"] for p in document["packages"] for ref in p.get("externalRefs", [])]
    assert locators == [
        "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64",
        "pkg:deb/debian/redis-server@5:7.0.15-1~deb12u5?arch=amd64",
        "pkg:deb/debian/tzdata@2024a-0%2Bdeb12u1?arch=all",
    ]


def test_a_package_in_two_layers_stands_once() -> None:
    both = [layer(n, file(f"f{n}", package="base-files_12_amd64")) for n in (1, 2)]
    document = json.loads(sbom.build(DIGEST, both, "ubuntu"))
    check_spdx(document)
    assert len(document["packages"]) == 4
    assert document["packages"][-1]["externalRefs"][0]["referenceLocator"].startswith("pkg:deb/ubuntu/base-files@12")


def test_names_that_look_alike_have_identifiers_of_their_own() -> None:
    packages = [file("a", package="a+_1_all"), file("b", package="a-_1_all")]
    check_spdx(json.loads(sbom.build(DIGEST, [layer(1, *packages)])))


def test_what_is_no_package_is_an_error() -> None:
    message = "listing names no package, got 'redis'; write name_version_architecture"
    with pytest.raises(FormatError, match=exactly(message)):
        sbom.build(DIGEST, [layer(1, file("a", package="redis"))])
