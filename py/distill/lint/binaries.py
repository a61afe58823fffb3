"""Rules on ELF files and other programs."""

from collections.abc import Iterator

from distill.layer import marks
from distill.lint.image import Image
from distill.lint.rule import Problem, rule
from distill.runtime import libraries

_WORTH = 16384
"""Bytes of symbols in one file that are worth a word; some of Debian's libraries keep a few on purpose."""


@rule(
    "unstripped-elf",
    "warning",
    "ELF files hold symbols and debug information, which nothing reads at run time",
    "strip them and keep the debug files elsewhere",
)
def unstripped_elf(image: Image) -> Iterator[Problem]:
    """Programs and libraries with 16 KiB or more of symbols and debug information, which `strip` would remove.

    The size of a finding is that of the sections: what the file would be smaller by. Debug information is often more
    than half of a program, and every pull, push and disk carries it. Keep it where a debugger finds it by its build id
    instead. Files below `/usr/lib/debug` are there for debuggers and are left out.
    """
    for node in image.files:
        elf, path = node.file.elf, node.record.path
        if elf is None or elf.strippable < _WORTH or elf.kind not in ("executable", "shared"):
            continue
        if not path.startswith("usr/lib/debug/"):
            yield Problem(path, size=elf.strippable)


@rule(
    "upx-packed",
    "warning",
    "ELF files are packed with UPX, which costs memory in every container",
    "leave them as the linker made them: the layer is compressed anyway",
)
def upx_packed(image: Image) -> Iterator[Problem]:
    """ELF files that unpack themselves when they start.

    The kernel maps an ordinary program from its file: pages are read when they are first used, all processes of all
    containers on a host that run the same layer share them, and under pressure they are dropped and read again. A
    packed program writes itself into anonymous memory instead: each process has all of its pages for itself, none can
    be dropped, and each start pays for the unpacking. Measured on Debian's Python, a program of 6.8 MB, in containers
    that only wait: one process has 8.8 MB of anonymous memory instead of 3.1 MB, eight together take 73 MB instead of
    30 MB.

    In a registry little is saved, for a layer is compressed anyway. As a layer of its own that program has 2.64 MB with
    gzip and 2.21 MB with the best of zstd; packed with `upx --best` 2.34 MB and 2.33 MB, with `upx --lzma` 1.89 MB
    either way. Where that counts, take zstd. Closures and scanners see no libraries and no build id in a packed
    program, and `stripped_binary` leaves it alone.
    """
    for node in image.files:
        if marks.UPX in node.file.marks:
            yield Problem(node.record.path)


@rule(
    "foreign-architecture",
    "warning",
    "programs and libraries are not for the image's platform",
    "leave them out, or take those of its platform",
)
def foreign_architecture(image: Image) -> Iterator[Problem]:
    """ELF files for another CPU than the image's, and programs for Windows and macOS.

    They cannot run in a container of this image. Packages for several platforms, such as wheels with launchers for
    Windows (`t64.exe`) and npm packages with all prebuilt binaries, bring them. What the loader would stumble over, the
    check of the image rejects as well, unless `allow` names it.
    """
    machines = libraries.MACHINES.get(image.architecture, (image.architecture,))
    for node in image.files:
        elf, path = node.file.elf, node.record.path
        # Code for other processors than a CPU, eBPF or a GPU, has no name of Debian's.
        if elf is not None and elf.machine not in machines and not elf.machine.startswith("em-"):
            yield Problem(path, f"for {elf.machine}", node.file.size)
        for mark in node.file.marks:
            if system := marks.FOREIGN.get(mark):
                yield Problem(path, f"for {system}", node.file.size)
