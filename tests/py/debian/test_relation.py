"""Relations: the policy's grammar, both ways."""

import pytest
from distill.debian import relation
from distill.debian.relation import Atom
from distill.errors import FormatError
from hypothesis import given
from hypothesis import strategies as st


def test_parse() -> None:
    assert relation.parse("libc6 (>= 2.36), debconf (>= 0.5) | debconf-2.0, python3:any,libgcc-s1(=1)") == (
        (Atom("libc6", "", ">=", "2.36"),),
        (Atom("debconf", "", ">=", "0.5"), Atom("debconf-2.0")),
        (Atom("python3", "any"),),
        (Atom("libgcc-s1", "", "=", "1"),),
    )


def test_empty_and_folded() -> None:
    assert relation.parse("") == ()
    assert relation.parse("a,\n b (<<\n 2) ,") == ((Atom("a"),), (Atom("b", "", "<<", "2"),))


def test_old_operators() -> None:
    assert str(relation.parse_atom("a (< 2)")) == "a (<= 2)"
    assert str(relation.parse_atom("a (> 2)")) == "a (>= 2)"


@pytest.mark.parametrize(
    ("operator", "accepted"),
    [("<<", ["1"]), ("<=", ["1", "2"]), ("=", ["2"]), (">=", ["2", "3"]), (">>", ["3"]), ("", ["1", "2", "3"])],
)
def test_accepts(operator: str, accepted: list[str]) -> None:
    atom = Atom("a", "", operator, "2" if operator else "")
    assert [version for version in ("1", "2", "3") if atom.accepts(version)] == accepted


@pytest.mark.parametrize("text", ["a b", "a (2)", "(>= 2)", "a (>= 2", "a [amd64]", "a <!nocheck>", "|", "a (== 2)"])
def test_no_relation(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        relation.parse(text)
    bad = text.split("|")[0].strip()
    assert str(caught.value) == f"relation is not of the form NAME (OPERATOR VERSION), got {bad!r}; see Debian Policy"


def test_no_version() -> None:
    with pytest.raises(FormatError, match="version is not of the form"):
        relation.parse("a (>= _)")


NAMES = st.from_regex(relation.NAME, fullmatch=True)
ATOMS = st.one_of(
    st.builds(Atom, NAMES, st.sampled_from(["", "any", "arm64"])),
    st.builds(
        Atom,
        NAMES,
        st.sampled_from(["", "any"]),
        st.sampled_from(["<<", "<=", "=", ">=", ">>"]),
        st.sampled_from(["1", "2:3.4-5~x", "0"]),
    ),
)


@given(st.lists(st.lists(ATOMS, min_size=1, max_size=3), max_size=4))
def test_round_trip(groups: list[list[Atom]]) -> None:
    expected = tuple(tuple(group) for group in groups)
    assert relation.parse(", ".join(relation.text(group) for group in expected)) == expected


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        relation.parse(text)
    except FormatError:
        return
