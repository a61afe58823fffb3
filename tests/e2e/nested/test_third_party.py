"""Third-party code in layers of its own: a bump of one distribution changes one layer, of every image that has it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import workspace
from workspace import Workspace

MODULE = """\
module(name = "third_party")

bazel_dep(name = "rules_distill", version = "0.1.0")
local_path_override(
    module_name = "rules_distill",
    path = "{root}",
)
bazel_dep(name = "rules_python", version = "2.0.0")
"""
DISTRIBUTION = """
bazel_dep(name = "{name}")
local_path_override(
    module_name = "{name}",
    path = "{name}",
)
"""
LIBRARY = """\
load("@rules_python//python:defs.bzl", "py_library")

py_library(
    name = "{name}",
    srcs = ["site-packages/{name}.py"],
    data = ["site-packages/data of {name}.txt"],
    imports = ["site-packages"],
    visibility = ["//visibility:public"],
    deps = {deps},
)
"""
IMAGES = """\
load("@rules_distill//rules:defs.bzl", "binary_image")
load("@rules_python//python:defs.bzl", "py_binary")

[
    py_binary(
        name = program,
        srcs = [program + ".py"],
        deps = ["@%s" % name for name in names],
    )
    for program, names in {
        "first": ["web", "template"],
        "second": ["web"],
    }.items()
]

[
    binary_image(
        name = "%s_%s" % (program, third_party),
        binary = program,
        platform = "@rules_distill//platforms:linux_amd64",
        third_party = third_party,
    )
    for program in ["first", "second"]
    for third_party in ["one", "each"]
]

binary_image(
    name = "node",
    binary = "server.mjs",
    data = glob(["node_modules/**"]),
    platform = "@rules_distill//platforms:linux_amd64",
)

# Without any third-party code.
binary_image(
    name = "plain",
    binary = "server.mjs",
    platform = "@rules_distill//platforms:linux_amd64",
)
"""
# Each distribution and what it depends on.
DISTRIBUTIONS = {"markup": [], "template": ["markup"], "web": []}
PYTHON = [f"{program}_{third_party}" for program in ("first", "second") for third_party in ("one", "each")]
NAMES = [*PYTHON, "node", "plain"]


@pytest.fixture(scope="module")
def images(place: Path) -> Iterator[Workspace]:
    """A workspace with two programs, three distributions in repositories of their own, and images of each kind."""
    root = place / "third_party"
    root.mkdir()
    module = MODULE.format(root=workspace.copy(place / "rules_distill"))
    for name, deps in DISTRIBUTIONS.items():
        module += DISTRIBUTION.format(name=name)
        site = root / name / "site-packages"
        site.mkdir(parents=True)
        needed = "".join(f'\nbazel_dep(name = "{dep}")\n' for dep in deps)
        (root / name / "MODULE.bazel").write_text(
            f'module(name = "{name}")\n\nbazel_dep(name = "rules_python", version = "2.0.0")\n{needed}'
        )
        labels = json.dumps([f"@{dep}" for dep in deps])
        (root / name / "BUILD.bazel").write_text(LIBRARY.format(name=name, deps=labels))
        (site / f"{name}.py").write_text(f'NAME = "{name}"\n')
        (site / f"data of {name}.txt").write_text(name)
    packages = root / "node_modules/left"
    packages.mkdir(parents=True)
    (packages / "index.js").write_text("exports.left = 1;\n")
    (root / "server.mjs").write_text("import 'left';\n")
    (root / "MODULE.bazel").write_text(module)
    (root / ".bazelrc").write_text("common --incompatible_default_to_explicit_init_py\n")
    (root / "BUILD.bazel").write_text(IMAGES)
    for program in ("first", "second"):
        (root / f"{program}.py").write_text("import web\n")
    with Workspace(root, place / "outputs") as built:
        yield built


def layers(images: Workspace) -> dict[str, list[str]]:
    """Build; give the digests of each image's layers, lowest first."""
    # Without a base there is no interpreter: the check of the images would say so.
    flags = ["--norun_validations", "--output_groups=manifest"]
    targets = [f"//:{name}" for name in NAMES]
    images.build(*flags, *targets)
    files = images.files(["manifest"], targets, "--norun_validations")
    return {
        name: [layer["digest"] for layer in json.loads(files[f"{name}.manifest.json"].read_bytes())["layers"]]
        for name in NAMES
    }


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[int]]:
    """Give for each image the places of the layers that are not what they were."""
    return {
        name: [place for place, (one, two) in enumerate(zip(before[name], after[name], strict=True)) if one != two]
        for name in before
    }


def test_layers(images: Workspace) -> None:
    found = layers(images)
    assert {name: len(digests) for name, digests in found.items()} == {
        "first_one": 2,
        "first_each": 4,
        "second_one": 2,
        "second_each": 2,
        "node": 2,
        "plain": 1,
    }
    shared = set(found["first_each"]) & set(found["second_each"])
    assert len(shared) == 1, "the layer of web is one for both"


NONE = dict.fromkeys(NAMES, 0)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        # Dependencies first: markup, template, web, application, in whatever order Bazel has libraries.
        ("markup/site-packages/markup.py", {"first_one": 1, "first_each": 1}),
        (
            "web/site-packages/data of web.txt",
            {"first_one": 1, "first_each": 1, "second_one": 1, "second_each": 1},
        ),
        ("first.py", {"first_one": 1, "first_each": 1}),
        ("node_modules/left/index.js", {"node": 1}),
        ("server.mjs", {"node": 1, "plain": 1}),
    ],
)
def test_a_change_changes_one_layer(images: Workspace, path: str, expected: dict[str, int]) -> None:
    before = layers(images)
    file = images.root / path
    file.write_text(file.read_text() + ("// newer\n" if path.endswith("js") else "# newer\n"))
    found = changed(before, layers(images))
    assert {name: len(places) for name, places in found.items()} == {**NONE, **expected}
    top = {name: len(digests) - 1 for name, digests in before.items()}
    application = path in ("first.py", "server.mjs")
    assert all((place == top[name]) == application for name, places in found.items() for place in places)


def test_a_bump_that_brings_a_distribution_changes_one_layer(images: Workspace) -> None:
    """A new repository is in the mapping of repositories as well, which stands with the third-party code."""
    before = layers(images)
    root = images.root
    site = root / "escape/site-packages"
    site.mkdir(parents=True)
    dependency = '\nbazel_dep(name = "rules_python", version = "2.0.0")\n'
    (root / "escape/MODULE.bazel").write_text(f'module(name = "escape")\n{dependency}')
    (root / "escape/BUILD.bazel").write_text(LIBRARY.format(name="escape", deps="[]"))
    (site / "escape.py").write_text('NAME = "escape"\n')
    (site / "data of escape.txt").write_text("escape")
    (root / "MODULE.bazel").write_text((root / "MODULE.bazel").read_text() + DISTRIBUTION.format(name="escape"))
    markup = root / "markup"
    (markup / "MODULE.bazel").write_text((markup / "MODULE.bazel").read_text() + '\nbazel_dep(name = "escape")\n')
    (markup / "BUILD.bazel").write_text(LIBRARY.format(name="markup", deps='["@escape"]'))
    after = layers(images)
    # With a layer for each there is one more, and the mapping is the application's.
    assert len(after.pop("first_each")) == len(before.pop("first_each")) + 1
    found = changed(before, after)
    assert found.pop("first_one") == [0]
    assert not any(found.values()), found


def test_a_bump_that_brings_a_module_changes_one_layer(images: Workspace) -> None:
    before = layers(images)
    package = images.root / "node_modules/right pad"
    package.mkdir()
    (package / "index.js").write_text("exports.right = 2;\n")
    found = changed(before, layers(images))
    assert found.pop("node") == [0]
    assert not any(found.values()), found
