"""Tests of distill.layer.shared_libraries, against the machine's own ldconfig where there is one."""

import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from distill.elf import file as elf
from distill.elf import ld_so_cache
from distill.errors import InputError
from distill.layer import shared_libraries
from distill.listing import Record
from distill.runtime.rootfs import Rootfs
from msgspec.structs import replace
from support_listing import directory, file, library, symlink

LIB = "usr/lib/x86_64-linux-gnu"
PACKAGE = "libc6_2.36-9+deb12u14_amd64"


def found(*records: Record, directories: tuple[str, ...] = ()) -> shared_libraries.Found:
    libc = replace(library(f"{LIB}/libc.so.6"), package=PACKAGE)
    merged = symlink("lib", "usr/lib")
    return shared_libraries.find(Rootfs([[merged, libc, *records]]), directories)


def names(*records: Record, directories: tuple[str, ...] = ()) -> dict[str, str]:
    given = found(*records, directories=directories).libraries
    return {entry.name: entry.path for entry in given if entry.name != "libc.so.6"}


def library_file(path: str, soname: str, machine: str = "amd64") -> Record:
    return library(path, soname=soname, machine=machine)


def test_a_library_is_known_by_its_soname_in_the_first_directory_that_is_it() -> None:
    records = [library_file(f"{LIB}/libz.so.1.2", "libz.so.1"), symlink(f"{LIB}/libz.so.1", "libz.so.1.2")]
    assert names(*records) == {"libz.so.1": "/lib/x86_64-linux-gnu/libz.so.1"}
    assert found(*records).links == {}


def test_links_count_by_their_own_names_only() -> None:
    links = [symlink(f"{LIB}/{name}", "libz.so.1.2") for name in ("libz.so", "libz.so.1", "libodd.so", "libz.so.9")]
    assert sorted(names(library_file(f"{LIB}/libz.so.1.2", "libz.so.1"), *links)) == ["libz.so", "libz.so.1"]


def test_a_missing_link_of_a_soname_is_made() -> None:
    assert found(library_file(f"{LIB}/libz.so.1.2", "libz.so.1")).links == {f"{LIB}/libz.so.1": "libz.so.1.2"}


def test_the_later_version_counts() -> None:
    records = [library_file(f"{LIB}/libz.so.1.{minor}", "libz.so.1") for minor in (9, 10)]
    assert found(*records).links == {f"{LIB}/libz.so.1": "libz.so.1.10"}


def test_what_is_no_library_does_not_count() -> None:
    records = [
        file(f"{LIB}/libtext.so"),
        library_file(f"{LIB}/libarm.so.1", "libarm.so.1", "arm64"),
        library_file(f"{LIB}/other.so.1", "other.so.1"),
        library_file(f"{LIB}/libpython.so-gdb.py", ""),
        symlink(f"{LIB}/libgone.so.1", "nowhere"),
        directory(f"{LIB}/libdirectory.so.1"),
        library_file(f"{LIB}/below/libbelow.so.1", "libbelow.so.1"),
    ]
    assert names(*records) == {}


def test_a_library_without_a_soname_is_known_by_its_file() -> None:
    assert names(library_file(f"{LIB}/libmemusage.so", "")) == {"libmemusage.so": f"/{LIB[4:]}/libmemusage.so"}


def test_own_directories_come_first() -> None:
    assert names(library_file("opt/x/libx.so.1", "libx.so.1"), directories=("/opt/x",)) == {
        "libx.so.1": "/opt/x/libx.so.1"
    }


def test_subdirectories_for_better_processors() -> None:
    given = found(library_file(f"{LIB}/glibc-hwcaps/x86-64-v3/libz.so.1.2", "libz.so.1"))
    (entry,) = [entry for entry in given.libraries if entry.hwcaps]
    assert (entry.name, entry.hwcaps) == ("libz.so.1", "x86-64-v3")
    assert entry.path.endswith("/glibc-hwcaps/x86-64-v3/libz.so.1.2")
    assert given.links == {}


@pytest.mark.parametrize(
    ("package", "generator"),
    [
        (PACKAGE, "ldconfig (Debian GLIBC 2.36-9+deb12u14) stable release version 2.36"),
        ("libc6_2.39-0ubuntu8_amd64", "ldconfig (Ubuntu GLIBC 2.39-0ubuntu8) stable release version 2.39"),
        ("", "ldconfig"),
    ],
)
def test_the_generator_is_that_of_the_c_library(package: str, generator: str) -> None:
    libc = replace(library("usr/lib/libc.so.6"), package=package)
    assert shared_libraries.find(Rootfs([[libc]])).generator == generator


@pytest.mark.parametrize(("machine", "flags", "big"), [("s390x", 0x403, True), ("arm64", 0xA03, False)])
def test_other_architectures(machine: str, flags: int, big: bool) -> None:
    given = shared_libraries.find(Rootfs([[library("usr/lib/libc.so.6", machine=machine)]]))
    assert [entry.flags for entry in given.libraries] == [flags]
    assert given.big_endian is big


def test_no_c_library() -> None:
    with pytest.raises(InputError) as caught:
        shared_libraries.find(Rootfs([[]]))
    assert str(caught.value) == ("image has no C library that reads a cache, got no libc.so.6; add the package libc6")


def test_an_architecture_that_nobody_knows() -> None:
    with pytest.raises(InputError) as caught:
        shared_libraries.find(Rootfs([[library("usr/lib/libc.so.6", machine="em-1")]]))
    assert str(caught.value) == (
        "C library is for an architecture without a known cache, got em-1;"
        " leave the cache out, or use one of amd64, arm64, armel, armhf, i386, ppc64el, riscv64, s390x"
    )


def test_a_directory_that_is_not_there() -> None:
    with pytest.raises(InputError) as caught:
        found(directories=("/opt/x",))
    assert str(caught.value) == ("directories names no directory of the image, got /opt/x; add a layer that has it")


def _records(root: Path, package: str) -> Iterator[Record]:
    for path in sorted(root.rglob("*")):
        name, mode = str(path.relative_to(root)), path.lstat().st_mode
        if stat.S_ISLNK(mode):
            yield symlink(name, str(path.readlink()))
        elif stat.S_ISDIR(mode):
            yield directory(name)
        else:
            facts = elf.parse(path.read_bytes())
            yield file(name, elf=facts, package=package if path.name == "libc.so.6" else "")


def test_the_cache_is_ldconfigs(tmp_path: Path) -> None:
    """A root of the machine's own libraries, with everything odd that a directory of libraries may hold."""
    ldconfig = shutil.which("ldconfig", path="/usr/sbin:/sbin")
    here = Path("/usr/lib/x86_64-linux-gnu")
    version = subprocess.run([str(ldconfig), "--version"], capture_output=True, text=True).stdout if ldconfig else ""
    if "(Debian GLIBC 2.3" not in version or not (here / "libc.so.6").exists():
        pytest.skip("CACHE NOT COMPARED: this machine has no ldconfig of Debian for amd64")
    package = f"libc6_{version.partition('GLIBC ')[2].partition(')')[0]}_amd64"
    place = tmp_path / LIB
    place.mkdir(parents=True)
    (tmp_path / "etc/ld.so.conf.d").mkdir(parents=True)
    (tmp_path / "etc/ld.so.conf").write_text("include /etc/ld.so.conf.d/*.conf\n")
    (tmp_path / "etc/ld.so.conf.d/000.conf").write_text("/opt/x\n")
    (tmp_path / "etc/ld.so.conf.d/a.conf").write_text("/lib/x86_64-linux-gnu\n/usr/lib/x86_64-linux-gnu\n")
    (tmp_path / "lib").symlink_to("usr/lib")
    for name in ("libc.so.6", "libm.so.6", "libresolv.so.2", "libdl.so.2", "libpthread.so.0"):
        shutil.copy(here / name, place / name)
    for target in ("opt/x", f"{LIB}/glibc-hwcaps/x86-64-v2", f"{LIB}/glibc-hwcaps/x86-64-v3", f"{LIB}/glibc-hwcaps/z"):
        (tmp_path / target).mkdir(parents=True)
        shutil.copy(place / "libm.so.6", tmp_path / target / "libm.so.6")
    shutil.copy(place / "libdl.so.2", place / "libdl.so.1.9")
    shutil.copy(place / "libdl.so.2", place / "libdl.so.1.10")
    for link, to in (("libm.so", "libm.so.6"), ("libodd.so.1", "libm.so.6"), ("libgone.so.1", "nowhere")):
        (place / link).symlink_to(to)
    (place / "libtext.so").write_text("INPUT(libm.so.6)")
    given = shared_libraries.find(Rootfs([list(_records(tmp_path, package))]), ("/opt/x",))
    subprocess.run([str(ldconfig), "-r", str(tmp_path)], check=True, capture_output=True)
    expected = (tmp_path / "etc/ld.so.cache").read_bytes()
    assert ld_so_cache.encode(given.libraries, given.generator) == expected
    # The same from what the files say, where the listing has it as the layer action writes it.
    configured = [
        replace(record, text=(tmp_path / record.path).read_text() if record.path.endswith("conf") else "")
        for record in _records(tmp_path, package)
    ]
    given = shared_libraries.find(Rootfs([configured]))
    assert ld_so_cache.encode(given.libraries, given.generator) == expected


def test_ld_so_conf_says_where_to_look_before_what_is_built_in() -> None:
    records = [library_file("opt/a/liba.so.1", "liba.so.1"), library_file("usr/local/lib/libb.so.1", "libb.so.1")]
    records += [library_file("usr/lib/liba.so.1", "liba.so.1")]
    conf = file("etc/ld.so.conf", text="/opt/a\n")
    assert names(*records)["libb.so.1"] == "/usr/local/lib/libb.so.1"
    assert found(*records, conf).libraries[0].path == "/opt/a/liba.so.1"
    assert "libb.so.1" not in names(*records, conf)
