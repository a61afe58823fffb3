"""Links of update-alternatives."""

import itertools

import pytest
from distill.effect import Effect
from distill.errors import InputError
from distill.layer.alternatives import links
from distill.listing import Record
from distill.runtime.rootfs import Rootfs
from support_listing import directory, file, symlink


def package(name: str, *effects: Effect) -> Record:
    return file(f"var/lib/dpkg/status.d/{name}", package=f"{name}_1_all", effects=effects)


def candidate(path: str, priority: int, link: str = "usr/bin/awk", name: str = "awk", group: str = "awk") -> Effect:
    return Effect("alternative", link, path, group=group, name=name, priority=priority)


MAWK = [file("usr/bin/mawk"), package("mawk", candidate("/usr/bin/mawk", 5))]
GAWK = [
    file("usr/bin/gawk"),
    file("usr/share/gawk.1"),
    package(
        "gawk",
        candidate("/usr/bin/gawk", 10),
        candidate("/usr/share/gawk.1", 10, "usr/share/awk.1", "awk.1"),
        candidate("/usr/share/dropped", 10, "usr/share/awk.html", "awk.html"),
    ),
]


@pytest.mark.parametrize("layers", list(itertools.permutations([MAWK, GAWK])))
def test_the_highest_priority_with_its_slave_links_that_are_there(layers: tuple[list[Record], ...]) -> None:
    assert links(Rootfs(layers)) == {
        "usr/bin/awk": "/etc/alternatives/awk",
        "etc/alternatives/awk": "/usr/bin/gawk",
        "usr/share/awk.1": "/etc/alternatives/awk.1",
        "etc/alternatives/awk.1": "/usr/share/gawk.1",
    }


def test_a_choice_whatever_the_priority() -> None:
    assert links(Rootfs([MAWK, GAWK]), {"awk": "/usr/bin/mawk"}) == {
        "usr/bin/awk": "/etc/alternatives/awk",
        "etc/alternatives/awk": "/usr/bin/mawk",
    }


def test_a_candidate_that_was_dropped_is_none() -> None:
    assert links(Rootfs([[MAWK[1]]])) == {}
    assert links(Rootfs([MAWK, GAWK[1:]]))["etc/alternatives/awk"] == "/usr/bin/mawk"


def test_one_priority_twice_is_decided_by_the_path() -> None:
    other = [file("usr/bin/original-awk"), package("original-awk", candidate("/usr/bin/original-awk", 5))]
    for layers in itertools.permutations([MAWK, other]):
        assert links(Rootfs(layers))["etc/alternatives/awk"] == "/usr/bin/mawk"


def test_what_is_there_is_left_alone() -> None:
    assert links(Rootfs([MAWK, [symlink("usr/bin/awk", "busybox")]])) == {}


def test_a_link_in_a_merged_directory() -> None:
    merged = [directory("usr/bin"), symlink("bin", "usr/bin"), file("usr/bin/nc.x")]
    found = links(Rootfs([[*merged, package("nc", candidate("/bin/nc.x", 1, "bin/nc", "nc", "nc"))]]))
    assert found == {"usr/bin/nc": "/etc/alternatives/nc", "etc/alternatives/nc": "/bin/nc.x"}


@pytest.mark.parametrize("name", ["..", "a/b", ""])
def test_a_name_that_would_leave_the_directory_is_none(name: str) -> None:
    hostile = package("x", candidate("/usr/bin/mawk", 9, name=name), candidate("/usr/bin/mawk", 9, group=name))
    assert links(Rootfs([MAWK[:1], [hostile]])) == {}


def test_wrong_choices() -> None:
    with pytest.raises(InputError) as no_group:
        links(Rootfs([MAWK]), {"aawk": "/usr/bin/mawk"})
    assert str(no_group.value) == "choices names no alternative, got aawk; did you mean awk?"
    with pytest.raises(InputError) as no_candidate:
        links(Rootfs([MAWK, GAWK]), {"awk": "/usr/bin/nawk"})
    assert str(no_candidate.value) == (
        "choices names no candidate for awk, got /usr/bin/nawk; choose /usr/bin/gawk or /usr/bin/mawk"
    )
