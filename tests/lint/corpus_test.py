"""Our own images are clean: nothing is found in them but what their targets allow, with the reason."""

import json

import pytest
from image_case import runfile

IMAGES = [
    *[f"distroless/{name}" for name in ("base", "base_nossl", "cc", "cc_debug", "python3", "static")],
    *[f"distroless/static_{name}" for name in ("debug_nonroot", "nonroot")],
    "examples/nginx/nginx_image",
    "examples/redis/redis_image",
    "examples/static_hello/static_hello",
]


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_is_clean(image: str) -> None:
    assert runfile(f"{image}.lint.txt").read_text() == ""
    summary = json.loads(runfile(f"{image}.lint.json").read_text())["summary"]
    assert {key: summary[key] for key in ("error", "warning", "note")} == {"error": 0, "warning": 0, "note": 0}


def test_what_is_allowed_is_in_the_report_with_its_reason() -> None:
    document = json.loads(runfile("distroless/cc_debug.lint.json").read_text())
    allowed = {finding["rule"] for finding in document["findings"] if finding["allowed"]}
    assert allowed == {"package-manager", "root-user", "shell"}
    sarif = json.loads(runfile("distroless/cc_debug.lint.sarif").read_text())
    assert all(result["suppressions"] for result in sarif["runs"][0]["results"])
