"""HTTP answers that are watched byte by byte: the head, what stands between chunks and the end are data of others too.

http.client reads in loops of its own: over answers 100, over header lines, over trailers. A server that feeds one of
them would hold us for ever, so leave is asked before each read of the socket, whoever reads.
"""

import contextlib
import functools
import http.client
import io
import socket
import threading
import urllib.request
from collections.abc import Callable
from typing import Any

Allow = Callable[[int], float]
"""Told how many bytes came so far; gives the seconds that the next of them may take, or raises what ends it all."""


class Live:
    """The sockets that are read; any thread may end them."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._sockets: set[socket.socket] = set()

    def add(self, sock: socket.socket) -> None:
        """Count `sock` in."""
        with self._mutex:
            self._sockets.add(sock)

    def remove(self, sock: socket.socket) -> None:
        """Forget `sock`."""
        with self._mutex:
            self._sockets.discard(sock)

    def shut(self) -> None:
        """End all of them: whoever waits for a byte is told that there is none."""
        with self._mutex:
            for sock in self._sockets:
                with contextlib.suppress(OSError):
                    # Not the method of SSLSocket, which takes its state away under the thread that reads.
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)


class WatchedRequest(urllib.request.Request):
    """A request whose answer is read by leave of `allow` only."""

    allow: Allow
    live: Live


class _Raw(io.RawIOBase):
    """The bytes of a socket, each read by leave."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, request: WatchedRequest) -> None:
        self._raw, self._sock, self._request = raw, sock, request
        self._count = 0
        request.live.add(sock)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]
        self._sock.settimeout(self._request.allow(self._count))
        try:
            count: int | None = self._raw.readinto(buffer)
        except OSError:
            self._request.allow(self._count)  # the end of the time, or `shut`, is why
            raise
        self._count += count or 0
        if not count:
            self._request.allow(self._count)
        return count

    def close(self) -> None:
        if not self.closed:
            self._request.live.remove(self._sock)
            self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, request: WatchedRequest, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = io.BufferedReader(_Raw(self.fp.detach(), sock, request))


def _connector(kind: type[http.client.HTTPConnection], request: urllib.request.Request) -> Callable[..., Any]:
    if not isinstance(request, WatchedRequest):
        raise TypeError(f"a request that is not watched: {request!r}")

    def connect(host: str, **options: Any) -> http.client.HTTPConnection:
        connection = kind(host, **options)
        vars(connection)["response_class"] = functools.partial(_Response, request)
        return connection

    return connect


class Http(urllib.request.HTTPHandler):
    """Opens http."""

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open `req`, which is watched."""
        return self.do_open(_connector(http.client.HTTPConnection, req), req)


class Https(urllib.request.HTTPSHandler):
    """Opens https; certificates are checked."""

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open `req`, which is watched."""
        return self.do_open(_connector(http.client.HTTPSConnection, req), req)
