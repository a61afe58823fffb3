"""Resolution: each rule with the smallest archive that shows it, and the text of every dead end."""

from collections.abc import Mapping

import pytest
from distill.debian import relation
from distill.errors import ResolutionError
from distill.resolver import consistency
from distill.resolver.index import Origin, Universe
from distill.resolver.resolve import Resolution, Wish, resolve
from distill.resolver.wish import Choice
from hypothesis import given, settings
from hypothesis import strategies as st
from support_debian import index, paragraph, universe


def wishes(*names: str) -> list[Wish]:
    found = []
    for text in names:
        name, _, suite = text.partition("/")
        found.append(Wish(relation.parse_atom(name), suite))
    return found


def names(found: Universe, *wanted: str, left_out: Mapping[str, str] = {}) -> list[str]:
    return list(resolve(found, wishes(*wanted), left_out).packages)


def failure(found: Universe, *wanted: str) -> str:
    with pytest.raises(ResolutionError) as caught:
        resolve(found, wishes(*wanted))
    return str(caught.value)


def test_depends_and_pre_depends() -> None:
    found = universe(
        paragraph("aa", depends="bb, cc (>= 1)", recommends="dd"),
        paragraph("bb", pre_depends="ee"),
        *map(paragraph, ["cc", "dd", "ee"]),
    )
    assert names(found, "aa") == ["aa", "bb", "cc", "ee"]


def test_edges_and_wishes() -> None:
    found = universe(
        paragraph("aa", depends="bb | cc, aa"), paragraph("bb", depends="virtual"), paragraph("vv", provides="virtual")
    )
    resolution = resolve(found, wishes("aa"))
    assert resolution.depends == {"aa": ("bb",), "bb": ("vv",), "vv": ()}
    assert resolution.wished == ("aa",)


def test_cycles_are_normal() -> None:
    found = universe(paragraph("libc6", depends="libgcc-s1"), paragraph("libgcc-s1", depends="libc6 (>= 1)"))
    assert names(found, "libc6") == ["libc6", "libgcc-s1"]


def test_essential_is_not_added() -> None:
    assert names(universe(paragraph("aa"), paragraph("dash", essential="yes")), "aa") == ["aa"]


def test_architecture_all_and_its_own_dependencies() -> None:
    found = universe(
        paragraph("aa", architecture="all", depends="bb"), paragraph("bb", architecture="arm64"), architecture="arm64"
    )
    assert names(found, "aa") == ["aa", "bb"]


def test_a_real_package_wins_over_its_providers() -> None:
    found = universe(
        paragraph("aa", depends="mta"), paragraph("exim", provides="mta", priority="required"), paragraph("mta")
    )
    assert names(found, "aa") == ["aa", "mta"]


@pytest.mark.parametrize("relations", ["exim, mta", "mta, exim"])
def test_a_selected_provider_is_enough(relations: str) -> None:
    found = universe(paragraph("aa", depends=relations), paragraph("exim", provides="mta"), paragraph("mta"))
    assert names(found, "aa") == ["aa", "exim"]


def test_a_wish_means_the_real_package() -> None:
    found = universe(paragraph("exim", provides="mta"), paragraph("mta"), paragraph("postfix", provides="smtp"))
    assert names(found, "exim", "mta") == names(found, "mta", "exim") == ["exim", "mta"]
    assert names(found, "postfix", "smtp") == ["postfix"]
    one = universe(paragraph("exim", provides="mta", conflicts="mta"), paragraph("mta"))
    assert failure(one, "exim", "mta") == (
        "packages cannot be had together for amd64, got mta, and exim, but exim conflicts mta; "
        "relax one of them, or exclude a package on the way"
    )


def test_a_selected_provider_stands_for_a_real_package_it_conflicts_with() -> None:
    found = universe(
        paragraph("aa", depends="exim, mta"), paragraph("exim", provides="mta", conflicts="mta"), paragraph("mta")
    )
    assert names(found, "aa") == ["aa", "exim"]


def test_a_provider_stands_for_a_real_package_that_came_first() -> None:
    found = universe(
        paragraph("aa", depends="fuse, bb"),
        paragraph("bb", depends="fuse3"),
        paragraph("fuse"),
        paragraph("fuse3", provides="fuse", breaks="fuse"),
    )
    assert names(found, "aa") == ["aa", "bb", "fuse3"]


def test_a_conflict_with_another_architecture_is_none() -> None:
    found = universe(paragraph("aa", depends="bb, cc"), paragraph("bb", conflicts="cc:i386"), paragraph("cc"))
    assert names(found, "aa") == ["aa", "bb", "cc"]


def test_a_versioned_provides_where_the_real_version_does_not_do() -> None:
    found = universe(
        paragraph("aa", depends="mta (>= 2)"), paragraph("exim", provides="mta (= 2)"), paragraph("mta", "1")
    )
    assert names(found, "aa") == ["aa", "exim"]


def test_a_selected_provider_is_kept() -> None:
    found = universe(
        paragraph("aa", depends="mta, postfix"),
        paragraph("exim", provides="mta", priority="required"),
        paragraph("postfix", provides="mta"),
    )
    assert names(found, "aa") == ["aa", "postfix"]


def test_providers_by_priority_and_the_note() -> None:
    found = universe(
        paragraph("aa", depends="awk"),
        paragraph("gawk", provides="awk"),
        paragraph("mawk", provides="awk", priority="required"),
    )
    resolution = resolve(found, wishes("aa"))
    assert list(resolution.packages) == ["aa", "mawk"]
    assert resolution.notes == ("awk: mawk is taken of mawk, gawk; name one in packages to choose another",)


def test_a_choice_within_alternatives_is_told_too() -> None:
    found = universe(
        paragraph("aa", depends="dm | mta"), paragraph("exim", provides="mta"), paragraph("postfix", provides="mta")
    )
    resolution = resolve(found, wishes("aa"))
    assert resolution.notes == ("mta: exim is taken of exim, postfix; name one in packages to choose another",)
    assert resolution.choices == {"mta": Choice("exim", ("postfix",))}


def test_choices() -> None:
    """Whatever is taken for what it provides is one; what is there anyway is none."""
    found = universe(
        paragraph("aa", depends="mta, awk, shell, bb"),
        paragraph("bb"),
        paragraph("dash", provides="shell"),
        paragraph("exim", provides="mta"),
        paragraph("postfix", provides="mta"),
        paragraph("mawk", provides="awk"),
        paragraph("gawk", provides="awk"),
    )
    assert resolve(found, wishes("aa", "mawk")).choices == {
        "mta": Choice("exim", ("postfix",)),
        "shell": Choice("dash", ()),
    }


def test_an_earlier_choice_is_kept_as_long_as_it_fits() -> None:
    texts = [paragraph("aa", depends="mta"), paragraph("yota", provides="mta")]
    first = resolve(universe(*texts), wishes("aa"))
    earlier = {name: choice.chosen for name, choice in first.choices.items()}
    assert earlier == {"mta": "yota"}
    more = [*texts, paragraph("alpha", provides="mta", priority="required")]
    assert list(resolve(universe(*more), wishes("aa")).packages) == ["aa", "alpha"]
    kept = resolve(universe(*more), wishes("aa"), preferred=earlier)
    assert list(kept.packages) == ["aa", "yota"]
    assert kept.choices == {"mta": Choice("yota", ("alpha",))}

    def given(*texts: str, wish: str = "aa") -> list[str]:
        return list(resolve(universe(*texts), wishes(wish), preferred=earlier).packages)

    alpha = more[2]
    assert given(texts[0], alpha) == ["aa", "alpha"]  # it is gone
    assert given(texts[0], alpha, texts[1] + "Conflicts: aa\n") == ["aa", "alpha"]
    assert given(texts[0], alpha, texts[1] + "Depends: gone\n") == ["aa", "alpha"]
    assert given(texts[0] + "Pre-Depends: alpha\n", alpha, texts[1]) == ["aa", "alpha"]  # another is there anyway
    assert given(*more, paragraph("mta")) == ["aa", "mta"]  # a real package comes first


def test_alternatives_left_to_right() -> None:
    assert names(universe(paragraph("aa", depends="bb | cc"), paragraph("bb"), paragraph("cc")), "aa") == ["aa", "bb"]


def test_single_choices_come_before_alternatives() -> None:
    found = universe(
        paragraph("aa", depends="bb | cc, dd"), paragraph("dd", depends="cc"), paragraph("bb"), paragraph("cc")
    )
    assert names(found, "aa") == ["aa", "cc", "dd"]


def test_an_alternative_that_is_not_there() -> None:
    assert names(universe(paragraph("aa", depends="gone | cc"), paragraph("cc")), "aa") == ["aa", "cc"]


def test_an_alternative_that_conflicts() -> None:
    found = universe(
        paragraph("aa", depends="bb | cc, dd"), paragraph("bb", conflicts="dd"), paragraph("cc"), paragraph("dd")
    )
    assert names(found, "aa") == ["aa", "cc", "dd"]


def test_an_alternative_that_leads_nowhere_is_undone() -> None:
    found = universe(paragraph("aa", depends="bb | cc"), paragraph("bb", depends="gone"), paragraph("cc"))
    assert names(found, "aa") == ["aa", "cc"]


def test_a_later_constraint_takes_an_older_version() -> None:
    found = universe(
        paragraph("aa", depends="bb, cc"),
        paragraph("bb", "2"),
        paragraph("bb", "1"),
        paragraph("cc", depends="bb (<< 2)"),
    )
    assert resolve(found, wishes("aa")).packages["bb"].version == "1"


@pytest.mark.parametrize("qualifier", ["any", "native", "amd64"])
def test_qualifiers_of_this_architecture(qualifier: str) -> None:
    found = universe(paragraph("aa", depends=f"bb:{qualifier}"), paragraph("bb", multi_arch="allowed"))
    assert names(found, "aa") == ["aa", "bb"]


def test_any_is_for_packages_that_allow_it() -> None:
    found = universe(paragraph("aa", depends="bb:any | cc:any"), paragraph("bb"), paragraph("cc", multi_arch="allowed"))
    assert names(found, "aa") == ["aa", "cc"]
    assert failure(universe(paragraph("aa", depends="bb:any"), paragraph("bb")), "aa") == (
        "nothing meets a relation for amd64, got aa -> bb:any where there is bb 1 (bookworm) without Multi-Arch: "
        "allowed; relax the relation, add a suite that meets it, or exclude a package on the way"
    )


@pytest.mark.parametrize("kind", ["foreign", "same", "no"])
def test_multi_arch_changes_nothing_for_relations_without_a_qualifier(kind: str) -> None:
    found = universe(
        paragraph("aa", architecture="all", depends="bb (>= 1)"),
        paragraph("bb", architecture="arm64", multi_arch=kind),
        architecture="arm64",
    )
    assert names(found, "aa") == ["aa", "bb"]


def test_versioned_conflicts_hit_only_versioned_provides() -> None:
    one = [paragraph("aa", depends="bb, cc"), paragraph("bb", conflicts="mta (<< 2)")]
    assert names(universe(*one, paragraph("cc", provides="mta")), "aa") == ["aa", "bb", "cc"]
    assert failure(universe(*one, paragraph("cc", provides="mta (= 1)")), "aa") == (
        "packages cannot be had together for amd64, got aa -> cc, and aa -> bb, but bb conflicts mta (<< 2); "
        "relax one of them, or exclude a package on the way"
    )


def test_a_constraint_seen_twice_is_checked_twice() -> None:
    found = universe(
        paragraph("aa", depends="cc, bb, cc (<< 2)"), paragraph("bb", depends="cc (>= 1)"), *map_versions("cc", "123")
    )
    assert resolve(found, wishes("aa")).packages["cc"].version == "1"


def test_several_suites_and_sources() -> None:
    security = Origin("debian-security", "bookworm-security", "main")
    vendor = Origin("vendor", "bookworm", "main")
    found = universe(
        paragraph("aa", "1", depends="bb"),
        paragraph("bb", "1"),
        more={
            security: index(paragraph("bb", "1+deb12u1")),
            vendor: index(paragraph("aa", "1", depends="gone"), paragraph("bb", "0.9")),
        },
    )
    packages = resolve(found, wishes("aa")).packages
    assert [(p.origin.source, str(p)) for p in packages.values()] == [
        ("debian", "aa 1 (bookworm)"),
        ("debian-security", "bb 1+deb12u1 (bookworm-security)"),
    ]
    assert resolve(found, wishes("aa", "bb (<< 1)")).packages["bb"].origin is vendor


def test_a_suite_that_is_not_automatic_is_taken_where_nothing_else_fits() -> None:
    backports = Origin("debian", "bookworm-backports", "main", automatic=False)
    found = universe(
        paragraph("aa", depends="bb (>= 2), cc"),
        *map_versions("bb", "1"),
        *map_versions("cc", "1"),
        more={backports: index(*map_versions("bb", "2"), *map_versions("cc", "2"))},
    )
    assert {name: p.version for name, p in resolve(found, wishes("aa")).packages.items()} == {
        "aa": "1",
        "bb": "2",
        "cc": "1",
    }


def map_versions(name: str, versions: str) -> list[str]:
    return [paragraph(name, version) for version in versions]


def test_a_pin_by_version_and_by_suite() -> None:
    backports = Origin("debian", "bookworm-backports", "main", automatic=False)
    found = universe(paragraph("aa", "1"), paragraph("aa", "0"), more={backports: index(paragraph("aa", "2"))})
    assert resolve(found, wishes("aa")).packages["aa"].version == "1"
    assert resolve(found, wishes("aa (= 0)")).packages["aa"].version == "0"
    assert resolve(found, wishes("aa/bookworm-backports")).packages["aa"].version == "2"


def test_wishes_for_two_versions_of_one_package() -> None:
    backports = Origin("debian", "bookworm-backports", "main", automatic=False)
    found = universe(paragraph("aa", "1"), more={backports: index(paragraph("aa", "2"))})
    assert resolve(found, wishes("aa", "aa/bookworm-backports")).packages["aa"].version == "2"
    assert failure(found, "aa (= 1)", "aa/bookworm-backports") == (
        "relations cannot be met together for amd64, got aa/bookworm-backports, and aa (= 1) which is at 1; relax one "
        "of them, or exclude a package on the way"
    )


def test_a_provider_that_is_there_at_another_version() -> None:
    found = universe(
        paragraph("aa", depends="bb (<< 2), mta"),
        paragraph("bb", "1"),
        paragraph("bb", "2", provides="mta"),
    )
    assert failure(found, "aa") == (
        "relations cannot be met together for amd64, got aa -> mta, and aa -> bb (<< 2) which is at 1; relax one of "
        "them, or exclude a package on the way"
    )


def test_what_is_left_out_cuts_the_chain() -> None:
    found = universe(
        paragraph("aa", depends="adduser (>= 3)"), paragraph("adduser", "3", depends="passwd"), paragraph("passwd")
    )
    resolution = resolve(found, wishes("aa"), {"adduser": "accounts are declared", "unused": "never wanted"})
    assert list(resolution.packages) == ["aa"]
    assert resolution.left_out == {"adduser": ("aa",)}


def test_what_is_left_out_meets_alternatives_and_virtual_names() -> None:
    found = universe(
        paragraph("aa", depends="bb | debconf, awk"),
        paragraph("bb"),
        paragraph("debconf"),
        paragraph("mawk", provides="awk"),
    )
    assert names(found, "aa", left_out={"debconf": "no", "mawk": "no"}) == ["aa"]


def test_a_waived_relation_need_not_hold() -> None:
    found = universe(paragraph("aa", depends="gone", conflicts="bb"), paragraph("bb"))
    waivers = {"aa depends gone": "a bug", "aa conflicts bb": "never run at once", "bb breaks aa": "unneeded"}
    resolution = resolve(found, wishes("aa", "bb"), waivers=waivers)
    assert list(resolution.packages) == ["aa", "bb"]
    assert resolution.waived == ("aa conflicts bb", "aa depends gone")


def test_a_package_does_not_conflict_with_what_it_provides() -> None:
    found = universe(paragraph("aa", provides="mta", conflicts="mta", breaks="aa (<< 2)"))
    assert names(found, "aa") == ["aa"]


def test_unknown_package() -> None:
    message = failure(universe(paragraph("redis-server"), paragraph("redis-tools")), "redis-sever")
    assert message == "package is in no index for amd64, got 'redis-sever'; did you mean redis-server?"


def test_unknown_package_without_near_names() -> None:
    message = failure(universe(paragraph("aa")), "zookeeper")
    assert message == "package is in no index for amd64, got 'zookeeper'; add the source or suite that has it"


def test_impossible_constraint() -> None:
    found = universe(paragraph("aa", depends="bb"), paragraph("bb", depends="cc (>= 2)"), paragraph("cc", "1"))
    assert failure(found, "aa") == (
        "nothing meets a relation for amd64, got aa -> bb -> cc (>= 2) where there is cc 1 (bookworm); "
        "relax the relation, add a suite that meets it, or exclude a package on the way"
    )


def test_a_dependency_that_does_not_exist() -> None:
    found = universe(paragraph("aa", depends="libssl4"), paragraph("libssl3"))
    assert failure(found, "aa") == (
        "nothing meets a relation for amd64, got aa -> libssl4 where there is no package libssl4; did you mean libssl3?"
    )


def test_another_architecture_is_not_met() -> None:
    found = universe(paragraph("aa", depends="wine32:i386"), paragraph("wine32"))
    assert failure(found, "aa").startswith(
        "nothing meets a relation for amd64, got aa -> wine32:i386 where there is wine32"
    )


def test_constraints_of_two_sides() -> None:
    found = universe(
        paragraph("aa", depends="bb (<< 2)"),
        paragraph("xx", depends="yy"),
        paragraph("yy", depends="bb (>= 2)"),
        paragraph("bb", "1"),
        paragraph("bb", "2"),
    )
    assert failure(found, "aa", "xx") == (
        "relations cannot be met together for amd64, got xx -> yy -> bb (>= 2), and aa -> bb (<< 2) which is at 1; "
        "relax one of them, or exclude a package on the way"
    )


def test_each_alternative_is_told_with_its_reason() -> None:
    found = universe(
        paragraph("top", depends="aa, bb | dd"),
        paragraph("aa", conflicts="bb"),
        paragraph("bb"),
        paragraph("dd", depends="nonex"),
    )
    assert failure(found, "top") == (
        "nothing that would meet a relation can be had for amd64, got top -> bb | dd: not bb, for top -> aa, but aa "
        "conflicts bb / not dd, for top -> bb | dd -> nonex where there is no package nonex; relax one of them, or "
        "exclude a package on the way"
    )


def test_each_alternative_that_is_not_there_is_told() -> None:
    found = universe(paragraph("top", depends="bb (>= 2) | cc | dd (<< 1)"), paragraph("bb"), paragraph("dd"))
    assert failure(found, "top", "dd") == (
        "nothing that would meet a relation can be had for amd64, got top -> bb (>= 2) | cc | dd (<< 1): not bb (>= 2) "
        "where there is bb 1 (bookworm) / not cc where there is no package cc / not dd (<< 1), for dd is at 1; relax "
        "one of them, or exclude a package on the way"
    )


def test_each_provider_is_told_with_its_reason_but_not_all_of_many() -> None:
    providers = [paragraph(f"p{n}", provides="mta", conflicts="aa") for n in range(4)]
    found = universe(paragraph("aa", depends="mta"), *providers, paragraph("p5", provides="mta", depends="nonex"))
    message = failure(found, "aa")
    assert ": not p5, for aa -> mta = p5 -> nonex where there is no package nonex / not p0, for aa, but p0 " in message
    assert " / not p2, for aa, but p2 conflicts aa / 1 more; " in message


def deep(depth: int) -> list[str]:
    """Give an archive with two choices at each of `depth` steps, all of which lead to what is not there."""
    found = [paragraph("v0", depends="w1")]
    for level in range(1, depth + 1):
        found += [paragraph(f"{kind}{level}", provides=f"w{level}", depends=f"w{level + 1}") for kind in ("a", "b")]
    return found


def test_the_search_gives_up() -> None:
    assert failure(universe(*deep(12)), "v0").startswith(
        "gave up after 400 ways to choose for amd64, got v0 -> w1 = a1 -> w2 = a2 -> "
    )
    assert failure(universe(*deep(12)), "v0").endswith(
        " -> w13 where there is no package w13; name what to take in packages, or exclude a package on the way"
    )
    assert failure(universe(*deep(3)), "v0").startswith("nothing ")


def test_a_faulty_package_is_an_error_only_where_it_is_needed() -> None:
    found = universe(
        paragraph("aa", depends="mta"),
        paragraph("exim", "1_x", provides="mta"),
        paragraph("postfix", provides="mta"),
        paragraph("bb", depends="exim"),
    )
    fault = "index of debian bookworm: exim: version is not of the form [epoch:]upstream[-revision], got '1_x'"
    resolution = resolve(found, wishes("aa"))
    assert list(resolution.packages) == ["aa", "postfix"]
    assert resolution.notes == (f"{fault}; it is passed over",)
    assert failure(found, "exim") == f"{fault}; see Debian Policy"
    assert failure(found, "bb") == (
        f"nothing meets a relation for amd64, got bb -> exim where {fault}; see Debian Policy"
    )


def test_of_many_faulty_packages_some_are_told() -> None:
    bad = [paragraph(f"p{n}", "1_x", provides="mta") for n in range(9)]
    notes = resolve(
        universe(*bad, paragraph("aa", depends="mta"), paragraph("exim", provides="mta")), wishes("aa")
    ).notes
    assert len(notes) == 6
    assert notes[-1] == "4 more faulty packages are passed over"


def test_packages_that_conflict() -> None:
    found = universe(
        paragraph("aa", depends="bb"),
        paragraph("bb"),
        paragraph("xx", depends="yy (>= 1)"),
        paragraph("yy", breaks="bb (<< 9)"),
    )
    assert failure(found, "aa", "xx") == (
        "packages cannot be had together for amd64, got xx -> yy (>= 1), and aa -> bb, but yy breaks bb (<< 9); "
        "relax one of them, or exclude a package on the way"
    )


NAMES = [f"p{letter}" for letter in "abcdefgh"]
RELATION = st.builds(
    lambda names, version: " | ".join(f"{name} (>= {version})" if version else name for name in names),
    st.lists(st.sampled_from([*NAMES, "virtual"]), min_size=1, max_size=3),
    st.sampled_from(["", "", "1", "2"]),
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "depends": st.lists(RELATION, min_size=1, max_size=3).map(", ".join),
        "conflicts": st.sampled_from(NAMES),
        "breaks": st.sampled_from(NAMES).map(lambda name: f"{name} (<< 2)"),
        "provides": st.sampled_from(["virtual", "virtual (= 2)", "pa"]),
    },
)


@given(st.dictionaries(st.tuples(st.sampled_from(NAMES), st.sampled_from("12")), FIELDS, min_size=1))
@settings(max_examples=300)
def test_whatever_is_resolved_is_consistent(archive: dict[tuple[str, str], dict[str, str]]) -> None:
    """A resolution holds every relation, keeps to what wishes need, and does not depend on the index's order."""
    paragraphs = [paragraph(name, version, **fields) for (name, version), fields in archive.items()]
    found = universe(*paragraphs)
    wish = Wish(relation.parse_atom(min(archive)[0]))
    try:
        resolution = resolve(found, [wish])
    except ResolutionError as error:
        assert ": ;" not in str(error)  # there is always a reason
        return
    assert list(consistency.check(resolution.packages, "amd64")) == []
    assert reached(resolution) == set(resolution.packages)
    assert resolve(universe(*reversed(paragraphs)), [wish]).depends == resolution.depends


def reached(resolution: Resolution) -> set[str]:
    found: set[str] = set()
    todo = list(resolution.wished)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += resolution.depends[name]
    return found
