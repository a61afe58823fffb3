"""The files of a hub, and the names of repositories."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/debian/private:hub.bzl", "hub_files")  # buildifier: disable=bzl-visibility
load("//rules/debian/private:package_repository.bzl", "package_repository_attrs", "package_repository_name")  # buildifier: disable=bzl-visibility
load("//rules/debian/private:sonames.bzl", "sonames_index")  # buildifier: disable=bzl-visibility

def _package(name, depends = [], cycle = ""):
    return {
        "architecture": "amd64",
        "component": "main",
        "cycle": cycle,
        "depends": depends,
        "name": name,
        "path": "pool/%s.deb" % name,
        "sha256": "0123456789",
        "size": 7,
        "source": "debian",
        "suite": "bookworm",
        "version": "1:2~rc+b1",
    }

def _files(packages, **kwargs):
    values = dict(hub = "b", fault = "", left_out = [], packages = packages, command = "bazel run @b//:lock")
    values.update(kwargs)
    return hub_files(**values)

def _names_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, "deb_libstdc__6_1_2_rc_b1_amd64_01234567", package_repository_name(_package("libstdc++6")))
    attributes = package_repository_attrs(_package("libstdc++6"), {"debian": ["http://a"], "other": ["http://b"]})
    asserts.equals(env, "libstdc++6", attributes["package"])
    asserts.equals(env, ["http://a"], attributes["mirrors"])
    return unittest.end(env)

names_test = unittest.make(_names_test_impl)

def _targets_test_impl(ctx):
    env = unittest.begin(ctx)
    files = _files({"amd64": [_package("aa", ["bb"]), _package("bb")], "arm64": [_package("bb")]})
    asserts.equals(env, ["aa/BUILD.bazel", "bb/BUILD.bazel"], sorted(files))
    asserts.true(env, 'depends = ["//bb:amd64"]' in files["aa/BUILD.bazel"])
    asserts.true(env, 'sonames = "//:sonames.json"' in files["aa/BUILD.bazel"])
    asserts.true(env, '"@platforms//cpu:aarch64": ":arm64"' in files["bb/BUILD.bazel"])
    asserts.false(env, "arm64" in files["aa/BUILD.bazel"])
    asserts.true(env, (
        "package is not locked for the target platform; it is for amd64: add to architectures and run `bazel run @b//:lock`"
    ) in files["aa/BUILD.bazel"])
    return unittest.end(env)

targets_test = unittest.make(_targets_test_impl)

def _cycle_test_impl(ctx):
    env = unittest.begin(ctx)
    files = _files({"amd64": [
        _package("libc6", ["libgcc"], "libc6"),
        _package("libgcc", ["base", "libc6"], "libc6"),
        _package("base"),
    ]})
    asserts.true(env, 'depends = ["//base:amd64"]' in files["libc6/BUILD.bazel"])
    asserts.equals(env, 1, files["libc6/BUILD.bazel"].count('depends = ["//libc6:amd64_cycle"]'))
    asserts.true(env, 'depends = ["//libc6:amd64_cycle"]' in files["libgcc/BUILD.bazel"])
    asserts.false(env, "debian_cycle(" in files["libgcc/BUILD.bazel"])
    return unittest.end(env)

cycle_test = unittest.make(_cycle_test_impl)

def _sonames_test_impl(ctx):
    env = unittest.begin(ctx)
    text = sonames_index(hub = "b", packages = {
        "amd64": [
            dict(_package("libpq5"), sonames = ["libpq.so.5"]),
            dict(_package("libssl3"), effects = ["user ssl"], sonames = ["libssl.so.3", "libcrypto.so.3"]),
            dict(_package("libssl3-other"), sonames = ["libssl.so.3"]),
            _package("tzdata"),
        ],
        "arm64": [_package("tzdata")],
    })
    asserts.equals(env, {
        "hub": "b",
        "sonames": {
            "amd64": {"libcrypto.so.3": "libssl3", "libpq.so.5": "libpq5", "libssl.so.3": "libssl3"},
            "arm64": {},
        },
    }, json.decode(text))
    asserts.true(env, text.index("libcrypto") < text.index("libpq"), "sorted")
    return unittest.end(env)

sonames_test = unittest.make(_sonames_test_impl)

def _unlocked_test_impl(ctx):
    env = unittest.begin(ctx)
    files = _files({"amd64": [_package("aa")]}, fault = "l.json is stale")
    asserts.true(env, 'message = "l.json is stale"' in files["aa/BUILD.bazel"])
    asserts.true(env, 'written = "@b//aa"' in files["aa/BUILD.bazel"])
    asserts.false(env, "deb_aa" in files["aa/BUILD.bazel"])
    files = _files({"amd64": []}, left_out = [{"name": "adduser", "reason": "declared", "wanted_by": ["aa"]}])
    asserts.true(env, (
        "package is left out of the lock, got \\\"adduser\\\": declared; remove it from exclude and run `bazel run @b//:lock`"
    ) in files["adduser/BUILD.bazel"])
    return unittest.end(env)

unlocked_test = unittest.make(_unlocked_test_impl)

def hub_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the name of the suite.
    """
    unittest.suite(name, names_test, targets_test, cycle_test, sonames_test, unlocked_test)
