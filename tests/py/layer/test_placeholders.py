"""Tests of distill.layer.placeholders."""

import pytest
from distill.layer import placeholders
from support_secret import random


@pytest.mark.parametrize(
    "text",
    [
        "<password>",
        "${PASSWORD}",
        "$PASSWORD",
        "%PASSWORD%",
        "{{ password }}",
        "xxxx",
        "***",
        "...",
        "changeme",
        "change-me",
        "your-password",
        "your password",
        "YOUR_API_KEY",
        "yourpassword",
        "YourTokenHere",
        "my-example-password",
        "password",
        "none",
    ],
)
def test_what_stands_for_a_password(text: str) -> None:
    assert placeholders.is_placeholder(text.encode())


@pytest.mark.parametrize("text", ["hunter2", "yourRealP4ss", "inyourface9", "password1!", "testing-Real9", "nobody"])
def test_what_is_one(text: str) -> None:
    assert not placeholders.is_placeholder(text.encode())


def test_random() -> None:
    assert placeholders.is_random(random(20).encode())
    assert not placeholders.is_random(b"ab12" * 9)
    assert not placeholders.is_random(b"your-key-0987654321")
