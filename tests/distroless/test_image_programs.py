"""The ELF files of an image, read by pyelftools: stripped, for one machine, and with all libraries that they need."""

import io
import posixpath
from functools import cache

import case
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile

# Where the dynamic loader looks by itself: ld.so(8), and the file of libc6 in ld.so.conf.d.
SEARCHED = [folder + case.MACHINE.triplet for folder in ("lib/", "usr/lib/")] + ["lib", "usr/lib", "lib64", "usr/lib64"]
# java loads libjvm.so by its path before any of these, so the loader finds it by name.
LOADED_BEFORE = {"libjvm.so"}


@cache
def programs() -> dict[str, ELFFile]:
    root = case.root("_debug")
    found = {}
    for path in root:
        member = root.member(path)
        if member.isreg() and member.size > 4 and (data := root.data(path)).startswith(b"\x7fELF"):
            found[path] = ELFFile(io.BytesIO(data))
    return found


def dynamic(file: ELFFile, tag: str) -> list[str]:
    names = {"DT_NEEDED": "needed", "DT_RUNPATH": "runpath", "DT_RPATH": "rpath"}
    return [
        str(getattr(entry, names[tag]))
        for section in file.iter_sections()
        if isinstance(section, DynamicSection)
        for entry in section.iter_tags(tag)
    ]


def folders(path: str, file: ELFFile) -> list[str]:
    """Give where the loader looks for what `file` needs, which stands at `path`."""
    words = [word for tag in ("DT_RPATH", "DT_RUNPATH") for value in dynamic(file, tag) for word in value.split(":")]
    origin = "/" + posixpath.dirname(path)
    return [posixpath.normpath(word.replace("$ORIGIN", origin)).lstrip("/") for word in words] + SEARCHED


def test_static_has_none() -> None:
    own = [path for path in programs() if path in case.root()]
    assert (own == []) == (case.IMAGE == "static")


def test_machine() -> None:
    assert {path for path, file in programs().items() if file["e_machine"] != case.MACHINE.elf} == set()


def test_stripped() -> None:
    for path, file in programs().items():
        names = {section.name for section in file.iter_sections()}
        # Debian leaves the symbols of Java's own libraries, which its crash reports and serviceability agent read.
        assert ".symtab" not in names or path.startswith("usr/lib/jvm/"), path
        assert not any(name.startswith((".debug_", ".zdebug_")) for name in names), path


def test_every_library_is_there() -> None:
    root = case.root("_debug")
    missing = [
        (path, name)
        for path, file in programs().items()
        for name in dynamic(file, "DT_NEEDED")
        if name not in LOADED_BEFORE
        and not any(root.resolve(f"{folder}/{name}") is not None for folder in folders(path, file))
    ]
    assert missing == []


def test_every_interpreter_is_there() -> None:
    root = case.root("_debug")
    for path, file in programs().items():
        for segment in file.iter_segments("PT_INTERP"):
            interpreter = segment.data().rstrip(b"\0").decode()
            # libc.so.6 and such have one too, for who runs them.
            assert root.resolve(interpreter) == root.resolve(case.MACHINE.loader) is not None, (path, interpreter)
