"""Files of bytecode (`.pyc`), unchecked and hash-based: they fit a source, whatever its time (PEP 552).

What is in one depends on the source, its path in the image and the version of Python. It does not depend on other
sources, the machine, or the architecture: code is for Python's own machine.
"""

import marshal
import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distill import paths
from distill.bytecode import code, compiler
from distill.errors import FormatError, InputError

_AT_ONCE = 64
"""Sources for one run of the interpreter, which takes as long to start as to compile two of them."""
_OLDEST = (3, 11)
_HASH_BASED = (1).to_bytes(4, "little")
"""The flags of a file that has its source's hash, and whose source is not looked at."""
_ADVICE = "name a package_program of python3.11 or newer, with its standard library in files"


@dataclass(frozen=True)
class Pyc:
    """What became of one source."""

    source: str
    """Path of the source in the image."""
    tag: str
    """The version, as it stands in names: `cpython-311`."""
    data: bytes
    """The bytes of the file, empty where the source cannot be compiled."""
    problem: str = ""
    """Why it cannot."""


def compile_all(interpreter: str, sources: Sequence[tuple[str, bytes]]) -> Iterator[Pyc]:
    """Compile `sources`, paths in the image and bytes, by running `interpreter`; gives them in their order.

    Raises:
        InputError: an interpreter that cannot be run, is too old, or fails.
    """
    script = Path(compiler.__file__).read_text("utf-8")
    parts = [sources[at : at + _AT_ONCE] for at in range(0, len(sources), _AT_ONCE)]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for made in pool.map(lambda part: list(_compile(interpreter, script, part)), parts):
            yield from made


def _compile(interpreter: str, script: str, sources: Iterable[tuple[str, bytes]]) -> Iterator[Pyc]:
    given = [(paths.encode(f"/{path}"), data) for path, data in sources]
    magic, tag, version, made = _run(interpreter, script, marshal.dumps(given, 2))
    if version < _OLDEST:
        raise InputError(f"interpreter is too old, got Python {'.'.join(map(str, version))}; {_ADVICE}")
    for (path, _), (source_hash, marshalled, problem) in zip(given, made, strict=True):
        data = b""
        if marshalled:
            try:
                data = magic + _HASH_BASED + source_hash + code.normal(marshalled)
            except FormatError as error:
                problem = str(error)
        yield Pyc(paths.decode(path)[1:], tag, data, problem)


def _run(interpreter: str, script: str, given: bytes) -> Any:
    # No site, no directory of the user's, nothing written, UTF-8 whatever the locale; of the environment only what
    # the launcher needs to find its files.
    command = [interpreter, "-B", "-P", "-S", "-s", "-W", "ignore", "-X", "utf8", "-c", script]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONHASHSEED": "0"}
    try:
        done = subprocess.run(command, input=given, env=environment, capture_output=True, check=False)  # noqa: S603
    except OSError as error:
        raise InputError(f"interpreter cannot be run, got {error.strerror} for {interpreter}; {_ADVICE}") from None
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise InputError(f"interpreter fails, got exit code {done.returncode} and {last!r}; {_ADVICE}")
    try:
        return marshal.loads(done.stdout)  # noqa: S302 - of the compiler above
    except (EOFError, ValueError, TypeError):
        raise InputError(f"interpreter is no Python, got {done.stdout[:20]!r} from {interpreter}; {_ADVICE}") from None
