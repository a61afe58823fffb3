"""What named slices take."""

import pytest
from distill.errors import InputError
from distill.package import catalogue, slice_choice
from hypothesis import given
from hypothesis import strategies as st

FILES = {
    "demo": """\
package: demo
slices:
  bins:
    essential: [demo/data, libdemo1/libs, "libold/libs [i386]"]
    contents: [/usr/bin/demo]
  data:
    contents: [/usr/share/demo]
    except: [/usr/share/demo/tests]
  extra:
    contents: ["/usr/lib/extra.so [arm64]"]
""",
    "libdemo1": """\
package: libdemo1
slices:
  libs:
    essential: [libc6/libs]
    contents: [/usr/lib/*/libdemo.so.1]
""",
    "loop": """\
package: loop
slices:
  a:
    essential: [loop/b]
  b:
    essential: [loop/c]
  c:
    essential: [loop/b]
""",
}
CATALOGUE = catalogue.combine(
    [slice_ for name, text in FILES.items() for slice_ in catalogue.parse(text.encode(), f"{name}.yaml")], []
)
PACKAGES = {"demo": "all", "libdemo1": "amd64", "libc6": "amd64", "loop": "amd64"}


def test_a_slice_brings_what_it_needs() -> None:
    parts = slice_choice.choose(["demo/bins", "demo/bins"], CATALOGUE, PACKAGES)
    assert {name: [str(s) for s in part.named] for name, part in parts.items()} == {
        "demo": ["demo/bins", "demo/data"],
        "libdemo1": ["libdemo1/libs"],
        "libc6": [],
    }
    assert parts["libc6"].generic == {"libs"}


def test_paths_are_those_of_a_merged_usr() -> None:
    parts = slice_choice.choose(["demo/bins"], CATALOGUE, PACKAGES)
    taken = ["bin/demo", "usr/bin/demo", "usr/share/demo/a/b", "usr/share/demo/tests/a", "usr/lib/extra.so"]
    assert [path for path in taken if parts["demo"].takes(path)] == ["bin/demo", "usr/bin/demo", "usr/share/demo/a/b"]


def test_a_path_of_another_architecture_is_neither_taken_nor_missed() -> None:
    for architecture, expected in (("amd64", False), ("arm64", True)):
        part = slice_choice.choose(["demo/extra"], CATALOGUE, {"demo": architecture})["demo"]
        assert part.takes("usr/lib/extra.so") is expected
    slice_choice.choose(["demo/extra"], CATALOGUE, {"demo": "amd64"})["demo"].check([], "demo_1_amd64")


def test_what_is_provided_is_left_out() -> None:
    parts = slice_choice.choose(["demo/bins"], CATALOGUE, {"demo": "amd64"}, ["libdemo1"])
    assert list(parts) == ["demo"]


@pytest.mark.parametrize(
    ("names", "provided", "message"),
    [
        (["demo/bin"], [], "slices has an unknown slice, got 'demo/bin'; did you mean bins?"),
        (
            ["libdemo1/xyz"],
            [],
            (
                "slices has an unknown slice, got 'libdemo1/xyz'; libdemo1 has libs, bins, bug, c-locale, completions,"
                " config, copyright, data, debug, dev, doc, gconv, info, licenses, lintian, locale, man, services"
            ),
        ),
        (
            ["libdemo/libs"],
            [],
            "slices has a slice of a package that the layer has not, got 'libdemo/libs'; did you mean libdemo1?",
        ),
        (
            ["zlib1g/libs"],
            [],
            (
                "slices has a slice of a package that the layer has not, got 'zlib1g/libs'; add the package to"
                " packages, or set transitive"
            ),
        ),
        (
            ["loop/a"],
            [],
            "slices need each other, got loop/b -> loop/c -> loop/b; cut one essential, the first is at loop.yaml:5",
        ),
        (["demo/data"], ["demo"], "provided names a package of the layer, got 'demo'; leave it out of one of them"),
    ],
)
def test_mistakes(names: list[str], provided: list[str], message: str) -> None:
    with pytest.raises(InputError) as error:
        slice_choice.choose(names, CATALOGUE, PACKAGES, provided)
    assert str(error.value) == message


def test_a_needed_slice_of_a_package_that_is_not_there() -> None:
    with pytest.raises(InputError) as error:
        slice_choice.choose(["demo/bins"], CATALOGUE, {"demo": "amd64"})
    assert str(error.value) == (
        "slices has a slice of a package that the layer has not, got 'libdemo1/libs' (needed by demo/bins, at"
        " demo.yaml:3); add libdemo1 to packages, or to provided if another layer of the image brings it"
    )


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        (
            ["usr/games/demo", "usr/share/demo/tests/a"],
            (
                "slice demo/bins names what demo_1_all does not have, got '/usr/bin/demo' at demo.yaml:3;"
                " did you mean /usr/games/demo?"
            ),
        ),
        (
            ["bin/demo"],
            (
                "slice demo/data names what demo_1_all does not have, got '/usr/share/demo' at demo.yaml:6;"
                " did you mean /usr/bin/demo?"
            ),
        ),
        (
            ["bin/demo", "usr/share/demo/x"],
            (
                "slice demo/data names what demo_1_all does not have, got '/usr/share/demo/tests' at demo.yaml:6;"
                " did you mean /usr/share/demo/x?"
            ),
        ),
    ],
)
def test_a_path_that_is_missing(paths: list[str], message: str) -> None:
    part = slice_choice.choose(["demo/bins"], CATALOGUE, PACKAGES)["demo"]
    with pytest.raises(InputError) as error:
        part.check(paths, "demo_1_all")
    assert str(error.value) == message


@given(st.lists(st.sampled_from([name for name in CATALOGUE if not name.startswith("loop")]), min_size=1))
def test_the_order_of_slices_changes_nothing(names: list[str]) -> None:
    def taken(order: list[str]) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        parts = slice_choice.choose(order, CATALOGUE, PACKAGES)
        return {name: (frozenset(map(str, part.named)), frozenset(part.generic)) for name, part in parts.items()}

    assert taken(names) == taken(names[::-1]) == taken(sorted(set(names)))
