"""Bazel's persistent worker protocol, JSON, singleplex (https://bazel.build/remote/creating, worker_protocol.proto).

A request is one line `{"arguments": […], "requestId": n, …}`; the answer is one line `{"exitCode": n, "output": …,
"requestId": n}`. Standard output belongs to the protocol: while a handler runs, `sys.stdout` is a buffer whose text
goes into the answer.
"""

import io
import os
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from typing import BinaryIO

import msgspec

Handler = Callable[[Sequence[str]], int]
"""Takes the arguments of one request, writes messages to `sys.stderr`, gives the exit code. Raises nothing."""


class WorkRequest(msgspec.Struct, rename="camel"):
    """What Bazel sends; keys that a singleplex worker does not need are ignored."""

    arguments: list[str] = []
    request_id: int = 0
    cancel: bool = False


class WorkResponse(msgspec.Struct, rename="camel"):
    """What Bazel reads."""

    exit_code: int
    output: str
    request_id: int


def serve(handler: Handler, requests: BinaryIO, responses: BinaryIO) -> None:
    """Answer every line of `requests` on `responses` until the end of the stream; a failing request changes nothing."""
    decoder = msgspec.json.Decoder(WorkRequest)
    encoder = msgspec.json.Encoder()
    for line in iter(requests.readline, b""):
        if not line.strip():
            continue
        request = decoder.decode(line)
        if request.cancel:  # a singleplex worker that does not announce cancellation may ignore it
            continue
        output = io.StringIO()
        with redirect_stdout(output), redirect_stderr(output):
            exit_code = handler(request.arguments)
        responses.write(encoder.encode(WorkResponse(exit_code, output.getvalue(), request.request_id)) + b"\n")
        responses.flush()


def main(handler: Handler) -> None:
    """Serve `handler` on the process's standard streams.

    Descriptors 0 and 1 go elsewhere first: what a library or a child process writes to standard output ends up in the
    worker's log, and nothing but this reads requests.
    """
    requests, responses = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    with open(requests, "rb") as incoming, open(responses, "wb") as outgoing:
        serve(handler, incoming, outgoing)
