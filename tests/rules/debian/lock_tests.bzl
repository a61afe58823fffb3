"""Checksums, and each reason not to use a lock. The numbers are those of tests/py/test_checksum.py."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/debian/private:checksum.bzl", "checksum", "lock_checksum", "manifest_checksum")  # buildifier: disable=bzl-visibility
load("//rules/debian/private:lock.bzl", "lock_fault", "locked_packages")  # buildifier: disable=bzl-visibility

_MANIFEST = "version: 1\npackages:\n- aa\n"

def _lock(manifest = _MANIFEST, version = 2):
    text = '{\n  "version": %d,\n  "checksum": "CHECKSUM",\n  "manifest": "%s",\n  "packages": {"amd64": [{"name": "aa"}]}\n}\n' % (
        version,
        manifest_checksum(manifest),
    )
    return text.replace("CHECKSUM", lock_checksum(text))

def _fault(lock, manifest = _MANIFEST):
    return lock_fault(lock = lock, manifest = manifest, file = "b/l.json", command = "bazel run @b//:lock")

def _numbers_test_impl(ctx):
    env = unittest.begin(ctx)
    for text, expected in [
        ("", "0:0"),
        ("a", "1:97"),
        ("hello", "5:99162322"),
        ("polygenelubricants", "18:-2147483648"),
    ]:
        asserts.equals(env, expected, checksum(text))
    return unittest.end(env)

numbers_test = unittest.make(_numbers_test_impl)

def _what_counts_test_impl(ctx):
    env = unittest.begin(ctx)
    plain = "version: 1\npackages:\n- aa\n  # inside\n"
    other = "# head\nversion: 1  \r\n\nmirrors:\n  debian:\n    - http://a\n  # more\n  b: http://c\npackages:\n- aa\n"
    asserts.equals(env, manifest_checksum(plain), manifest_checksum(other))
    asserts.false(env, manifest_checksum(plain) == manifest_checksum(plain.replace("aa", "ab")))
    asserts.equals(env, checksum('{\n  "x": 1\n}\n'), lock_checksum('{\n  "checksum": "1",\n  "x": 1\n}\n'))
    return unittest.end(env)

what_counts_test = unittest.make(_what_counts_test_impl)

def _good_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, "", _fault(_lock()))
    asserts.equals(env, {"amd64": [{"name": "aa"}]}, locked_packages(_lock()))
    asserts.equals(env, {}, locked_packages(""))
    return unittest.end(env)

good_test = unittest.make(_good_test_impl)

def _faults_test_impl(ctx):
    env = unittest.begin(ctx)
    run = "; run `bazel run @b//:lock`"
    asserts.equals(env, "b/l.json does not exist, got no lock" + run, _fault(""))
    asserts.equals(env, "b/l.json is no lock, got another document" + run, _fault("{"))
    asserts.equals(env, "b/l.json is no lock, got another document" + run, _fault("[]"))
    asserts.equals(env, "b/l.json is of another version, got 1" + run, _fault(_lock(version = 1)))
    stale = "b/l.json is stale, got a lock of manifest %s where the manifest is %s" % (
        manifest_checksum(_MANIFEST),
        manifest_checksum("other"),
    )
    asserts.equals(env, stale + run, _fault(_lock(), "other"))
    edited = _lock().replace('"aa"', '"bb"')
    asserts.equals(env, "b/l.json was not written by the lock command, got checksum %s where its text has %s%s" % (
        json.decode(edited)["checksum"],
        lock_checksum(edited),
        run,
    ), _fault(edited))
    return unittest.end(env)

faults_test = unittest.make(_faults_test_impl)

def _bases_test_impl(ctx):
    env = unittest.begin(ctx)
    base = _lock("of the base")
    text = _lock().replace('"packages"', '"bases": [{"file": "base.json", "checksum": "%s"}],\n  "packages"' % lock_checksum(base))
    lock = text.replace(json.decode(text)["checksum"], lock_checksum(text))

    def fault(bases):
        return lock_fault(lock = lock, manifest = _MANIFEST, file = "b/l.json", command = "lock it", bases = bases)

    asserts.equals(env, "", fault({"base.json": base}))
    for bases, actual in [({}, "not there"), ({"base.json": base + "\n"}, lock_checksum(base + "\n"))]:
        asserts.equals(env, "b/l.json is stale, got a lock on base.json %s where that file is %s; run `lock it`" % (
            lock_checksum(base),
            actual,
        ), fault(bases))
    return unittest.end(env)

bases_test = unittest.make(_bases_test_impl)

def lock_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the name of the suite.
    """
    unittest.suite(name, numbers_test, what_counts_test, good_test, faults_test, bases_test)
