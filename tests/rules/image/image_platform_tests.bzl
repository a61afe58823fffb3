"""Tests of the platform of an image: the transition to it, and its names in the config."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules:providers.bzl", "ImageInfo")
load("//rules/image:defs.bzl", "image")
load("//rules/layer:defs.bzl", "layer")
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "requests")

def _check_platform(ctx):
    env = analysistest.begin(ctx)
    [found] = requests(env, "ImageManifest")
    settings = found.header["settings"]
    asserts.equals(env, "linux", settings["os"])
    asserts.equals(env, ctx.attr.architecture, settings["architecture"])
    asserts.equals(env, ctx.attr.variant, settings["variant"])

    # What is in the image is built for its platform too, in its configuration.
    target = analysistest.target_under_test(env)
    for file in target[ImageInfo].layers.blobs.to_list():
        asserts.equals(env, target[ImageInfo].config.root.path, file.root.path)
    return analysistest.end(env)

_ATTRS = {"architecture": attr.string(), "variant": attr.string()}

platform_test = analysistest.make(_check_platform, attrs = _ATTRS)

def _check_platform_of_the_build(ctx):
    return _check_platform(ctx)

on_riscv64_platform_test = analysistest.make(
    _check_platform_of_the_build,
    attrs = _ATTRS,
    config_settings = {"//command_line_option:platforms": str(Label("//platforms:linux_riscv64"))},
)

_ARCHITECTURES = {
    "linux_386": ("386", ""),
    "linux_amd64": ("amd64", ""),
    "linux_arm64": ("arm64", "v8"),
    "linux_armhf": ("arm", "v7"),
    "linux_ppc64el": ("ppc64le", ""),
    "linux_riscv64": ("riscv64", ""),
    "linux_s390x": ("s390x", ""),
}

def _platforms():
    native.platform(
        name = "linux_386",
        constraint_values = ["@platforms//os:linux", "@platforms//cpu:x86_32"],
    )
    native.platform(
        name = "macos_arm64",
        constraint_values = ["@platforms//os:macos", "@platforms//cpu:aarch64"],
    )
    native.platform(
        name = "linux_wasm64",
        constraint_values = ["@platforms//os:linux", "@platforms//cpu:wasm64"],
    )

def image_platform_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    _platforms()
    layer(name = "platform_layer", tags = ["manual"])
    tests = []
    for platform, (architecture, variant) in _ARCHITECTURES.items():
        subject = "platform_image_" + platform
        tests.append(":platform_%s_test" % platform)
        image(
            name = subject,
            layers = [":platform_layer"],
            platform = ":linux_386" if platform == "linux_386" else "//platforms:" + platform,
            tags = ["manual"],
        )
        platform_test(
            name = tests[-1][1:],
            size = "small",
            architecture = architecture,
            target_under_test = ":" + subject,
            variant = variant,
        )

    # The platform of the build, where the image names none.
    image(name = "platform_image_of_the_build", layers = [":platform_layer"], tags = ["manual"])
    on_riscv64_platform_test(
        name = "platform_of_the_build_test",
        size = "small",
        architecture = "riscv64",
        target_under_test = ":platform_image_of_the_build",
    )

    # An image's own platform wins.
    on_riscv64_platform_test(
        name = "platform_of_the_image_test",
        size = "small",
        architecture = "arm64",
        target_under_test = ":platform_image_linux_arm64",
        variant = "v8",
    )

    failure_test(
        name = "platform_not_linux_test",
        rule = image,
        platform = ":macos_arm64",
        message = "LABEL: platform is not Linux, got //tests/rules/image:macos_arm64; " +
                  "set platform to one such as @rules_distill//platforms:linux_amd64",
    )
    failure_test(
        name = "platform_unsupported_test",
        rule = image,
        platform = ":linux_wasm64",
        message = "LABEL: platform has an unsupported architecture, got //tests/rules/image:linux_wasm64; " +
                  "set platform to one of arm64, arm, ppc64le, riscv64, s390x, 386, amd64",
    )
    native.test_suite(name = name, tests = tests + [
        ":platform_not_linux_test",
        ":platform_of_the_build_test",
        ":platform_of_the_image_test",
        ":platform_unsupported_test",
    ])
