"""Mirrors: what a manifest's block says, their order, and the messages where none helps."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/debian/private:mirrors.bzl", "choose_mirrors", "no_download", "no_mirror", "package_url", "scan_mirrors")  # buildifier: disable=bzl-visibility

_MANIFEST = """\
version: 1
mirrors:
  debian:
    # the nearest
    - https://one.example/debian
    - "https://two.example/debian"
  vendor: 'https://vendor.example'

packages:
  - mirrors
"""

def _scan_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, {
        "debian": ["https://one.example/debian", "https://two.example/debian"],
        "vendor": ["https://vendor.example"],
    }, scan_mirrors(_MANIFEST))
    asserts.equals(env, {}, scan_mirrors("version: 1\n"))
    return unittest.end(env)

scan_test = unittest.make(_scan_test_impl)

def _order_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, [
        "http://manifest.example",
        "http://named.example",
        "http://any.example",
        "http://apt.example/debian",
    ], choose_mirrors(
        manifest = ["http://manifest.example/"],
        variable = "vendor=http://no.example debian=http://named.example http://any.example/",
        apt = [struct(uri = "http://apt.example/debian", suites = ["bookworm"], components = ["main"])],
        source = "debian",
        suite = "bookworm",
        component = "main",
    ))
    return unittest.end(env)

order_test = unittest.make(_order_test_impl)

def _urls_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, "http://a/pool/libstdc%2B%2B6_1%253a2~rc_amd64.deb", package_url("http://a", "pool/libstdc++6_1%3a2~rc_amd64.deb"))
    return unittest.end(env)

urls_test = unittest.make(_urls_test_impl)

def _messages_test_impl(ctx):
    env = unittest.begin(ctx)
    ways = (
        "name a mirror under `mirrors` in the manifest, set DISTILL_DEBIAN_MIRROR=URL (or NAME=URL, for one source), " +
        "or add the suite to this machine's apt sources"
    )
    asserts.equals(env, "no mirror is known, got none for bookworm of debian; " + ways, no_mirror("bookworm", "debian"))
    asserts.equals(
        env,
        "no mirror has the package as it was locked, got no redis 7 (amd64) from http://a.example/x, http://b.example " +
        "(the warnings above say why); " + ways + "; where the archive has moved on, write the lock anew",
        no_download("redis 7 (amd64)", ["http://me:secret@a.example/x", "http://b.example"]),
    )
    return unittest.end(env)

messages_test = unittest.make(_messages_test_impl)

def mirrors_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the name of the suite.
    """
    unittest.suite(name, scan_test, order_test, urls_test, messages_test)
