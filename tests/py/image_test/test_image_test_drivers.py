"""Tests of distill.image_test.drivers: the driver that needs no engine."""

import os
from pathlib import Path

import pytest
from distill.errors import ImageError, InputError
from distill.image_test import drivers as image_test_drivers
from distill.image_test import memory, namespace
from distill.image_test.drivers import CommandError, NamespaceDriver, Options
from distill.image_test.namespace import NamespaceError, Process, Root
from support_image_test import PASSWD, Built, programs, require_namespaces
from support_layer import source

SOURCES = [
    *programs(),
    source("etc/passwd", data=PASSWD),
    source("home/app", "directory", uid=1000, gid=1001, mode=0o700),
    source("secret", data=b"of root", mode=0o600),
    source("shared", data=b"of the group", mode=0o640, gid=1001),
]


@pytest.fixture
def built(tmp_path: Path) -> Built:
    require_namespaces()
    return Built(tmp_path, SOURCES, User="app", WorkingDir="/work/here", Volumes={"/volume": {}})


def driver(built: Built, emulator: str = "") -> NamespaceDriver:
    return NamespaceDriver(built.config, built.layers(), built.root, emulator)


def said(made: NamespaceDriver, script: str, options: Options | None = None, **variables: str) -> str:
    with made.session(options or Options()) as session:
        done = session.run(["sh", "-c", script], variables, 60)
    return (done.output + done.error).decode().strip()


def test_runs_as_the_images_user_in_its_directory_with_its_variables(built: Built) -> None:
    script = "id -u; id -g; pwd; echo $GREETING $HOME $EXTRA $PATH"
    assert said(driver(built), script, EXTRA="e").split() == [
        "1000",
        "1001",
        "/work/here",
        "hello",
        "/home/app",
        "e",
        "/bin",
    ]


def test_the_user_is_refused_what_an_engine_would_refuse(built: Built) -> None:
    made = driver(built)
    assert "Permission denied" in said(made, "cat /secret")
    assert said(made, "cat /shared") == "of the group"
    assert "denied" in said(made, "echo x > /shared")
    assert "denied" in said(made, "echo x > /new")
    assert "denied" in said(made, "echo x > /volume/x")
    assert said(made, "echo x > /home/app/x; cat /home/app/x") == "x"


def test_root_may_do_all(built: Built) -> None:
    assert said(driver(built), "id -u; echo x > /new; cat /new /secret", Options(user="root")) == "0\nx\nof root"


def test_commands_of_a_session_share_files_and_sessions_do_not(built: Built) -> None:
    made = driver(built)
    with made.session(Options()) as session:
        session.run(["sh", "-c", "echo kept > /home/app/x"], {}, 60)
        assert session.run(["cat", "/home/app/x"], {}, 60).output == b"kept\n"
    assert "No such file" in said(made, "cat /home/app/x")


def test_what_does_not_fit_in_memory_is_on_disk(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: 0)
    made = driver(built)
    for _ in range(2):
        assert said(made, "id -u; cat /shared; echo; cat /secret").split("\n") == [
            "1000",
            "of the group",
            "cat: /secret: Permission denied",
        ]
    assert [(held, (place / "shared").exists()) for place, held in made._lowers.values()] == [(None, True)]


def test_what_fits_is_in_memory_until_the_driver_is_closed(built: Built) -> None:
    made = driver(built)
    assert said(made, "cat /shared") == "of the group"
    ((place, held),) = made._lowers.values()
    assert held
    assert not list(place.iterdir())
    made.close()
    with pytest.raises(ProcessLookupError):
        os.kill(held.process, 0)
    assert said(made, "cat /shared") == "of the group"
    made.close()


def test_hosts_and_binds(built: Built, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("bound")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/in").write_text("inside")
    binds = (f"{tmp_path}/config:/opt/new/config", f"{tmp_path}/folder:/opt/folder")
    found = said(driver(built), "cat /opt/new/config /opt/folder/in /etc/hosts", Options(binds=binds))
    assert found.startswith("boundinside127.0.0.1\tlocalhost")


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (Options(privileged=True), "privileged is not for the driver namespace, got True"),
        (Options(tty=True), "allocateTty is not for the driver namespace, got True"),
        (Options(capabilities=("A",)), "capabilities is not for the driver namespace, got ('A',)"),
    ],
)
def test_options_that_need_an_engine(built: Built, options: Options, what: str) -> None:
    with pytest.raises(InputError) as caught, driver(built).session(options):
        pass
    advice = 'set driver to "docker" or "podman", or leave it out'
    assert str(caught.value) == f"containerRunOptions.{what}; {advice}"


@pytest.mark.parametrize("mount", ["/none:/x", "/etc:/x:ro", "/etc:x", "/etc"])
def test_binds_that_cannot_be_made(built: Built, mount: str) -> None:
    with pytest.raises(InputError) as caught, driver(built).session(Options(binds=(mount,))):
        pass
    assert str(caught.value) == (
        f"containerRunOptions.bindMounts has one that cannot be made, got {mount!r};"
        " write FROM:TO, FROM a file or directory of data or of the machine, TO an absolute path"
    )


def test_a_user_that_the_image_does_not_know(built: Built) -> None:
    with (
        pytest.raises(ImageError, match=r"^user is not in /etc/passwd, got nobody; "),
        driver(built).session(Options("nobody")),
    ):
        pass


def test_a_command_that_is_not_there(built: Built) -> None:
    with (
        driver(built).session(Options()) as session,
        pytest.raises(CommandError, match=r"^nothing cannot be started: No "),
    ):
        session.run(["nothing"], {}, 60)


def test_a_copy_where_the_kernel_makes_no_overlay(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    real = namespace.run

    def refuse(root: Root, process: Process, seconds: float) -> namespace.Result:
        if root.upper:
            raise NamespaceError("sh cannot be started: mount of overlay on /x: Invalid argument")
        return real(root, process, seconds)

    monkeypatch.setattr(namespace, "run", refuse)
    made = driver(built)
    assert said(made, "echo x > /home/app/x; cat /home/app/x") == "x"
    assert "No such file" in said(made, "cat /home/app/x")


def test_an_image_for_another_cpu_is_skipped(built: Built, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    built.config["architecture"] = "s390x" if os.uname().machine != "s390x" else "amd64"
    monkeypatch.setattr(image_test_drivers, "_HANDLERS", str(tmp_path))
    architecture = built.config["architecture"]
    assert driver(built).skipped() == (
        f"the image is for {architecture}, this machine is {os.uname().machine}: commands need an emulator;"
        " set emulator to a static qemu-user"
    )
    (tmp_path / f"qemu-{'x86_64' if architecture == 'amd64' else architecture}").write_text("enabled\nflags: OCF\n")
    assert driver(built).skipped() == ""


def test_an_emulator_is_given_the_program(built: Built, tmp_path: Path) -> None:
    """A loader stands for it: it runs the program that it is given, as qemu-user does."""
    (loader,) = {each.entry.path for each in programs() if each.entry.path.rpartition("/")[2].startswith("ld-linux")}
    made = driver(built, emulator=f"/{loader}")
    assert made.skipped() == ""
    assert said(made, "echo $GREETING") == "hello"
    with (
        made.session(Options()) as session,
        pytest.raises(CommandError, match=r"^none cannot be started: No such file"),
    ):
        session.run(["none"], {}, 60)
