"""Files that appear whole or not at all."""

import contextlib
import os
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
