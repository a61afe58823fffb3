"""The one macro for Python tests."""

load("@distill_dev_pypi//:requirements.bzl", "requirement")
load("@rules_python//python:py_test.bzl", "py_test")

def pytest_test(name, srcs, data = [], deps = [], args = [], **kwargs):
    """Declares a py_test that runs pytest on `srcs`.

    Args:
      name: (string) the name of the test.
      srcs: (list[label]) files of tests, run in this order; conftest.py and support modules come in through `deps`.
      data: (list[label]) files that the tests read, found relative to `__file__` or through bazel-runfiles.
      deps: (list[label]) libraries, beyond pytest and hypothesis.
      args: (list[string]) more arguments to pytest.
      **kwargs: as for py_test.
    """
    py_test(
        name = name,
        srcs = srcs + ["//tests:pytest_main.py"],
        main = "//tests:pytest_main.py",
        args = ["$(rootpath %s)" % src for src in srcs] + args,
        data = data + srcs,
        deps = deps + [requirement("hypothesis"), requirement("pytest")],
        **kwargs
    )
