"""Our own images are clean: nothing is found in them but what their targets allow, with the reason."""

import json
import os

import pytest
from image_case import runfile

REPORTS = os.environ["REPORTS"].split()
IMAGES = sorted(path.removesuffix(".lint.txt") for path in REPORTS if path.endswith(".lint.txt"))


def test_there_are_images() -> None:
    assert len(REPORTS) == 3 * len(IMAGES) > 0


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_is_clean(image: str) -> None:
    assert runfile(f"{image}.lint.txt").read_text() == ""
    summary = json.loads(runfile(f"{image}.lint.json").read_text())["summary"]
    assert {key: summary[key] for key in ("error", "warning", "note")} == {"error": 0, "warning": 0, "note": 0}


@pytest.mark.parametrize("image", [image for image in IMAGES if image == "distroless/cc_debug"])
def test_what_is_allowed_is_in_the_report_with_its_reason(image: str) -> None:
    document = json.loads(runfile(f"{image}.lint.json").read_text())
    allowed = {finding["rule"] for finding in document["findings"] if finding["allowed"]}
    assert allowed == {"package-manager", "root-user", "shell"}
    sarif = json.loads(runfile(f"{image}.lint.sarif").read_text())
    assert all(result["suppressions"] for result in sarif["runs"][0]["results"])
