"""Suites from real servers: flat repositories, detached signatures, downloads at once, and what is left of them."""

import hashlib
import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote

import pytest
from distill.errors import DistillError, NetworkError, VerificationError
from distill.lock import locking, package_manifest
from distill.lock.apt_sources import AptSource
from distill.lock.fetch import Fetcher
from distill.lock.lock import Lock
from distill.progress import Progress
from support_deb import Item, control_text, deb
from support_debian import index, paragraph
from support_mirror import NOW, Mirror, keyring, server

FLAT = """\
version: 1
sources:
  - name: vendor
    suites: ./
    keyring: keys.pgp
architectures: [amd64, arm64]
packages: [ours]
"""
DEBS = {
    "ours_1.0-1_amd64.deb": deb([Item("opt/a", b"1")], control_text("ours", more="Depends: ours-data (>= 1)\n")),
    "ours_1.0-1_arm64.deb": deb(
        [Item("opt/a", b"2")], control_text("ours", architecture="arm64", more="Depends: ours-data (>= 1)\n")
    ),
    "ours-data_2_all.deb": deb([Item("opt/b", b"3")], control_text("ours-data", "2", "all")),
}


@contextmanager
def served(mirror: Mirror, requests: list[str] | None = None) -> Iterator[str]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if requests is not None:
            requests.append(handler.path)
        data = mirror.files.get(unquote(handler.path).lstrip("/"))
        handler.send_response(404 if data is None else 200)
        handler.send_header("Content-Length", str(len(data or b"")))
        handler.end_headers()
        handler.wfile.write(data or b"")

    with server(answer) as host:
        yield host


@pytest.fixture
def world(tmp_path: Path) -> locking.World:
    (tmp_path / "keys.pgp").write_bytes(keyring())
    fetcher = Fetcher(timeout=20, sleep=lambda _: None)
    return locking.World(NOW, fetcher, {}, [], tmp_path, tmp_path / "cache", Progress(io.StringIO()))


def make(world: locking.World, host: str, manifest: str = FLAT, previous: Lock | None = None) -> Lock:
    there = replace(world, environment={"DISTILL_DEBIAN_MIRROR": host})
    return locking.make(package_manifest.parse(manifest.encode(), "m.yaml"), there, previous)


def refusal(kind: type[DistillError], world: locking.World, host: str, manifest: str = FLAT) -> str:
    with pytest.raises(kind) as caught:
        make(world, host, manifest)
    return str(caught.value).replace(host, "HOST")


# Flat repositories and those of others.


@pytest.mark.parametrize("folder", ["", "stable"])
@pytest.mark.parametrize("detached", [False, True])
def test_a_flat_repository(world: locking.World, folder: str, detached: bool) -> None:
    mirror = Mirror()
    mirror.publish_flat(DEBS, folder=folder, detached=detached)
    with served(mirror) as host:
        lock = make(world, host, FLAT.replace("./", f"{folder or '.'}/"))
    base = f"{folder}/" if folder else ""
    assert {
        name: [(p.name, p.architecture, p.path, p.component) for p in found] for name, found in lock.packages.items()
    } == {
        name: [
            ("ours", name, f"{base}ours_1.0-1_{name}.deb", ""),
            ("ours-data", "all", f"{base}ours-data_2_all.deb", ""),
        ]
        for name in ("amd64", "arm64")
    }
    for package in lock.packages["amd64"]:  # below the root of the mirror, where a build looks for it
        assert hashlib.sha256(mirror.files[package.path]).hexdigest() == package.sha256


def test_an_unsigned_flat_repository_on_disk(world: locking.World, tmp_path: Path) -> None:
    mirror = Mirror()
    mirror.publish_flat(DEBS, signer="")
    for path, data in mirror.files.items():
        (tmp_path / path).write_bytes(data)
    lock = make(world, tmp_path.as_uri(), FLAT.replace("keyring: keys.pgp", "unsigned: we made it"))
    assert [p.name for p in lock.packages["arm64"]] == ["ours", "ours-data"]


def test_a_flat_repository_of_the_machine(world: locking.World) -> None:
    mirror = Mirror()
    mirror.publish_flat(DEBS)
    with served(mirror) as host:
        apt = replace(world, apt=[AptSource(host, ("./",), ())])
        assert locking.make(package_manifest.parse(FLAT.encode(), "m.yaml"), apt).packages["amd64"]


def test_unsigned_needs_the_manifests_word(world: locking.World) -> None:
    mirror = Mirror()
    mirror.publish_flat(DEBS, signer="")
    with served(mirror) as host:
        assert refusal(NetworkError, world, host).startswith(
            "no mirror has ./ of vendor, got: mirror does not have the file, got 404 for HOST/InRelease; "
        )


def test_an_unsigned_source_is_not_guessed(world: locking.World) -> None:
    manifest = FLAT.replace("keyring: keys.pgp", "unsigned: we made it").replace("./", "bookworm")
    apt = replace(world, apt=[AptSource("http://127.0.0.1:9", ("trixie",), ("main",))])
    with pytest.raises(NetworkError, match=r"^no mirror is known, got none for bookworm of vendor; "):
        locking.make(package_manifest.parse(manifest.encode(), "m.yaml"), apt)


def test_a_detached_signature_by_a_foreign_key(world: locking.World) -> None:
    mirror = Mirror()
    mirror.publish_flat(DEBS, detached=True, signer="thief")
    with served(mirror) as host:
        assert refusal(VerificationError, world, host).startswith(
            "HOST/Release has no good signature by a key of keys.pgp, got signatures by "
        )


@pytest.mark.parametrize(
    ("file", "data", "message"),
    [
        ("Release", b"Suite: evil\n", "HOST/Release has no good signature by a key of keys.pgp, got signatures by "),
        ("Release.gpg", b"<html>", "HOST/Release.gpg is no signature, got b'<html>'; use another mirror"),
    ],
)
def test_a_detached_signature_that_does_not_fit(world: locking.World, file: str, data: bytes, message: str) -> None:
    mirror = Mirror()
    mirror.publish_flat(DEBS, detached=True)
    mirror.files[file] = data
    with served(mirror) as host:
        assert refusal(VerificationError, world, host).startswith(message)


def test_two_sources_of_one_suite(world: locking.World, tmp_path: Path) -> None:
    """A third party's repository beside Debian's, each with its own key and mirror; names of suites may be the same."""
    debian, vendor = Mirror(), Mirror()
    debian.publish({"amd64": index(paragraph("libc6", "2.36"))}, suite="bookworm")
    vendor.publish({"amd64": index(paragraph("ours", depends="libc6"))}, suite="bookworm", signer="vendor")
    (tmp_path / "vendor.pgp").write_bytes(keyring("vendor"))
    with served(debian) as one, served(vendor) as two:
        manifest = (
            "version: 1\nsources:\n"
            "  - {name: debian, suites: bookworm, keyring: keys.pgp}\n"
            "  - {name: vendor, suites: bookworm, keyring: vendor.pgp}\n"
            f"architectures: [amd64]\npackages: [ours]\nmirrors:\n  debian: {one}\n  vendor: {two}\n"
        )
        lock = locking.make(package_manifest.parse(manifest.encode(), "m.yaml"), world)
    assert [(p.name, p.source) for p in lock.packages["amd64"]] == [("libc6", "debian"), ("ours", "vendor")]


# Downloads.

SIGNED = FLAT.replace("./", "bookworm").replace("ours]", "redis]")


def published() -> Mirror:
    mirror = Mirror()
    mirror.publish({name: index(paragraph("redis", architecture=name)) for name in ("amd64", "arm64")})
    return mirror


def test_several_at_once(world: locking.World) -> None:
    mirror, both = published(), threading.Barrier(2)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if "by-hash" in handler.path:
            both.wait(20)  # the first is answered only once the second is asked for
        data = mirror.files[handler.path.lstrip("/")]
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    with server(answer) as host:
        assert list(make(world, host, SIGNED).packages) == ["amd64", "arm64"]


def test_a_run_that_was_cut_off_is_taken_up(world: locking.World, tmp_path: Path) -> None:
    mirror = published()
    ranges: list[str] = []
    broken = True

    def answer(handler: BaseHTTPRequestHandler) -> None:
        data = mirror.files[handler.path.lstrip("/")]
        asked = handler.headers.get("Range", "")
        start = int(asked.removeprefix("bytes=").removesuffix("-") or 0)
        if "binary-" in handler.path:
            ranges.append(asked)
            if broken and start:
                handler.send_error(503)
                return
        handler.send_response(206 if start else 200)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        handler.send_header("Content-Length", str(len(data) - start))
        handler.end_headers()
        handler.wfile.write(data[start : 100 if broken and "binary-" in handler.path else None])

    manifest = SIGNED.replace("[amd64, arm64]", "[amd64]")
    with server(answer) as host:
        assert refusal(NetworkError, world, host, manifest).startswith("mirror refuses the file, got 503 for HOST/")
        (part,) = (tmp_path / "cache").iterdir()
        assert (part.suffix, part.stat().st_size) == (".part", 100)
        broken = False
        ranges.clear()
        out = io.StringIO()
        fresh = replace(world, fetcher=Fetcher(sleep=lambda _: None), progress=Progress(out))
        assert make(fresh, host, manifest).packages["amd64"]
    assert ranges == ["bytes=100-"]
    assert "Packages.xz (0.0 MB), resuming at 0.0 MB\n" in out.getvalue()
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [""]


@pytest.mark.parametrize("fault", [404, 503, None])
def test_another_mirror_where_one_breaks_off(world: locking.World, fault: int | None) -> None:
    mirror = published()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        data = mirror.files[handler.path.lstrip("/")]
        release = "InRelease" in handler.path
        handler.send_response(200 if release or fault is None else fault)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data if release else data[:100] if fault is None else b"")

    out = io.StringIO()
    requests: list[str] = []
    with server(answer) as one, served(mirror, requests) as two:
        lock = make(replace(world, progress=Progress(out)), f"{one} {two}", SIGNED)
    assert list(lock.packages) == ["amd64", "arm64"]
    assert sorted(path.count("/by-hash/") for path in requests) == [0, 0, 1, 1]
    assert out.getvalue().count(f"; trying {two}/dists/bookworm/main/binary-") == 2
    assert out.getvalue().count(f"; trying {two}/pool/main/r/redis/redis_1_") == 2


def test_false_leftovers_are_fetched_anew(world: locking.World, tmp_path: Path) -> None:
    mirror = published()
    with served(mirror) as host:
        first = make(world, host, SIGNED)
        (tmp_path / "cache").rename(tmp_path / "old")
        (tmp_path / "cache").mkdir()
        for file in (tmp_path / "old").iterdir():
            size = file.stat().st_size
            (tmp_path / "cache" / f"{file.name}.part").write_bytes(b"x" * size)
        out = io.StringIO()
        assert make(replace(world, progress=Progress(out)), host, SIGNED) == first
    assert out.getvalue().count("what an earlier run left was of another file, fetching anew\n") == 2


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda data: bytes(len(data)), "index is not what its Release says, got sha256 "),
        (lambda data: data[:-10], "index is not what its Release says, got "),
        (lambda data: data * 3, "answer is larger than it may be, got more than "),
    ],
    ids=["swapped", "truncated", "longer"],
)
def test_nothing_false_is_kept(
    world: locking.World, tmp_path: Path, spoil: Callable[[bytes], bytes], message: str
) -> None:
    mirror = published()
    mirror.spoil("binary-", spoil)
    with served(mirror) as host:
        assert refusal(VerificationError, world, host, SIGNED).startswith(message)
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_an_endless_release_file(world: locking.World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("distill.lock.suite._RELEASE_LIMIT", 1 << 20)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"Origin: Test\n" * 1000)

    with server(answer) as host:
        assert refusal(VerificationError, world, host, SIGNED) == (
            "answer is larger than it may be, got more than 1048576 bytes of HOST/dists/bookworm/InRelease; "
            "use another mirror"
        )
    assert not (tmp_path / "cache").exists()


def test_an_endless_index_is_bounded_by_what_is_signed(world: locking.World, tmp_path: Path) -> None:
    mirror = published()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        if "InRelease" in handler.path:
            handler.wfile.write(mirror.files["dists/bookworm/InRelease"])
            return
        while True:
            handler.wfile.write(bytes(1 << 16))

    size = {len(data) for path, data in mirror.files.items() if path.endswith(".xz")}
    with server(answer) as host:
        message = refusal(VerificationError, world, host, SIGNED)
    assert int(message.removeprefix("answer is larger than it may be, got more than ").split()[0]) in size
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_first_fault_ends_the_other_downloads(world: locking.World) -> None:
    """A mirror that trickles one index for ever does not keep us from telling what is wrong with another."""
    mirror, gone = published(), threading.Event()
    arm64 = mirror.files["dists/bookworm/main/binary-arm64/Packages.xz"]

    def answer(handler: BaseHTTPRequestHandler) -> None:
        data = mirror.files[handler.path.lstrip("/")]
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        if data != arm64:
            handler.wfile.write(data if "InRelease" in handler.path else bytes(len(data)))
            return
        while not gone.wait(0.01):
            handler.wfile.write(b"x" if not handler.wfile.closed else b"")

    with server(answer) as host:
        assert refusal(VerificationError, world, host, SIGNED).startswith("index is not what its Release says, got ")
        gone.set()


def test_a_redirect_that_the_manifest_allows(world: locking.World) -> None:
    mirror = published()
    with served(mirror) as there:

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(302)
            handler.send_header("Location", there + handler.path)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        with server(answer) as host:
            message = refusal(NetworkError, world, host, SIGNED)
            assert message.startswith(f"mirror redirects to another host, got {there}/dists/bookworm/InRelease for ")
            fresh = replace(world, fetcher=Fetcher())
            allowed = SIGNED.replace("keyring:", "redirects: 127.0.0.1\n    keyring:")
            assert make(fresh, host, allowed).packages


def test_the_cache_keeps_what_is_used_and_counts_parts_apart(world: locking.World, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    others = [cache / hashlib.sha256(bytes([n])).hexdigest() for n in range(60)]
    parts = [cache / f"{'0' * 60}{n:04}.part" for n in range(60)]
    for age, file in enumerate([*others, *parts]):
        file.write_bytes(b"x")
        os.utime(file, (10_000 - age, 10_000 - age))
    mirror = Mirror()
    mirror.publish({"amd64": index(paragraph("redis"))})
    with served(mirror) as host:
        make(world, host, SIGNED.replace(", arm64", ""))
    (used,) = set(cache.iterdir()) - {*others, *parts}
    assert {*others} & {*cache.iterdir()} == set(others[:39])
    assert {*parts} & {*cache.iterdir()} == set(parts[:40])
    os.utime(used, (1, 1))
    with served(mirror) as host:  # it is the oldest, and used
        make(world, host, SIGNED.replace(", arm64", ""))
    assert used.stat().st_mtime > 10_000
