"""apt's sources in Starlark; tests/py/lock/test_apt_sources.py has the same cases for Python."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/debian/private:apt_sources.bzl", "apt_mirrors", "parse_deb822", "parse_one_line")  # buildifier: disable=bzl-visibility

_ONE_LINE = """\
# deb http://comment bookworm main
deb http://one.example/debian/ bookworm main contrib # and more
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] https://two.example bookworm-security main
deb-src http://one.example/debian bookworm main
deb http://short.example
deb [trusted=yes] file:/srv/repo ./
"""

_DEB822 = """\
# a comment
Types: deb deb-src
URIs: http://one.example/debian/ http://two.example/debian
Suites: bookworm
 bookworm-updates
Components: main contrib
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc

Enabled: no
Types: deb
URIs: http://off.example
Suites: bookworm
Components: main

Types: deb-src
URIs: http://source.example
Suites: bookworm
Components: main
"""

def _one_line_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, [
        struct(uri = "http://one.example/debian", suites = ["bookworm"], components = ["main", "contrib"]),
        struct(uri = "https://two.example", suites = ["bookworm-security"], components = ["main"]),
        struct(uri = "file:/srv/repo", suites = ["./"], components = []),
    ], parse_one_line(_ONE_LINE))
    return unittest.end(env)

one_line_test = unittest.make(_one_line_test_impl)

def _deb822_test_impl(ctx):
    env = unittest.begin(ctx)
    suites, components = ["bookworm", "bookworm-updates"], ["main", "contrib"]
    asserts.equals(env, [
        struct(uri = "http://one.example/debian", suites = suites, components = components),
        struct(uri = "http://two.example/debian", suites = suites, components = components),
    ], parse_deb822(_DEB822))
    asserts.equals(env, [], parse_deb822("no field\n"))
    return unittest.end(env)

deb822_test = unittest.make(_deb822_test_impl)

def _mirrors_test_impl(ctx):
    env = unittest.begin(ctx)
    sources = parse_one_line(_ONE_LINE) + [struct(uri = "cdrom:[Debian]", suites = ["bookworm"], components = ["main"])]
    for suite, component, expected in [
        ("bookworm", "main", ["http://one.example/debian"]),
        ("trixie", "main", ["http://one.example/debian"]),
        ("bookworm-security", "main", ["https://two.example"]),
        ("trixie-security", "main", ["https://two.example"]),
        ("bookworm", "non-free", []),
        ("./", "", ["file:/srv/repo"]),
        ("stable/", "", []),
    ]:
        asserts.equals(env, expected, apt_mirrors(sources, suite, component))
    return unittest.end(env)

mirrors_test = unittest.make(_mirrors_test_impl)

def apt_sources_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the name of the suite.
    """
    unittest.suite(name, one_line_test, deb822_test, mirrors_test)
