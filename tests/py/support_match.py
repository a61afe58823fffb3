"""Patterns for `pytest.raises(match=...)` that pin the text of a message."""

import re


def exactly(text: str) -> str:
    """Give the pattern of a message that is `text`."""
    return rf"\A{re.escape(text)}\Z"


def begins(text: str) -> str:
    """Give the pattern of a message that begins with `text`."""
    return rf"\A{re.escape(text)}"
