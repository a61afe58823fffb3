"""Catalogues of slices: what they say, and each mistake with its line."""

import contextlib

import pytest
from distill.errors import DistillError, FormatError, InputError
from distill.package import catalogue
from distill.package.catalogue import Item, Slice
from hypothesis import given
from hypothesis import strategies as st

GOOD = """\
# ours
package: demo
slices:
  libs:
    essential: [libc6/libs]
    contents:
      - /usr/lib/*/libdemo.so.1*
      - /usr/lib/*/libmvec.so.1 [amd64 arm64]
  all:
    essential:
      - demo/libs
      - other/bins [amd64]
    contents: [/usr/share/demo/]
    except: [/usr/share/demo/tests]
"""


def test_all_of_it() -> None:
    libs, everything = catalogue.parse(GOOD.encode(), "demo.yaml")
    assert libs == Slice(
        "demo",
        "libs",
        (Item("usr/lib/*/libdemo.so.1*", ()), Item("usr/lib/*/libmvec.so.1", ("amd64", "arm64"))),
        (),
        (Item("libc6/libs", ()),),
        "demo.yaml:4",
    )
    assert (str(everything), everything.contents, everything.without) == (
        "demo/all",
        (Item("usr/share/demo", ()),),
        (Item("usr/share/demo/tests", ()),),
    )
    assert everything.essential[1] == Item("other/bins", ("amd64",))
    assert [item.applies("i386") for item in libs.contents] == [True, False]


def test_a_glob_with_a_set_is_no_architecture() -> None:
    text = b"package: demo\nslices:\n  a:\n    contents: ['/usr/lib/x[ab]', '/a b [c]']\n"
    assert [item.text for item in catalogue.parse(text, "x")[0].contents] == ["usr/lib/x[ab]", "a b"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("slices:", "slice:", "demo.yaml:3 has an unknown key, got 'slice'; did you mean slices?"),
        (
            "contents: [",
            "files: [",
            "demo.yaml:13 has an unknown key, got 'files'; the keys are essential, contents, except",
        ),
        ("package: demo", "", "demo.yaml:3 lacks a key, got 'slices'; add package"),
        ("package: demo", "package: De mo", "demo.yaml:2 has no package name, got 'De mo'; see Debian Policy, 5.6.1"),
        ("package: demo", "package:", "demo.yaml:2 has no text where there must be some, got 'null'; write it"),
        ("  all:", "  libs:", "demo.yaml:9 has a key twice, got 'libs'; leave one"),
        (
            "  all:",
            "  All:",
            "demo.yaml:9 has a slice with a bad name, got 'All'; begin with a letter and use a-z, 0-9 and -",
        ),
        (
            "[libc6/libs]",
            "[libc6]",
            "demo.yaml:5 has a slice of another form, got 'libc6'; write package/slice",
        ),
        (
            "[/usr/share/demo/]",
            "[usr/share/demo]",
            "demo.yaml:13 has a path of another form, got 'usr/share/demo'; write an absolute path, or a glob of one",
        ),
        (
            "[/usr/share/demo/]",
            "[/usr/../demo]",
            "demo.yaml:13 has a path of another form, got '/usr/../demo'; write an absolute path, or a glob of one",
        ),
        (
            "[/usr/share/demo/]",
            "[/]",
            "demo.yaml:13 has a path of another form, got '/'; write an absolute path, or a glob of one",
        ),
        ("[/usr/share/demo/]", "[]", "demo.yaml:13 is no list, or an empty one, got 'seq'; write `- item` lines"),
        ("[/usr/share/demo/]", "/usr", "demo.yaml:13 is no list, or an empty one, got 'str'; write `- item` lines"),
        (
            "[/usr/share/demo/]",
            "['/usr/[z-a]']",
            "glob has a range that goes backwards, got '/usr/[z-a]'; write it as [a-z]",
        ),
        ("[libc6/libs]", "{a: b}", "demo.yaml:5 is no list, or an empty one, got 'map'; write `- item` lines"),
    ],
)
def test_mistakes(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as error:
        catalogue.parse(GOOD.replace(old, new, 1).encode(), "demo.yaml")
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "x.yaml:1 is no mapping, or an empty one, got 'nothing'; write `key: value` lines"),
        (b"- a\n", "x.yaml:1 is no mapping, or an empty one, got 'seq'; write `key: value` lines"),
        (
            b"package: demo\nslices: {}\n",
            "x.yaml:2 is no mapping, or an empty one, got 'map'; write `key: value` lines",
        ),
        (
            b"package: demo\nslices:\n  a:\n",
            "x.yaml:3 is no mapping, or an empty one, got 'null'; write `key: value` lines",
        ),
    ],
)
def test_other_documents(text: bytes, message: str) -> None:
    with pytest.raises(InputError) as error:
        catalogue.parse(text, "x.yaml")
    assert str(error.value) == message


def test_no_yaml() -> None:
    with pytest.raises(FormatError) as error:
        catalogue.parse(b"a: [b\nc", "x.yaml")
    assert str(error.value) == "x.yaml:2 is no YAML, got expected ',' or ']', but got '<stream end>'; correct the line"
    with pytest.raises(FormatError) as error:
        catalogue.parse(b"\xff", "x.yaml")
    assert str(error.value) == "x.yaml is no YAML, got not UTF-8; correct the line"


def test_a_users_slice_stands_instead_of_ours() -> None:
    ours = catalogue.parse(GOOD.encode(), "ours.yaml")
    users = catalogue.parse(b"package: demo\nslices:\n  libs:\n    contents: [/x]\n", "users.yaml")
    found = catalogue.combine(ours, users)
    assert {name: slice_.where for name, slice_ in found.items()} == {
        "demo/libs": "users.yaml:3",
        "demo/all": "ours.yaml:9",
    }


def test_a_slice_twice() -> None:
    one, two = (catalogue.parse(GOOD.encode(), f"{name}.yaml") for name in ("one", "two"))
    with pytest.raises(InputError) as error:
        catalogue.combine([], one + two)
    assert str(error.value) == ("two.yaml:4 has a slice that is there already, got demo/libs of one.yaml:4; leave one")


@given(st.text(alphabet="package: demo\n slices[]/{}-!&*'\"#", max_size=80).map(str.encode) | st.binary(max_size=40))
def test_any_text_is_read_or_refused(text: bytes) -> None:
    with contextlib.suppress(DistillError):
        catalogue.parse(text, "x.yaml")
