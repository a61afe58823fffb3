"""Tests of distill.image.reference."""

import pytest
from distill.errors import FormatError
from distill.image import reference
from distill.image.reference import Reference
from hypothesis import given
from hypothesis import strategies as st
from support_match import exactly

SHA256 = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("redis", "docker.io/library/redis"),
        ("redis:7", "docker.io/library/redis:7"),
        ("team/redis:7.0-bookworm", "docker.io/team/redis:7.0-bookworm"),
        ("index.docker.io/redis", "docker.io/library/redis"),
        ("docker.io/redis", "docker.io/library/redis"),
        ("localhost/redis", "localhost/redis"),
        ("localhost:5000/a/b/c", "localhost:5000/a/b/c"),
        ("ghcr.io/Org".lower(), "ghcr.io/org"),
        ("Host/app", "Host/app"),
        ("[::1]:5000/app:v1", "[::1]:5000/app:v1"),
        ("10.0.0.1:80/a__b/c--d.e_f", "10.0.0.1:80/a__b/c--d.e_f"),
        (f"redis@{SHA256}", f"docker.io/library/redis@{SHA256}"),
        (f"redis:7@{SHA256}", f"docker.io/library/redis:7@{SHA256}"),
        (f"a.b/c@sha512:{'0' * 128}", f"a.b/c@sha512:{'0' * 128}"),
        ("redis:" + "t" * 128, "docker.io/library/redis:" + "t" * 128),
    ],
)
def test_parse_gives_the_full_reference(text: str, full: str) -> None:
    assert str(reference.parse(text)) == full


def test_parts_and_default_tag() -> None:
    parsed = reference.parse("localhost:5000/a/b")
    assert parsed == Reference("localhost:5000", "a/b")
    assert parsed.name == "localhost:5000/a/b"
    assert parsed.with_default_tag().tag == "latest"
    assert reference.parse("a:b").with_default_tag().tag == "b"
    assert reference.parse(f"a@{SHA256}").with_default_tag().tag == ""


REPOSITORY = "use lower-case letters and digits, parted by / or single . and _ or by dashes"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"image reference has a wrong repository, got ''; {REPOSITORY}"),
        ("Redis", f"image reference has a wrong repository, got 'Redis'; {REPOSITORY}"),
        ("a/../b", f"image reference has a wrong repository, got 'a/../b'; {REPOSITORY}"),
        ("a//b", f"image reference has a wrong repository, got 'a//b'; {REPOSITORY}"),
        ("a._b", f"image reference has a wrong repository, got 'a._b'; {REPOSITORY}"),
        ("a.b/", f"image reference has a wrong repository, got 'a.b/'; {REPOSITORY}"),
        ("re dis", f"image reference has a wrong repository, got 're dis'; {REPOSITORY}"),
        ("redis\n", f"image reference has a wrong repository, got 'redis\\n'; {REPOSITORY}"),
        (
            "a.b:99999/c",
            "image reference has a wrong registry, got 'a.b:99999/c'; write HOST or HOST:PORT before the first /",
        ),
        (
            "-a.b/c",
            "image reference has a wrong registry, got '-a.b/c'; write HOST or HOST:PORT before the first /",
        ),
        (
            "redis:",
            (
                "image reference has a wrong tag, got 'redis:';"
                " use at most 128 letters, digits, dots, dashes and underscores, beginning with none of . and -"
            ),
        ),
        (
            "redis@sha256:abc",
            "image reference has a wrong digest, got 'redis@sha256:abc'; write @sha256: and 64 lower-case hex digits",
        ),
        ("redis@", "image reference has a wrong digest, got 'redis@'; write @sha256: and 64 lower-case hex digits"),
        (
            "a.b/" + "c" * 252,
            "image reference is too long, got 256 characters of registry and repository; use at most 255",
        ),
    ],
)
def test_a_wrong_reference_is_one_error(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=exactly(message)):
        reference.parse(text)


@given(
    st.from_regex(r"[a-z0-9]+(\.[a-z0-9]+)*:[0-9]{1,4}|localhost|docker\.io", fullmatch=True),
    st.from_regex(r"[a-z0-9]{1,9}((\.|_|__|-{1,3})[a-z0-9]{1,9}){0,2}/[a-z0-9]{1,9}", fullmatch=True),
    st.one_of(st.just(""), st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}", fullmatch=True)),
    st.sampled_from(["", SHA256]),
)
def test_what_is_written_reads_back(registry: str, repository: str, tag: str, digest: str) -> None:
    written = Reference(registry, repository, tag, digest)
    assert reference.parse(str(written)) == written


@given(st.text(alphabet="aA0./:@-_[] sha256", max_size=60))
def test_any_text_is_a_reference_or_one_known_error(text: str) -> None:
    try:
        parsed = reference.parse(text)
    except FormatError:
        return
    assert reference.parse(str(parsed)) == parsed
