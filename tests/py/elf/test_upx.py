"""ELF files that UPX has packed; real ones are in tests/upx."""

from distill.elf import upx


def test_its_magic_stands_near_the_beginning() -> None:
    assert upx.is_packed(b"\x7fELF" + bytes(200) + b"UPX!" + bytes(9))
    assert not upx.is_packed(b"\x7fELF" + bytes(1020) + b"UPX!")
    assert not upx.is_packed(b"\x7fELF" + bytes(200))
