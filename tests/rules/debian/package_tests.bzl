"""Analysis of packages: what comes along, in which order, and what is asked of the tool."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("@bazel_skylib//rules:write_file.bzl", "write_file")
load("//rules:defs.bzl", "image", "package_layer")
load("//rules:providers.bzl", "LayersInfo", "PackageInfo", "PackagesInfo", "SonamesInfo")
load("//rules/debian/private:package.bzl", "debian_cycle", "debian_package", "debian_package_layer", "unlocked_package")  # buildifier: disable=bzl-visibility
load("//rules/debian/private:slices.bzl", "DEFAULT_DROP")  # buildifier: disable=bzl-visibility
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "request_test")

def _locked(name, depends = []):
    """A package as repositories and the hub declare it: `name` and `name_own`."""
    write_file(name = name + "_deb", out = name + ".deb", content = [])
    debian_package_layer(
        name = name + "_own",
        architecture = "amd64",
        deb = name + ".deb",
        package = name,
        sha256 = "ab" * 32,
        size = 7,
        tags = ["manual"],
        version = "1:2",
    )
    debian_package(
        name = name,
        depends = depends,
        package = name + "_own",
        sonames = "sonames.json",
        tags = ["manual"],
    )

def _order_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    names = [package.name for package in target[PackagesInfo].packages.to_list()]
    asserts.equals(env, ctx.attr.expected, names)
    blobs = [blob.basename for blob in target[LayersInfo].blobs.to_list()]
    asserts.equals(env, ["%s_1_2_amd64.tar.gz" % name for name in ctx.attr.expected], blobs)
    asserts.equals(env, len(names), len(target[LayersInfo].listings.to_list()))
    if PackageInfo in target:
        asserts.equals(env, names[-1], target[PackageInfo].name)
    return analysistest.end(env)

_order_test = analysistest.make(_order_test_impl, attrs = {"expected": attr.string_list()})

def _request_test_impl(ctx):
    env = analysistest.begin(ctx)
    [action] = [action for action in analysistest.target_actions(env) if action.mnemonic == "LayerDebian"]
    inputs = [file.basename for file in action.inputs.to_list()]
    asserts.equals(env, ctx.attr.expected, sorted([name for name in inputs if name.endswith(".deb")]))
    asserts.false(env, "sonames.json" in inputs, "a layer is not made anew where only a lock has changed")
    if SonamesInfo in analysistest.target_under_test(env):
        indexes = analysistest.target_under_test(env)[SonamesInfo].indexes.to_list()
        asserts.equals(env, ["sonames.json"], [file.basename for file in indexes])
    return analysistest.end(env)

_request_test = analysistest.make(_request_test_impl, attrs = {"expected": attr.string_list()})

def _hint_test_impl(ctx):
    env = analysistest.begin(ctx)
    readers = [
        action.mnemonic
        for action in analysistest.target_actions(env)
        if "sonames.json" in [file.basename for file in action.inputs.to_list()]
    ]
    asserts.equals(env, ["ImageValidate"], readers, "only the check names packages")
    return analysistest.end(env)

_hint_test = analysistest.make(_hint_test_impl)

def package_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the name of the suite.
    """
    write_file(name = "sonames", out = "sonames.json", content = ["{}"])
    _locked("base")
    _locked("ring_a", [":ring"])
    _locked("ring_b", [":ring"])
    debian_cycle(name = "ring", depends = [":base"], packages = [":ring_a_own", ":ring_b_own"], tags = ["manual"])
    _locked("top", [":ring_b", ":base"])
    _order_test(name = "order_test", expected = ["base", "ring_a", "ring_b", "top"], target_under_test = ":top")
    _order_test(name = "order_cycle_test", expected = ["base", "ring_a", "ring_b"], target_under_test = ":ring_b")
    package_layer(name = "some", packages = [":top", ":base"], slices = ["libs"], tags = ["manual"])
    package_layer(name = "all", packages = [":top"], tags = ["manual"], transitive = True)
    package_layer(
        name = "changed",
        modes = {"/var/log": "1775"},
        owners = {"/var/log": "0:0103"},
        packages = [":base"],
        tags = ["manual"],
    )
    request_test(
        name = "metadata_test",
        mnemonic = "LayerDebian",
        settings = {
            "compression": "gzip",
            "drop": DEFAULT_DROP,
            "exclude": [],
            "include": [],
            "level": "default",
            "modes": {"var/log": "1775"},
            "owners": {"var/log": "0:103"},
            "provided": [],
            "slices": [],
            "usr_merged": True,
        },
        target = ":changed",
    )
    failure_test(
        name = "modes_test",
        message = "modes needs a mode in octal, got \"rwx\"; write 0644",
        rule = _wrong_mode,
    )
    _request_test(name = "some_test", expected = ["base.deb", "top.deb"], target_under_test = ":some")
    _request_test(
        name = "transitive_test",
        expected = ["base.deb", "ring_a.deb", "ring_b.deb", "top.deb"],
        target_under_test = ":all",
    )
    _request_test(name = "own_test", expected = ["base.deb"], target_under_test = ":base_own")
    image(name = "packaged", packages = [":top"], tags = ["manual"])
    image(name = "layered", layers = [":some"], tags = ["manual"])
    _hint_test(name = "hint_of_packages_test", target_under_test = ":packaged")
    _hint_test(name = "hint_of_layers_test", target_under_test = ":layered")
    failure_test(
        name = "unlocked_test",
        message = "@b//adduser: package is left out of the lock, got \"adduser\": declared",
        rule = _unlocked,
    )
    native.test_suite(
        name = name,
        tests = [
            ":hint_of_layers_test",
            ":hint_of_packages_test",
            ":metadata_test",
            ":modes_test",
            ":order_cycle_test",
            ":order_test",
            ":own_test",
            ":some_test",
            ":transitive_test",
            ":unlocked_test",
        ],
    )

def _wrong_mode(name, tags):
    package_layer(name = name, modes = {"/a": "rwx"}, packages = [":base"], tags = tags)

def _unlocked(name, tags):
    unlocked_package(
        name = name,
        message = "package is left out of the lock, got \"adduser\": declared",
        tags = tags,
        written = "@b//adduser",
    )
