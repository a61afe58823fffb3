"""Tests of distill.image.image_settings."""

from typing import Any

import pytest
from distill.errors import InputError
from distill.image import image_settings
from distill.image.image_settings import Settings
from hypothesis import given
from hypothesis import strategies as st
from support_match import exactly


def test_everything_at_once_is_fine() -> None:
    image_settings.check(
        Settings(
            architecture="arm",
            variant="v7",
            entrypoint=["/bin/app", ""],
            cmd=[],
            user="redis:999",
            working_dir="/data/",
            labels={"a": ""},
            annotations={"b": "c"},
            stop_signal="SIGRTMIN+3",
            created="2024-02-29T23:59:59.123456789+01:00",
        )
    )


USER = "write NAME or UID, and :GROUP or :GID if wanted (ids up to 2147483647)"
SIGNAL = "write a name such as SIGTERM or SIGRTMIN+3, or 1 to 64"


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (
            {"architecture": "AMD64"},
            "architecture is no platform, got 'AMD64'; use Go's words, such as linux and amd64",
        ),
        ({"os": ""}, "os is no platform, got ''; use Go's words, such as linux and amd64"),
        ({"entrypoint": [""]}, "entrypoint is no command, got ['']; begin with a program, and use no NUL"),
        ({"cmd": ["a", "\0"]}, "cmd is no command, got ['a', '\\x00']; begin with a program, and use no NUL"),
        ({"working_dir": "data"}, "working_dir is no absolute path in the image, got 'data'; write it as /a/b"),
        ({"working_dir": "/a/../b"}, "working_dir is no absolute path in the image, got '/a/../b'; write it as /a/b"),
        ({"user": "re dis"}, f"user is no user, got 're dis'; {USER}"),
        ({"user": "a:b:c"}, f"user is no user, got 'a:b:c'; {USER}"),
        ({"user": "redis:"}, f"user is no user, got 'redis:'; {USER}"),
        ({"user": "2147483648"}, f"user is no user, got '2147483648'; {USER}"),
        ({"user": "-1"}, f"user is no user, got '-1'; {USER}"),
        ({"stop_signal": "TERM"}, f"stop_signal is no signal, got 'TERM'; {SIGNAL}"),
        ({"stop_signal": "SIGRTMIN+16"}, f"stop_signal is no signal, got 'SIGRTMIN+16'; {SIGNAL}"),
        ({"stop_signal": "65"}, f"stop_signal is no signal, got '65'; {SIGNAL}"),
        ({"labels": {"": "x"}}, "labels has an empty key, got 'x' for it; give it a name"),
        ({"annotations": {"": "x"}}, "annotations has an empty key, got 'x' for it; give it a name"),
        ({"created": "yesterday"}, "created is no RFC 3339 time, got 'yesterday'; write it as 1970-01-01T00:00:00Z"),
        (
            {"created": "2023-02-29T00:00:00Z"},
            "created is no RFC 3339 time, got '2023-02-29T00:00:00Z'; write it as 1970-01-01T00:00:00Z",
        ),
    ],
)
def test_a_wrong_setting_is_one_error(attributes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=exactly(message)):
        image_settings.check(Settings(**{"architecture": "amd64", **attributes}))


@pytest.mark.parametrize("signal", ["SIGTERM", "SIGQUIT", "SIGRTMAX-14", "SIGRTMIN", "9", "64"])
def test_signals(signal: str) -> None:
    image_settings.check_signal(signal)


@pytest.mark.parametrize("user", ["0", "2147483647:5", "www-data", "_apt:nogroup", "app:0", "host$"])
def test_users(user: str) -> None:
    image_settings.check_user(user)


def test_ports() -> None:
    assert [image_settings.port(text) for text in ("80", "53/udp", "065/sctp")] == ["80/tcp", "53/udp", "65/sctp"]


@pytest.mark.parametrize("text", ["", "0", "65536", "80/", "80/http", "1-2", "٨٠"])
def test_a_wrong_port_is_one_error(text: str) -> None:
    message = f"exposed_ports has no port, got {text!r}; write 1 to 65535 and /tcp, /udp or /sctp, such as 6379/tcp"
    with pytest.raises(InputError, match=exactly(message)):
        image_settings.port(text)


def test_volumes() -> None:
    assert image_settings.volume("/data/") == "/data"
    with pytest.raises(
        InputError, match=exactly("volumes cannot hold the root, got '/'; name the directories that hold data")
    ):
        image_settings.volume("/")
    with pytest.raises(
        InputError, match=exactly("volumes is no absolute path in the image, got 'data'; write it as /a/b")
    ):
        image_settings.volume("data")


@given(st.text(max_size=30))
def test_any_text_is_taken_or_one_known_error(text: str) -> None:
    for check in (
        image_settings.check_user,
        image_settings.check_signal,
        image_settings.check_created,
        image_settings.volume,
    ):
        try:
            check(text)
        except InputError as error:
            assert f"got {text!r}; " in str(error)
