"""Files that systemd's tools read."""

import pytest
from distill.scripts import systemd_files
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            'u  demo 42:43 "Demo daemon" /var/lib/demo /bin/false',
            ["user demo uid=42 home=/var/lib/demo shell=/bin/false"],
        ),
        ("u! demo -", ["user demo"]),
        ("u demo", ["user demo"]),
        ("g demo 42", ["group demo gid=42"]),
        ("g demo -", ["group demo"]),
        ("m demo ssl-cert", ["member demo ssl-cert"]),
        ("r - 100-200", []),
        ("# u demo", []),
        ("u", []),
        ('u "open', []),
        ("", []),
    ],
)
def test_users(line: str, expected: list[str]) -> None:
    assert [str(effect) for effect in systemd_files.users(line)] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("d /run/demo 2775 demo adm -", ["directory /run/demo", "mode /run/demo 2775", "owner /run/demo demo:adm"]),
        ("D! /run/demo 0755 root root", ["directory /run/demo", "mode /run/demo 0755"]),
        ("d /run/demo", ["directory /run/demo"]),
        ("f /var/x - demo -", ["file /var/x", "owner /var/x demo:"]),
        ("C /etc/x - - - - /usr/share/x", ["file /etc/x /usr/share/x"]),
        ("L+ /var/run - - - - ../run", ["link /var/run -> ../run"]),
        ("z /var/lib/* 0750 demo demo", []),
        ("z /var/lib/x ~0750", ["mode /var/lib/x 0750"]),
        ("x /tmp/x", []),
        ("d /run/user/%u 0755", []),
    ],
)
def test_paths(line: str, expected: list[str]) -> None:
    found = [str(effect).replace(" //", " /") for effect in systemd_files.paths(line)]
    assert found == expected


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert all(effect.subject for effect in systemd_files.users(text))
    list(systemd_files.paths(text))
