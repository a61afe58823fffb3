"""Tests of `layer`: each attribute as it stands in the request."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules:providers.bzl", "LayerInfo", "LayersInfo")
load("//rules/layer:defs.bzl", "layer")
load("//tests/rules:request_test.bzl", "request_test")
load("//tests/rules:subjects.bzl", "directory")

_HERE = "tests/rules/layer/"
_ROOT = {"gid": 0, "uid": 0}
_SETTINGS = {"compression": "gzip", "level": "default", "modes": {}, "mtime": 0, "owners": {}}

def _providers_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    info = target[LayerInfo]
    asserts.equals(env, "everything.tar.gz", info.blob.basename)
    asserts.equals(env, "everything.descriptor.json", info.descriptor.basename)
    asserts.equals(env, "everything.listing.jsonl", info.listing.basename)
    asserts.equals(env, [info.blob], target[DefaultInfo].files.to_list())
    groups = target[OutputGroupInfo]
    for name in ["blob", "descriptor", "listing"]:
        asserts.equals(env, [getattr(info, name)], getattr(groups, name).to_list(), name)
        asserts.equals(env, [getattr(info, name)], getattr(target[LayersInfo], name + "s").to_list(), name + "s")
    return analysistest.end(env)

providers_test = analysistest.make(_providers_test_impl)

def _attributes():
    directory(name = "tree", tags = ["manual"])
    native.filegroup(
        name = "two",
        srcs = ["BUILD.bazel", "layer_tests.bzl"],
        tags = ["manual"],
    )
    layer(
        name = "everything",
        srcs = ["BUILD.bazel", ":tree"],
        directories = ["/var/lib/app"],
        empty_files = ["/etc/app.conf"],
        files = {
            "pkg_tests.bzl": "/usr//./bin/app",
            ":tree": "/srv/tree",
            ":two": "/srv/two/",
        },
        mode = "0640",
        modes = {"/var/lib/app": "1770"},
        mtime = 12,
        owner = "1:2",
        owners = {"/var/lib/app": "065532:0"},
        prefix = "/srv/app",
        symlinks = {"/usr/bin/a": "app"},
        tags = ["manual"],
    )
    file = {"gid": 2, "mode": "0640", "role": "src", "uid": 1}
    request_test(
        name = "everything_test",
        target = ":everything",
        mnemonic = "LayerFiles",
        settings = dict(
            _SETTINGS,
            modes = {"var/lib/app": "1770"},
            mtime = 12,
            owners = {"var/lib/app": "65532:0"},
        ),
        lines = [
            dict(file, dest = "usr/bin/app", path = _HERE + "pkg_tests.bzl"),
            dict(file, dest = "srv/tree", path = "BIN/" + _HERE + "tree", tree = True),
            dict(file, below = "srv/two", path = _HERE + "BUILD.bazel", name = "BUILD.bazel"),
            dict(file, below = "srv/two", path = _HERE + "layer_tests.bzl", name = "layer_tests.bzl"),
            dict(
                file,
                below = "srv/app",
                path = _HERE + "BUILD.bazel",
                short_path = _HERE + "BUILD.bazel",
                strip_prefix = _HERE[:-1],
            ),
            dict(
                file,
                below = "srv/app",
                path = "BIN/" + _HERE + "tree",
                short_path = _HERE + "tree",
                strip_prefix = _HERE[:-1],
                tree = True,
            ),
            {"dest": "var/lib/app", "gid": 2, "mode": "0755", "role": "directory", "uid": 1},
            {"dest": "etc/app.conf", "gid": 2, "mode": "0644", "role": "content", "text": "", "uid": 1},
            {"dest": "usr/bin/a", "gid": 2, "link": "app", "role": "symlink", "uid": 1},
        ],
        outs = {
            "blob": "BIN/" + _HERE + "everything.tar.gz",
            "descriptor": "BIN/" + _HERE + "everything.descriptor.json",
            "listing": "BIN/" + _HERE + "everything.listing.jsonl",
        },
    )
    providers_test(name = "providers_test", target_under_test = ":everything")

    layer(name = "nothing", tags = ["manual"])
    request_test(
        name = "nothing_test",
        target = ":nothing",
        mnemonic = "LayerFiles",
        settings = _SETTINGS,
        lines = [],
    )

    layer(name = "at_root", files = {"BUILD.bazel": "/", ":tree": "/"}, tags = ["manual"])
    request_test(
        name = "at_root_test",
        target = ":at_root",
        mnemonic = "LayerFiles",
        lines = [
            dict(_ROOT, below = "", mode = "", name = "BUILD.bazel", path = _HERE + "BUILD.bazel", role = "src"),
            dict(_ROOT, below = "", mode = "", name = "tree", path = "BIN/" + _HERE + "tree", role = "src", tree = True),
        ],
    )
    return [":everything_test", ":providers_test", ":nothing_test", ":at_root_test"]

def _strip_prefixes():
    tests = []
    for name, prefix, expected in [
        ("package", "", _HERE[:-1]),
        ("dot", ".", _HERE[:-1]),
        ("below", "templates/", _HERE + "templates"),
        ("root", "/", ""),
        ("workspace", "/tests//rules/", "tests/rules"),
    ]:
        tests.append(":strip_%s_test" % name)
        layer(name = "strip_" + name, srcs = ["BUILD.bazel"], strip_prefix = prefix, tags = ["manual"])
        request_test(
            name = "strip_%s_test" % name,
            target = ":strip_" + name,
            mnemonic = "LayerFiles",
            lines = [dict(
                _ROOT,
                below = "",
                mode = "",
                path = _HERE + "BUILD.bazel",
                role = "src",
                short_path = _HERE + "BUILD.bazel",
                strip_prefix = expected,
            )],
        )
    return tests

def layer_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    native.test_suite(name = name, tests = _attributes() + _strip_prefixes())
