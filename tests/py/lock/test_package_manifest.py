"""Manifests: what they say, and each mistake with its line."""

import contextlib

import pytest
from distill.errors import DistillError, FormatError, InputError
from distill.lock import package_manifest
from hypothesis import given
from hypothesis import strategies as st

GOOD = """\
# ours
version: 1
sources:
  - name: debian
    suites: [bookworm, bookworm-security, bookworm-backports]
    components: [main]
    keyring: debian.pgp
  - name: vendor
    suites: stable/
    unsigned: built by ourselves
    snapshot: true
    redirects: [cdn.vendor.example]
architectures: [amd64, arm64]
packages:
  - redis-server
  - libssl3 (>= 3.0)
  - nginx/bookworm-backports (= 1.2-3) [arm64]
exclude:
  adduser: accounts are declared
provided:
  libc6: the base image
provided_by:
  - base.lock.json
waivers:
  "aa breaks bb (<< 2)": never together
mirrors:
  debian:
    - https://one.example/debian
    - "https://two.example/debian"
  vendor: https://vendor.example
"""


def test_all_of_it() -> None:
    found = package_manifest.parse(GOOD.encode(), "m.yaml")
    debian, vendor = found.sources
    assert (debian.suites, debian.components, debian.keyring) == (
        ("bookworm", "bookworm-security", "bookworm-backports"),
        ("main",),
        "debian.pgp",
    )
    assert debian.mirrors == ("https://one.example/debian", "https://two.example/debian")
    assert (vendor.unsigned, vendor.snapshot, vendor.mirrors) == (
        "built by ourselves",
        True,
        ("https://vendor.example",),
    )
    assert (debian.redirects, vendor.redirects) == ((), ("cdn.vendor.example",))
    assert [str(wish) for wish in found.wishes("amd64")] == ["redis-server", "libssl3 (>= 3.0)"]
    assert [str(wish) for wish in found.wishes("arm64")][2:] == ["nginx/bookworm-backports (= 1.2-3)"]
    assert (found.exclude, found.provided) == ({"adduser": "accounts are declared"}, {"libc6": "the base image"})
    assert found.provided_by == ("base.lock.json",)
    assert found.waivers == {"aa breaks bb (<< 2)": "never together"}


def test_scan_reads_what_yaml_reads() -> None:
    assert package_manifest.scan_mirrors(GOOD) == {
        "debian": ["https://one.example/debian", "https://two.example/debian"],
        "vendor": ["https://vendor.example"],
    }


def test_architectures_of_a_source() -> None:
    text = GOOD.replace("    snapshot: true", "    architectures: [arm64]")
    debian, vendor = package_manifest.parse(text.encode(), "m.yaml").sources
    assert [debian.covers("amd64"), vendor.covers("amd64"), vendor.covers("arm64")] == [True, False, True]


MINIMAL = """\
version: 1
sources:
  - name: debian
    suites: [bookworm]
    keyring: debian.pgp
architectures: [amd64]
packages:
  - redis-server
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "architectures:",
            "archtectures:",
            "m.yaml:6 has an unknown key, got 'archtectures'; did you mean architectures?",
        ),
        (
            "    suites:",
            "    url: x\n    suites:",
            (
                "m.yaml:4 has an unknown key, got 'url'; "
                "the keys are name, suites, components, architectures, keyring, snapshot, unsigned, redirects"
            ),
        ),
        ("version: 1", "version: 2", "m.yaml:1 has an unknown version, got '2'; write version: 1"),
        (
            "packages:\n  - redis-server\n",
            "",
            "m.yaml:1 lacks a key, got 'version, sources, architectures'; add packages",
        ),
        ("packages:", "version:", "m.yaml:7 has a key twice, got 'version'; leave one"),
        (
            "packages:\n  - redis-server",
            "packages: []",
            "m.yaml:7 is no list, or an empty one, got 'seq'; write `- item` lines",
        ),
        (
            "[amd64]",
            "[amd64, m68k]",
            (
                "m.yaml:6 has an unsupported architecture, got 'm68k'; "
                "those supported are amd64, arm64, armhf, i386, ppc64el, riscv64, s390x"
            ),
        ),
        ("[amd64]", "[amd46]", "m.yaml:6 has an unsupported architecture, got 'amd46'; did you mean amd64?"),
        (
            "- redis-server",
            "- redis server",
            (
                "m.yaml:8 has a package of another form, got 'redis server'; "
                "write NAME, NAME/SUITE, NAME (>= VERSION) or NAME [ARCHITECTURE …]"
            ),
        ),
        (
            "- redis-server",
            "- redis-server [arm64]",
            "m.yaml:8 has a package for an architecture that is not locked, got 'arm64'; add it to architectures",
        ),
        (
            "- redis-server",
            "- libssl3:arm64",
            "m.yaml:8 has a package with an architecture after a colon, got 'libssl3:arm64'; write `libssl3 [arm64]`",
        ),
        (
            "- redis-server",
            "- python3:any (>= 3)",
            "m.yaml:8 has a package with an architecture after a colon, got 'python3:any (>= 3)'; write python3",
        ),
        (
            "- redis-server",
            "- redis-server/bokworm",
            "m.yaml:8 has a package from a suite that no source has, got 'bokworm'; did you mean bookworm?",
        ),
        (
            "- redis-server",
            "- redis-server/trixie",
            "m.yaml:8 has a package from a suite that no source has, got 'trixie'; the suites are bookworm",
        ),
        ("- redis-server", "-", "m.yaml:8 has no text where there must be some, got 'null'; write it"),
        (
            "    keyring: debian.pgp\n",
            "",
            (
                "m.yaml:3 has a source that needs either keyring or unsigned, got 'debian'; "
                "name the keyring file that its signatures are checked with, or say in unsigned why there is none"
            ),
        ),
        (
            "    keyring",
            "    redirects: [https://cdn.example]\n    keyring",
            (
                "m.yaml:5 has a host of another form, got 'https://cdn.example'; "
                "write its name only, as in cdn.example.org"
            ),
        ),
        (
            "    keyring",
            "    architectures: [arm64]\n    keyring",
            "m.yaml:3 has a source for no architecture that is locked, got 'debian'; those locked are amd64",
        ),
        ("name: debian", "name: Debian", "m.yaml:3 has a source with a bad name, got 'Debian'; use a-z, 0-9 and -"),
        (
            "    keyring",
            "    snapshot: maybe\n    keyring",
            "m.yaml:5 has a snapshot that is no truth value, got 'maybe'; write true or false",
        ),
        (
            "packages:",
            "exclude:\n  redis-server: no\npackages:",
            "m.yaml:8 has a package in packages and in exclude, got 'redis-server'; leave it in one of them",
        ),
        (
            "packages:",
            "mirrors:\n  debain: http://a\npackages:",
            "m.yaml:8 has mirrors of an unknown source, got 'debain'; did you mean debian?",
        ),
        (
            "packages:",
            "mirrors:\n  debian: [http://a]\npackages:",
            (
                "m.yaml:8 has mirrors that Bazel cannot read, got 'another style'; "
                "write each source as `  NAME: URL`, or as `  NAME:` and lines of `    - URL`, without comments on them"
            ),
        ),
    ],
)
def test_mistakes(old: str, new: str, message: str) -> None:
    assert old in MINIMAL
    with pytest.raises(InputError) as caught:
        package_manifest.parse(MINIMAL.replace(old, new, 1).encode(), "m.yaml")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "[bookworm, bookworm-security, bookworm-backports]",
            "[bookworm, bookworm]",
            "m.yaml:5 has a suite twice, got 'bookworm'; leave one",
        ),
        ("[main]", "[main, contrib, main]", "m.yaml:6 has a component twice, got 'main'; leave one"),
        ("name: vendor", "name: debian", "m.yaml:4 has a source twice, got 'debian'; leave one"),
        (
            "aa breaks bb (<< 2)",
            "aa breks bb (<< 2)",
            "m.yaml:25 has a waiver of an unknown field, got 'aa breks bb (<< 2)'; did you mean breaks?",
        ),
        (
            "aa breaks bb (<< 2)",
            "aa recommends bb",
            (
                "m.yaml:25 has a waiver of an unknown field, got 'aa recommends bb'; "
                "the fields are depends, pre-depends, conflicts, breaks"
            ),
        ),
        (
            "aa breaks bb (<< 2)",
            "aa breaks",
            "m.yaml:25 has a waiver of another form, got 'aa breaks'; write PACKAGE FIELD RELATION",
        ),
        *(
            (
                "aa breaks bb (<< 2)",
                waiver,
                (
                    f"m.yaml:25 has a waiver of another form, got '{waiver}'; "
                    "write PACKAGE FIELD RELATION, with one relation as the package has it"
                ),
            )
            for waiver in ("aa breaks bb (2)", "aa depends bb, cc", "a|b depends cc", "aa depends ,")
        ),
        (
            '  "aa breaks bb (<< 2)": never together',
            '  "aa breaks bb (<< 2)": never together\n  "aa breaks bb(<<2)": again',
            "m.yaml:26 has a waiver twice, got 'aa breaks bb (<< 2)'; leave one",
        ),
    ],
)
def test_mistakes_in_the_long_one(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        package_manifest.parse(GOOD.replace(old, new).encode(), "m.yaml")
    assert str(caught.value) == message


def test_waivers_are_kept_as_the_resolver_writes_them() -> None:
    text = GOOD.replace("aa breaks bb (<< 2)", "aa  depends bb(>=2)|cc:any")
    assert list(package_manifest.parse(text.encode(), "m.yaml").waivers) == ["aa depends bb (>= 2) | cc:any"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a: [", "m.yaml:1 is no YAML, got expected the node content, but found '<stream end>'; correct the line"),
        (b"\xff", "m.yaml is no YAML, got not UTF-8; correct the line"),
        (
            b"a: 1\n\tb: 2",
            "m.yaml:2 is no YAML, got found character '\\t' that cannot start any token; correct the line",
        ),
    ],
)
def test_no_yaml(text: bytes, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        package_manifest.parse(text, "m.yaml")
    assert str(caught.value) == message


@pytest.mark.parametrize("text", [b"", b"- a", b"text", b"version: {}", b"!!python/object:os.system {}"])
def test_other_documents(text: bytes) -> None:
    with pytest.raises(DistillError, match=r"^m.yaml:1 "):
        package_manifest.parse(text, "m.yaml")


@given(st.data())
def test_damage_gives_a_manifest_or_a_known_error(data: st.DataObject) -> None:
    text = bytearray(GOOD.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        part = data.draw(
            st.binary(max_size=3) | st.sampled_from([b"\n", b": ", b"- ", b"&a ", b"*a", b"[", b"{}", b"!!x "])
        )
        text[at : at + data.draw(st.integers(0, 20))] = part
    with contextlib.suppress(DistillError):
        package_manifest.parse(bytes(text), "m.yaml")
