"""The architecture that an ELF file is for, in Debian's words."""

# By e_machine, the class (64 bits or not) and the byte order (little or not), as Debian names its architectures.
_MACHINES: dict[tuple[int, bool, bool], str] = {
    (3, False, True): "i386",
    (4, False, False): "m68k",
    (8, False, False): "mips",
    (8, False, True): "mipsel",
    (8, True, False): "mips64",
    (8, True, True): "mips64el",
    (15, False, False): "hppa",
    (20, False, False): "powerpc",
    (21, True, False): "ppc64",
    (21, True, True): "ppc64el",
    (22, False, False): "s390",
    (22, True, False): "s390x",
    (40, False, True): "armhf",
    (42, False, True): "sh4",
    (43, True, False): "sparc64",
    (50, True, True): "ia64",
    (62, False, True): "x32",
    (62, True, True): "amd64",
    (183, True, True): "arm64",
    (243, True, True): "riscv64",
    (258, True, True): "loong64",
    (0x9026, True, True): "alpha",
}
_ARM = 40
_ARM_SOFT_FLOAT = 0x200
_MIPS = 8
_MIPS_N32 = 0x20


def name(machine: int, wide: bool, little: bool, flags: int, interpreter: str) -> str:
    """Give the name, or `em-<e_machine>` where Debian has none.

    Args:
        machine: e_machine.
        wide: whether the class is that of 64 bits.
        little: whether the file is little-endian.
        flags: e_flags.
        interpreter: PT_INTERP, which tells armel from armhf where the flags do not.
    """
    soft = flags & _ARM_SOFT_FLOAT or interpreter.endswith("/ld-linux.so.3")
    if machine == _ARM and not wide and little and soft:
        return "armel"
    if machine == _MIPS and not wide and flags & _MIPS_N32:
        return "mipsn32el" if little else "mipsn32"
    return _MACHINES.get((machine, wide, little), f"em-{machine}")
