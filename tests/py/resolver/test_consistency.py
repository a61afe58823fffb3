"""The final check by itself: it must see what a resolver got wrong."""

from distill.resolver import consistency
from distill.resolver.index import Package, read_package
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
