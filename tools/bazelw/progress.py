"""Progress on stderr: one moving bar on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_MEGABYTE = 1_000_000
_BAR_WIDTH = 30
_PLAIN_STEP = 25  # percent between two plain lines


class Progress:
    """Tells the user what the installation does.

    stream: where to write (default: stderr). A terminal gets a bar that is redrawn at most ten times a second.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._tty = self._stream.isatty()
        self._drawn = 0.0
        self._step = ""
        self._told = 0
        self._width = 0

    def say(self, text: str) -> None:
        """Write one line."""
        self._clear()
        self._write(f"bazelw: {text}\n")

    def start(self, text: str) -> None:
        """Begin a step; on a terminal its line is overwritten by the next one."""
        if self._tty:
            self._draw(f"bazelw: {text}")
        else:
            self.say(text)

    def update(self, text: str, done: int, total: int) -> None:
        """Show that `done` of `total` bytes of a step are there."""
        if text != self._step:
            self._step, self._told, self._drawn = text, 0, 0.0
        percent = min(100, done * 100 // max(total, 1))
        amount = f"{done / _MEGABYTE:.0f} of {total / _MEGABYTE:.0f} MB"
        if not self._tty:
            if percent >= self._told + _PLAIN_STEP:
                self._told = percent - percent % _PLAIN_STEP
                self.say(f"{text} {percent} % ({amount})")
            return
        now = time.monotonic()
        if now - self._drawn >= 0.1 or percent == 100:
            self._drawn = now
            filled = "#" * (percent * _BAR_WIDTH // 100)
            self._draw(f"bazelw: {text} [{filled:<{_BAR_WIDTH}}] {percent:3d} % ({amount})")

    def finish(self) -> None:
        """Take the moving line away."""
        self._clear()

    def _draw(self, line: str) -> None:
        self._write("\r" + line.ljust(self._width))
        self._width = len(line)

    def _clear(self) -> None:
        if self._tty and self._width:
            self._write("\r" + " " * self._width + "\r")
            self._width = 0

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
