"""From the bytes of a tar to a compressed blob and its digests: chunks in, compressed side by side, written in order.

    write ──▶ chunk ──┬──▶ hashed in order (diff_id)
                      └──▶ compressed by any of the threads ──▶ written in order, hashed (digest)

There are a few buffers, each of one chunk, that go round: whoever fills them waits until one is free, so memory has a
bound whatever is written. A blob of one chunk, and any blob with one thread, needs no other thread.
"""

import hashlib
import mmap
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from types import TracebackType

from distill import compression
from distill.compression import Compression, Level

_MOST_THREADS = 16
"""Beyond that one thread that reads and hashes files cannot keep them busy."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a blob."""

    digest: str
    """`sha256:<hex>` of the blob."""
    size: int
    """Bytes of the blob."""
    diff_id: str
    """`sha256:<hex>` of what was written to the pipeline."""


class _Chunk:
    """A buffer that goes round; `users` counts who still reads it."""

    __slots__ = ("length", "number", "users", "view")

    def __init__(self, size: int) -> None:
        self.view = memoryview(mmap.mmap(-1, size))  # takes memory only where something is written, unlike bytearray
        self.length = 0
        self.number = 0
        self.users = 0


def default_threads() -> int:
    """Give the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Pipeline:
    """Takes bytes by `write`, or into `room` followed by `advance`; `finish` gives the result.

    It is a context manager, so that its threads end whatever happens.
    """

    def __init__(self, out: int, kind: Compression, level: Level, threads: int | None = None) -> None:
        """Begin to write to the file descriptor `out`; `threads` compress, where None is one for each core."""
        self._out = out
        self._kind = kind
        self._new: Callable[[], compression.Compressor] = lambda: compression.compressor(kind, level)
        self._threads = max(1, min(default_threads() if threads is None else threads, _MOST_THREADS))
        self.buffers = 1 if self._threads == 1 else self._threads + 2
        """How many chunks there are at most."""
        self._size = compression.chunk_size(kind)
        self._chunk = _Chunk(self._size)
        self._at = 0
        self._number = 0
        self._made = 1
        self._diff = hashlib.sha256()
        self._digest = hashlib.sha256()
        self._written = 0
        self._inline: compression.Compressor | None = None
        self._running: list[threading.Thread] = []
        self._free: SimpleQueue[_Chunk] = SimpleQueue()
        self._to_hash: SimpleQueue[_Chunk | None] = SimpleQueue()
        self._to_compress: SimpleQueue[_Chunk | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._ready: dict[int, tuple[_Chunk, bytes | bytearray | memoryview]] = {}
        self._next = 0
        self._writing = False
        self._error: BaseException | None = None

    def room(self) -> memoryview:
        """Give the free part of the current chunk, at least one byte; waits for a chunk where all are in use."""
        if self._at == self._size:
            self._pass_on()
        return self._chunk.view[self._at :]

    def advance(self, count: int) -> None:
        """Say that the first `count` bytes of `room` were filled."""
        self._at += count

    def write(self, data: bytes | memoryview) -> None:
        """Append `data`."""
        end = self._at + len(data)
        if end <= self._size:
            self._chunk.view[self._at : end] = data
            self._at = end
            return
        rest = memoryview(data)
        while rest:
            room = self.room()
            count = min(len(room), len(rest))
            room[:count] = rest[:count]
            self._at += count
            rest = rest[count:]

    def finish(self) -> Result:
        """Write what is left, wait for all of it, and give the result."""
        if self._running:
            if self._at:
                self._submit()
            self._stop()
        elif self._at:
            self._do(self._chunk.view[: self._at])
        self._raise()
        digest = self._diff if self._kind == "uncompressed" else self._digest
        return Result(f"sha256:{digest.hexdigest()}", self._written, f"sha256:{self._diff.hexdigest()}")

    def __enter__(self) -> "Pipeline":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._running:
            self._error = self._error or error
            self._stop()

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _pass_on(self) -> None:
        """Have the full chunk processed and take an empty one."""
        if self._threads == 1:
            self._do(self._chunk.view)
        else:
            if not self._running:
                self._start()
            self._submit()
            if self._free.empty() and self._made < self.buffers:
                self._made += 1
                self._chunk = _Chunk(self._size)
            else:
                self._chunk = self._free.get()
            self._raise()
        self._at = 0

    def _do(self, view: memoryview) -> None:
        """Process a chunk here and now."""
        if self._inline is None:
            self._inline = self._new()
        self._diff.update(view)
        self._put(self._inline(view))

    def _put(self, data: bytes | bytearray | memoryview) -> None:
        if self._kind != "uncompressed":  # there the digest is the diff_id
            self._digest.update(data)
        view = memoryview(data)
        while view:
            count = os.write(self._out, view)
            self._written += count
            view = view[count:]

    def _start(self) -> None:
        # Uncompressed chunks are written by the thread that hashes them: they are in order there.
        plain = self._kind == "uncompressed"
        targets = [self._hash, *([] if plain else [self._compress] * self._threads)]
        self._running = [threading.Thread(target=target, daemon=True) for target in targets]
        for thread in self._running:
            thread.start()

    def _submit(self) -> None:
        chunk = self._chunk
        chunk.length = self._at
        chunk.number = self._number
        self._number += 1
        if self._kind == "uncompressed":
            chunk.users = 1
        else:
            chunk.users = 2
            self._to_compress.put(chunk)
        self._to_hash.put(chunk)

    def _stop(self) -> None:
        self._to_hash.put(None)
        for _ in self._running[1:]:
            self._to_compress.put(None)
        for thread in self._running:
            thread.join()
        self._running = []

    def _release(self, chunk: _Chunk) -> None:
        with self._lock:
            chunk.users -= 1
            free = not chunk.users
        if free:
            self._free.put(chunk)

    def _fail(self, error: BaseException) -> None:
        self._error = self._error or error
        self._free.put(self._chunk)  # whoever waits for a free chunk wakes up, and finds the error

    def _hash(self) -> None:
        while (chunk := self._to_hash.get()) is not None:
            if self._error is not None:
                continue
            try:
                view = chunk.view[: chunk.length]
                self._diff.update(view)
                if self._kind == "uncompressed":
                    self._put(view)
            except BaseException as error:
                self._fail(error)
            self._release(chunk)

    def _compress(self) -> None:
        compress: compression.Compressor | None = None
        while (chunk := self._to_compress.get()) is not None:
            if self._error is not None:
                continue
            try:
                compress = compress or self._new()
                self._deliver(chunk, compress(chunk.view[: chunk.length]))
            except BaseException as error:
                self._fail(error)

    def _deliver(self, chunk: _Chunk, data: bytes | bytearray | memoryview) -> None:
        """Write `data` when its turn comes: now, with all that waits for it, or by the thread whose turn is now.

        A chunk is in use until its data is written, for what waits takes memory too.
        """
        with self._lock:
            self._ready[chunk.number] = (chunk, data)
            if self._writing:
                return
            self._writing = True
        while True:
            with self._lock:
                ready = self._ready.pop(self._next, None)
                if ready is None:
                    self._writing = False
                    return
                self._next += 1
            self._put(ready[1])
            self._release(ready[0])
