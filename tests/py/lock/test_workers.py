"""Jobs at once: results in order, faults told, and nothing that waits for a thread that hangs."""

import subprocess
import sys
import threading

import pytest
from distill.lock.workers import Workers


def test_results_are_in_order_and_jobs_at_once() -> None:
    workers = Workers(3)
    together = threading.Barrier(3)  # passes only if three run at once
    assert list(workers.map(lambda n: (n, together.wait(60))[0], [5, 3, 4])) == [5, 3, 4]
    assert list(workers.map(str, [])) == []
    workers.end()


def test_what_is_raised_is_raised_by_the_result() -> None:
    workers = Workers(1)
    results = workers.map(lambda n: 1 // n, [1, 0, 2])
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)
    workers.end()


def test_no_further_job_begins_after_the_end() -> None:
    workers = Workers(1)
    begun, go, done = threading.Event(), threading.Event(), []

    def job(number: int) -> None:
        begun.set()
        go.wait(60)
        done.append(number)

    workers.map(job, [1, 2, 3])
    begun.wait(60)
    workers.end(patience=0)
    go.set()
    workers.end()
    assert done == [1]


def test_a_job_that_hangs_does_not_keep_the_program() -> None:
    program = (
        "import threading; from distill.lock.workers import Workers; workers = Workers(2); begun = threading.Event()\n"
        "workers.map(lambda _: (begun.set(), threading.Event().wait()), [1])\n"
        "begun.wait(); workers.end(patience=0); print('ended')"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "ended\n"
