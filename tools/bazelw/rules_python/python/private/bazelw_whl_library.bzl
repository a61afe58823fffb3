"""One locked requirement as a repository, fetched by the machine's pip."""

load(":bazelw_local_python.bzl", "machine_python")

def _whl_library_impl(repository_ctx):
    attrs = repository_ctx.attr
    environ = repository_ctx.os.environ
    request = {
        "download_only": attrs.download_only,
        "extra_pip_args": attrs.extra_pip_args,
        "implicit_namespaces": attrs.enable_implicit_namespace_pkgs,
        # rules_python hides the machine's pip settings by default. They are the way to an index here.
        "isolated": environ.get("RULES_PYTHON_PIP_ISOLATED", "0").lower() not in ("0", "false", ""),
        "known": attrs.known,
        "pip_data_exclude": attrs.pip_data_exclude,
        "hub": attrs.hub,
        "requirement": attrs.requirement,
    }
    repository_ctx.file("request.json", json.encode(request))
    python = attrs.python_interpreter or machine_python(repository_ctx).path
    if "/" not in python:
        python = repository_ctx.which(python) or fail("no such Python on PATH, got {}; install it".format(python))
    result = repository_ctx.execute(
        [python, repository_ctx.path(attrs._wheel), "request.json"],
        environment = attrs.environment,
        quiet = attrs.quiet,
        timeout = attrs.timeout,
    )
    if result.return_code:
        fail("requirement {} could not be had: {}{}".format(attrs.requirement.split(" ")[0], result.stdout, result.stderr))

whl_library = repository_rule(
    implementation = _whl_library_impl,
    doc = "A wheel's files as `:pkg`, `:whl`, `:data` and `:dist_info`.",
    attrs = {
        "download_only": attr.bool(doc = "Take wheels only, build none."),
        "enable_implicit_namespace_pkgs": attr.bool(doc = "Leave namespace packages as they are."),
        "environment": attr.string_dict(doc = "Variables for pip."),
        "extra_pip_args": attr.string_list(doc = "Arguments for pip."),
        "hub": attr.string(mandatory = True, doc = "Prefix of the repositories of the same lock."),
        "known": attr.string_list(doc = "All names of the lock."),
        "pip_data_exclude": attr.string_list(doc = "Globs of files left out of `:pkg`."),
        "python_interpreter": attr.string(doc = "Path or name of a Python instead of the machine's python3."),
        "quiet": attr.bool(default = True, doc = "Do not show what pip prints."),
        "requirement": attr.string(mandatory = True, doc = "The line of the lock, hashes included."),
        "timeout": attr.int(default = 600, doc = "Seconds for pip."),
        "_wheel": attr.label(default = "//python/private:bazelw_wheel.py"),
    },
    environ = ["RULES_PYTHON_PIP_ISOLATED"],
)
