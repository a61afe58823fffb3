"""What is told of downloads, on a terminal and in a log."""

import io

from distill.progress import Progress


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Tell the seconds."""
        return self.now


def test_a_log_gets_a_line_now_and_then() -> None:
    out, clock = io.StringIO(), Clock()
    progress = Progress(out, clock=clock)
    one, two = progress.begin(3_000_000), progress.begin(1_000_000)
    for second in range(25):
        clock.now = second
        one(second * 100_000)
    two(1_000_000)
    clock.now = 60
    one(3_000_000)
    progress.say("done")
    progress.done()
    assert out.getvalue().splitlines() == [
        "downloaded 1.0 of 4.0 MB, 0 of 2 files",
        "downloaded 2.0 of 4.0 MB, 0 of 2 files",
        "downloaded 4.0 of 4.0 MB, 2 of 2 files",
        "done",
    ]


def test_a_terminal_gets_one_line_that_changes() -> None:
    out, clock = io.StringIO(), Clock()
    progress = Progress(out, live=True, clock=clock)
    arrived = progress.begin(2_000_000)
    for clock.now, count in ((0.05, 1), (0.1, 1_000_000), (0.15, 1_500_000), (0.3, 2_000_000)):
        arrived(count)
    progress.say("a line")
    progress.done()
    assert out.getvalue() == (
        "downloaded 1.0 of 2.0 MB, 0 of 1 files\r\x1b[Kdownloaded 2.0 of 2.0 MB, 1 of 1 files\r\x1b[Ka line\n"
    )


def test_done_takes_the_line_away() -> None:
    out = io.StringIO()
    progress = Progress(out, live=True, clock=lambda: 1.0)
    progress._next = 0.0
    progress.begin(1)(0)
    progress.done()
    assert out.getvalue().endswith("files\r\x1b[K")
