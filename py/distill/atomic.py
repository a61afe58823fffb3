"""Files that appear whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(*targets: str | Path) -> Iterator[list[str]]:
    """Give a path beside each of `targets` to write to; at the end of the block the files are renamed to `targets`.

    Where the block, or a renaming, raises, none of the files stays.

    Raises:
        OSError: a file cannot be renamed.
    """
    finals = [os.fspath(target) for target in targets]
    partials = [f"{target}.partial" for target in finals]
    done: list[str] = []
    try:
        yield partials
        for partial, final in zip(partials, finals, strict=True):
            os.replace(partial, final)  # noqa: PTH105 - the paths are strings
            done.append(final)
    except BaseException:
        for path in (*partials, *done):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)  # noqa: PTH108 - the paths are strings
        raise


def write(target: Path, data: bytes, mode: int = 0o600) -> None:
    """Write `data` to the file `target`, at once or not at all; several that write it do not meet.

    Raises:
        OSError: it cannot be written; then it is as it was.
    """
    descriptor, part = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        Path(part).chmod(mode)
        Path(part).replace(target)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
