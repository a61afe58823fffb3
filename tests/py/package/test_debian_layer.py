"""What packages bring into a layer."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from distill.debian.deb import Deb, open_deb
from distill.errors import ConflictError, FormatError, InputError
from distill.layer.layer import Source, Tree
from distill.package import debian_layer
from distill.package.selection import Selection
from support_deb import Item, control_text, deb, write


class Packages:
    """Opens packages that it makes, and closes them at the end of the test."""

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        self._directory, self._stack = directory, stack

    def __call__(self, name: str, *items: Item, version: str = "1.0-1", more: str = "") -> Deb:
        """Give the opened package `name` with `items`; `more` goes into its control file."""
        made = deb(items, control_text(name, version, "all", more), suffix="", control_suffix="")
        return self._stack.enter_context(open_deb(write(self._directory, made, f"{name}.deb")))


@pytest.fixture
def packages(tmp_path: Path) -> Iterator[Packages]:
    with ExitStack() as stack:
        yield Packages(tmp_path, stack)


def tree(*debs: Deb, choice: Selection | None = None) -> dict[str, Source]:
    result = Tree()
    for source in debian_layer.sources(debs, choice or Selection()):
        result.add(source)
    return {source.entry.path: source for source in result.sources()}


def test_a_package_with_its_status(packages: Packages) -> None:
    demo = packages("demo", Item("lib/"), Item("lib/x.so", b"12", mode=0o4755, gid=42), Item("usr/share/man/x", b"1"))
    found = tree(demo)
    assert list(found) == [
        "lib", "usr", "usr/lib", "usr/lib/x.so", "var", "var/lib", "var/lib/dpkg", "var/lib/dpkg/status.d",
        "var/lib/dpkg/status.d/demo", "var/lib/dpkg/status.d/demo.md5sums",
    ]  # fmt: skip
    assert (found["lib"].entry.kind, found["lib"].entry.link, found["lib"].package) == ("symlink", "usr/lib", "")
    file = found["usr/lib/x.so"]
    assert (file.entry.mode, file.entry.gid, file.entry.mtime, file.package) == (0o4755, 42, 0, "demo_1.0-1_all")
    assert found["var/lib/dpkg/status.d/demo"].data == demo.control.encode()
    assert found["var/lib/dpkg/status.d/demo.md5sums"].data == demo.md5sums


def test_no_md5sums_give_no_file(tmp_path: Path) -> None:
    with open_deb(write(tmp_path, deb(scripts={}))) as demo:
        assert [source.entry.path for source in debian_layer.status_sources(demo)] == ["var/lib/dpkg/status.d/demo"]


def test_times_are_all_the_same(packages: Packages) -> None:
    sources = list(debian_layer.sources([packages("demo", Item("bin/x", b"1"))], Selection(), mtime=7))
    assert {source.entry.mtime for source in sources} == {7}


def test_without_the_merge(packages: Packages) -> None:
    assert "lib/x.so" in tree(packages("demo", Item("lib/x.so")), choice=Selection(usr_merged=False))


def test_what_is_excluded_may_collide_in_the_merge(packages: Packages) -> None:
    demo = packages("demo", Item("bin/x", b"1"), Item("usr/bin/x", b"2"), Item("usr/bin/y", b"3"))
    with pytest.raises(ConflictError) as error:
        tree(demo)
    assert str(error.value) == (
        "demo_1.0-1_all: two paths fall together in a merged /usr, got bin/x and usr/bin/x;"
        " exclude one of them, or set usr_merged to False"
    )
    assert "usr/bin/y" in tree(demo, choice=Selection(exclude=["bin/x"]))


def test_directories_and_equal_files_merge(packages: Packages) -> None:
    items = [Item("usr/"), Item("usr/share/"), Item("usr/share/x", b"same")]
    found = tree(packages("one", *items), packages("two", *items))
    assert found["usr/share/x"].package == "one_1.0-1_all"


def test_unequal_files_are_an_error(packages: Packages) -> None:
    with pytest.raises(ConflictError) as error:
        tree(packages("one", Item("etc/x", b"12")), packages("two", Item("etc/x", b"345")))
    assert str(error.value) == (
        "two sources for /etc/x do not agree, got one_1.0-1_all (file 0644 0:0 of 2 bytes) and"
        " two_1.0-1_all (file 0644 0:0 of 3 bytes); keep one, or make them equal"
    )


def test_a_path_below_a_link_of_another_package_is_an_error(packages: Packages) -> None:
    with pytest.raises(ConflictError) as error:
        tree(packages("one", Item("srv/x", link="/etc")), packages("two", Item("srv/x/passwd", b"evil")))
    assert str(error.value) == (
        "/srv/x is a symlink but also the parent of a path, got one_1.0-1_all and two_1.0-1_all;"
        " put one of them elsewhere"
    )


def test_a_package_may_not_say_which_packages_are_there(packages: Packages) -> None:
    liar = packages("liar", Item("var/lib/dpkg/status.d/openssl", b"Package: openssl\nVersion: 9\n"))
    with pytest.raises(ConflictError) as error:
        tree(liar)
    assert str(error.value) == (
        "liar_1.0-1_all: a package may not say which packages are there, got /var/lib/dpkg/status.d/openssl; exclude it"
    )
    assert "var/lib/dpkg/status.d/openssl" not in tree(liar, choice=Selection(exclude=["var/lib/dpkg/status.d/*"]))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("field", ["Replaces: old (<< 2)\n", "Replaces: other, old\n"])
def test_the_package_that_replaces_the_other_wins(packages: Packages, order: tuple[int, ...], field: str) -> None:
    made = [packages("old", Item("etc/x", b"old")), packages("new", Item("etc/x", b"newer"), more=field)]
    assert tree(*(made[at] for at in order))["etc/x"].package == "new_1.0-1_all"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("", "Replaces: old (<< 1)\n"),
        ("", "Replaces: virtual\n"),
        ("Replaces: new\n", "Replaces: old\n"),
        ("Provides: virtual\n", "Replaces: virtual\n"),
    ],
)
def test_what_does_not_replace_is_an_error(packages: Packages, old: str, new: str) -> None:
    made = [packages("old", Item("etc/x", b"o"), more=old), packages("new", Item("etc/x", b"new"), more=new)]
    with pytest.raises(ConflictError, match="two sources for /etc/x do not agree"):
        tree(*made)


def test_a_field_that_is_no_relation_is_named(packages: Packages) -> None:
    made = [packages("old", Item("etc/x", b"o")), packages("new", Item("etc/x", b"new"), more="Replaces: (1)\n")]
    with pytest.raises(FormatError) as error:
        tree(*made)
    assert str(error.value) == (
        "new_1.0-1_all: Replaces cannot be read: relation is not of the form NAME (OPERATOR VERSION), got '(1)';"
        " see Debian Policy"
    )


def test_a_hard_link_to_a_replaced_file_keeps_its_bytes(packages: Packages) -> None:
    old = packages("old", Item("usr/bin/a", b"old"), Item("usr/bin/b", link="usr/bin/a", hard=True))
    new = packages("new", Item("usr/bin/a", b"newer"), more="Replaces: old\n")
    found = tree(old, new)
    assert (found["usr/bin/b"].entry.kind, found["usr/bin/b"].entry.size) == ("file", 3)
    assert found["usr/bin/b"].package == "old_1.0-1_all"
    assert found["usr/bin/a"].package == "new_1.0-1_all"


def test_a_glob_has_to_match_in_one_of_the_packages(packages: Packages) -> None:
    made = [packages("one", Item("etc/x", b"1")), packages("two", Item("etc/y", b"2"))]
    assert "etc/y" not in tree(*made, choice=Selection(exclude=["etc/y"]))
    with pytest.raises(InputError) as error:
        tree(*made, choice=Selection(exclude=["etc/z"]))
    assert str(error.value) == (
        "exclude matches nothing in one_1.0-1_all, two_1.0-1_all, got 'etc/z'; did you mean etc/y, etc/x?"
    )
