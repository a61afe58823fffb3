"""Indexes: what is read, what wins, and what is refused."""

import contextlib

import pytest
from distill.debian import relation
from distill.errors import DistillError, FormatError
from distill.resolver.index import Origin, provided, read_package
from hypothesis import given
from hypothesis import strategies as st
from support_debian import MAIN, index, paragraph, universe

BACKPORTS = Origin("debian", "bookworm-backports", "main", automatic=False)


def test_package() -> None:
    text = paragraph(
        "libc6", "1:2-3", source="glibc (2)", depends="libgcc-s1, a | b", essential="yes", provides="c (= 2)"
    )
    package = read_package(text.encode(), MAIN)
    assert (package.name, package.version, package.architecture) == ("libc6", "1:2-3", "amd64")
    assert (package.source_package, package.source_version) == ("glibc", "2")
    assert (package.size, package.installed_size, package.essential) == (1005, 10240, True)
    assert package.path == "pool/main/l/libc6/libc6_2-3_amd64.deb"
    assert [relation.text(group) for group in package.depends] == ["libgcc-s1", "a | b"]
    assert str(package) == "libc6 1:2-3 (bookworm)"


def test_source_is_the_package_where_none_is_named() -> None:
    package = read_package(paragraph("aa", "2").encode(), MAIN)
    assert (package.source_package, package.source_version) == ("aa", "2")


def test_highest_version_first() -> None:
    found = universe(paragraph("ab", "1.9"), paragraph("ab", "1.10"), paragraph("ab", "1.10~rc1"))
    assert [package.version for package in found.real("ab")] == ["1.10", "1.10~rc1", "1.9"]


def test_suites_that_are_not_automatic_come_last() -> None:
    found = universe(paragraph("ab", "1"), more={BACKPORTS: index(paragraph("ab", "2"))})
    assert [str(package) for package in found.real("ab")] == ["ab 1 (bookworm)", "ab 2 (bookworm-backports)"]


def test_the_first_source_of_a_version_wins() -> None:
    other = Origin("vendor", "bookworm", "main")
    found = universe(paragraph("ab", "1"), more={other: index(paragraph("ab", "1"))})
    assert [package.origin for package in found.real("ab")] == [MAIN]


def test_other_architectures_are_not_there() -> None:
    found = universe(
        paragraph("ab", architecture="arm64"),
        paragraph("cd", architecture="all"),
        paragraph("ef", architecture="amd64"),
    )
    assert [len(found.real(name)) for name in ("ab", "cd", "ef")] == [0, 1, 1]


def test_providers_by_priority_then_name() -> None:
    found = universe(
        paragraph("gawk", provides="awk"),
        paragraph("awk-a", provides="x, awk (= 2),\n z"),
        paragraph("mawk", provides="awk", priority="required"),
        paragraph("awkward", provides="awkward-thing"),
    )
    assert [package.name for package in found.providers("awk")] == ["mawk", "awk-a", "gawk"]


@pytest.mark.parametrize(
    ("wanted", "met"), [("awk", True), ("awk (= 2)", True), ("awk (>= 1)", True), ("awk (>> 2)", False), ("bwk", False)]
)
def test_versioned_provides(wanted: str, met: bool) -> None:
    package = read_package(paragraph("mawk", provides="awk (= 2)").encode(), MAIN)
    assert provided(package, relation.parse_atom(wanted)) is met


def test_unversioned_provides_meets_no_version() -> None:
    package = read_package(paragraph("mawk", provides="awk").encode(), MAIN)
    assert not provided(package, relation.parse_atom("awk (>= 0)"))


def test_odd_ends_of_lines() -> None:
    text = paragraph("ab") + " \t\n" + paragraph("cd").replace("\n", "\r\n")
    assert universe(text).names() == {"ab", "cd"}


def test_a_paragraph_without_a_name() -> None:
    with pytest.raises(FormatError) as caught:
        universe("Version: 1\n")
    assert str(caught.value) == (
        "index of debian bookworm has a paragraph without a name, got 'Version: 1'; "
        "tell the archive's owner, or use another mirror"
    )


@pytest.mark.parametrize(
    ("field", "old", "new", "got"),
    [
        ("SHA256", "SHA256: ", "MD5sum: ", ""),
        ("Size", "Size: 1002", "Size: -1", "-1"),
        ("Filename", "Filename: pool/", "Filename: ../pool/", "../pool/main/a/ab/ab_1_amd64.deb"),
        ("Filename", "Filename: pool/", "Filename: /pool/", "/pool/main/a/ab/ab_1_amd64.deb"),
        ("Filename", "Filename: pool/", "Filename: pool/../", "pool/../main/a/ab/ab_1_amd64.deb"),
        ("Filename", "Filename: pool/", "Filename: https://host/", "https://host/main/a/ab/ab_1_amd64.deb"),
        ("Filename", "Filename: pool/", "Filename: a blank/", "a blank/main/a/ab/ab_1_amd64.deb"),
        ("Architecture", "Architecture: amd64", "Architecture: a b", "a b"),
        ("Version", "Version: 1\n", "Version: 1 2\n", "1 2"),
    ],
)
def test_fields_that_are_not_good(field: str, old: str, new: str, got: str) -> None:
    text = paragraph("ab")
    assert old in text
    with pytest.raises(FormatError) as caught:
        read_package(text.replace(old, new).encode(), MAIN)
    advice = "tell the archive's owner, or use another mirror"
    assert str(caught.value) == f"index of debian bookworm has no good {field} for ab, got {got!r}; {advice}"


@pytest.mark.parametrize("name", ["Upper", "a", "a_b"])
def test_a_name_that_is_none(name: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_package(paragraph(name).encode(), MAIN)
    assert str(caught.value) == (
        f"index of debian bookworm has no good Package for {name}, got {name!r}; "
        "tell the archive's owner, or use another mirror"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            paragraph("foo", "1_x"),
            "foo: version is not of the form [epoch:]upstream[-revision], got '1_x'; see Debian Policy",
        ),
        (
            paragraph("foo", depends="bar [amd64] <!nocheck>"),
            "foo: relation is not of the form NAME (OPERATOR VERSION), got 'bar [amd64] <!nocheck>'; see Debian Policy",
        ),
        (
            paragraph("foo", provides="bar (= 1_x)"),
            "foo: version is not of the form [epoch:]upstream[-revision], got '1_x'; see Debian Policy",
        ),
    ],
)
def test_versions_and_relations_that_are_none_name_the_package(text: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_package(text.encode(), MAIN)
    assert str(caught.value) == f"index of debian bookworm: {message}"


FAULTY = [paragraph("Foo"), paragraph("a"), *(paragraph("foo", version) for version in ("1_x", "2_x"))]


def test_faulty_packages_are_passed_over_and_remembered() -> None:
    bad = [text + "Provides: mta\n" for text in FAULTY]
    found = universe(*bad, paragraph("foo", "0.9"), paragraph("exim", provides="mta"))
    assert not found.passed_over
    assert [package.version for package in found.real("foo")] == ["0.9"]
    assert len(found.passed_over) == len(found.faults("foo")) == 2
    assert [package.name for package in found.providers("mta")] == ["exim"]
    assert len(found.passed_over) == len(found.faults("mta")) == 4
    assert (found.has("foo"), found.has("mta"), found.has("Foo")) == (True, True, False)
    assert "1_x" in found.faults("foo")[0]


def test_what_is_faulty_for_another_architecture_is_nothing_to_us() -> None:
    found = universe(paragraph("foo", "1_x", architecture="arm64"), paragraph("foo", "1"))
    assert len(found.real("foo")) == 1
    assert not found.passed_over


def test_names_are_those_of_this_architecture() -> None:
    """A flat repository has one index for all."""
    texts = [paragraph(name, architecture=name, provides=f"v{name}") for name in ("amd64", "arm64", "all")]
    found = universe(*texts, architecture="arm64")
    assert found.names() == {"arm64", "all"}
    assert found.virtual_names() == {"varm64", "vall"}
    found.real("arm64")  # what was read tells the same as what was not
    assert found.names() == {"arm64", "all"}


@pytest.mark.parametrize(
    ("provides", "multi_arch", "wanted", "met"),
    [
        ("py:any", "no", "py:any", True),
        ("py:any", "no", "py", False),
        ("py:any", "allowed", "py", False),
        ("py", "no", "py:any", False),
        ("py", "foreign", "py:any", False),
        ("py", "allowed", "py:any", True),
        ("py (= 1), py:any", "no", "py:any (>= 1)", False),
        ("py:any (= 1)", "no", "py:any (>= 1)", True),
        ("py, py:any", "no", "py", True),
    ],
)
def test_any_in_what_is_provided(provides: str, multi_arch: str, wanted: str, met: bool) -> None:
    """As dpkg 1.21 and apt 2.6 have it."""
    package = read_package(paragraph("pyx", provides=provides, multi_arch=multi_arch).encode(), MAIN)
    assert provided(package, relation.parse_atom(wanted)) is met


@given(
    st.sampled_from(sorted(paragraph("ab", depends="a", provides="b", source="c (1)").splitlines())),
    st.sampled_from(["9" * 5000, "²", "-1", "\x00", "1" * 16, "a|", "(", ",,", "/" * 300, "%2e%2e/"])
    | st.text(max_size=9),
)
def test_a_field_of_any_content_gives_a_package_or_a_known_error(line: str, value: str) -> None:
    text = paragraph("ab", depends="a", provides="b", source="c (1)")
    damaged = text.replace(line, f"{line.partition(':')[0]}: {value}").encode("utf-8", "surrogatepass")
    with contextlib.suppress(DistillError):
        found = universe()
        found.add(damaged, MAIN)
        for name in found.names() | found.virtual_names():
            for package in (*found.real(name), *found.providers(name)):
                assert ".." not in package.path.split("/")


@given(st.binary(max_size=300))
def test_any_bytes_give_paragraphs_or_a_known_error(noise: bytes) -> None:
    with contextlib.suppress(DistillError):
        universe().add(noise, MAIN)
