"""Downloads from a real server on 127.0.0.1: limits, redirects, retries, resuming."""

import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from distill.errors import DistillError, NetworkError, VerificationError
from distill.fetch import Fetcher, NotFoundError
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


def test_a_redirect_to_another_host() -> None:
    with server(lambda handler: send(handler, 302, Location="http://me:secret@other.example/y")) as host:
        message = refusal(NetworkError, f"{host}/x")
    assert message == (
        "mirror redirects to another host, got http://other.example/y for HOST/x; name that host as the mirror if you "
        "trust it"
    )


def test_a_redirect_on_the_same_host() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/x":
            send(handler, 301, Location="/y")
        else:
            send(handler, 200, b"moved")

    with server(answer) as host:
        assert fetcher().fetch(f"{host}/x", 10) == b"moved"


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
