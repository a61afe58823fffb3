"""Tests of the law that whatever inspects an image reads JSON: only an archive or a layout takes blobs."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules/image:defs.bzl", "image")
load("//rules/layer:defs.bzl", "layer")

# Mnemonic to the ends of the names of all its inputs, the tool's own aside. What holds an image waits for its check.
_INPUTS = {
    "ImageArchive": [".config.json", ".descriptor.json", ".lint.txt", ".manifest.json", ".tar.gz", ".validation.txt"],
    "ImageLayout": [".config.json", ".descriptor.json", ".lint.txt", ".manifest.json", ".tar.gz", ".validation.txt"],
    "ImageLint": [".config.json", ".lint.txt", ".listing.jsonl"],
    "ImageListing": [".listing.jsonl"],
    "ImageManifest": [".config.json", ".descriptor.json", ".manifest.json"],
    "ImageSbom": [".descriptor.json", ".listing.jsonl", ".manifest.json"],
    "ImageValidate": [".config.json", ".listing.jsonl", ".validation.txt"],
}

def _inputs_test_impl(ctx):
    env = analysistest.begin(ctx)
    found = {}
    for action in analysistest.target_actions(env):
        if not action.mnemonic.startswith("Image"):
            continue
        ends = {}
        for file in action.inputs.to_list():
            # The tool and its runfiles are of other packages.
            if file.owner.package == "tests/rules/image":
                ends[file.basename[file.basename.index("."):]] = None
        found[action.mnemonic] = sorted(ends)
    asserts.equals(env, _INPUTS, found)
    return analysistest.end(env)

inputs_test = analysistest.make(_inputs_test_impl)

def image_inputs_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    layer(name = "inputs_low", tags = ["manual"])
    layer(name = "inputs_high", tags = ["manual"])
    image(name = "inputs_base", layers = [":inputs_low"], tags = ["manual"])
    image(
        name = "inputs_image",
        base = ":inputs_base",
        layers = [":inputs_high"],
        tags = ["manual"],
    )
    inputs_test(name = "inputs_test", size = "small", target_under_test = ":inputs_image")
    native.test_suite(name = name, tests = [":inputs_test"])
