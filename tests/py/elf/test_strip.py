"""Stripping, of real programs by the real strip: what comes out runs, and what must be left alone is."""

import ctypes
import hashlib
import json
import shutil
import stat
import subprocess
import zipfile
import zlib
from pathlib import Path

import msgspec
import pytest
from distill.elf import layout as elf_layout
from distill.elf import strip, strip_safety
from distill.elf.strip import Report
from distill.errors import InputError
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import Section
from support_compiler import HELLO, compiled, compiled_go, script, tool
from support_elf import Made

STRIPS = ["strip", *(["llvm-strip"] if shutil.which("llvm-strip") else [])]


def stripped(source: Path, *, program: str = "strip", image_path: str = "") -> tuple[Report, Path, Path]:
    """Strip `source`; give the report, what was made of it, and the directory of the debug part."""
    out, debug = source.with_name(f"{source.name}.out"), source.with_name(f"{source.name}.debug")
    found = program if "/" in program else tool(program)
    return strip.strip(source, out, debug, found, source.name, image_path), out, debug


def files(debug: Path) -> list[str]:
    return sorted(path.relative_to(debug).as_posix() for path in debug.rglob("*") if path.is_file())


def section(elf: ELFFile, name: str) -> Section:
    found = elf.get_section_by_name(name)
    assert found is not None
    return found


def output(program: Path) -> str:
    done = subprocess.run([program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.stdout


def left_alone(source: Path, reason: str) -> None:
    report, out, debug = stripped(source)
    size = source.stat().st_size
    assert report == Report(source.name, size, size, 0, left_alone=reason)
    assert out.read_bytes() == source.read_bytes()
    assert debug.is_dir()
    assert not list(debug.iterdir())


# --- programs that are stripped


KINDS = [[], ["-static"], ["-static-pie"], ["-no-pie"], ["-gz"]]
# llvm-strip 14 takes no static programs of GNU ld that are not position-independent: ".rela.plt is not a symbol table".
PAIRS = [(program, flags) for program in STRIPS for flags in KINDS if (program, flags) != ("llvm-strip", ["-static"])]


@pytest.mark.parametrize(("program", "flags"), PAIRS)
def test_a_stripped_program_runs_and_names_its_debug_part(tmp_path: Path, program: str, flags: list[str]) -> None:
    source = compiled(tmp_path / "hello", "-Wl,--build-id=0xabcdef0123456789", *flags)
    report, out, debug = stripped(source, program=program)
    assert output(out) == "hello\n"
    part = debug / ".build-id/ab/cdef0123456789.debug"
    assert files(debug) == [".build-id/ab/cdef0123456789.debug"]
    size = source.stat().st_size
    assert report == Report(
        "hello", size, out.stat().st_size, size - out.stat().st_size, part.stat().st_size,
        "/usr/lib/debug/.build-id/ab/cdef0123456789.debug",
    )  # fmt: skip
    assert report.saved > 0
    with out.open("rb") as stream:
        elf = ELFFile(stream)
        names = [section.name for section in elf.iter_sections()]
        link = section(elf, ".gnu_debuglink").data()
    assert not [name for name in names if name in (".symtab", ".strtab", ".comment") or "debug_" in name]
    assert link == b"cdef0123456789.debug\0\0\0\0" + zlib.crc32(part.read_bytes()).to_bytes(4, "little")
    with part.open("rb") as stream:
        elf = ELFFile(stream)
        assert section(elf, ".symtab").data_size > 5 * 24
        assert elf.has_dwarf_info()
        assert "hello.c" in str([unit.get_top_DIE().get_full_path() for unit in elf.get_dwarf_info().iter_CUs()])


def test_a_go_program_runs_and_its_traces_have_lines(tmp_path: Path) -> None:
    source = compiled_go(tmp_path / "hello")
    report, out, debug = stripped(source, image_path="/usr/bin/hello")
    assert report.saved > report.before // 5
    assert len(files(debug)) == 1
    text = output(out)
    assert text.startswith("hello\npanic: trace\n")
    assert "hello.go:5" in text


def test_a_shared_library_loads(tmp_path: Path) -> None:
    library = compiled(tmp_path / "lib.so", "-shared", "-fPIC", source="static int hidden(int x) { return x + 1; }\n"
                       "int answer(void) { return hidden(41); }\n")  # fmt: skip
    report, out, _ = stripped(library)
    assert report.saved > 0
    assert ctypes.CDLL(str(out)).answer() == 42


def test_symbols_alone_are_worth_a_debug_part(tmp_path: Path) -> None:
    report, out, debug = stripped(compiled(tmp_path / "hello", "-g0"))
    assert output(out) == "hello\n"
    assert report.saved > 0
    assert len(files(debug)) == 1


def test_the_mode_stays_with_setuid(tmp_path: Path) -> None:
    source = compiled(tmp_path / "hello")
    source.chmod(0o6755)
    _, out, _ = stripped(source)
    assert stat.S_IMODE(out.stat().st_mode) == 0o6755
    source.chmod(0o555)
    out.unlink()
    shutil.rmtree(tmp_path / "hello.debug")
    _, out, debug = stripped(source)
    assert stat.S_IMODE(out.stat().st_mode) == 0o555
    assert stat.S_IMODE((debug / files(debug)[0]).stat().st_mode) == 0o644


def test_without_a_build_id_the_path_in_the_image_names_the_debug_part(tmp_path: Path) -> None:
    source = compiled(tmp_path / "hello", "-Wl,--build-id=none")
    report, out, debug = stripped(source, image_path="/usr/bin/hello")
    assert files(debug) == ["usr/bin/hello.debug"]
    assert report.debug_file == "/usr/lib/debug/usr/bin/hello.debug"
    assert b"\0hello.debug\0" in out.read_bytes()


def test_without_a_build_id_and_a_path_the_content_does(tmp_path: Path) -> None:
    _, out, debug = stripped(compiled(tmp_path / "hello", "-Wl,--build-id=none"))
    (name,) = files(debug)
    assert name == hashlib.sha256((debug / name).read_bytes()).hexdigest() + ".debug"
    assert name.encode() in out.read_bytes()


def test_a_program_of_another_architecture_by_a_strip_that_knows_it(tmp_path: Path) -> None:
    code, made, source = tmp_path / "x.s", tmp_path / "x.o", tmp_path / "x"
    code.write_text("    .globl _start\n_start:\n    mov x8, 93\n    mov x0, 0\n    svc 0\n")
    subprocess.run([tool("aarch64-linux-gnu-as"), "-g", "-o", made, code], check=True)
    subprocess.run([tool("aarch64-linux-gnu-ld"), "--build-id=sha1", "-o", source, made], check=True)
    assert "set strip to one that knows arm64" in refusal(source, tool("strip"))
    shutil.rmtree(tmp_path / "x.debug")
    report, out, debug = stripped(source, program="aarch64-linux-gnu-strip")
    assert report.saved > 0
    with (debug / files(debug)[0]).open("rb") as stream:
        elf = ELFFile(stream)
        assert elf.has_dwarf_info()
        assert elf["e_machine"] == "EM_AARCH64"
    with out.open("rb") as stream:
        assert section(ELFFile(stream), ".gnu_debuglink").data_size > 40


def test_a_section_for_debuggers_that_is_loaded_stays(tmp_path: Path) -> None:
    text = '__attribute__((section(".debug_gdb_scripts"), used)) static const char script[] = "x";\n'
    report, out, _ = stripped(compiled(tmp_path / "hello", source=text + HELLO))
    assert report.saved > 0
    with out.open("rb") as stream:
        assert section(ELFFile(stream), ".debug_gdb_scripts").data() == b"x\0"


def test_what_scanners_read_stays(tmp_path: Path) -> None:
    source = compiled(tmp_path / "hello")
    (tmp_path / "deps").write_bytes(b"what it is made of")
    objcopy = tool("objcopy")
    subprocess.run([objcopy, f"--add-section=.dep-v0={tmp_path / 'deps'}", source], check=True)
    for program in STRIPS:
        report, out, debug = stripped(source, program=program)
        assert report.saved > 0
        with out.open("rb") as stream:
            assert section(ELFFile(stream), ".dep-v0").data() == b"what it is made of"
        shutil.rmtree(debug)


def test_bytes_do_not_depend_on_where_things_stand(tmp_path: Path) -> None:
    source = compiled(tmp_path / "hello")
    made = []
    for folder in ("one", "another/and/a/longer"):
        (tmp_path / folder).mkdir(parents=True)
        copy = Path(shutil.copy(source, tmp_path / folder / "hello"))
        report, out, debug = stripped(copy)
        made.append((report, out.read_bytes(), [(name, (debug / name).read_bytes()) for name in files(debug)]))
    assert made[0] == made[1]


# --- files that are left alone


def test_a_program_with_appended_data(tmp_path: Path) -> None:
    source = compiled(tmp_path / "hello")
    with source.open("ab") as stream:
        stream.write(b"payload")
    left_alone(source, "has data after its end, 7 bytes, as programs with a payload have")


def test_an_application_as_a_zip_file_behind_its_program(tmp_path: Path) -> None:
    source = compiled(tmp_path / "app")
    size = source.stat().st_size
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("__main__.py", "print('hello')")
    appended = source.stat().st_size - size
    left_alone(source, f"has data after its end, {appended} bytes, as programs with a payload have")
    with zipfile.ZipFile(f"{source}.out") as archive:
        assert archive.read("__main__.py")


def test_a_payload_in_a_section_of_its_own(tmp_path: Path) -> None:
    source = compiled(tmp_path / "hello")
    (tmp_path / "payload").write_bytes(b"MEI\014\013\012\013\016")
    subprocess.run([tool("objcopy"), f"--add-section=pydata={tmp_path / 'payload'}", source], check=True)
    left_alone(source, "has a section of its own, pydata, as programs with a payload have")


def test_a_program_without_section_headers_as_a_packer_makes_it(tmp_path: Path) -> None:
    source = compiled(tmp_path / "hello", "-static")
    data = bytearray(source.read_bytes())
    at = int.from_bytes(data[40:48], "little")
    data[40:48] = bytes(8)
    data[60:64] = bytes(4)
    source.write_bytes(data[:at])
    # What the sections held that are not loaded is now behind all segments.
    reason = strip_safety.reason(source.read_bytes())
    assert reason.startswith("has data after its end")
    end = elf_layout.read(bytes(data)).end()
    source.write_bytes(data[:end])
    left_alone(source, "has no sections: it is packed, or stripped of all")
    assert output(tmp_path / "hello.out") == "hello\n"


def test_a_program_that_is_stripped_already(tmp_path: Path) -> None:
    left_alone(compiled(tmp_path / "hello", "-s"), "is stripped already")


def test_a_program_that_we_have_stripped(tmp_path: Path) -> None:
    _, out, _ = stripped(compiled(tmp_path / "hello"))
    left_alone(out, "has its debug part elsewhere already")


def test_objects_and_static_libraries(tmp_path: Path) -> None:
    left_alone(compiled(tmp_path / "x.o", "-c"), "is an object file or kernel module, whose symbols are needed")
    subprocess.run([tool("ar"), "rc", tmp_path / "x.a", tmp_path / "x.o"], check=True)
    left_alone(tmp_path / "x.a", "is a static library")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is no ELF file"),
        (b"#!/bin/sh\n", "is a script"),
        (b"\x7fEL", "is no ELF file"),
        (b"PK\x03\x04", "is a zip archive"),
        (b"\x7fELF\x02\x01", "is malformed: file is no ELF file of a known class and byte order, or truncated"),
    ],
)
def test_files_that_are_no_programs(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "x").write_bytes(content)
    left_alone(tmp_path / "x", reason)


def test_a_truncated_program(tmp_path: Path) -> None:
    data = compiled(tmp_path / "hello").read_bytes()
    for size in range(0, len(data), 97):
        (tmp_path / "cut").write_bytes(data[:size])
        report, out, _ = stripped(tmp_path / "cut")
        assert report.left_alone
        assert out.read_bytes() == data[:size]


def test_a_program_that_strip_changes(tmp_path: Path) -> None:
    source = compiled(tmp_path / "hello")
    real = tool("strip")
    # In the place of the last argument but one is the output: one byte of the program's text is changed there.
    breaks = script(
        tmp_path / "breaks",
        f'{real} "$@" || exit\ncase "$*" in *strip-all*) '
        'for word; do test "$last" = -o && out=$word; last=$word; done; '
        'printf "\\314" | dd of="$out" bs=1 seek=4200 conv=notrunc 2>/dev/null;; esac',
    )
    report, out, debug = stripped(source, program=breaks)
    assert report.left_alone == "would be another program if it were stripped: what is loaded at 0x1000 differs"
    assert out.read_bytes() == source.read_bytes()
    assert not list(debug.iterdir())


# --- a strip that does not do


def refusal(source: Path, program: str) -> str:
    with pytest.raises(InputError) as error:
        stripped(source, program=program)
    return str(error.value)


def test_a_program_of_an_architecture_that_strip_does_not_know(tmp_path: Path) -> None:
    source = tmp_path / "foreign"
    source.write_bytes(Made(machine=183, sections=[(b".symtab", 2)]).build())
    knows_not = script(tmp_path / "s", 'echo "s: Unable to recognise the format of the input file" >&2; exit 1')
    assert refusal(source, knows_not) == (
        "strip fails on a program for arm64, got 's: Unable to recognise the format of the input file' from "
        f"{knows_not}; "
        "set strip to one that knows arm64, such as llvm-strip, or use the program as it is"
    )


def test_a_strip_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(compiled(tmp_path / "x"), f"{tmp_path}/none") == (
        f"strip cannot be run, got {tmp_path}/none (No such file or directory); "
        "set strip to one that knows amd64, such as llvm-strip, or use the program as it is"
    )


def test_a_strip_that_does_nothing(tmp_path: Path) -> None:
    assert refusal(compiled(tmp_path / "x"), "/bin/false").startswith(
        "strip fails on a program for amd64, got 'exit code 1' from /bin/false; "
    )


def test_a_strip_that_keeps_no_debug_part(tmp_path: Path) -> None:
    keeps_none = script(tmp_path / "s", f'exec {tool("strip")} -o "$4" "$5"')
    message = refusal(compiled(tmp_path / "x"), keeps_none)
    assert message.startswith("strip makes no debug part of a program for amd64, got none of .debug_abbrev, ")
    assert message.endswith("; set strip to one that knows amd64, such as llvm-strip, or use the program as it is")


# --- the report


def test_lines_of_the_report() -> None:
    assert Report("x", 2000, 500, 1500, 1600, "/usr/lib/debug/x.debug").line() == (
        "x: 2,000 bytes, 500 stripped: 1,500 (75 %) saved; 1,600 in /usr/lib/debug/x.debug\n"
    )
    assert Report("x", 2000, 2000, 0, left_alone="is a script").line() == (
        "x: left alone, 2,000 bytes: it is a script\n"
    )
    assert json.loads(msgspec.json.encode(Report("x", 1, 1, 0, left_alone="is a script"))) == {
        "name": "x", "before": 1, "after": 1, "saved": 0, "left_alone": "is a script",
    }  # fmt: skip


def test_the_source_is_what_it_was(tmp_path: Path) -> None:
    source = compiled(tmp_path / "hello", source=HELLO)
    before = source.read_bytes()
    stripped(source)
    assert source.read_bytes() == before
