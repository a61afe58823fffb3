"""What packages' own bytes say, for a lock."""

from pathlib import Path

import pytest
from distill.debian.deb import open_deb
from distill.effect import HANDLED_BY
from distill.errors import FormatError
from distill.lock import facts
from distill.lock.facts import Facts
from support_deb import Item, control_text, deb, write
from support_elf import Made

SONAME = 14
LIB = "usr/lib/x86_64-linux-gnu"
POSTINST = b"""#!/bin/sh
adduser --system --group --home /var/lib/demo demo
mkdir -p /var/lib/demo
chown demo:demo /var/lib/demo
update-alternatives --install /usr/bin/thing thing /usr/bin/thing.demo 50
py3compile -p demo
ldconfig
. /usr/share/debconf/confmodule
"""


def shared(soname: str, machine: int = 62) -> bytes:
    return Made(dynamic=[(SONAME, soname.encode())] if soname else [], machine=machine).build()


def of(folder: Path, *items: Item, control: str | None = None, **scripts: bytes) -> Facts:
    with open_deb(write(folder, deb(items, control, scripts))) as opened:
        return facts.of(opened)


def test_effects_that_matter(tmp_path: Path) -> None:
    found = of(tmp_path, postinst=POSTINST, triggers=b"activate-noawait ldconfig\n", config=b"#!/bin/sh\n")
    assert found == Facts(
        (
            "alternative /usr/bin/thing -> /usr/bin/thing.demo",
            "directory /var/lib/demo",
            "group demo",
            "owner /var/lib/demo demo:demo",
            "user demo home=/var/lib/demo",
        )
    )


def test_what_stands_for_an_effect() -> None:
    assert facts.handled_by("user demo home=/var/lib/demo") == HANDLED_BY["user"] == "accounts_layer"
    assert facts.handled_by("of-tomorrow x") == ""


def test_sonames_are_those_that_the_loader_finds(tmp_path: Path) -> None:
    assert of(
        tmp_path,
        Item(f"{LIB}/libz.so.1.2", shared("libz.so.1")),
        Item(f"{LIB}/libz.so.1", link="libz.so.1.2"),
        Item("lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", shared("ld-linux-x86-64.so.2")),
        Item("lib64/libold.so.1", shared("libold.so.1")),
        Item("usr/lib/libplain-2.40.so", shared("libplain-2.40.so")),
        Item(f"{LIB}/private/libp.so.1", shared("libp.so.1")),
        Item("usr/lib/aarch64-linux-gnu/liba.so.1", shared("liba.so.1", machine=183)),
        Item(f"{LIB}/libforeign.so.1", shared("libforeign.so.1", machine=183)),
        Item(f"{LIB}/libnameless.so", shared("")),
        Item(f"{LIB}/libbroken.so.1", shared("libbroken.so.1")[:200]),
        Item(f"{LIB}/libtext.so", b"INPUT(-lz)\n"),
    ) == Facts((), ("ld-linux-x86-64.so.2", "libold.so.1", "libplain-2.40.so", "libz.so.1"))


def test_a_package_for_all_machines_has_no_libraries(tmp_path: Path) -> None:
    library = Item("usr/lib/libz.so.1", shared("libz.so.1"))
    assert of(tmp_path, library, control=control_text(architecture="all")) == Facts()


def test_nothing_talks_to_a_terminal(tmp_path: Path) -> None:
    library = Item(f"{LIB}/a.so", shared("lib\x1b]0;x\x07\x9b.so"))
    found = of(tmp_path, library, postinst=b"#!/bin/sh\nmkdir '/srv/\x1b[2J\nroot:'\nmkdir '/srv/\xff'\n")
    assert found.sonames == (r"lib\x1b]0;x\x07\x9b.so",)
    assert found.effects == (r"directory /srv/\udcff", r"directory /srv/\x1b[2J\nroot:")


def test_more_than_a_lock_may_hold(tmp_path: Path) -> None:
    script = b"#!/bin/sh\n" + b"".join(b"mkdir /srv/%0100d\n" % number for number in range(700))
    with pytest.raises(FormatError) as caught:
        of(tmp_path, postinst=script)
    assert str(caught.value) == (
        "demo_1.0-1_amd64: scripts and libraries are more than a lock may hold, got 80500 characters of 700 effects"
        " and 0 sonames; take another version of the package"
    )
