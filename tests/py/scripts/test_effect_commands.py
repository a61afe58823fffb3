"""What commands of maintainer scripts do."""

import shlex

import pytest
from distill import effect
from distill.effect import Effect
from distill.scripts import effect_commands


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            "update-alternatives --install /usr/bin/x x /usr/bin/x.demo 10 --slave /usr/bin/y y /usr/bin/y.demo",
            [
                ("alternative", "/usr/bin/x", "/usr/bin/x.demo", "x", "x", 10),
                ("alternative", "/usr/bin/y", "/usr/bin/y.demo", "x", "y", 10),
            ],
        ),
        (
            "update-alternatives --install /usr/bin/x x /usr/bin/x.demo $priority",
            [("alternative", "/usr/bin/x", "/usr/bin/x.demo", "x", "x", 0)],
        ),
        ("update-alternatives --remove x /usr/bin/x.demo", []),
        ("update-alternatives --install /usr/bin/x", []),
        (
            "adduser --system --group --home /var/lib/demo --no-create-home --gecos 'A demo' --shell=/bin/false demo",
            [("group", "demo", ""), ("user", "demo", "home=/var/lib/demo shell=/bin/false")],
        ),
        ("adduser --quiet demo adm", [("member", "demo", "adm")]),
        ("adduser --system --ingroup demo --uid 7 demo", [("user", "demo", "uid=7 group=demo")]),
        ("adduser --group demo", [("group", "demo", "")]),
        ("addgroup --system --gid 42 demo", [("group", "demo", "gid=42")]),
        ("addgroup demo adm", [("member", "demo", "adm")]),
        ("useradd -r -d /srv -s /bin/sh -g adm demo", [("user", "demo", "home=/srv shell=/bin/sh group=adm")]),
        ("useradd -d/srv demo", [("user", "demo", "home=/srv")]),
        ("groupadd -g 42 -f demo", [("group", "demo", "gid=42")]),
        ("usermod -a -G adm,tty demo", [("member", "demo", "adm"), ("member", "demo", "tty")]),
        (
            "dpkg-statoverride --update --force --add root demo 4754 /usr/bin/x",
            [("mode", "/usr/bin/x", "4754"), ("owner", "/usr/bin/x", "root:demo")],
        ),
        ("dpkg-statoverride --list /usr/bin/x", []),
        (
            "dpkg-divert --package demo --rename --divert /usr/bin/x.old --add /usr/bin/x",
            [("divert", "/usr/bin/x", "/usr/bin/x.old")],
        ),
        ("dpkg-divert --package demo --add --rename /usr/bin/x", [("divert", "/usr/bin/x", "/usr/bin/x.distrib")]),
        ("dpkg-divert --package demo --remove /usr/bin/x", []),
        ("dpkg-divert --truename /usr/bin/x", []),
        ("setcap -q cap_net_raw+ep /usr/bin/x", [("capability", "/usr/bin/x", "cap_net_raw+ep")]),
        ("/sbin/ldconfig -n", [("ldconfig", "ldconfig", "")]),
        ("py3compile -p demo", [("bytecode", "py3compile", "")]),
        ("update-ca-certificates --fresh", [("certificates", "update-ca-certificates", "")]),
        ("ucf --three-way /usr/share/x /etc/x", [("file", "/etc/x", "/usr/share/x")]),
        ("ucf --purge /etc/x", []),
        ("chown -R demo:adm /a /b", [("owner", "/a", "demo:adm"), ("owner", "/b", "demo:adm")]),
        ("chown demo /a", [("owner", "/a", "demo:")]),
        ("chown demo.adm /a", [("owner", "/a", "demo:adm")]),
        ("chown root:root /a", []),
        ("chown --reference /b /a", []),
        ("chgrp adm /a", [("owner", "/a", ":adm")]),
        ("chmod -R 0750 /a /b", [("mode", "/a", "0750"), ("mode", "/b", "0750")]),
        ("chmod u+s /a", [("mode", "/a", "u+s")]),
        ("chmod -x /a", [("mode", "/a", "-x")]),
        ("mkdir -p -m 0700 /a/b", [("directory", "/a/b", ""), ("mode", "/a/b", "0700")]),
        (
            "install -d -o demo -gadm -m2750 /a",
            [("directory", "/a", ""), ("mode", "/a", "2750"), ("owner", "/a", "demo:adm")],
        ),
        ("install --mode 644 /dev/null /etc/a", [("file", "/etc/a", "/dev/null"), ("mode", "/etc/a", "644")]),
        ("install -m 644 /usr/share/a /etc/", [("file", "/etc/a", "/usr/share/a"), ("mode", "/etc/a", "644")]),
        ("cp -p /usr/share/a /etc/b", [("file", "/etc/b", "/usr/share/a")]),
        ("ln -sf ../b /a", [("link", "/a", "../b")]),
        ("touch /a /b", [("file", "/a", ""), ("file", "/b", "")]),
        (". /usr/share/debconf/confmodule", [("debconf", "config", "")]),
        (". /etc/default/demo", []),
        ("glib-compile-schemas /usr/share/glib-2.0/schemas", [("cache", "glib-compile-schemas", "")]),
        ("ssh-keygen -A", [("machine", "ssh-keygen", "")]),
        ("openssl req -new", [("machine", "openssl", "")]),
        ("openssl version", []),
        ("deb-systemd-helper enable demo.service", []),
        ("chmod", []),
        ("adduser", []),
    ],
)  # fmt: skip
def test_commands(command: str, expected: list[tuple[effect.Kind, str, str]]) -> None:
    assert list(effect_commands.effects(shlex.split(command))) == [Effect(*one) for one in expected]


def test_every_kind_is_handled_by_something() -> None:
    for kind in effect.HANDLED_BY:
        assert Effect(kind, "x").handled_by
