"""The tests of one image of the family: what it has, on each architecture and in each variant, and that it runs."""

load("//tests:pytest.bzl", "pytest_test")
load(":built_for.bzl", "built_for")

_VARIANTS = ["", "_nonroot", "_debug", "_debug_nonroot"]

# What each test takes besides how its image is run.
_CHECKS = [
    "test_image_variants.py",
    "test_image_files.py",
    "test_image_programs.py",
    "test_image_packages.py",
]

def acceptance_tests(image, *, runs, architectures = ["amd64", "arm64"], compatible = True, release = "debian12"):  # buildifier: disable=unnamed-macro
    """Declares `<image>_<architecture>_test` for each architecture, and `<image>_<architecture>_compatible_test`.

    Those of another release than Debian 12 are `<image>_<release>_<architecture>_test`.

    Args:
      image: (string) the image in //distroless, or in the package below it that is called as its release.
      runs: (list[label]) tests that run it, on each of `architectures`: another than the machine's under QEMU. Without
        any, nothing is run.
      architectures: (list[string]) Debian's names.
      compatible: (bool) whether there is one that is exactly what distroless has.
      release: (string) `debian12` or `debian13`.
    """
    for architecture in architectures:
        for exact in [False, True] if compatible else [False]:
            suffix = "" if release == "debian12" else "_" + release
            name = "%s%s_%s%s" % (image, suffix, architecture, "_compatible" if exact else "")
            label = "//distroless%s:%s" % ("/" + release if suffix else "", image)
            lock = "//distroless:%s.lock.json" % release
            built_for(
                name = name,
                testonly = True,
                compatible = exact,
                # One archive has all bytes: layers of the debug variant are those of the image, and its shell.
                images = {
                    label + variant: "manifest config" + (" archive" if variant == "_debug" else "")
                    for variant in _VARIANTS
                },
                platform = "//platforms:linux_" + architecture,
                tags = ["manual"],
            )
            pytest_test(
                name = name + "_test",
                size = "large",
                srcs = _CHECKS + (["test_run_debug.py"] + runs if runs else []),
                data = [
                    name,
                    lock,
                ] + native.glob([
                    "data/*",
                    "programs/*",
                ]),
                env = {
                    "DISTROLESS_ARCHITECTURE": architecture,
                    "DISTROLESS_COMPATIBLE": "1" if exact else "",
                    "DISTROLESS_FILES": "$(rootpaths %s)" % name,
                    "DISTROLESS_IMAGE": image,
                    "DISTROLESS_LOCK": "$(rootpath %s)" % lock,
                    "DISTROLESS_RELEASE": release,
                },
                tags = ["manual"],
                deps = [":support"],
            )

def acceptance_suite(name):
    """Declares the suite of all tests that the package has so far, for they are tagged manual.

    Args:
      name: (string) the name of the suite.
    """
    native.test_suite(
        name = name,
        tags = ["manual"],
        tests = [":" + rule for rule, attributes in native.existing_rules().items() if attributes["kind"].endswith("_test")],
    )
