"""Tells of downloads while they run: on a terminal one line that changes, elsewhere a line now and then."""

import threading
import time
from collections.abc import Callable
from typing import TextIO

_ERASE = "\r\x1b[K"
_LIVE = 0.1
_SPARSE = 10.0


class Progress:
    """Writes lines, and the state of all downloads that it was told of; any thread may call it."""

    def __init__(
        self, stream: TextIO, *, live: bool | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take the stream.

        Args:
            stream: where to write.
            live: whether a line can be written over; None to ask the stream.
            clock: tells seconds.
        """
        self._stream, self._clock = stream, clock
        self._live = stream.isatty() if live is None else live
        self._mutex = threading.Lock()
        self._sizes: list[int] = []
        self._arrived: list[int] = []
        self._next = clock() + self._pause
        self._shown = False

    @property
    def _pause(self) -> float:
        return _LIVE if self._live else _SPARSE

    def say(self, line: str) -> None:
        """Write `line`."""
        with self._mutex:
            self._write(f"{line}\n")

    def begin(self, size: int) -> Callable[[int], None]:
        """Count in a download of `size` bytes; gives what is to be told how many of them have arrived, each time."""
        with self._mutex:
            number = len(self._sizes)
            self._sizes.append(size)
            self._arrived.append(0)

        def arrived(count: int) -> None:
            with self._mutex:
                self._arrived[number] = count
                if self._clock() >= self._next:
                    self._next = self._clock() + self._pause
                    self._write(self._state() + ("" if self._live else "\n"), shown=self._live)

        return arrived

    def done(self) -> None:
        """Take the changing line away."""
        with self._mutex:
            self._write("")

    def _state(self) -> str:
        whole = sum(arrived >= size for arrived, size in zip(self._arrived, self._sizes, strict=True))
        return (
            f"downloaded {sum(self._arrived) / 1e6:.1f} of {sum(self._sizes) / 1e6:.1f} MB,"
            f" {whole} of {len(self._sizes)} files"
        )

    def _write(self, text: str, *, shown: bool = False) -> None:
        self._stream.write((_ERASE if self._shown else "") + text)
        self._stream.flush()
        self._shown = shown
