"""The one macro for golden listings: what a layer or an image holds, as a reviewer reads it."""

load("@bazel_skylib//rules:diff_test.bzl", "diff_test")
load("@bazel_skylib//rules:run_binary.bzl", "run_binary")

def golden_listing_test(name, target, expected = "expected.jsonl", without = [], **kwargs):
    """Declares a test that the listing of `target` is the committed one, byte for byte.

    Args:
      name: (string) the name of the test.
      target: (label) a layer or an image.
      expected: (label) the committed listing.
      without: (list[string]) fields that the committed listing leaves out, because they say nothing to a reviewer.
      **kwargs: as for all rules, such as `target_compatible_with`.
    """
    native.filegroup(
        name = name + "_listing",
        testonly = True,
        srcs = [target],
        output_group = "listing",
        **kwargs
    )
    shown = name + ".shown.jsonl"
    run_binary(
        name = name + "_shown",
        testonly = True,
        srcs = [name + "_listing"],
        outs = [shown],
        args = ["$(execpath %s_listing)" % name, "$(execpath %s)" % shown] + without,
        tool = "//tests/golden:show",
        **kwargs
    )
    here = native.package_name() + "/"
    diff_test(
        name = name,
        size = "small",
        failure_message = "if the new listing is what you meant: cp bazel-bin/%s %s" % (here + shown, here + expected),
        file1 = expected,
        file2 = shown,
        **kwargs
    )
