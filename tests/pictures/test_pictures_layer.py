"""What stands beside a picture, in the layer and in the bundle, and what the reports say of it."""

import json
from typing import Any

from distill import listing
from image_case import runfile

PICTURES = ("dot.png", "icons/round.png", "photo.jpg")
HERE = "tests/pictures"


def report(picture: str) -> Any:
    return json.loads(runfile(f"{HERE}/pictures.parts/img/{picture}.optimized.json").read_text())


def expected() -> dict[str, int]:
    """Give what the reports say is there, with its bytes."""
    found = {}
    for picture in PICTURES:
        said = report(picture)
        found[picture] = said["after"]
        found |= {f"{picture}.{made['format']}": made["after"] for made in said["formats"] if "after" in made}
    return found


def test_formats_stand_beside_the_picture_in_the_layer() -> None:
    files = {
        record.path.removeprefix("srv/static/"): record
        for record in listing.read(runfile(f"{HERE}/assets.listing.jsonl"))
        if record.type == "file"
    }
    assert {record.mode for record in files.values()} == {"0644"}
    sizes = {path: record.size for path, record in files.items() if path != "style.css"}
    assert sizes == expected()
    assert {"icons/round.png.webp", "photo.jpg.webp", "photo.jpg.avif", "style.css"} <= set(files)


def test_what_is_not_smaller_is_not_there() -> None:
    made = {each["format"]: each for each in report("dot.png")["formats"]}
    assert made["avif"]["left_out"].startswith("is not smaller, ")
    assert "dot.png.avif" not in expected()
    lossless = {each["format"]: each.get("lossless", False) for each in report("icons/round.png")["formats"]}
    assert lossless["webp"]


def test_the_bundle_has_them_under_names_with_hashes() -> None:
    manifest = json.loads(runfile(f"{HERE}/assets.manifest.json").read_text())
    assert {path: each["size"] for path, each in manifest["files"].items() if path != "style.css"} == expected()
    bundle = runfile(f"{HERE}/assets.bundle")
    name = manifest["paths"]["photo.jpg.webp"]
    assert name.startswith("photo.jpg.")
    assert name.endswith(".webp")
    data = (bundle / name).read_bytes()
    assert (data[:4], data[8:12]) == (b"RIFF", b"WEBP")
