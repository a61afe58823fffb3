"""Packages of an image: for other architectures, and with one path in several layers."""

from distill.listing import Record
from distill.runtime import installed
from distill.runtime.rootfs import Rootfs
from hypothesis import given
from hypothesis import strategies as st
from support_listing import directory, file

OLD, NEW = "old_1:1-2_amd64", "new_2_amd64"


def layer(package: str, *records: Record, replaces: str = "") -> list[Record]:
    status = f"var/lib/dpkg/status.d/{package.partition('_')[0]}"
    texts = tuple(replaces.split(", ")) if replaces else ()
    return [*records, file(status, package=package, replaces=texts)]


def check(*layers: list[Record]) -> list[str]:
    return [finding.message for finding in installed.check(Rootfs(layers), "amd64")]


def one(package: str, path: str = "etc/x", sha256: str = "", **values: str) -> Record:
    return file(path, package=package, sha256=sha256 or package, **values)


NEITHER = (
    "two packages do not agree on /etc/x, got old_1:1-2_amd64 and new_2_amd64; "
    "leave one of them out, or exclude the path from it with a package_layer"
)


def test_neither_replaces_the_other() -> None:
    assert check(layer(OLD, one(OLD)), layer(NEW, one(NEW))) == [NEITHER]


def test_the_same_content_is_fine_and_other_modes_are_not() -> None:
    assert check(layer(OLD, one(OLD, sha256="s")), layer(NEW, one(NEW, sha256="s"))) == []
    assert check(layer(OLD, one(OLD, sha256="s")), layer(NEW, one(NEW, sha256="s", mode="0755"))) == [NEITHER]


def test_the_upper_one_replaces_the_lower() -> None:
    for relation in ("old", "old (<< 1:2)", "other, old (= 1:1-2)"):
        assert check(layer(OLD, one(OLD)), layer(NEW, one(NEW), replaces=relation)) == []


def test_what_does_not_replace() -> None:
    for relation in ("old (<< 1:1)", "virtual", "(nonsense"):
        assert check(layer(OLD, one(OLD)), layer(NEW, one(NEW), replaces=relation)) == [NEITHER]
    both = layer(OLD, one(OLD), replaces="new"), layer(NEW, one(NEW), replaces="old")
    assert check(*both) == [NEITHER]


def test_the_wrong_one_on_top() -> None:
    assert check(layer(OLD, one(OLD), replaces="new"), layer(NEW, one(NEW))) == [
        (
            "/etc/x is of a package that another one Replaces, got new_2_amd64 over old_1:1-2_amd64; "
            "put both into one package_layer"
        ),
    ]


def test_layers_that_are_no_packages_and_other_versions_of_one_may_stand_above() -> None:
    newer = "old_1:1-3_amd64"
    assert check(layer(OLD, one(OLD)), [file("etc/x", sha256="mine")], layer(newer, one(newer))) == []
    assert check([file("etc/x", sha256="mine")], layer(OLD, one(OLD)), layer(newer, one(newer))) == []


def test_directories_are_a_warning() -> None:
    layers = [layer(name, directory("d", mode, package=name)) for name, mode in ((OLD, "0755"), (NEW, "1777"))]
    (finding,) = installed.check(Rootfs(layers), "amd64")
    assert (finding.severity, finding.message) == (
        "warning",
        (
            "two packages do not agree on the directory /d, got 0755 0:0 of old_1:1-2_amd64 below 1777 0:0 of "
            "new_2_amd64; name it in allow, and where the upper one is not what you want, set it with directories of a "
            "layer"
        ),
    )
    same = [layer(name, directory("d", package=name)) for name in (OLD, NEW)]
    assert check(*same, [directory("d", "0700")]) == []


def test_hard_links_are_compared_by_what_they_lead_to() -> None:
    linked = layer(NEW, one(NEW, "etc/y", "s"), Record("etc/x", "hardlink", "0644", link="etc/y", package=NEW))
    assert check(layer(OLD, one(OLD, sha256="s")), linked) == []
    assert check(layer(OLD, one(OLD)), linked) == [NEITHER]


def test_what_a_whiteout_freed_is_nobodys() -> None:
    assert check(layer(OLD, one(OLD)), [file("etc/.wh.x")], layer(NEW, one(NEW))) == []


def test_architectures() -> None:
    layers = [layer(name) for name in ("a_1_all", "b_1_amd64", "c_1:2_arm64", "d_1_armhf")]
    message = (
        "package is for another architecture, got c 1:2 for arm64 in an image for amd64; "
        "name the package without an architecture, or set platform"
    )
    assert check(*layers)[0] == message
    assert len(check(*layers)) == 2
    for architecture, package in (("arm", "a_1_armhf"), ("386", "a_1_i386"), ("ppc64le", "a_1_ppc64el")):
        assert list(installed.check(Rootfs([layer(package)]), architecture)) == []


FILES = st.dictionaries(st.sampled_from(["etc/a", "etc/b", "etc/c"]), st.sampled_from(["one", "two"]))
REPLACES = st.lists(st.sampled_from(["old", "new", "other", "old (<< 1)", "new (>= 2)", "(none"]), max_size=2)


@given(FILES, FILES, REPLACES, REPLACES)
def test_two_packages_and_their_paths(
    lower: dict[str, str], upper: dict[str, str], old_replaces: list[str], new_replaces: list[str]
) -> None:
    """A path that both have otherwise is the upper one's if it alone Replaces the other (Policy 7.6.1)."""

    def laid(name: str, files: dict[str, str], replaces: list[str]) -> list[Record]:
        records = [one(name, path, sha256) for path, sha256 in sorted(files.items())]
        status = f"var/lib/dpkg/status.d/{name.partition('_')[0]}"
        return [*records, file(status, package=name, replaces=tuple(replaces))]

    layers = [laid(OLD, lower, old_replaces), laid(NEW, upper, new_replaces)]
    back, forth = "new" in old_replaces or "new (>= 2)" in old_replaces, "old" in new_replaces  # old is at 1:1-2
    shared = sorted(path for path in lower.keys() & upper.keys() if lower[path] != upper[path])
    found = [(finding.subjects, finding.message) for finding in installed.check(Rootfs(layers), "amd64")]
    if forth and not back:
        assert found == []
    else:
        assert [paths for paths, _ in found] == [(path,) for path in shared]
        assert all(("put both into one package_layer" in message) is (back and not forth) for _, message in found)
    reversed_layers = Rootfs(layers[::-1])
    assert len(list(installed.check(reversed_layers, "amd64"))) == (0 if back and not forth else len(shared))
