"""Copying bytes between files without reading them where the kernel can do that."""

import errno
import os

_CHUNK = 1 << 30
"""Most bytes of one system call; Linux moves at most 2 GiB - 4096."""

_UNABLE = frozenset((errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM, errno.EBADF, errno.EIO))
"""What copy_file_range(2) and sendfile(2) give where this kernel or these file systems cannot."""


def write(out: int, data: bytes) -> None:
    """Write all of `data` to the file descriptor `out`."""
    view = memoryview(data)
    while view:
        view = view[os.write(out, view) :]


def copy(source: int, out: int, size: int) -> None:
    """Copy `size` bytes from where the file descriptor `source` stands to where `out` stands, and move both.

    Where the file system shares blocks between files (btrfs, xfs) no byte moves; elsewhere the kernel copies.

    Raises:
        EOFError: `source` ends before.
    """
    for way in (_range, _send, _read):
        try:
            while size and (done := way(source, out, min(size, _CHUNK))):
                size -= done
        except OSError as error:
            if way is _read or error.errno not in _UNABLE:
                raise
        if not size:
            return
    raise EOFError(f"file ends {size} bytes early")


def _range(source: int, out: int, size: int) -> int:
    return os.copy_file_range(source, out, size)


def _send(source: int, out: int, size: int) -> int:
    return os.sendfile(out, source, None, size)


def _read(source: int, out: int, size: int) -> int:
    data = os.read(source, min(size, 1 << 20))
    write(out, data)
    return len(data)
