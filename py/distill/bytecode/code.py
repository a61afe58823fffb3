"""Code as CPython marshals it, without what depends on what else the interpreter had in memory.

CPython marks an object (FLAG_REF) if anybody at all refers to it a second time, and sorts the members of a frozenset by
bytes that have these marks (Python/marshal.c, w_ref and w_complex_object). So the same source gives other bytes after
other sources. Here marks stand on those objects alone that the code itself has more than once.

Read and written is what versions 3.11 to 3.14 know.
"""

import struct

from distill.errors import FormatError

_FLAG_REF = 0x80
_ATOMS = frozenset(b"0NFTS.")
_FIXED = {ord("i"): 4, ord("I"): 8, ord("g"): 8, ord("y"): 16}
_LONG_TEXTS = frozenset(b"stuaA")
_SHORT_TEXTS = frozenset(b"zZ")
_INTERNED = {ord("t"): ord("u"), ord("A"): ord("a"), ord("Z"): ord("z")}
"""Kinds of interned strings, and what the same string is where it is not interned."""
_FROZENSET = ord(">")
_CODE = ord("c")
_REF = ord("r")
_CODE_NUMBERS = 5 * 4
"""Bytes: co_argcount, co_posonlyargcount, co_kwonlyargcount, co_stacksize, co_flags."""
_CODE_BEFORE = 8
"""Objects before co_firstlineno: code, consts, names, localsplusnames, localspluskinds, filename, name, qualname."""
_CODE_AFTER = 2
"""Objects behind it: linetable, exceptiontable."""
_MOST_DEPTH = 150
"""Of objects in objects: more than the 100 blocks that Python lets stand in each other; its stack holds them."""


class _Object:
    __slots__ = ("children", "head", "kind", "middle", "uses")

    def __init__(self, kind: int, head: bytes = b"") -> None:
        self.kind = kind
        self.head = head
        """What stands behind the kind, before the children."""
        self.children: list[_Object] = []
        self.middle = b""
        """Of code: co_firstlineno, which stands among its children."""
        self.uses = 0


def normal(data: bytes) -> bytes:
    """Give the marshalled code `data` with the same objects, in a form that is a function of them alone.

    Raises:
        FormatError: bytes that are no marshalled code of a version that is known.
    """
    reader = _Reader(data)
    try:
        root = reader.object()
    except (IndexError, struct.error):
        raise _broken(f"an end at byte {len(data)}") from None
    if reader.at != len(data):
        raise _broken(f"more than an object, {len(data)} bytes of which {reader.at} are one")
    _sort(root, set())
    _count(root)
    return _Writer().write(root)


def _broken(what: str) -> FormatError:
    return FormatError(f"bytecode is of no form that is known, got {what}; use an interpreter of Python 3.11 to 3.14")


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.depth = 0
        self.refs: list[_Object | None] = []

    def take(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self.data):
            raise IndexError
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def number(self) -> int:
        return int.from_bytes(self.take(4), "little", signed=True)

    def object(self) -> _Object:
        flagged = self.data[self.at]
        self.at += 1
        kind = flagged & ~_FLAG_REF
        if kind == _REF:
            index = self.number()
            found = self.refs[index] if 0 <= index < len(self.refs) else None
            if found is None:
                raise _broken(f"a reference to nothing before byte {self.at}")
            return found
        slot = -1
        if flagged & _FLAG_REF:
            slot = len(self.refs)
            self.refs.append(None)
        made = self.plain(kind)
        if slot >= 0:
            self.refs[slot] = made
        return made

    def plain(self, kind: int) -> _Object:
        if kind in _ATOMS:
            return _Object(kind)
        if kind in _SHORT_TEXTS:
            size = self.data[self.at]
            return _text(kind, self.take(1 + size), 1)
        if kind in _LONG_TEXTS:
            size = int.from_bytes(self.data[self.at : self.at + 4], "little")
            return _text(kind, self.take(4 + size), 4)
        if kind in _FIXED:
            return _Object(kind, self.take(_FIXED[kind]))
        if kind == ord("l"):
            head = self.take(4)
            return _Object(kind, head + self.take(2 * abs(struct.unpack("<i", head)[0])))
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            raise _broken(f"objects that are too deep at byte {self.at}")
        made = self.container(kind)
        self.depth -= 1
        return made

    def container(self, kind: int) -> _Object:
        if kind == _CODE:
            made = self.filled(_Object(kind, self.take(_CODE_NUMBERS)), _CODE_BEFORE)
            made.middle = self.take(4)
            return self.filled(made, _CODE_AFTER)
        if kind == ord(")"):
            made = _Object(kind, self.take(1))
            return self.filled(made, made.head[0])
        if kind in b"(>":
            made = _Object(kind, self.take(4))
            return self.filled(made, int.from_bytes(made.head, "little"))
        if kind == ord(":"):  # a slice, of 3.14
            return self.filled(_Object(kind), 3)
        raise _broken(f"an object of kind {chr(kind)!a} before byte {self.at}")

    def filled(self, made: _Object, count: int) -> _Object:
        for _ in range(count):
            made.children.append(self.object())
        return made


def _text(kind: int, head: bytes, skipped: int) -> _Object:
    text = head[skipped:]
    # There is one object for each string of one character of Latin-1 in the whole process. Whether it is interned is
    # up to whoever used it first, unless it is one of those that every compiler interns.
    if kind in _INTERNED and _is_one_character(text) and not text.isalnum() and text != b"_":
        kind = _INTERNED[kind]
    return _Object(kind, head)


def _is_one_character(text: bytes) -> bool:
    return len(text) <= 2 and len(text.decode("utf-8", "replace")) == 1


def _sort(made: _Object, seen: set[int]) -> None:
    """Put the members of all frozensets in the order of their bytes."""
    if not made.children or id(made) in seen:
        return
    seen.add(id(made))
    for child in made.children:
        _sort(child, seen)
    if made.kind == _FROZENSET:
        made.children.sort(key=_plain_bytes)


def _plain_bytes(made: _Object) -> bytes:
    """Give `made` without any references."""
    return bytes((made.kind,)) + made.head + b"".join(map(_plain_bytes, made.children)) + made.middle


def _count(root: _Object) -> None:
    pending = [root]
    while pending:
        made = pending.pop()
        made.uses += 1
        if made.uses == 1:
            pending += made.children


class _Writer:
    def __init__(self) -> None:
        self.out = bytearray()
        self.refs: dict[int, int] = {}

    def write(self, root: _Object) -> bytes:
        self.add(root)
        return bytes(self.out)

    def add(self, made: _Object) -> None:
        out = self.out
        kind = made.kind
        if made.uses > 1 and kind not in _ATOMS:
            index = self.refs.get(id(made))
            if index is not None:
                out.append(_REF)
                out += index.to_bytes(4, "little")
                return
            self.refs[id(made)] = len(self.refs)
            kind |= _FLAG_REF
        out.append(kind)
        out += made.head
        if made.kind == _CODE:
            for child in made.children[:_CODE_BEFORE]:
                self.add(child)
            out += made.middle
            for child in made.children[_CODE_BEFORE:]:
                self.add(child)
            return
        for child in made.children:
            self.add(child)
