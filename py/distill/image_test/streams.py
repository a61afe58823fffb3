"""What a command writes, kept within bounds of time and memory, whatever the command does."""

import os
import select
import time
from collections.abc import Sequence
from typing import Literal

MOST = 16 << 20
"""Bytes of one stream that are kept; a command that writes more is stopped."""
MOST_SAID = "16 MiB"
"""`MOST`, for messages."""

Ending = Literal["", "late", "flood"]
"""Why reading stopped: all had ended, the time was over, or a stream had more than `MOST`."""

_PART = 1 << 16


def drain(pipes: Sequence[int], seconds: float, pid: int) -> tuple[list[bytes], Ending]:
    """Read `pipes` to their ends and wait for that of the child `pid`, for `seconds` and `MOST` bytes of each.

    The child is not reaped. Whoever calls ends what has not ended.
    """
    # A command may close its streams and run on.
    process = os.pidfd_open(pid)
    try:
        return _drain(pipes, process, seconds)
    finally:
        os.close(process)


def _drain(pipes: Sequence[int], process: int, seconds: float) -> tuple[list[bytes], Ending]:
    found: dict[int, list[bytes]] = {pipe: [] for pipe in pipes}
    sizes = dict.fromkeys(pipes, 0)
    poll = select.poll()
    left = {*pipes, process}
    for source in left:
        poll.register(source, select.POLLIN)
    end = time.monotonic() + seconds
    ending: Ending = ""
    while left and not ending:
        # The clock counts even where there is always something to read.
        wait = end - time.monotonic()
        if wait <= 0:
            ending = "late"
            break
        for source, _ in poll.poll(wait * 1000):
            data = os.read(source, min(_PART, MOST + 1 - sizes[source])) if source != process else b""
            if not data:
                poll.unregister(source)
                left.discard(source)
                continue
            found[source].append(data)
            sizes[source] += len(data)
            if sizes[source] > MOST:
                ending = "flood"
    return [b"".join(found[pipe])[:MOST] for pipe in pipes], ending
