"""Tests of distill.image_test.streams, with processes of the machine."""

import subprocess
import sys

import pytest
from distill.image_test import streams


def drained(script: str, seconds: float = 60) -> tuple[list[bytes], streams.Ending]:
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    ) as process:
        assert process.stdout
        assert process.stderr
        try:
            return streams.drain((process.stdout.fileno(), process.stderr.fileno()), seconds, process.pid)
        finally:
            process.kill()


def test_gives_what_is_written_to_each() -> None:
    script = "import sys; print('a' * 100_000); print('b', file=sys.stderr)"
    assert drained(script) == ([b"a" * 100_000 + b"\n", b"b\n"], "")


def test_as_much_as_is_kept_is_no_flood() -> None:
    (output, _), ending = drained(f"import sys; sys.stdout.write('a' * {streams.MOST})")
    assert (len(output), ending) == (streams.MOST, "")


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_one_byte_more_is_a_flood(stream: str) -> None:
    found, ending = drained(f"import sys, time; sys.{stream}.write('a' * {streams.MOST + 1}); time.sleep(60)")
    assert (sorted(map(len, found)), ending) == ([0, streams.MOST], "flood")


def test_who_writes_all_the_time_is_late() -> None:
    script = "import time\nwhile True: print('x', flush=True); time.sleep(0.001)"
    (output, _), ending = drained(script, 1)
    assert (ending, set(output)) == ("late", set(b"x\n"))


def test_who_closes_both_and_runs_on_is_late() -> None:
    assert drained("import os, time; os.close(1); os.close(2); time.sleep(60)", 1) == ([b"", b""], "late")
