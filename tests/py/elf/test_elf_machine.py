"""Tests of distill.elf.machine."""

import pytest
from distill.elf import machine as elf_machine


@pytest.mark.parametrize(
    ("machine", "wide", "little", "flags", "expected"),
    [
        (62, True, True, 0, "amd64"),
        (62, False, True, 0, "x32"),
        (3, False, True, 0, "i386"),
        (183, True, True, 0, "arm64"),
        (183, True, False, 0, "em-183"),
        (40, False, True, 0x5000400, "armhf"),
        (40, False, True, 0x5000200, "armel"),
        (40, False, True, 0x5000000, "armhf"),
        (40, False, False, 0x5000400, "em-40"),
        (21, True, True, 2, "ppc64el"),
        (21, True, False, 1, "ppc64"),
        (20, False, False, 0, "powerpc"),
        (22, True, False, 0, "s390x"),
        (22, False, False, 0, "s390"),
        (243, True, True, 5, "riscv64"),
        (243, False, True, 5, "em-243"),
        (8, True, True, 0x80000000, "mips64el"),
        (8, False, True, 0x70001000, "mipsel"),
        (8, False, True, 0x20, "mipsn32el"),
        (8, False, False, 0x20, "mipsn32"),
        (258, True, True, 0, "loong64"),
        (247, True, True, 0, "em-247"),
    ],
)
def test_machines_in_the_words_of_debian(machine: int, wide: bool, little: bool, flags: int, expected: str) -> None:
    assert elf_machine.name(machine, wide, little, flags, "") == expected


def test_the_interpreter_of_armel_tells_where_flags_do_not() -> None:
    assert elf_machine.name(40, False, True, 0, "/lib/ld-linux.so.3") == "armel"
