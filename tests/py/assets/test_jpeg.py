"""Where a JPEG file ends."""

import contextlib
from typing import Any

import pytest
from distill.assets import jpeg
from distill.errors import FormatError
from hypothesis import given
from hypothesis import strategies as st
from support_picture import jpeg_picture


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 1}, {"comment": b"\xff\xd9"}])
def test_the_end_of_a_picture(options: dict[str, Any]) -> None:
    data = jpeg_picture(**options)
    assert jpeg.end(data) == len(data)
    assert jpeg.end(data + b"film") == len(data)


def test_a_picture_that_does_not_end() -> None:
    data = jpeg_picture()
    for size in range(3, len(data), 13):
        with pytest.raises(FormatError) as error:
            jpeg.end(data[:size])
        assert str(error.value) == "JPEG file is truncated"


@given(st.binary(max_size=99))
def test_anything_has_an_end_or_none(data: bytes) -> None:
    with contextlib.suppress(FormatError):
        assert jpeg.end(jpeg.MAGIC + data) <= len(data) + 3
