"""Tests of distill.elf.notes, through distill.elf.file, which finds the notes."""

import json
from dataclasses import replace
from typing import Any

import pytest
from distill.elf import file as elf
from distill.elf.notes import Notes
from distill.listing import Dlopen, Elf
from hypothesis import given
from hypothesis import strategies as st
from support_elf import Made, note

BUILD_ID = note(b"GNU\0", 3, bytes(range(20)))


def dlopen(value: object, **form: Any) -> bytes:
    return note(b"FDO\0", 0x407C0C0A, json.dumps(value).encode() + b"\0", **form)


def parsed(made: Made) -> Elf:
    facts = elf.parse(made.build())
    assert facts is not None
    return facts


@pytest.mark.parametrize("alignment", [1, 4, 8])
@pytest.mark.parametrize("little", [True, False])
@pytest.mark.parametrize("wide", [True, False])
def test_build_id_in_each_class_byte_order_and_alignment(wide: bool, little: bool, alignment: int) -> None:
    form: dict[str, Any] = {"alignment": max(alignment, 4), "order": "<" if little else ">"}
    notes = note(b"GNU\0", 5, b"xyz", **form) + note(b"GNU\0", 3, bytes(range(20)), **form)
    facts = parsed(Made(wide=wide, little=little, notes=notes, alignment=alignment))
    assert facts.build_id == "000102030405060708090a0b0c0d0e0f10111213"


def test_the_first_build_id_stands_and_others_of_that_type_are_none() -> None:
    notes = note(b"Go\0\0", 3, b"no") + BUILD_ID + note(b"GNU\0", 3, b"second")
    assert parsed(Made(notes=notes)).build_id == bytes(range(20)).hex()


def test_dlopen() -> None:
    value = [
        {"soname": ["libbpf.so.1", "libbpf.so.0"], "feature": "bpf", "description": "no need of it", "later": 1},
        {"soname": ["libx.so"], "priority": "suggested"},
    ]
    more = [{"soname": ["liby\\.so"], "priority": "required"}]
    assert parsed(Made(notes=BUILD_ID + dlopen(value) + dlopen(more))).dlopen == (
        Dlopen(("libbpf.so.1", "libbpf.so.0"), feature="bpf"),
        Dlopen(("libx.so",), "suggested"),
        Dlopen(("liby\\x5c.so",), "required"),
    )


@pytest.mark.parametrize("value", [{}, [], "x", [{"soname": "x"}], [{"soname": []}], [{"soname": ["a\0b"]}], [1]])
def test_what_is_no_list_of_libraries_is_passed_over(value: object) -> None:
    facts = parsed(Made(notes=dlopen(value) + BUILD_ID))
    assert (facts.dlopen, bool(facts.build_id)) == ((), True)


@pytest.mark.parametrize("end", [1, 11, 20, len(BUILD_ID) - 1])
def test_a_note_that_is_cut_off_is_none(end: int) -> None:
    assert parsed(Made(notes=BUILD_ID[:end])).build_id == ""


def test_notes_beyond_the_file_are_none() -> None:
    data = bytearray(replace(Made(notes=BUILD_ID, is_dynamic=False)).build())
    data[64 + 56 + 32 : 64 + 56 + 40] = (1 << 15).to_bytes(8, "little")  # p_filesz of the second segment
    facts = elf.parse(bytes(data))
    assert facts is not None
    assert facts.build_id == ""


@given(st.binary(max_size=100), st.sampled_from([0, 1, 4, 8, 1 << 60]), st.booleans())
def test_any_bytes_raise_nothing(data: bytes, alignment: int, little: bool) -> None:
    Notes().add(data, alignment, little)
    Notes().add(BUILD_ID + data, alignment, little)


@given(st.binary(max_size=60))
def test_any_json_raises_nothing(value: bytes) -> None:
    Notes().add(note(b"FDO\0", 0x407C0C0A, value), 4, True)
