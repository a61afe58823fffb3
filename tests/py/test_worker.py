"""Tests of distill.worker."""

import gc
import io
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tool
from distill import worker


def serve(handler: worker.Handler, *requests: bytes | dict[str, Any]) -> list[dict[str, Any]]:
    lines = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in requests]
    responses = io.BytesIO()
    worker.serve(handler, io.BytesIO(b"\n".join(lines) + b"\n"), responses)
    return [json.loads(line) for line in responses.getvalue().splitlines()]


def say(arguments: Sequence[str]) -> int:
    """Write the arguments to standard output and standard error; fail where there is none."""
    sys.stdout.write("".join(arguments))
    sys.stderr.write("!")
    return 0 if arguments else 3


def test_answers_in_order_with_what_the_handler_says() -> None:
    answers = serve(
        say,
        {"arguments": ["a", "b"], "requestId": 0},
        {"arguments": [], "inputs": [{"path": "x", "digest": "y"}], "verbosity": 10, "sandboxDir": ""},
        {"arguments": ["ä"], "requestId": 7},
    )
    assert answers == [
        {"exitCode": 0, "output": "ab!", "requestId": 0},
        {"exitCode": 3, "output": "!", "requestId": 0},
        {"exitCode": 0, "output": "ä!", "requestId": 7},
    ]


def test_the_streams_come_back() -> None:
    before = (sys.stdout, sys.stderr)
    serve(say, {"arguments": ["x"]})
    assert (sys.stdout, sys.stderr) == before


def test_blank_lines_and_cancellations_have_no_answer() -> None:
    assert serve(say, b"", b"  ", {"requestId": 1, "cancel": True}, {"arguments": ["x"], "requestId": 2}) == [
        {"exitCode": 0, "output": "x!", "requestId": 2}
    ]


def test_the_end_of_the_stream_ends_the_worker() -> None:
    responses = io.BytesIO()
    worker.serve(say, io.BytesIO(b""), responses)
    assert responses.getvalue() == b""


def _request(number: int, out: Path, command: str = "LayerFiles", **more: Any) -> dict[str, Any]:
    header = {
        "command": command,
        "label": f"//a:{number}",
        "settings": {"compression": "gzip", "level": "fast", **more},
    }
    content = {"role": "content", "dest": "etc/f", "text": "x" * 100, "mode": "0644", "uid": 0, "gid": 0}
    outs = [{"role": "out", "name": name, "path": str(out / name)} for name in ("blob", "descriptor", "listing")]
    return {"arguments": [json.dumps(line) for line in (header, content, *outs)], "requestId": number}


def test_a_failing_request_leaves_the_worker_serving(tmp_path: Path) -> None:
    answers = serve(
        tool.run,
        _request(1, tmp_path),
        _request(2, tmp_path, command="NoSuchCommand"),
        _request(3, tmp_path, unknown="key"),
        {"arguments": ["no json"], "requestId": 4},
        {"arguments": ["@missing-file"], "requestId": 5},
        {"arguments": [], "requestId": 6},
        _request(7, tmp_path / "missing"),
        _request(8, tmp_path),
    )
    assert [(answer["requestId"], answer["exitCode"]) for answer in answers] == [
        (1, 0),
        (2, 1),
        (3, 1),
        (4, 1),
        (5, 1),
        (6, 1),
        (7, 2),
        (8, 0),
    ]
    assert answers[1]["output"] == (
        "//a:2: command does not exist, got 'NoSuchCommand'; use the mnemonic of a rule's action\n"
    )
    assert answers[2]["output"] == (
        "//a:3: settings of LayerFiles do not fit: Object contains unknown field `unknown`\n"
    )
    assert answers[4]["output"] == (
        "request cannot be read, got missing-file (No such file or directory); pass the params file as @FILE\n"
    )
    assert "this is a bug in rules_distill" in answers[6]["output"]
    assert answers[0]["output"] == answers[7]["output"] == ""


def test_the_same_request_gives_the_same_bytes_as_a_worker_and_alone(tmp_path: Path) -> None:
    request = _request(1, tmp_path)
    serve(tool.run, request)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    (tmp_path / "params").write_text("\n".join(request["arguments"]) + "\n")
    assert tool.main([f"@{tmp_path}/params"]) == 0
    assert first == {name: (tmp_path / name).read_bytes() for name in first}


def test_ten_thousand_requests_leak_no_memory(tmp_path: Path) -> None:
    def handler(arguments: Sequence[str]) -> int:
        return tool.run(arguments)

    failing = _request(1, tmp_path, unknown="key")
    serve(handler, *[failing] * 100)
    gc.collect()
    tracemalloc.start()
    try:
        serve(handler, *[failing] * 500)
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(19):
            serve(handler, *[failing] * 500)
        gc.collect()
        after = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert after - before < 100_000  # ten bytes a request


def test_layers_leak_no_memory(tmp_path: Path) -> None:
    request = _request(1, tmp_path)
    after = []
    tracemalloc.start()
    try:
        for _ in range(4):
            serve(tool.run, *[request] * 100)
            gc.collect()
            after.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    # A leak grows with every round; a buffer that is still there after one of them is none.
    assert min(after[1:]) - after[0] < 30_000, after


def test_noise_on_standard_output_does_not_break_the_protocol() -> None:
    program = (
        "import os, sys\n"
        "from distill import worker\n"
        "def handler(arguments):\n"
        "    print('noise')\n"
        "    sys.stdout.flush()\n"
        "    os.write(1, b'noise of a library')\n"
        "    os.system('echo noise of a child')\n"
        "    return 0\n"
        "worker.main(handler)\n"
    )
    requests = b"".join(b'{"arguments": [], "requestId": %d}\n' % number for number in range(3))
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=requests,
        capture_output=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers == [{"exitCode": 0, "output": "noise\n", "requestId": number} for number in range(3)]
    assert done.stderr.count(b"noise of a library") == 3
    assert done.stderr.count(b"noise of a child") == 3
