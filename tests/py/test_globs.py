"""Globs over image paths."""

import contextlib

import pytest
from distill import globs
from distill.errors import InputError
from hypothesis import example, given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("usr/bin/a", "usr/bin/a"),
        ("/usr/bin/a", "usr/bin/a"),
        ("usr/bin/", "usr/bin"),
        ("usr/bin", "usr/bin/a/b"),
        ("usr/bin/**", "usr/bin/a/b"),
        ("usr/bin/**", "usr/bin"),
        ("**", "a/b"),
        ("**/libc.so.6", "libc.so.6"),
        ("**/libc.so.6", "usr/lib/x/libc.so.6"),
        ("usr/**/libc.so.6", "usr/libc.so.6"),
        ("usr/**/libc.so.6", "usr/lib/x/libc.so.6"),
        ("usr/lib/*/gconv/UTF-?.so", "usr/lib/x/gconv/UTF-7.so"),
        ("lib[a-c].so", "libb.so"),
        ("lib[!a-c].so", "libd.so"),
        ("lib[]x].so", "lib].so"),
        ("lib[^x].so", "lib^.so"),
        ("lib[x", "lib[x"),
        ("a[]b", "a[]b"),
        ("libstdc++.so.6", "libstdc++.so.6"),
        ("*", ".hidden"),
        ("a*", "a\nb"),
    ],
)
def test_matches(glob: str, path: str) -> None:
    assert globs.compiled(glob).fullmatch(path)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("usr/bin/a", "usr/bin/ab"),
        ("usr/*/a", "usr/bin/x/a"),
        ("usr/?a", "usr//a"),
        ("usr[!x]bin", "usr/bin"),
        ("bin", "usr/bin"),
        ("libstdc++", "libstdccc"),
        ("A", "a"),
        ("usr/**/lib", "usrlib"),
    ],
)
def test_does_not_match(glob: str, path: str) -> None:
    assert not globs.compiled(glob).fullmatch(path)


@example("[.--]")  # a range that ends with a hyphen, in which `re` sees what a later version may take for an operator
@given(st.text(alphabet="ab/*?[]!-^\\&|~.", max_size=20))
def test_any_text_is_a_glob_or_an_input_error(glob: str) -> None:
    with contextlib.suppress(InputError):
        globs.compiled(glob)


def test_a_range_that_goes_backwards() -> None:
    with pytest.raises(InputError) as error:
        globs.compiled("a[z-a]")
    assert str(error.value) == "glob has a range that goes backwards, got 'a[z-a]'; write it as [a-z]"


@given(st.lists(st.text(alphabet="ab.+ $^(){}\\", min_size=1, max_size=4), min_size=1, max_size=4))
def test_a_path_without_wildcards_means_itself(names: list[str]) -> None:
    path = "/".join(names)
    assert globs.compiled(path).fullmatch(path)


def test_near_gives_the_same_name_elsewhere_then_what_is_spelt_alike() -> None:
    paths = ["usr/bin/redis-server", "usr/bin/redis-cli", "usr/lib/x/libc.so.6", "etc/redis.conf"]
    assert globs.near("usr/lib/libc.so.6", paths) == ["usr/lib/x/libc.so.6"]
    assert globs.near("usr/bin/redis-cly", paths) == ["usr/bin/redis-cli", "usr/bin/redis-server"]
    assert globs.near("usr/**", paths) == []
    assert globs.near("nothing/like/it/at/all", paths) == []
    assert globs.near("**", []) == []
