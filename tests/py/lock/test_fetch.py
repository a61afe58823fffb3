"""Downloads from a real server on 127.0.0.1: limits, redirects, retries, resuming."""

import io
import socket
import threading
import time
import urllib.request
from collections.abc import Callable
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from distill.errors import DistillError, NetworkError, VerificationError
from distill.lock import fetch
from distill.lock.connection import Live
from distill.lock.fetch import Fetcher, NotFoundError
from distill.lock.partial import hold
from hypothesis import given, settings
from hypothesis import strategies as st
from support_mirror import server

BODY = bytes(range(256)) * 1000


def send(handler: BaseHTTPRequestHandler, code: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(code)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    if "Content_Length" not in headers:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def fetcher(clock: Callable[[], float] = lambda: 0.0) -> Fetcher:
    return Fetcher(timeout=5, deadline=60, sleep=lambda _: None, clock=clock)


def refusal(kind: type[DistillError], url: str, limit: int = 1 << 20, client: Fetcher | None = None) -> str:
    with pytest.raises(kind) as caught:
        (client or fetcher()).fetch(url, limit)
    return str(caught.value).replace(url.rpartition("/")[0], "HOST")


def test_a_file() -> None:
    with server(lambda handler: send(handler, 200, BODY)) as host:
        assert fetcher().fetch(f"{host}/x", len(BODY)) == BODY


def test_not_there() -> None:
    with server(lambda handler: send(handler, 404)) as host:
        message = refusal(NotFoundError, f"{host}/x")
    assert message == "mirror does not have the file, got 404 for HOST/x; use another mirror"


def test_refused() -> None:
    with server(lambda handler: send(handler, 401)) as host:
        assert refusal(NetworkError, f"{host}/x") == "mirror refuses the file, got 401 for HOST/x; use another mirror"


def test_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    message = refusal(NetworkError, f"http://127.0.0.1:{port}/x")
    assert message == (
        "mirror cannot be reached, got [Errno 111] Connection refused for HOST/x; check the address and the network"
    )


def test_a_passing_fault_is_tried_anew() -> None:
    codes = [503, 500, 200]
    with server(lambda handler: send(handler, codes.pop(0), b"ok")) as host:
        assert fetcher().fetch(f"{host}/x", 10) == b"ok"


def test_a_lasting_fault() -> None:
    with server(lambda handler: send(handler, 503)) as host:
        assert refusal(NetworkError, f"{host}/x") == "mirror refuses the file, got 503 for HOST/x; use another mirror"


def test_a_broken_download_is_resumed() -> None:
    ranges: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked = handler.headers.get("Range", "")
        ranges.append(asked)
        if not asked:
            send(handler, 200, BODY[:1000], Content_Length=str(len(BODY)))
        else:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            send(handler, 206, BODY[start:], Content_Range=f"bytes {start}-{len(BODY) - 1}/{len(BODY)}")

    with server(answer) as host:
        assert fetcher().fetch(f"{host}/x", len(BODY)) == BODY
    assert ranges == ["", "bytes=1000-"]


def test_as_long_as_something_new_arrives_it_is_taken_up_again() -> None:
    starts: list[int] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        start = int(handler.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        starts.append(start)
        rest = len(BODY) - start
        headers = {"Content_Range": f"bytes {start}-{len(BODY) - 1}/{len(BODY)}", "Content_Length": str(rest)}
        send(handler, 206 if start else 200, BODY[start : start + 30_000], **headers)

    with server(answer) as host:
        assert fetcher().fetch(f"{host}/x", len(BODY)) == BODY
    assert starts == list(range(0, len(BODY), 30_000))


def test_what_an_earlier_run_left_is_taken_up(tmp_path: Path) -> None:
    ranges: list[str] = []
    told: list[int] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        ranges.append(handler.headers.get("Range", ""))
        send(handler, 206, BODY[1000:], Content_Range=f"bytes 1000-{len(BODY) - 1}/{len(BODY)}")

    (tmp_path / "ab.part").write_bytes(BODY[:1000])
    with server(answer) as host, hold(tmp_path, "ab", len(BODY)) as partial:
        assert fetcher().fetch(f"{host}/x", len(BODY), partial=partial, arrived=told.append) == BODY
    assert (ranges, told[-1]) == (["bytes=1000-"], len(BODY))
    assert list(tmp_path.iterdir()) == []


def test_what_an_earlier_run_left_may_be_all(tmp_path: Path) -> None:
    (tmp_path / "ab.part").write_bytes(BODY)
    with hold(tmp_path, "ab", len(BODY)) as partial:
        assert fetcher().fetch("http://127.0.0.1:9/nothing-listens", len(BODY), partial=partial) == BODY


def test_what_is_cut_off_stays_for_the_next_run(tmp_path: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("Range"):
            send(handler, 503)
        else:
            send(handler, 200, BODY[:1000], Content_Length=str(len(BODY)))

    with server(answer) as host, pytest.raises(NetworkError), hold(tmp_path, "ab", len(BODY)) as partial:
        fetcher().fetch(f"{host}/x", len(BODY), partial=partial)
    assert (tmp_path / "ab.part").read_bytes() == BODY[:1000]


@pytest.mark.parametrize("code", [200, 206, 416])
def test_a_mirror_that_has_other_ranges(tmp_path: Path, code: int) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("Range") and code != 200:
            send(handler, code, BODY[5:], Content_Range=f"bytes 5-{len(BODY) - 1}/{len(BODY)}")
        else:
            send(handler, 200, BODY)

    (tmp_path / "ab.part").write_bytes(b"of another file")
    with server(answer) as host, hold(tmp_path, "ab", len(BODY)) as partial:
        assert fetcher().fetch(f"{host}/x", len(BODY), partial=partial) == BODY


@pytest.mark.parametrize(
    ("because", "kind"),
    [(None, NetworkError), (KeyboardInterrupt(), NetworkError), (VerificationError(""), VerificationError)],
)
def test_stopping_ends_what_runs(because: BaseException | None, kind: type[DistillError]) -> None:
    client = fetcher()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        client.stop(because)
        while True:
            handler.wfile.write(b"x")

    with server(answer) as host:
        message = refusal(kind, f"{host}/x", 1 << 40, client)
    assert message.startswith("download was stopped, got ")
    assert message.endswith(" bytes of HOST/x; run it again")


def test_a_mirror_that_does_not_resume() -> None:
    bodies = [BODY[:1000], BODY]
    with server(lambda handler: send(handler, 200, bodies.pop(0), Content_Length=str(len(BODY)))) as host:
        assert fetcher().fetch(f"{host}/x", len(BODY)) == BODY


def test_larger_than_it_may_be() -> None:
    with server(lambda handler: send(handler, 200, BODY)) as host:
        message = refusal(VerificationError, f"{host}/x", 10)
    assert message == "answer is larger than it may be, got more than 10 bytes of HOST/x; use another mirror"


def test_an_endless_stream() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(bytes(1 << 16))

    with server(answer) as host:
        message = refusal(VerificationError, f"{host}/x", 1 << 20)
    assert message == "answer is larger than it may be, got more than 1048576 bytes of HOST/x; use another mirror"


def test_a_trickle() -> None:
    seconds = iter(range(0, 100000, 50))
    with server(lambda handler: send(handler, 200, BODY)) as host:
        message = refusal(NetworkError, f"{host}/x", client=fetcher(lambda: float(next(seconds))))
    assert message.startswith("mirror is too slow, got ")
    assert message.endswith(" in 60 s from HOST/x; use another mirror")


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ENDLESS = {
    "answers 100": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X"),
    "trailers": (CHUNKED + b"1\r\nx\r\n0\r\n", b"X: y\r\n"),
    "the length of a chunk": (CHUNKED, b"0"),
    "a body": (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
}


def feed(handler: BaseHTTPRequestHandler, head: bytes, more: bytes, pause: float) -> None:
    """Write `head`, then `more` for ever."""
    handler.wfile.write(head)
    while True:
        handler.wfile.write(more * (1 if pause else 1000))
        time.sleep(pause)


@pytest.mark.parametrize("where", ENDLESS)
def test_a_trickle_that_never_ends(where: str) -> None:
    """Whatever http.client is reading, the time ends it; without that, this test hangs."""
    with server(lambda handler: feed(handler, *ENDLESS[where], 0.05)) as host:
        message = refusal(NetworkError, f"{host}/x", client=Fetcher(timeout=5, deadline=0.5, sleep=lambda _: None))
    assert message.startswith("mirror is too slow, got ")
    assert message.endswith(" in 0.5 s from HOST/x; use another mirror")


@pytest.mark.parametrize("where", ["answers 100", "trailers", "a body"])
def test_a_flood_that_never_ends(where: str) -> None:
    """The other places have bounds in http.client itself; with a clock that stands still only bytes can end these."""
    with server(lambda handler: feed(handler, *ENDLESS[where], 0)) as host:
        message = refusal(VerificationError, f"{host}/x", 1000)
    assert message == "answer is larger than it may be, got more than 1000 bytes of HOST/x; use another mirror"


@pytest.mark.parametrize("where", ENDLESS)
def test_stopping_wakes_who_waits_for_a_byte(where: str) -> None:
    client = Fetcher(timeout=600, deadline=600)
    waiting = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(ENDLESS[where][0])
        waiting.set()
        handler.rfile.read(1)  # until the other side goes away

    def stop_later() -> None:
        waiting.wait(60)
        time.sleep(0.1)  # for the other thread to begin to wait
        client.stop()

    with server(answer) as host:
        stopper = threading.Thread(target=stop_later)
        stopper.start()
        message = refusal(NetworkError, f"{host}/x", client=client)
        stopper.join()
    assert message.startswith("download was stopped, got ")


@given(st.binary(max_size=300), st.lists(st.integers(0, 40), max_size=12), st.booleans())
@settings(max_examples=30, deadline=None)
def test_however_it_breaks_off_the_whole_arrives_or_an_error(body: bytes, cuts: list[int], ranges: bool) -> None:
    """Each answer breaks off after as many bytes as `cuts` say, then all are whole; some mirrors know no ranges."""
    left = [*cuts]

    def answer(handler: BaseHTTPRequestHandler) -> None:
        start = int(handler.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        if not ranges:
            start = 0
        if start and start >= len(body):
            send(handler, 416)
            return
        rest = body[start:]
        headers = {"Content_Length": str(len(rest))}
        if start:
            headers["Content_Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        send(handler, 206 if start else 200, rest[: left.pop(0)] if left else rest, **headers)

    with server(answer) as host:
        try:
            found = fetcher().fetch(f"{host}/x", len(body))
        except NetworkError:
            assert len(cuts) - len(left) >= 3  # that many in a row have to be in vain
        else:
            assert found == body


def test_a_redirect_to_another_host() -> None:
    with server(lambda handler: send(handler, 302, Location="http://me:secret@other.example/y")) as host:
        message = refusal(NetworkError, f"{host}/x")
    assert message == (
        "mirror redirects to another host, got http://other.example/y for HOST/x; name that host under redirects of "
        "the source if you trust it, or use it as the mirror"
    )


def test_a_redirect_on_the_same_host() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/x":
            send(handler, 301, Location="/y")
        else:
            send(handler, 200, b"moved")

    with server(answer) as host:
        assert fetcher().fetch(f"{host}/x", 10) == b"moved"


def test_the_body_of_a_redirect_is_not_read() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/x":
            feed(handler, b"HTTP/1.1 302 Found\r\nLocation: /y\r\n\r\n", b"x", 0)
        send(handler, 200, b"moved")

    with server(answer) as host:
        assert fetcher().fetch(f"{host}/x", 10) == b"moved"


def test_another_port_is_another_host() -> None:
    asked: list[str] = []

    def other(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers.get("Authorization", ""))
        send(handler, 200, b"moved")

    with server(other) as there, server(lambda handler: send(handler, 302, Location=f"{there}/y")) as host:
        assert refusal(NetworkError, f"{host}/x").startswith("mirror redirects to another host, got ")
        assert asked == []
        url = host.replace("//", "//me:secret@")
        assert fetcher().fetch(f"{url}/x", 10, redirects=["127.0.0.1"]) == b"moved"
    assert asked == [""]


@pytest.mark.parametrize("target", ["ftp://127.0.0.1/y", "file:///etc/passwd"])
def test_a_redirect_to_what_is_no_web_server(target: str) -> None:
    with server(lambda handler: send(handler, 302, Location=target)) as host, pytest.raises(NetworkError) as caught:
        fetcher().fetch(f"{host}/x", 10, redirects=["127.0.0.1"])
    assert str(caught.value) in (
        f"mirror redirects to what is not secure, got {target} for {host}/x; use another mirror",
        f"mirror refuses the file, got 302 for {host}/x; use another mirror",
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("https://a.example/x", "https://a.example/y", ""),
        ("http://a.example/x", "https://a.example/x", ""),
        ("http://a.example:80/x", "http://a.example/x", ""),
        ("https://a.example/x", "https://cdn.example/x", ""),
        (
            "https://a.example/x",
            "http://a.example/x",
            (
                "mirror redirects to what is not secure, got http://a.example/x for https://a.example/x; "
                "use another mirror"
            ),
        ),
        (
            "https://a.example/x",
            "http://cdn.example/x",
            (
                "mirror redirects to what is not secure, got http://cdn.example/x for https://a.example/x; "
                "use another mirror"
            ),
        ),
        (
            "https://a.example/x",
            "https://a.example.evil/x",
            (
                "mirror redirects to another host, got https://a.example.evil/x for https://a.example/x; name that "
                "host under redirects of the source if you trust it, or use it as the mirror"
            ),
        ),
    ],
)
def test_where_a_redirect_may_lead(old: str, new: str, message: str) -> None:
    request = fetch._Request(old, 7, ["cdn.example"], lambda _: 1.0, Live())

    def follow() -> urllib.request.Request | None:
        return fetch._Redirects().redirect_request(request, io.BytesIO(), 302, "", HTTPMessage(), new)

    if message:
        with pytest.raises(NetworkError) as caught:
            follow()
        assert str(caught.value) == message
        return
    followed = follow()
    assert followed is not None
    assert (followed.full_url, followed.get_header("Range")) == (new, "bytes=7-")


def test_a_name_and_password_in_the_address() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("Authorization") != "Basic bWU6c0BjcmV0":  # me:s@cret
            send(handler, 401)
        elif handler.path == "/x":
            send(handler, 302, Location="/y")
        else:
            send(handler, 200, b"ours")

    with server(answer) as host:
        assert fetcher().fetch(host.replace("//", "//me:s%40cret@") + "/x", 10) == b"ours"


def test_a_redirect_in_a_circle() -> None:
    with server(lambda handler: send(handler, 302, Location="/x")) as host:
        assert refusal(NetworkError, f"{host}/x") == "mirror refuses the file, got 302 for HOST/x; use another mirror"


def test_files(tmp_path: Path) -> None:
    (tmp_path / "a b").write_bytes(b"12345")
    url = f"{tmp_path.as_uri()}/a%20b"
    assert fetcher().fetch(url, 5) == b"12345"
    assert refusal(VerificationError, url, 4).startswith("answer is larger than it may be, got more than 4 bytes")
    missing = f"{tmp_path.as_uri()}/c"
    assert refusal(NotFoundError, missing) == "mirror does not have the file, got no HOST/c; use another mirror"
    assert refusal(NetworkError, tmp_path.as_uri()).startswith("mirror cannot be read, got Is a directory for ")


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "many"])
def test_a_length_that_is_none(length: str) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(f"HTTP/1.0 200 OK\r\nContent-Length: {length}\r\n\r\nbody".encode())

    with server(answer) as host:
        assert fetcher().fetch(f"{host}/x", 10) == b"body"
