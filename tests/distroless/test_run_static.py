"""A static program runs on the image."""

from pathlib import Path

import case
import machine
from machine import image

__all__ = ["image"]


def test_a_static_program(image: Path) -> None:
    machine.compiled("static.c", image / "test/static", "-static")
    bundle = case.root().text("etc/ssl/certs/ca-certificates.crt")
    for variant in ("", "_nonroot"):
        assert machine.output(image, ["/test/static"], variant=variant).splitlines() == [
            "America/New_York 08:00 EDT",
            "US/Eastern 08:00 EDT",
            "UTC 12:00 UTC",
            "root 0",
            "nobody 65534",
            "nonroot 65532",
            f"certificates {bundle.count('-----BEGIN CERTIFICATE-----')}",
        ], variant
