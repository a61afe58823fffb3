"""The machine's python3, as a toolchain and under the names that rules_python gives to interpreters."""

# A version manager picks an interpreter by these; a change looks for it again.
_ENVIRON = ["PATH", "PYENV_VERSION", "VIRTUAL_ENV"]

_BUILD = """\
load("@bazel_tools//tools/python:toolchain.bzl", "py_runtime_pair")

package(default_visibility = ["//visibility:public"])

exports_files(["python", "interpreter.json"])

alias(
    name = "python3",
    actual = ":python",
)

py_runtime(
    name = "py3_runtime",
    interpreter_path = "{path}",
    python_version = "PY3",
    # Not `env python3`: a sandbox has no HOME, which a version manager's shim wants.
    stub_shebang = "#!{path}",
)

py_runtime_pair(
    name = "python_runtimes",
    py3_runtime = ":py3_runtime",
)

toolchain(
    name = "toolchain",
    toolchain = ":python_runtimes",
    toolchain_type = "@bazel_tools//tools/python:toolchain_type",
)
"""

_DEFS = """\
load("@rules_python//python:defs.bzl", _py_binary = "py_binary", _py_test = "py_test")
load("@rules_python//python:pip.bzl", _compile_pip_requirements = "compile_pip_requirements")

host_platform = "host"
interpreter = "@{name}//:python"
py_binary = _py_binary
py_test = _py_test
compile_pip_requirements = _compile_pip_requirements
"""

def _local_python_impl(repository_ctx):
    found = repository_ctx.which("python3")
    if not found:
        fail("no python3 on PATH, got {}; install python3".format(repository_ctx.os.environ.get("PATH", "")))
    result = repository_ctx.execute([found, repository_ctx.path(repository_ctx.attr._find_python)])
    if result.return_code:
        fail("python3 does not run, got {}: {}".format(found, result.stderr))
    python = json.decode(result.stdout)

    # An upgrade in place is noticed. (Not by `local = True`: with it, every start of a server would fetch all wheels.)
    repository_ctx.watch(python["path"])
    repository_ctx.symlink(python["path"], "python")
    repository_ctx.file("interpreter.json", result.stdout)
    repository_ctx.file("WORKSPACE", "")
    repository_ctx.file("BUILD.bazel", _BUILD.format(path = python["path"]))
    repository_ctx.file("defs.bzl", _DEFS.format(name = repository_ctx.attr.apparent_name or repository_ctx.name))
    repository_ctx.file("pip.bzl", 'load("@rules_python//python:pip.bzl", _pip_parse = "pip_parse")\n\npip_parse = _pip_parse\n')
    repository_ctx.file("interpreters.bzl", "INTERPRETER_LABELS = {}\n".format({
        name: str(Label("@pythons_hub//:python"))
        for name in repository_ctx.attr.interpreters
    }))
    repository_ctx.file("versions.bzl", "DEFAULT_PYTHON_VERSION = {version}\nMINOR_MAPPING = {{{minor}: {version}}}\nPYTHON_VERSIONS = [{version}]\n".format(
        minor = repr(python["version"].rpartition(".")[0]),
        version = repr(python["version"]),
    ))

local_python = repository_rule(
    implementation = _local_python_impl,
    doc = "The machine's python3: `:python`, a toolchain, `defs.bzl`, and `interpreter.json` with path and version.",
    attrs = {
        "apparent_name": attr.string(doc = "Name the repository goes by; empty for its own."),
        "interpreters": attr.string_list(doc = "Names for `INTERPRETER_LABELS` in interpreters.bzl."),
        "_find_python": attr.label(default = "//python/private:bazelw_find_python.py"),
    },
    environ = _ENVIRON,
)

def machine_python(ctx):
    """The machine's python3.

    Args:
        ctx: (repository_ctx or module_ctx)

    Returns:
        (struct) `path` and `version`, as in 3.11.2.
    """
    return struct(**json.decode(ctx.read(Label("@pythons_hub//:interpreter.json"))))
