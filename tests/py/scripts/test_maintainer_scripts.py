"""Maintainer scripts, of the shapes that Debian's packages have."""

from pathlib import Path

import pytest
from distill.debian.deb import open_deb
from distill.scripts import maintainer_scripts
from hypothesis import given
from hypothesis import strategies as st
from support_deb import Item, deb, write

POSTINST = b"""#!/bin/sh
set -e
USER=demo
GROUP="$USER"
STATE=/var/lib/$USER
. /usr/share/debconf/confmodule

make_directory() {
    if [ ! -d "$DPKG_ROOT$1" ]; then
        mkdir -p "$DPKG_ROOT$1"
        chmod "$2" "$DPKG_ROOT$1"
    fi
}

case "$1" in
  configure|reconfigure)
    if ! getent passwd $USER >/dev/null; then
        adduser --system --group --quiet \\
            --home "$STATE" $USER || true
    fi
    for folder in log cache; do
        make_directory /var/$folder/$USER 0750
        chown ${USER}:${GROUP} /var/$folder/$USER
    done
    mode=$(stat -c %a /usr)
    chmod $mode /srv/unknown
    touch /etc/demo.once && rm -f /etc/demo.once
    update-alternatives --install /usr/bin/thing thing /usr/bin/thing.demo 50 \\
        --slave /usr/share/man/man1/thing.1.gz thing.1.gz /usr/share/man/man1/thing.demo.1.gz
    # mkdir /var/not/this
    cat > /dev/null <<EOF
mkdir /var/nor/this
EOF
    ;;
  abort-upgrade|remove)
    mkdir /var/never
    ;;
esac
if [ -x /etc/init.d/demo ]; then
    mkdir /etc/init.d/demo.d
    update-rc.d demo defaults
fi
exit 0
"""


def package(tmp_path: Path, scripts: dict[str, bytes], *items: Item) -> list[str]:
    with open_deb(write(tmp_path, deb(items, scripts=scripts))) as opened:
        return [str(effect) for effect in maintainer_scripts.effects(opened)]


def test_a_script_of_the_usual_shape(tmp_path: Path) -> None:
    assert package(tmp_path, {"postinst": POSTINST}) == [
        "alternative /usr/bin/thing -> /usr/bin/thing.demo",
        "debconf config",
        "directory /var/cache/demo",
        "directory /var/log/demo",
        "group demo",
        "mode /var/cache/demo 0750",
        "mode /var/log/demo 0750",
        "owner /var/cache/demo demo:demo",
        "owner /var/log/demo demo:demo",
        "user demo home=/var/lib/demo",
    ]


def test_all_that_is_read(tmp_path: Path) -> None:
    scripts = {
        "preinst": b"#!/bin/bash\ncase $1 in install) mkdir /var/one;; abort-upgrade) mkdir /var/no;; esac\n",
        "postinst": b"#!/usr/bin/perl\nmkdir '/var/two';\n",
        "prerm": b"#!/bin/sh\nmkdir /var/three\n",
        "postrm": b"#!/bin/sh\nmkdir /var/four\n",
        "config": b"#!/bin/sh\nmkdir /var/five\n",
        "triggers": b"# none\nactivate-noawait ldconfig\nactivate update-ca-certificates\ninterest /usr/share/x\n",
    }
    items = [
        Item("usr/lib/sysusers.d/demo.conf", b"u demo - - /srv/demo\n"),
        Item("usr/lib/tmpfiles.d/demo.conf", b"d /run/demo 0700 demo demo\n"),
        Item("usr/share/doc/demo/tmpfiles.d/x.conf", b"d /run/no\n"),
    ]
    assert package(tmp_path, scripts, *items) == [
        "certificates update-ca-certificates",
        "debconf config",
        "directory /run/demo",
        "directory /var/one",
        "ldconfig ldconfig",
        "mode /run/demo 0700",
        "owner /run/demo demo:demo",
        "script postinst /usr/bin/perl",
        "user demo home=/srv/demo",
    ]


def test_what_the_package_has_is_not_told(tmp_path: Path) -> None:
    made = b"/var/lib/demo /var/lib/other /var/run/x ../x 'a b' /usr/local/x"
    script = b"#!/bin/sh\nmkdir -p " + made + b"; chmod 1777 /var/lib/demo\n"
    assert package(tmp_path, {"postinst": script}, Item("var/lib/demo/")) == [
        "directory /run/x",
        "directory /var/lib/other",
        "mode /var/lib/demo 1777",
    ]


def test_what_one_script_makes_the_next_removes(tmp_path: Path) -> None:
    scripts = {
        "preinst": b'#!/bin/sh\ntouch "$DPKG_ROOT/etc/lock" /etc/kept\n',
        "postinst": b"#!/bin/sh\nrm -f /etc/lock\n",
    }
    assert package(tmp_path, scripts) == ["file /etc/kept"]


def test_no_scripts(tmp_path: Path) -> None:
    assert package(tmp_path, {}) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"mkdir /var/x", []),
        (b"#! /usr/bin/env sh\nmkdir /var/x", ["directory //var/x"]),
        (b"#!/usr/bin/python3\n", ["script postinst /usr/bin/python3"]),
        (b"#!/b\xffn/x\n", ["script postinst /b\\xffn/x"]),
        (b"#!/bin/sh\nmkdir /var/\xff\0x", ["directory //var/\udcffx"]),
    ],
)
def test_scripts_of_other_kinds(data: bytes, expected: list[str]) -> None:
    assert [str(effect) for effect in maintainer_scripts.of_script("postinst", data)] == expected


@given(st.binary(max_size=200))
def test_any_script_is_read(data: bytes) -> None:
    maintainer_scripts.of_script("postinst", b"#!/bin/sh\n" + data)
    list(maintainer_scripts.of_triggers(data))


def test_the_report_of_packages(tmp_path: Path) -> None:
    with open_deb(write(tmp_path, deb(scripts={"postinst": b"#!/bin/sh\nln -s a /var/b\nadduser demo\n"}))) as opened:
        found = maintainer_scripts.effects(opened)
    assert maintainer_scripts.summary({"demo": found}) == (
        "demo: link /var/b -> a (symlinks of layer)\ndemo: user demo (accounts_layer)\n"
    )
