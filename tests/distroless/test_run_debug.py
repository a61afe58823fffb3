"""The shell of the debug variants."""

from pathlib import Path

import machine
import pytest
from machine import image

__all__ = ["image"]


@pytest.mark.parametrize(("variant", "user"), [("_debug", "0"), ("_debug_nonroot", "65532")])
def test_the_shell(image: Path, variant: str, user: str) -> None:
    # With a program of its own: under QEMU only what the shell does itself would run.
    command = ["/busybox/sh", "-c", "echo $PWD; id -u; ls /etc/passwd"]
    if machine.EMULATED:
        command = ["/busybox/sh", "-c", "echo $PWD"]
    home = "/" if variant == "_debug" else "/home/nonroot"
    expected = [home] if machine.EMULATED else [home, user, "/etc/passwd"]
    assert machine.output(image, command, variant=variant).splitlines() == expected
