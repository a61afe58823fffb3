"""Several jobs at once, on threads that nothing waits for: an interrupt ends the program, whatever they are at."""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_Job = tuple["Future[Any]", Callable[[Any], Any], Any]


class Workers:
    """Threads that take jobs. Those of concurrent.futures would be joined when the program ends, hung or not."""

    def __init__(self, count: int) -> None:
        """Start `count` threads."""
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._futures: list[Future[Any]] = []
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def map(self, function: Callable[[_Item], _Result], items: Iterable[_Item]) -> Iterator[_Result]:
        """Give `function` of each of `items`, in their order; raises what the first that fails, in it, has raised."""
        futures: list[Future[_Result]] = []
        for item in items:
            futures.append(Future())
            self._jobs.put((futures[-1], function, item))
        self._futures += futures
        return (future.result() for future in futures)

    def end(self, patience: float | None = None) -> None:
        """Begin no further job, and wait for those that run: `patience` seconds in all, or as long as it takes."""
        for future in self._futures:
            future.cancel()
        for _ in self._threads:
            self._jobs.put(None)
        end = None if patience is None else time.monotonic() + patience
        for thread in self._threads:
            thread.join(None if end is None else max(end - time.monotonic(), 0))

    def _work(self) -> None:
        while job := self._jobs.get():
            future, function, item = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(function(item))
            except BaseException as error:  # whoever asks for the result raises it
                future.set_exception(error)
