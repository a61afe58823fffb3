"""The distroless family: no package is converted twice, and a change goes no further than what has the package."""

import json
from collections import Counter

from workspace import Workspace

ARCHITECTURES = ("amd64", "arm64")
IMAGES = ("static", "base_nossl", "base", "cc", "python3", "nodejs", "java_base", "java")
TARGETS = [f"//distroless:{image}{variant}" for image in IMAGES for variant in ("", "_nonroot", "_debug")]
# Layers of parts of packages: what images leave out of a package, and what they take of one.
PARTS = {
    "//distroless:busybox_program": {"busybox-static"},
    "//distroless:c_locale": {"libc-bin"},
    "//distroless:files": {"base-files", "media-types", "netbase"},
    "//distroless:libc6_sliced": {"libc6"},
    "//distroless:node-acorn_sliced": {"node-acorn"},
    "//distroless:python3_libc_bin": {"libc-bin"},
}
# They have rules of their own.
ELSEWHERE = {"ca-certificates", "tzdata"}


def test_no_package_is_converted_twice(tree: Workspace) -> None:
    """Not for one architecture; and one that is for all architectures not even for the second."""
    tree.bazel("clean")  # whatever tests before this one have built
    lock = json.loads((tree.root / "distroless/debian12.lock.json").read_bytes())["packages"]
    whole: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for architecture in ARCHITECTURES:
        spawns = tree.build(f"--platforms=//platforms:linux_{architecture}", *TARGETS)
        layers = [spawn for spawn in spawns if spawn.mnemonic.startswith("Layer")]
        assert max(Counter(spawn.target for spawn in layers).values()) == 1
        # A package has a repository for each architecture; parts of packages are layers of the family.
        whole.update(layer.target for layer in layers if not layer.target.startswith("//"))
        parts.update(layer.target for layer in layers if layer.target in PARTS)
        others.update(layer.target for layer in layers if layer.mnemonic in ("LayerCaCertificates", "LayerZoneinfo"))
    packages = {
        (package["name"], package["architecture"]) for architecture in ARCHITECTURES for package in lock[architecture]
    }
    apart = set().union(*PARTS.values()) | ELSEWHERE
    assert set(whole.values()) == {1}
    assert len(whole) == len({package for package in packages if package[0] not in apart})
    of_all = {target for target, names in PARTS.items() if {(name, "all") for name in names} <= packages}
    assert parts == {target: 1 if target in of_all else len(ARCHITECTURES) for target in PARTS}
    assert others == {f"//distroless:{name}": 1 for name in ("certificates", "java_keystore", "zoneinfo")}


def test_a_changed_package_rebuilds_its_layer_and_the_images_that_have_it(tree: Workspace) -> None:
    arguments = ["--platforms=//platforms:linux_amd64", *TARGETS]
    tree.build(*arguments)
    file = tree.root / "distroless/private/left_out.bzl"
    before = file.read_text()
    # What libc6 gives to its layer is another thing: the layer is as if the package had changed.
    changed = before.replace('"/lib/*-linux-*/libpcprofile.so",', '"/lib/*-linux-*/libnss_hesiod.so.2",', 1)
    assert changed != before
    file.write_text(changed)
    try:
        spawns = {(spawn.mnemonic, spawn.target) for spawn in tree.build(*arguments)}
    finally:
        file.write_text(before)
    layers = {(mnemonic, target) for mnemonic, target in spawns if mnemonic.startswith("Layer")}
    # The cache of libraries is made of what the layers list.
    assert layers == {
        ("LayerDebian", "//distroless:libc6_sliced"),
        ("LayerLdSoCache", "//distroless:python3_ld_so_cache"),
    }
    assert {target for _, target in spawns - layers} == {target for target in TARGETS if "static" not in target}
    assert {mnemonic for mnemonic, _ in spawns - layers} == {
        "ImageArchive",
        "ImageLint",
        "ImageManifest",
        "ImageValidate",
    }
