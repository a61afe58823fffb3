"""A socket that is read by leave; test_fetch.py has the servers that never end."""

import http.client
import urllib.request
from http.server import BaseHTTPRequestHandler

import pytest
from distill.lock.connection import Http, Https, Live, WatchedRequest
from support_mirror import server


def body(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")


def test_leave_is_asked_before_each_read() -> None:
    counts: list[int] = []
    live = Live()

    def allow(count: int) -> float:
        counts.append(count)
        return 60

    with server(body) as host:
        request = WatchedRequest(f"{host}/x")
        request.allow, request.live = allow, live
        with urllib.request.build_opener(Http, Https).open(request) as response:
            assert len(live._sockets) == 1
            assert response.read() == b"hello"
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert not live._sockets


def test_leave_that_is_not_given_ends_the_read() -> None:
    def allow(_: int) -> float:
        raise RuntimeError("no leave")

    with server(body) as host:
        request = WatchedRequest(f"{host}/x")
        request.allow, request.live = allow, Live()
        with pytest.raises(RuntimeError, match="no leave"):
            urllib.request.build_opener(Http).open(request)
        assert not request.live._sockets


def test_a_request_that_nobody_watches_is_a_bug() -> None:
    with pytest.raises(TypeError, match="a request that is not watched"):
        urllib.request.build_opener(Http, Https).open("http://127.0.0.1:9/x")
    with pytest.raises(TypeError, match="a request that is not watched"):
        urllib.request.build_opener(Http, Https).open("https://127.0.0.1:9/x")
    assert http.client.HTTPConnection.response_class is http.client.HTTPResponse
