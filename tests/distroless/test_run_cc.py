"""A program in C++ runs on the image."""

from pathlib import Path

import machine
import pytest
from machine import image

__all__ = ["image"]


@pytest.fixture(scope="module")
def place(image: Path) -> Path:
    """The image with the program."""
    machine.compiled("cc.cc", image / "test/cc", "-pthread", "-fopenmp")
    return image


@pytest.mark.parametrize("variant", ["", "_nonroot"])
def test_a_program_in_cpp(place: Path, variant: str) -> None:
    assert machine.output(place, ["/test/cc"], variant=variant).split() == ["thrown", "42", "a+b", "500500"]
