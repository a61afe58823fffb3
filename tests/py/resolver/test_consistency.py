"""The final check by itself: it must see what a resolver got wrong."""

from collections.abc import Mapping
from typing import Any

from distill.debian import version
from distill.resolver import consistency
from distill.resolver.index import Package, read_package
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support_debian import MAIN, paragraph


def packages(*paragraphs: str) -> dict[str, Package]:
    found = [read_package(text.encode(), MAIN) for text in paragraphs]
    return {package.name: package for package in found}


def problems(*paragraphs: str, assumed: tuple[str, ...] = ()) -> list[str]:
    return [problem.waiver for problem in consistency.check(packages(*paragraphs), "amd64", assumed)]


def test_depends_at_the_chosen_version() -> None:
    assert problems(paragraph("aa", depends="bb (>= 2)"), paragraph("bb", "1")) == ["aa depends bb (>= 2)"]
    assert problems(paragraph("aa", depends="bb (>= 2)"), paragraph("bb", "2")) == []


def test_pre_depends_and_alternatives() -> None:
    assert problems(paragraph("aa", pre_depends="bb | cc")) == ["aa pre-depends bb | cc"]
    assert problems(paragraph("aa", pre_depends="bb | cc"), paragraph("cc")) == []


def test_conflicts_and_breaks() -> None:
    assert problems(paragraph("aa", conflicts="bb"), paragraph("bb")) == ["aa conflicts bb"]
    assert problems(paragraph("aa", breaks="bb (<< 2)"), paragraph("bb", "1")) == ["aa breaks bb (<< 2)"]
    assert problems(paragraph("aa", breaks="bb (<< 2)"), paragraph("bb", "2")) == []


def test_conflicts_with_what_is_provided() -> None:
    assert problems(paragraph("aa", conflicts="mta"), paragraph("bb", provides="mta")) == ["aa conflicts mta"]
    assert problems(paragraph("aa", conflicts="mta (<< 2)"), paragraph("bb", provides="mta")) == []
    assert problems(paragraph("aa", conflicts="mta (<< 2)"), paragraph("bb", provides="mta (= 1)")) == [
        "aa conflicts mta (<< 2)"
    ]
    assert problems(paragraph("aa", provides="mta", conflicts="mta")) == []


def test_what_is_assumed() -> None:
    assert problems(paragraph("aa", depends="bb (>= 2)"), assumed=("bb",)) == []


def test_any_is_for_packages_that_allow_it() -> None:
    assert problems(paragraph("aa", depends="bb:any"), paragraph("bb", multi_arch="allowed")) == []
    assert problems(paragraph("aa", depends="bb:any"), paragraph("bb", multi_arch="foreign")) == ["aa depends bb:any"]
    assert problems(paragraph("aa", conflicts="bb:any"), paragraph("bb")) == ["aa conflicts bb:any"]


def test_another_architecture() -> None:
    assert problems(paragraph("aa", depends="bb:arm64"), paragraph("bb")) == ["aa depends bb:arm64"]


NAMES = ["aa", "bb", "cc", "vv"]
OPERATORS = ["", "<<", "<=", "=", ">=", ">>"]
# A relation as plain data: name, qualifier, operator, version.
ATOMS = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from(["", "", "any", "amd64", "arm64", "native"]),
    st.sampled_from(OPERATORS),
    st.sampled_from("12"),
)
PROVIDED = st.tuples(
    st.sampled_from(NAMES), st.sampled_from(["", "", "any"]), st.sampled_from(["", "="]), st.sampled_from("12")
)
PACKAGES = st.dictionaries(
    st.sampled_from(NAMES[:3]),
    st.fixed_dictionaries(
        {
            "version": st.sampled_from("12"),
            "multi_arch": st.sampled_from(["no", "same", "foreign", "allowed"]),
            "depends": st.lists(st.lists(ATOMS, min_size=1, max_size=2), max_size=2),
            "pre_depends": st.lists(st.lists(ATOMS, min_size=1, max_size=2), max_size=1),
            "conflicts": st.lists(ATOMS, max_size=2),
            "breaks": st.lists(ATOMS, max_size=2),
            "provides": st.lists(PROVIDED, max_size=2),
        }
    ),
    min_size=1,
)


def written(atom: tuple[str, str, str, str]) -> str:
    name, qualifier, operator, number = atom
    return name + (f":{qualifier}" if qualifier else "") + (f" ({operator} {number})" if operator else "")


def holds(number: str, operator: str, wanted: str) -> bool:
    order = version.compare(number, wanted)
    return {"": True, "<<": order < 0, "<=": order <= 0, "=": order == 0, ">=": order >= 0, ">>": order > 0}[operator]


def naive(archive: Mapping[str, Mapping[str, Any]]) -> set[tuple[str, str, str]]:
    """Say what does not hold, straight from the text of Debian Policy and what dpkg does; all with all."""
    # Each name that is there: of whom, the number of its version, whether it is provided, and for which qualifiers.
    there: list[tuple[str, str, str, bool, bool, bool]] = []
    for name, package in archive.items():
        allowed = package["multi_arch"] == "allowed"
        there.append((name, name, str(package["version"]), True, True, allowed))
        for provided, qualifier, operator, number in package["provides"]:
            plain = qualifier != "any"
            there.append((name, provided, number if operator else "", False, plain, allowed or not plain))
    found = set()
    for name, package in archive.items():
        for field in ("depends", "pre_depends"):
            for group in package[field]:
                met = False
                for wanted, qualifier, operator, number in group:
                    for _, has, at, _, plain, anywhere in there:
                        right = anywhere if qualifier == "any" else plain and qualifier != "arm64"
                        versioned = not operator or (at != "" and holds(at, operator, number))
                        met = met or (has == wanted and right and versioned)
                if not met:
                    found.add((name, field.replace("_", "-"), " | ".join(map(written, group))))
        for field in ("conflicts", "breaks"):
            for wanted, qualifier, operator, number in package[field]:
                for owner, has, at, _, _, _ in there:
                    versioned = not operator or (at != "" and holds(at, operator, number))
                    if owner != name and has == wanted and qualifier != "arm64" and versioned:
                        found.add((name, field, written((wanted, qualifier, operator, number))))
    return found


@given(PACKAGES)
@settings(max_examples=500)
@example(
    {
        "aa": {
            "version": "1",
            "multi_arch": "no",
            "depends": [[("vv", "any", "", "1")]],
            "pre_depends": [],
            "conflicts": [("vv", "any", "", "1")],
            "breaks": [],
            "provides": [],
        },
        "bb": {
            "version": "1",
            "multi_arch": "no",
            "depends": [],
            "pre_depends": [],
            "conflicts": [],
            "breaks": [],
            "provides": [("vv", "any", "", "1")],
        },
    }
)
def test_it_finds_what_a_naive_checker_finds_and_nothing_else(archive: dict[str, dict[str, Any]]) -> None:
    texts = []
    for name, package in archive.items():
        fields = {
            "depends": ", ".join(" | ".join(map(written, group)) for group in package["depends"]),
            "pre_depends": ", ".join(" | ".join(map(written, group)) for group in package["pre_depends"]),
            **{field: ", ".join(map(written, package[field])) for field in ("conflicts", "breaks", "provides")},
            "multi_arch": package["multi_arch"],
        }
        texts.append(paragraph(name, package["version"], **{key: value for key, value in fields.items() if value}))
    found = consistency.check(packages(*texts), "amd64")
    assert {(problem.package, problem.field, problem.relation) for problem in found} == naive(archive)
