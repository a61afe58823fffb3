"""Tests of distill.image_test.namespace: real processes, where the machine lets us make namespaces."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from distill.image_test import kernel, namespace, streams, unpack
from distill.image_test.namespace import NamespaceError, Process, Result, Root
from distill.runtime.identity import ROOT
from support_image_test import Built, programs, require_namespaces


@pytest.fixture(scope="module")
def lower(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    require_namespaces()
    folder = tmp_path_factory.mktemp("image")
    layers = Built(folder, programs()).layers()
    (folder / "root").mkdir()
    unpack.unpack(layers.rootfs, layers.copy, folder / "root", ROOT, ["proc", "dev", "tmp"], ["bound"])
    yield folder / "root"


@pytest.fixture
def root(lower: Path, tmp_path: Path) -> Root:
    for name in ("merged", "upper", "work"):
        (tmp_path / name).mkdir()
    return Root(tmp_path, lower, tmp_path / "upper", tmp_path / "work")


def shell(root: Root, script: str, uid: int = 0, gid: int = 0, seconds: float = 60, **binds: str) -> Result:
    paths = {f"/{name}": path for name, path in binds.items()}
    environment = {"PATH": "/bin", "A": "b"}
    return namespace.run(root, Process(["sh", "-c", script], environment, "/tmp", uid, gid, paths), seconds)


def test_gives_what_a_command_writes_and_its_exit_code(root: Root) -> None:
    done = shell(root, "echo $A; pwd; echo wrong >&2; exit 3")
    assert done == Result(3, b"b\n/tmp\n", b"wrong\n")


def test_a_signal_is_128_and_its_number(root: Root) -> None:
    assert shell(root, "sh -c 'kill -9 $$'").code == 137


def test_is_the_user_and_the_first_process(root: Root) -> None:
    assert shell(root, "id -u; id -g; echo $$", 999, 998).output == b"999\n998\n1\n"


def test_writes_to_the_upper_directory_only(root: Root, lower: Path) -> None:
    assert shell(root, "echo x > /tmp/x; rm /bin/ls; ls").code == 127
    assert not (lower / "tmp/x").exists()
    assert (lower / "bin/ls").exists()
    assert shell(root, "cat /tmp/x").output == b"x\n"


def test_sees_nothing_of_the_machine(root: Root) -> None:
    done = shell(root, "cat /proc/mounts; ls /proc")
    assert b"/etc" not in done.output
    numbers = [word for word in done.output.split() if word.isdigit() and int(word) > 1]
    assert len(numbers) < 5


def test_has_devices_and_loopback_but_no_network(root: Root) -> None:
    done = shell(root, "cat /dev/null; echo lost > /dev/null; ls /dev; cat /proc/net/dev")
    assert {b"full", b"null", b"zero", b"urandom", b"shm", b"stdout"} <= set(done.output.split())
    assert [line.split(b":")[0].strip() for line in done.output.splitlines() if b":" in line] == [b"lo"]


def test_root_has_what_docker_leaves_it(root: Root) -> None:
    done = shell(root, "cat /proc/self/status")
    (bounding,) = [line.split()[1] for line in done.output.splitlines() if line.startswith(b"CapBnd")]
    assert bounding == b"00000000a80425fb"


def test_a_bind_is_there(root: Root, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("of the machine")
    assert shell(root, "cat /bound", bound=str(tmp_path / "file")).output == b"of the machine"


def test_what_takes_too_long_is_killed_with_all_it_started(root: Root) -> None:
    done = shell(root, "echo begun; sleep 1000 & sleep 1000", seconds=1)
    assert (done.stopped, done.code, done.output) == ("late", 137, b"begun\n")


@pytest.mark.parametrize("stream", [1, 2])
def test_what_writes_without_end_is_killed(root: Root, stream: int) -> None:
    done = shell(root, f"while :; do cat /bin/cat >&{stream}; done")
    assert (done.stopped, done.code) == ("flood", 137)
    assert [len(done.output), len(done.error)][stream - 1] == streams.MOST


def test_what_writes_a_little_all_the_time_is_killed_in_time(root: Root) -> None:
    done = shell(root, "while :; do echo x; done", seconds=1)
    assert (done.stopped, done.code) == ("late", 137)
    assert len(done.output) <= streams.MOST


def test_what_closes_its_streams_and_runs_on_is_killed_in_time(root: Root) -> None:
    done = shell(root, "echo begun; exec >&- 2>&-; sleep 1000", seconds=1)
    assert (done.stopped, done.code, done.output) == ("late", 137, b"begun\n")


def test_much_output_does_not_stop_it(root: Root) -> None:
    done = shell(root, "i=0; while [ $i -lt 20000 ]; do echo 0123456789; echo x >&2; i=$((i+1)); done")
    assert (len(done.output), len(done.error)) == (220000, 40000)


def test_without_an_upper_directory_the_lower_is_written_to(lower: Path, tmp_path: Path) -> None:
    (tmp_path / "merged").mkdir()
    assert shell(Root(tmp_path, lower), "echo x > /tmp/direct").code == 0
    assert (lower / "tmp/direct").read_text() == "x\n"


def test_a_command_that_is_not_there(root: Root) -> None:
    process = Process(["nothing"], {"PATH": "/bin"}, "/", 0, 0)
    with pytest.raises(NamespaceError) as caught:
        namespace.run(root, process, 60)
    assert str(caught.value) == "nothing cannot be started: No such file or directory"


def test_a_mount_that_fails_is_named(root: Root, tmp_path: Path) -> None:
    broken = Root(tmp_path, tmp_path / "none", root.upper, root.work)
    with pytest.raises(NamespaceError, match="cannot be started: mount of overlay on"):
        namespace.run(broken, Process(["sh"], {}, "/", 0, 0), 60)


def test_says_why_there_are_no_namespaces(monkeypatch: pytest.MonkeyPatch) -> None:
    assert namespace.problem() in ("", "this machine does not allow user namespaces")

    def refuse(name: str, *_: object) -> None:
        raise OSError(1, os.strerror(1))

    monkeypatch.setattr(kernel, "call", refuse)
    assert namespace.problem() == "this machine does not allow user namespaces"
