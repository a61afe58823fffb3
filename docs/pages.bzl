"""Pages made from the docstrings of .bzl files, and the tests that they are up to date."""

load("@bazel_skylib//rules:diff_test.bzl", "diff_test")
load("@bazel_skylib//rules:run_binary.bzl", "run_binary")
load("@rules_python//python:py_binary.bzl", "py_binary")

_UPDATE = "./bazelw run //docs:update"

def generated_pages(name, pages):
    """Declares, for each page, the target that makes it and the test that the committed one is equal to it.

    Args:
      name: (string) the target that writes all pages again.
      pages: (dict[string, label]) page, without its extension, to the bzl_library of the one .bzl file it is about;
        the library is named as the file.
    """
    for page, library in pages.items():
        native.starlark_doc_extract(
            name = page + "_extract",
            src = library + ".bzl",
            deps = [library],
        )
        run_binary(
            name = page,
            srcs = [page + "_extract.textproto"],
            outs = [page + ".generated.md"],
            args = [
                "$(execpath %s_extract.textproto)" % page,
                "$(execpath %s.generated.md)" % page,
                _UPDATE,
            ],
            tool = "//tools/starlark_docs:render",
        )
        diff_test(
            name = page + "_test",
            size = "small",
            failure_message = "docs/%s.md is not what the docstrings say; run `%s`" % (page, _UPDATE),
            file1 = page + ".md",
            file2 = page + ".generated.md",
        )
    py_binary(
        name = name,
        srcs = ["//tools/starlark_docs:update.py"],
        args = ["$(rootpath %s.generated.md)=docs/%s.md" % (page, page) for page in pages],
        data = [page + ".generated.md" for page in pages],
        main = "//tools/starlark_docs:update.py",
    )
