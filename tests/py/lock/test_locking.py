"""From a manifest to a lock, against a signed archive in memory; and every way in which a mirror can be hostile."""

import io
import lzma
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from distill.errors import DistillError, InputError, NetworkError, ResolutionError, VerificationError
from distill.lock import lock as locks
from distill.lock import locking, package_manifest
from distill.lock import report as lock_report
from distill.lock.apt_sources import AptSource
from distill.lock.fetch import RedirectError
from distill.lock.lock import Lock, LockedChoice
from distill.progress import Progress
from support_deb import control_text, deb
from support_debian import index, paragraph
from support_mirror import NOW, MemoryFetcher, Mirror, key, keyring

MANIFEST = """\
version: 1
sources:
  - name: debian
    suites: [bookworm]
    keyring: keys.pgp
architectures: [amd64, arm64]
packages:
  - redis-server
"""
HOST = "http://mirror.example/debian"
APT = [AptSource(HOST, ("bookworm",), ("main",))]


def archive(architecture: str, *more: str) -> bytes:
    return index(
        paragraph("redis-server", "7", architecture=architecture, depends="libc6 (>= 2)"),
        paragraph("libc6", "2.36", architecture=architecture),
        *more,
    )


@pytest.fixture
def mirror() -> Mirror:
    found = Mirror()
    found.publish({name: archive(name) for name in ("amd64", "arm64")})
    return found


@pytest.fixture
def world(tmp_path: Path, mirror: Mirror) -> locking.World:
    (tmp_path / "keys.pgp").write_bytes(keyring())
    progress = Progress(io.StringIO())
    return locking.World(NOW, MemoryFetcher({HOST: mirror}), {}, APT, tmp_path, tmp_path / "cache", progress)


def make(world: locking.World, manifest: str = MANIFEST, previous: Lock | None = None) -> Lock:
    return locking.make(package_manifest.parse(manifest.encode(), "m.yaml"), world, previous)


def refusal(
    kind: type[DistillError], world: locking.World, manifest: str = MANIFEST, previous: Lock | None = None
) -> str:
    with pytest.raises(kind) as caught:
        make(world, manifest, previous)
    return str(caught.value)


def test_a_lock(world: locking.World) -> None:
    lock = make(world)
    assert {name: [p.name for p in found] for name, found in lock.packages.items()} == {
        "amd64": ["libc6", "redis-server"],
        "arm64": ["libc6", "redis-server"],
    }
    assert (lock.suites[0].codename, lock.suites[0].date) == ("bookworm", "2026-07-11T10:16:37+00:00")


def test_by_hash_and_the_cache(world: locking.World) -> None:
    fetcher = world.fetcher
    assert isinstance(fetcher, MemoryFetcher)
    first = make(world)
    assert sum("/by-hash/SHA256/" in url for url in fetcher.asked) == 2
    fetcher.asked.clear()
    assert make(world) == first
    pool = f"{HOST}/pool/main"
    assert sorted(fetcher.asked) == [
        f"{HOST}/dists/bookworm/InRelease",
        f"{pool}/l/libc6/libc6_2.36_amd64.deb",
        f"{pool}/l/libc6/libc6_2.36_arm64.deb",
        f"{pool}/r/redis-server/redis-server_7_amd64.deb",
        f"{pool}/r/redis-server/redis-server_7_arm64.deb",
    ]


def test_a_spoilt_cache_is_not_used(world: locking.World, tmp_path: Path) -> None:
    first = make(world)
    for file in (tmp_path / "cache").iterdir():
        file.write_bytes(b"spoilt")
    assert make(world) == first


def test_a_mirror_without_by_hash(world: locking.World, mirror: Mirror) -> None:
    mirror.files = {path: data for path, data in mirror.files.items() if "by-hash" not in path}
    assert make(world).packages


def test_the_next_mirror_where_one_is_down(world: locking.World) -> None:
    manifest = f"{MANIFEST}mirrors:\n  debian: http://down.example\n"
    assert make(world, manifest).packages


def test_an_unsigned_source(world: locking.World, mirror: Mirror) -> None:
    mirror.files["dists/bookworm/Release"] = mirror.files.pop("dists/bookworm/InRelease")
    assert make(world, MANIFEST.replace("keyring: keys.pgp", "unsigned: ours")).packages


def test_a_suite_of_its_own_for_security(world: locking.World, mirror: Mirror) -> None:
    newer = index(paragraph("libc6", "2.36-1"))
    mirror.publish({"amd64": newer, "arm64": b""}, suite="bookworm-security")
    manifest = MANIFEST.replace("[bookworm]", "[bookworm, bookworm-security]")
    apt = replace(world, apt=[*APT, AptSource(HOST, ("bookworm-security",), ("main",))])
    lock = make(apt, manifest)
    assert [(p.version, p.suite) for p in lock.packages["amd64"] if p.name == "libc6"] == [
        ("2.36-1", "bookworm-security")
    ]


def test_a_source_for_some_architectures(world: locking.World, mirror: Mirror) -> None:
    server = paragraph("redis-server", "8", architecture="all", depends="libc6")
    newer = index(paragraph("libc6", "2.36-1"), server)
    mirror.publish({"amd64": newer}, suite="bookworm-security")
    source = "  - name: security\n    suites: [bookworm-security]\n    architectures: [amd64]\n    keyring: keys.pgp\n"
    manifest = MANIFEST.replace("architectures: [amd64, arm64]", f"{source}architectures: [amd64, arm64]")
    apt = replace(world, apt=[*APT, AptSource(HOST, ("bookworm-security",), ("main",))])
    lock = make(apt, manifest)
    assert {name: [p.version for p in found] for name, found in lock.packages.items()} == {
        "amd64": ["2.36-1", "8"],
        "arm64": ["2.36", "7"],
    }


def test_a_flat_source_for_some_architectures(world: locking.World, mirror: Mirror) -> None:
    mirror.publish_flat(
        {"redis.deb": deb([], control=control_text("redis-server", "9", "all"))}, folder="flat", signer=""
    )
    source = "  - name: ours\n    suites: flat/\n    architectures: [arm64]\n    unsigned: ours\n"
    manifest = MANIFEST.replace("architectures: [amd64, arm64]", f"{source}architectures: [amd64, arm64]")
    lock = make(world, f"{manifest}mirrors:\n  ours: {HOST}\n")
    versions = {
        name: next(p.version for p in found if p.name == "redis-server") for name, found in lock.packages.items()
    }
    assert versions == {"amd64": "7", "arm64": "9"}


def test_no_mirror_answers(world: locking.World) -> None:
    nothing = replace(world, fetcher=MemoryFetcher({}))
    assert refusal(NetworkError, nothing) == (
        "no mirror has bookworm of debian, got: mirror does not have the file, got 404 for "
        f"{HOST}/dists/bookworm/InRelease; name a mirror under `mirrors` in the manifest, set "
        "DISTILL_DEBIAN_MIRROR=URL (or NAME=URL, for one source), or add the suite to this machine's apt sources"
    )


def test_a_suite_that_is_misspelt(world: locking.World) -> None:
    message = refusal(NetworkError, world, MANIFEST.replace("[bookworm]", "[bookwrm]"))
    assert message.startswith("no mirror has bookwrm of debian, got: mirror does not have the file, got 404 for ")
    assert message.endswith("/dists/bookwrm/InRelease; did you mean bookworm?")
    gone = replace(world, fetcher=MemoryFetcher({}))
    two = MANIFEST.replace("[bookworm]", "[bookworm, bookwormy]")
    assert "; did you mean" not in refusal(NetworkError, gone, two)  # the machine has that suite: it is no typo
    other = replace(gone, apt=[AptSource(HOST, ("trixie",), ("main",))])
    assert refusal(NetworkError, other, two).endswith("; did you mean bookwormy?")


def test_a_package_of_some_architectures(world: locking.World, mirror: Mirror) -> None:
    mirror.publish({"amd64": archive("amd64", paragraph("libx86-1")), "arm64": archive("arm64")})
    assert refusal(InputError, world, f"{MANIFEST}  - libx86-1 (>= 1)\n") == (
        "packages has one that is not there for arm64, got 'libx86-1', which is there for amd64; "
        "write `libx86-1 (>= 1) [amd64]`"
    )
    lock = make(world, f"{MANIFEST}  - libx86-1 [amd64]\n")
    assert [len(packages) for packages in lock.packages.values()] == [3, 2]


def test_a_name_that_is_near_is_one_of_this_architecture(world: locking.World) -> None:
    """A flat repository has one index for all architectures."""
    flat = Mirror()
    flat.publish_flat(
        {
            "foo.deb": deb(control=control_text("foo")),
            "fool.deb": deb(control=control_text("fool", architecture="arm64")),
        }
    )
    here = replace(world, fetcher=MemoryFetcher({HOST: flat}))
    manifest = MANIFEST.replace("[bookworm]", "[./]").replace("redis-server", "foo").replace("amd64, ", "")
    assert refusal(ResolutionError, here, f"{manifest}mirrors:\n  debian: {HOST}\n") == (
        "package is in no index for arm64, got 'foo'; did you mean fool?"
    )


def test_faulty_packages_of_an_index(world: locking.World, mirror: Mirror) -> None:
    said = io.StringIO()
    bad = [paragraph("libc6", "9_x"), paragraph("Odd"), paragraph("o")]
    mirror.publish({name: archive(name, *(b.replace("amd64", name) for b in bad)) for name in ("amd64", "arm64")})
    lock = make(replace(world, progress=Progress(said)), f"{MANIFEST}exclude:\n  Odd: no\n")
    assert [p.version for p in lock.packages["arm64"]] == ["2.36", "7"]
    for name in ("amd64", "arm64"):
        assert (
            f"note: {name}: index of debian bookworm: libc6: version is not of the form [epoch:]upstream[-revision], "
            "got '9_x'; it is passed over\n"
        ) in said.getvalue()
    assert refusal(ResolutionError, world, f"{MANIFEST}  - libc6 (>= 9)\n") == (
        "nothing meets a relation for amd64, got libc6 (>= 9) where there is libc6 2.36 (bookworm), and index of "
        "debian bookworm: libc6: version is not of the form [epoch:]upstream[-revision], got '9_x'; relax the "
        "relation, add a suite that meets it, or exclude a package on the way"
    )


def test_what_provides_a_name_stays_what_it_was(world: locking.World, mirror: Mirror) -> None:
    def publish(*providers: str) -> None:
        mirror.publish(
            {
                name: index(
                    paragraph("redis-server", "7", architecture=name, depends="mta"),
                    *(
                        paragraph(p, architecture=name, provides="mta")
                        for p in providers
                        if name != "arm64" or p != "zeta"
                    ),
                )
                for name in ("amd64", "arm64")
            }
        )

    publish("yota", "zeta")
    first = make(world)
    assert first.choices == (
        LockedChoice("mta", "yota", (), ("arm64",)),
        LockedChoice("mta", "yota", ("zeta",), ("amd64",)),
    )
    publish("alpha", "yota")
    assert [p.name for p in make(world).packages["amd64"]] == ["alpha", "redis-server"]
    second = make(world, previous=first)
    assert [p.name for p in second.packages["amd64"]] == ["redis-server", "yota"]
    assert second.choices == (LockedChoice("mta", "yota", ("alpha",)),)
    publish("alpha")
    third = make(world, previous=second)
    assert third.choices == (LockedChoice("mta", "alpha"),)
    assert [line for line in lock_report.changes(second, third) if "mta" in line] == [
        "  mta is provided by alpha now, and no longer by yota"
    ] * 2


def test_no_keyring(world: locking.World, tmp_path: Path) -> None:
    (tmp_path / "keys.pgp").unlink()
    assert refusal(InputError, world) == (
        f"keyring of debian cannot be read, got No such file or directory for {tmp_path}/keys.pgp; "
        "put the archive's public keys there"
    )


def test_an_unknown_package(world: locking.World) -> None:
    message = refusal(ResolutionError, world, MANIFEST.replace("redis-server", "redis-sever"))
    assert message == "package is in no index for amd64, got 'redis-sever'; did you mean redis-server?"


def test_an_unknown_name_in_exclude(world: locking.World) -> None:
    message = refusal(InputError, world, f"{MANIFEST}exclude:\n  libc7: no\n")
    assert message == "exclude names a package that is in no index, got 'libc7'; did you mean libc6?"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("arm64", "s390x", "bookworm of debian lacks the architecture, got 's390x'; it has amd64, arm64"),
        (
            "    keyring",
            "    components: [non-free]\n    keyring",
            "bookworm of debian lacks the component, got 'non-free'; it has main",
        ),
        (
            "    keyring",
            "    components: [mian]\n    keyring",
            "bookworm of debian lacks the component, got 'mian'; did you mean main?",
        ),
    ],
)
def test_what_the_suite_lacks(world: locking.World, old: str, new: str, message: str) -> None:
    apt = replace(world, environment={"DISTILL_DEBIAN_MIRROR": HOST})
    assert refusal(InputError, apt, MANIFEST.replace(old, new)) == message


def test_two_packages_with_one_path(world: locking.World, mirror: Mirror) -> None:
    same = paragraph("libc6", "2.36").replace("pool/main/l/libc6/libc6_2.36", "pool/main/r/redis-server/redis-server_7")
    mirror.publish({"amd64": index(paragraph("redis-server", "7", depends="libc6"), same)})
    assert refusal(VerificationError, world, MANIFEST.replace(", arm64", "")) == (
        "index of debian has one path for two packages, got pool/main/r/redis-server/redis-server_7_amd64.deb for "
        "libc6 2.36 (bookworm) and redis-server 7 (bookworm); tell the archive's owner, or use another mirror"
    )


def test_the_index_of_another_architecture(world: locking.World, mirror: Mirror) -> None:
    mirror.publish({"amd64": archive("arm64"), "arm64": archive("arm64")})
    message = refusal(ResolutionError, world, MANIFEST.replace(", arm64", ""))
    assert message == "package is in no index for amd64, got 'redis-server'; add the source or suite that has it"


def test_an_expired_key(world: locking.World) -> None:
    secret = key("brief")
    brief = secret.extract_certificate().set_expiration(NOW + timedelta(days=1000), secret.certifier())
    (world.folder / "keys.pgp").write_bytes(bytes(brief))
    fetcher = world.fetcher
    assert isinstance(fetcher, MemoryFetcher)
    for mirror in fetcher.mirrors.values():
        mirror.publish({name: archive(name) for name in ("amd64", "arm64")}, signer="brief")
    assert make(world).packages
    late = replace(world, now=NOW + timedelta(days=2000))
    assert refusal(VerificationError, late) == (
        f"{HOST}/dists/bookworm/InRelease is signed by keys of keys.pgp that expired or were revoked, got "
        f"{brief.fingerprint.upper()[-16:]}; update the keyring"
    )
    assert make(late, MANIFEST.replace("    keyring", "    snapshot: true\n    keyring")).packages


def test_a_wrong_signature(world: locking.World, mirror: Mirror) -> None:
    mirror.publish({"amd64": archive("amd64")}, signer="thief")
    assert refusal(VerificationError, world).startswith(
        f"{HOST}/dists/bookworm/InRelease has no good signature by a key of keys.pgp, got signatures by "
    )


def test_another_suite_replayed(world: locking.World, mirror: Mirror) -> None:
    mirror.publish({"amd64": archive("amd64")}, suite="trixie")
    mirror.files["dists/bookworm/InRelease"] = mirror.files["dists/trixie/InRelease"]
    assert refusal(VerificationError, world) == (
        f"{HOST}/dists/bookworm/InRelease is of another suite, got trixie for bookworm; use another mirror"
    )


def test_an_old_index_replayed(world: locking.World, mirror: Mirror) -> None:
    previous = make(world)
    mirror.publish({"amd64": archive("amd64")}, date="Sat, 10 Jan 2026 10:00:00 UTC")
    assert refusal(VerificationError, world, previous=previous) == (
        f"{HOST}/dists/bookworm/InRelease is older than what was locked, got Date 2026-01-10 after 2026-07-11; "
        "use a mirror that is up to date, or delete the lock to go back"
    )


def test_expired(world: locking.World, mirror: Mirror) -> None:
    mirror.publish(
        {name: archive(name) for name in ("amd64", "arm64")}, more="Valid-Until: Sat, 18 Jul 2026 00:00:00 UTC\n"
    )
    late = replace(world, now=NOW + timedelta(days=30))
    assert refusal(VerificationError, late) == (
        f"{HOST}/dists/bookworm/InRelease has expired, got Valid-Until 2026-07-18; "
        "use a mirror that is up to date, or set snapshot: true if the source is a picture of the past"
    )
    assert make(late, MANIFEST.replace("    keyring", "    snapshot: true\n    keyring")).packages


def test_expired_and_hidden(world: locking.World, mirror: Mirror) -> None:
    mirror.publish(
        {name: archive(name) for name in ("amd64", "arm64")}, more="Valid-Until: Sat, 18 Jul 2026 00:00:00 UTC\n"
    )
    mirror.spoil("InRelease", lambda data: data.replace(b"\nValid-Until", b"\rValid-Until"))
    assert refusal(VerificationError, replace(world, now=NOW + timedelta(days=30))) == (
        f"{HOST}/dists/bookworm/InRelease has a carriage return within a line, got "
        "b'hitectures: amd64 arm64\\nComponents: main' before it; use another mirror"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data[:-10], "index is not what its Release says, got "),
        (lambda data: data[:-1] + bytes([data[-1] ^ 1]), "index is not what its Release says, got sha256 "),
        (lambda data: data + b"more", "answer is larger than it may be, got more than "),
    ],
)
def test_an_index_that_is_truncated_swapped_or_longer(
    world: locking.World, mirror: Mirror, change: Callable[[bytes], bytes], message: str
) -> None:
    mirror.spoil("binary-", change)
    assert refusal(VerificationError, world).startswith(message)


def test_an_index_that_does_not_unpack(world: locking.World, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lzma, "compress", lambda data: b"no xz" + data)
    mirror.publish({name: archive(name) for name in ("amd64", "arm64")})
    assert refusal(VerificationError, world) == (
        "index does not unpack, got Input format not supported by decoder for "
        f"{HOST}/dists/bookworm/main/binary-amd64/Packages.xz; use another mirror"
    )


def test_an_index_that_unpacks_to_more(world: locking.World, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    compress = lzma.compress
    monkeypatch.setattr(lzma, "compress", lambda data: compress(data + bytes(1 << 20)))
    mirror.publish({name: archive(name) for name in ("amd64", "arm64")})
    assert refusal(VerificationError, world).startswith("index unpacks to more than it may, got over ")


def test_a_redirect_is_told_at_once(world: locking.World) -> None:
    class Redirecting(MemoryFetcher):
        def fetch(self, url: str, limit: int, **_: object) -> bytes:
            raise RedirectError(f"mirror redirects to another host, got http://x for {url}; name that host")

    assert refusal(NetworkError, replace(world, fetcher=Redirecting({}))).startswith("mirror redirects to another host")


def test_a_lock_on_another(world: locking.World) -> None:
    """The second lock has only what the first lacks, and knows it by its checksum."""
    (world.folder / "base.lock.json").write_bytes(locks.write(make(world, MANIFEST.replace("redis-server", "libc6"))))
    lock = make(world, f"{MANIFEST}provided_by: base.lock.json\n")
    assert [p.name for p in lock.packages["arm64"]] == ["redis-server"]
    assert [(item.name, item.reason) for item in lock.left_out] == [("libc6", "base.lock.json has it")]
    assert [base.file for base in lock.bases] == ["base.lock.json"]
    message = refusal(InputError, world, f"{MANIFEST}  - libc6\nprovided_by: base.lock.json\n")
    assert message.startswith("packages has one that base.lock.json brings already, got 'libc6'; ")


def test_notes(world: locking.World) -> None:
    said = io.StringIO()
    manifest = (
        f'{MANIFEST}exclude:\n  libc6: the base has it\nprovided:\n  redis-server: no\nwaivers:\n  "a breaks b": no\n'
    )
    manifest = manifest.replace("provided:\n  redis-server: no\n", "")
    make(replace(world, progress=Progress(said)), manifest)
    assert "note: the waiver 'a breaks b' is not needed; remove it from the manifest\n" in said.getvalue()
    make(
        replace(world, progress=Progress(said)),
        manifest.replace("- redis-server", "- libc6").replace("  libc6: the", "  redis-server: the"),
    )
    assert (
        "note: nothing wants redis-server, so that leaving it out changes nothing; remove it from the manifest\n"
        in said.getvalue()
    )
