"""Tests of distill.runtime.environment."""

import pytest
from distill.errors import FormatError, InputError
from distill.runtime import environment
from hypothesis import given
from hypothesis import strategies as st
from support_match import begins, exactly

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


def test_variables_of_the_base_and_earlier_ones_are_expanded() -> None:
    base = {"PATH": "/usr/bin", "LANG": "C"}
    own = {"HOME": "/home/app", "PATH": "$HOME/bin:${PATH}", "PRICE": "5$$", "LAST": "${PATH}x"}
    assert list(environment.extend(base, own).items()) == [
        ("PATH", "/home/app/bin:/usr/bin"),
        ("LANG", "C"),
        ("HOME", "/home/app"),
        ("PRICE", "5$"),
        ("LAST", "/home/app/bin:/usr/binx"),
    ]


def test_what_was_expanded_is_not_expanded_again() -> None:
    assert environment.extend({"A": "$B", "B": "b"}, {"C": "$A"})["C"] == "$B"


def test_parse_keeps_the_place_and_the_last_value() -> None:
    assert list(environment.parse(["A=1", "B=x=y", "A=2"]).items()) == [("A", "2"), ("B", "x=y")]


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"A": "$B"}, "env uses a variable that neither the base nor an earlier entry sets, got B in 'A=$B';"),
        ({"A": "$A"}, "env uses a variable that neither the base nor an earlier entry sets, got A in 'A=$A';"),
        ({"A": "5$"}, "env has a dollar that begins no variable, got 'A=5$'; write $NAME, ${NAME}, or $$ for a dollar"),
        ({"A": "${B:-x}"}, "env has a dollar that begins no variable, got 'A=${B:-x}';"),
        ({"A": "$(B)"}, "env has a dollar that begins no variable, got 'A=$(B)';"),
        ({"": "x"}, "env has a wrong name or value, got '=x'; write NAME: value, without = and NUL"),
        ({"A=B": "x"}, "env has a wrong name or value, got 'A=B=x';"),
        ({"A": "\0"}, "env has a wrong name or value, got 'A=\\x00';"),
    ],
)
def test_a_wrong_entry_is_one_error(own: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=begins(message)):
        environment.extend({}, own)


def test_a_base_without_names_is_an_error() -> None:
    with pytest.raises(
        FormatError, match=begins("environment of the base is no list of NAME=VALUE, got '=x'; repair the base")
    ):
        environment.parse(["=x"])


@given(st.dictionaries(NAMES, VALUES), st.dictionaries(NAMES, VALUES))
def test_escaped_values_come_out_as_they_are(base: dict[str, str], own: dict[str, str]) -> None:
    escaped = {name: value.replace("$", "$$") for name, value in own.items()}
    assert environment.extend(base, escaped) == {**base, **own}


@given(VALUES, VALUES)
def test_any_value_expands_or_is_one_known_error(value: str, other: str) -> None:
    try:
        result = environment.extend({"A": other}, {"B": value})
    except InputError:
        assert "$" in value
        return
    assert "B" in result


def test_a_search_path_lists_each_directory_once_and_survives_expansion() -> None:
    value = environment.search_path(["/app", "/app/$x", "/app"], "PYTHONPATH")
    assert environment.extend({}, {"PYTHONPATH": value}) == {"PYTHONPATH": "/app:/app/$x"}


def test_a_directory_that_no_search_path_can_list() -> None:
    message = "PYTHONPATH cannot list a directory with a colon, got '/app/a:b'; rename it"
    with pytest.raises(InputError, match=exactly(message)):
        environment.search_path(["/app/a:b"], "PYTHONPATH")
