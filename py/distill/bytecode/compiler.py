"""What compiles: a program that the interpreter of an image's packages runs, since bytecode is that of its version.

That interpreter has its standard library and nothing of ours, and gets this file as text. All it is told stands in its
standard input, all it says in its output, both marshalled: in, a list of paths and sources, bytes; out, the magic
number, the tag in the names of files (`cpython-311`), the version, and for each source its hash (PEP 552), its code and
why there is none.
"""

import importlib.util
import marshal
import os
import sys

_EVERY_VERSION = 2
"""Of marshal: a form that all versions of Python read."""


def compiled(path: bytes, source: bytes) -> tuple[bytes, bytes, str]:
    """Give hash, code and problem of one source."""
    code, problem = b"", ""
    try:
        code = marshal.dumps(compile(source, os.fsdecode(path), "exec", dont_inherit=True, optimize=0))
    except Exception as error:  # whatever it is, Python could not import this file either
        problem = f"{type(error).__name__}: {error}"
    return importlib.util.source_hash(source), code, problem


def main() -> None:
    """Compile what standard input has."""
    made = [compiled(path, source) for path, source in marshal.load(sys.stdin.buffer)]  # noqa: S302 - of the tool
    version = tuple(sys.version_info[:2])
    found = (importlib.util.MAGIC_NUMBER, str(sys.implementation.cache_tag), version, made)
    sys.stdout.buffer.write(marshal.dumps(found, _EVERY_VERSION))


if __name__ == "__main__":
    main()
