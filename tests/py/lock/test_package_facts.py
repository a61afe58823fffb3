"""Packages are read when a lock is written: each once, and none that is not what the index says."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from distill.errors import DistillError, FormatError, NetworkError, VerificationError
from distill.lock import lock as locks
from distill.lock import locking, package_manifest
from distill.lock.apt_sources import AptSource
from distill.lock.lock import Lock
from distill.progress import Progress
from support_deb import Item, ar, control_text, deb
from support_debian import index, paragraph
from support_elf import Made
from support_mirror import NOW, MemoryFetcher, Mirror, keyring

HOST = "http://mirror.example/debian"
MANIFEST = """\
version: 1
sources:
  - name: debian
    suites: [bookworm]
    keyring: keys.pgp
architectures: [amd64, arm64]
packages: [app, data++]
"""
POSTINST = b"#!/bin/sh\nmkdir /srv/app\nldconfig\n"
LIBRARY = Item("usr/lib/libapp.so.1", Made(dynamic=[(14, b"libapp.so.1")]).build())
APP = deb([LIBRARY], control_text("app", "1"), {"postinst": POSTINST})
DATA = deb([], control_text("data++", "1", "all"), {"postinst": b"#!/bin/sh\nmkdir /srv/data\n"})


Told = dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]]
"""Effects and sonames by package, by architecture."""
FACTS: Told = {
    "amd64": {"app": (("directory /srv/app",), ("libapp.so.1",)), "data++": (("directory /srv/data",), ())},
    "arm64": {"app": ((), ()), "data++": (("directory /srv/data",), ())},
}


@pytest.fixture
def mirror() -> Mirror:
    found = Mirror()
    publish(found)
    return found


def publish(mirror: Mirror, app: bytes = APP, version: str = "1") -> None:
    data = paragraph("data++", architecture="all")
    mirror.publish(
        {
            "amd64": index(paragraph("app", version), data),
            "arm64": index(paragraph("app", version, architecture="arm64"), data),
        },
        debs={f"app_{version}_amd64": app, "data++_1_all": DATA},
    )


@pytest.fixture
def world(tmp_path: Path, mirror: Mirror) -> locking.World:
    (tmp_path / "keys.pgp").write_bytes(keyring())
    apt = [AptSource(HOST, ("bookworm",), ("main",))]
    progress = Progress(io.StringIO())
    fetcher = MemoryFetcher({HOST: mirror})
    return locking.World(NOW, fetcher, {}, apt, tmp_path, tmp_path / "cache", progress, tmp_path / "facts")


def make(world: locking.World, previous: Lock | None = None, manifest: str = MANIFEST) -> Lock:
    return locking.make(package_manifest.parse(manifest.encode(), "m.yaml"), world, previous)


def refusal(kind: type[DistillError], world: locking.World) -> str:
    with pytest.raises(kind) as caught:
        make(world)
    assert kept(world) == []
    return str(caught.value)


def kept(world: locking.World) -> list[str]:
    """Give the facts that are kept of `app`; what else was read may be, for it is true."""
    return [
        path.name for path in world.folder.glob("facts/1/*") if b"app" in path.read_bytes() or path.suffix != ".json"
    ]


def facts(lock: Lock) -> Told:
    return {name: {p.name: (p.effects, p.sonames) for p in packages} for name, packages in lock.packages.items()}


def pool(world: locking.World) -> list[str]:
    """Give the packages that were asked for since the last time, sorted."""
    assert isinstance(world.fetcher, MemoryFetcher)
    found = sorted(url.rpartition("/")[2] for url in world.fetcher.asked if "/pool/" in url)
    world.fetcher.asked.clear()
    return found


def test_each_package_is_read_once(world: locking.World) -> None:
    assert facts(make(world)) == FACTS
    assert pool(world) == ["app_1_amd64.deb", "app_1_arm64.deb", "data%2B%2B_1_all.deb"]


def test_what_was_read_is_kept(world: locking.World) -> None:
    first = make(world)
    pool(world)
    assert make(world) == first
    assert pool(world) == []
    for file in world.folder.glob("facts/1/*"):
        file.write_bytes(b"spoilt")
    assert make(world) == first
    assert len(pool(world)) == 3


def test_the_lock_before_tells(world: locking.World, mirror: Mirror) -> None:
    cold = replace(world, facts=None)
    first = make(cold)
    pool(world)
    assert make(cold, first) == first
    assert pool(world) == []
    publish(mirror, deb([], control_text("app", "2"), {}), "2")
    second = make(cold, first)
    assert facts(second)["amd64"] == {"app": ((), ()), "data++": FACTS["amd64"]["data++"]}
    assert pool(world) == ["app_2_amd64.deb", "app_2_arm64.deb"]


def test_the_lock_has_them_in_its_text(world: locking.World) -> None:
    text = locks.write(make(world)).decode()
    assert '"wished": true, "effects": ["directory /srv/app"], "sonames": ["libapp.so.1"]}' in text
    assert text.count('"effects"') == 3
    assert text.count('"sonames"') == 1
    assert locks.write(locks.read(text.encode(), "l.json", "lock it")) == text.encode()


def test_the_next_mirror_where_one_lacks_a_package(world: locking.World, mirror: Mirror) -> None:
    other = Mirror({path: data for path, data in mirror.files.items() if "/pool/" not in f"/{path}"})
    said = io.StringIO()
    fetcher = MemoryFetcher({HOST: mirror, "http://other.example": other})
    both = replace(world, fetcher=fetcher, progress=Progress(said))
    assert facts(make(both, manifest=f"{MANIFEST}mirrors:\n  debian: http://other.example\n")) == FACTS
    assert (
        "mirror does not have the file, got 404 for http://other.example/pool/main/a/app/app_1_amd64.deb;"
        f" trying {HOST}/pool/main/a/app/app_1_amd64.deb\n"
    ) in said.getvalue()


def test_a_package_that_no_mirror_has(world: locking.World, mirror: Mirror) -> None:
    del mirror.files["pool/main/a/app/app_1_amd64.deb"]
    assert refusal(NetworkError, world) == (
        f"mirror does not have the file, got 404 for {HOST}/pool/main/a/app/app_1_amd64.deb; use another mirror"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data[:-1] + b"x", "app_1_amd64 is not what its index says, got sha256 "),
        (lambda data: data[:-10], f"app_1_amd64 is not what its index says, got {len(APP) - 10} bytes and not "),
        (lambda data: data + b"more", f"answer is larger than it may be, got more than {len(APP)} bytes of "),
    ],
    ids=["swapped", "truncated", "longer"],
)
def test_a_package_that_is_not_what_the_index_says(
    world: locking.World, mirror: Mirror, change: Callable[[bytes], bytes], message: str
) -> None:
    mirror.spoil("app_1_amd64.deb", change)
    assert refusal(VerificationError, world).startswith(message)


@pytest.mark.parametrize(
    ("package", "message"),
    [
        (b"no package", "app_1_amd64 is no ar archive, got "),
        (APP[:-40], "app_1_amd64 ends within member data.tar.xz, got "),
        (ar(("debian-binary", b"2.0\n")), "app_1_amd64 is no package, got members debian-binary;"),
        (
            deb([], control_text("other", "1")),
            "app_1_amd64 is another package than its index says, got other_1_amd64; tell the archive's owner, or use ",
        ),
        (
            deb([Item("usr/lib/sysusers.d/app.conf", bytes((1 << 20) + 1))], control_text("app", "1")),
            "app_1_amd64: /usr/lib/sysusers.d/app.conf is too large to be read, got 1048577 bytes; it may have 1048576",
        ),
    ],
    ids=["other", "truncated", "no-data", "swapped", "large"],
)
def test_a_package_that_the_index_vouches_for(
    world: locking.World, mirror: Mirror, package: bytes, message: str
) -> None:
    """The archive itself is hostile, or broken."""
    publish(mirror, package)
    assert refusal(FormatError, world).startswith(message)


def test_a_package_that_unpacks_to_more(world: locking.World, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("distill.debian.deb._MOST_DATA", 1 << 16)
    publish(mirror, deb([Item("bomb", bytes(1 << 20))], control_text("app", "1")))
    assert refusal(FormatError, world).startswith(
        "app_1_amd64: data.tar.xz of app 1 unpacks to more than it may, got over 65536 bytes from "
    )


def test_a_package_that_is_too_large(world: locking.World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("distill.lock.package_facts._MOST", 100)
    message = refusal(VerificationError, world)
    assert message == f"app_1_amd64 is larger than a package may be, got {len(APP)} bytes; it may have 100"
    assert pool(world) == []
