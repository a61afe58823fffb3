"""ELF files by hand: a header, segments and sections, of either class and byte order."""

import struct
from dataclasses import dataclass, field

BASE = 0x400000
"""Where the file is loaded: addresses differ from offsets, so that they have to be mapped."""


@dataclass
class Made:
    """What goes into a file; `build` gives its bytes."""

    wide: bool = True
    little: bool = True
    machine: int = 62
    kind: int = 3
    flags: int = 0
    interpreter: str | None = None
    dynamic: list[tuple[int, int | bytes]] = field(default_factory=list)
    """Tags with a number, or with a string that goes into the string table."""
    sections: list[tuple[bytes, int]] = field(default_factory=list)
    """Names and types."""
    is_dynamic: bool = True
    needs: dict[bytes, list[tuple[bytes, int]]] = field(default_factory=dict)
    """Symbol versions needed, with their flags, by library."""
    defines: list[tuple[bytes, int]] = field(default_factory=list)
    """Symbol versions defined, with their flags."""
    notes: bytes = b""
    """What a PT_NOTE segment with `alignment` holds."""
    alignment: int = 4

    def build(self) -> bytes:
        """Give the file: header, segments, interpreter, dynamic section, strings, section names, section headers."""
        order = "<" if self.little else ">"
        word = "Q" if self.wide else "I"
        header_size, segment_size, section_size = (64, 56, 64) if self.wide else (52, 32, 40)
        names = b"\0" + b"".join(name + b"\0" for name, _ in self.sections) + b".shstrtab\0"
        interpreter = b"" if self.interpreter is None else self.interpreter.encode() + b"\0"
        strings = b"\0"
        tags: list[tuple[int, int]] = []
        for tag, value in self.dynamic:
            if isinstance(value, bytes):
                tags.append((tag, len(strings)))
                strings += value + b"\0"
            else:
                tags.append((tag, value))
        need, define, strings = self._versions(order, strings)
        versions = [(0x6FFFFFFE, 0), (0x6FFFFFFF, len(self.needs))] if need else []
        versions += [(0x6FFFFFFC, 0), (0x6FFFFFFD, len(self.defines))] if define else []
        count = 1 + (self.interpreter is not None) + self.is_dynamic + bool(self.notes)
        at_interpreter = header_size + count * segment_size
        at_dynamic = at_interpreter + len(interpreter)
        dynamic_size = (len(tags) + len(versions) + 3) * 2 * struct.calcsize(order + word)
        at_strings = at_dynamic + (dynamic_size if self.is_dynamic else 0)
        at_notes = at_strings + len(strings)
        at_need = at_notes + len(self.notes)
        at_names = at_need + len(need) + len(define)
        places = {0x6FFFFFFE: BASE + at_need, 0x6FFFFFFC: BASE + at_need + len(need)}
        given = {tag for tag, _ in tags}
        tags += [(tag, places.get(tag, value)) for tag, value in versions if tag not in given]
        at_sections = at_names + len(names)
        defaults = [(5, BASE + at_strings), (10, len(strings)), (0, 0)]
        tags += [pair for pair in defaults if pair[0] not in given]
        tags += [(0, 0)] * (len(self.dynamic) + len(versions) + 3 - len(tags))
        dynamic = b"".join(struct.pack(order + word * 2, tag, value) for tag, value in tags) if self.is_dynamic else b""
        end = at_sections + (len(self.sections) + 2) * section_size
        segments = [(1, 0, BASE, end)]
        if self.interpreter is not None:
            segments.append((3, at_interpreter, BASE + at_interpreter, len(interpreter)))
        if self.is_dynamic:
            segments.append((2, at_dynamic, BASE + at_dynamic, dynamic_size))
        if self.notes:
            segments.append((4, at_notes, BASE + at_notes, len(self.notes)))
        table = b"".join(self._segment(order, word, *segment) for segment in segments)
        sections = bytes(section_size)
        offset = 1
        for name, kind in self.sections:
            sections += self._section(order, word, offset, kind, 0, 0)
            offset += len(name) + 1
        sections += self._section(order, word, offset, 3, at_names, len(names))
        head = b"\x7fELF" + bytes((2 if self.wide else 1, 1 if self.little else 2, 1)) + bytes(9)
        head += struct.pack(
            order + "HHI" + word * 3 + "IHHHHHH",
            self.kind, self.machine, 1, 0, header_size, at_sections, self.flags, header_size, segment_size,
            len(segments), section_size, len(self.sections) + 2, len(self.sections) + 1,
        )  # fmt: skip
        return head + table + interpreter + dynamic + strings + self.notes + need + define + names + sections

    def _versions(self, order: str, strings: bytes) -> tuple[bytes, bytes, bytes]:
        """Give the tables of versions needed and defined, and `strings` with their names."""
        need = define = b""
        for number, (library, versions) in enumerate(self.needs.items(), 1):
            size = 16 * (1 + len(versions)) if number < len(self.needs) else 0
            need += struct.pack(order + "HHIII", 1, len(versions), len(strings), 16, size)
            strings += library + b"\0"
            for at, (name, flags) in enumerate(versions, 1):
                step = 16 if at < len(versions) else 0
                need += struct.pack(order + "IHHII", 0, flags, at + 1, len(strings), step)
                strings += name + b"\0"
        for number, (name, flags) in enumerate(self.defines, 1):
            size = 28 if number < len(self.defines) else 0
            define += struct.pack(order + "HHHHIII", 1, flags, number, 1, 0, 20, size)
            define += struct.pack(order + "II", len(strings), 0)
            strings += name + b"\0"
        return need, define, strings

    def _segment(self, order: str, word: str, kind: int, offset: int, address: int, size: int) -> bytes:
        align = self.alignment if kind == 4 else 8
        if self.wide:
            return struct.pack(order + "IIQQQQQQ", kind, 4, offset, address, address, size, size, align)
        return struct.pack(order + "IIIIIIII", kind, offset, address, address, size, size, 4, align)

    @staticmethod
    def _section(order: str, word: str, name: int, kind: int, offset: int, size: int) -> bytes:
        return struct.pack(order + "II" + word * 4 + "II" + word * 2, name, kind, 0, 0, offset, size, 0, 0, 1, 0)


def note(owner: bytes, kind: int, value: bytes, alignment: int = 4, order: str = "<") -> bytes:
    """Give a note as it stands in a segment with `alignment`."""
    data = struct.pack(order + "III", len(owner), len(value), kind) + owner
    data += bytes(-len(data) % alignment) + value
    return data + bytes(-len(data) % alignment)
