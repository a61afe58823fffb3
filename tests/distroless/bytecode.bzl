"""The tests of python3 with its bytecode."""

load("//rules:defs.bzl", "image")
load("//tests:pytest.bzl", "pytest_test")

_ARCHITECTURES = ["amd64", "arm64"]

def bytecode_test(release):  # buildifier: disable=unnamed-macro
    """Declares `bytecode_<release>_test`, and images: one for each architecture, and one for that of the build.

    Args:
      release: (string) `debian12` or `debian13`.
    """
    folder = "//distroless" + ("/debian13" if release == "debian13" else "")
    images = {"bytecode_%s_%s" % (release, each): "//platforms:linux_" + each for each in _ARCHITECTURES}
    for name, platform in (images | {"bytecode_" + release: None}).items():
        image(
            name = name,
            testonly = True,
            base = folder + ":python3_nonroot",
            layers = [folder + ":python3_bytecode"],
            platform = platform,
            tags = ["manual"],
        )
    pytest_test(
        name = "bytecode_%s_test" % release,
        size = "large",
        srcs = ["test_bytecode.py"],
        data = images.keys(),
        env = {"DISTROLESS_IMAGES": " ".join(["tests/distroless/%s.tar" % name for name in images])},
        tags = ["manual"],
        deps = [
            "//py:distill",
            "//tests/support:image_case",
        ],
    )
