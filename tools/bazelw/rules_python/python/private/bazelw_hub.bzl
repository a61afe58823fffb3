"""The hub repository of a requirements lock: aliases and `requirements.bzl`."""

load("//python/pip_install:requirements_parser.bzl", parse_requirements = "parse")
load(":bazelw_whl_library.bzl", "whl_library")

_TARGETS = ["pkg", "whl", "data", "dist_info", "extracted_whl_files"]

_REQUIREMENTS = """\
{head}
_NAMES = {names}

def _target(name, target):
    name = name.replace("-", "_").replace(".", "_").lower()
    return str(Label("//{{}}:{{}}".format(name, target)))

all_requirements = [_target(name, "pkg") for name in _NAMES]
all_whl_requirements_by_package = {{name: _target(name, "whl") for name in _NAMES}}
all_whl_requirements = all_whl_requirements_by_package.values()
all_data_requirements = [_target(name, "data") for name in _NAMES]

def requirement(name):
    return _target(name, "pkg")

def whl_requirement(name):
    return _target(name, "whl")

def data_requirement(name):
    return _target(name, "data")

def dist_info_requirement(name):
    return _target(name, "dist_info")

def entry_point(pkg, script = None):
    fail("entry_point is gone from rules_python, got {{}}; use py_console_script_binary".format(pkg))

def install_deps(**kwargs):
{install}
"""

def _normalize(name):
    return name.replace("-", "_").replace(".", "_").lower()

def lock_of(ctx, attrs):
    """The requirements file for this machine.

    Args:
        ctx: (repository_ctx or module_ctx)
        attrs: (struct) attributes of pip.parse or pip_parse

    Returns:
        (Label) the file
    """
    for file, platforms in attrs.requirements_by_platform.items():
        for platform in platforms.split(","):
            if platform.strip() in ("*", "linux_*", "linux_" + _cpu(ctx), "host"):
                return file
    lock = attrs.requirements_linux or attrs.requirements_lock
    if not lock:
        fail("no requirements file for Linux, got requirements_lock = None; set requirements_lock")
    return lock

def _cpu(ctx):
    return {"amd64": "x86_64"}.get(ctx.os.arch, ctx.os.arch)

def parse_lock(content, extra_pip_args):
    """Parse a requirements file.

    Args:
        content: (str) its text
        extra_pip_args: (list[str]) arguments for pip

    Returns:
        (struct) `requirements`, a dict of normalized name to line, and `pip_args`
    """
    parsed = parse_requirements(content)
    options = [word for option in parsed.options for word in option.split(" ") if word]
    requirements = {}
    for name, line in parsed.requirements:
        # A name that stands there once for each platform: pip drops the lines whose marker does not hold.
        key = _normalize(name)
        requirements[key] = requirements[key] + "\n" + line if key in requirements else line
    return struct(requirements = requirements, pip_args = [word for word in options if word != "--require-hashes"] + extra_pip_args)

def whl_library_attrs(attrs):
    """The attributes of `whl_library` that pip.parse and pip_parse hand through.

    Args:
        attrs: (struct) attributes of pip.parse or pip_parse

    Returns:
        (dict)
    """
    return dict(
        download_only = attrs.download_only,
        enable_implicit_namespace_pkgs = attrs.enable_implicit_namespace_pkgs,
        environment = attrs.environment,
        pip_data_exclude = attrs.pip_data_exclude,
        python_interpreter = attrs.python_interpreter,
        quiet = attrs.quiet,
        timeout = attrs.timeout,
    )

def declare_wheels(hub, lock, attrs):
    """Declare the repository of each requirement, `<hub>_<name>`.

    Args:
        hub: (str) name of the hub repository
        lock: (struct) as `parse_lock` returns
        attrs: (dict) as `whl_library_attrs` returns
    """
    for name, line in lock.requirements.items():
        whl_library(
            name = "{}_{}".format(hub, name),
            extra_pip_args = lock.pip_args,
            hub = hub,
            known = lock.requirements.keys(),
            requirement = line,
            **attrs
        )

def write_hub(repository_ctx, hub, names, head = "", install = "    pass"):
    """Write the files of a hub repository.

    Args:
        repository_ctx: (repository_ctx)
        hub: (str) prefix of the wheels' repositories
        names: (list[str]) normalized names
        head: (str) load statements of requirements.bzl
        install: (str) body of install_deps, indented
    """
    repository_ctx.file("WORKSPACE", "")
    repository_ctx.file("BUILD.bazel", 'exports_files(["requirements.bzl"])\n')
    for name in names:
        aliases = [(name, "pkg")] + [(target, target) for target in _TARGETS if target != name]
        repository_ctx.file(name + "/BUILD.bazel", 'package(default_visibility = ["//visibility:public"])\n' + "".join([
            '\nalias(\n    name = "{}",\n    actual = "@{}_{}//:{}",\n)\n'.format(alias, hub, name, target)
            for alias, target in aliases
        ]))
    repository_ctx.file("requirements.bzl", _REQUIREMENTS.format(install = install, head = head, names = repr(names)))

def _hub_impl(repository_ctx):
    write_hub(repository_ctx, repository_ctx.attr.hub, repository_ctx.attr.names)

hub = repository_rule(
    implementation = _hub_impl,
    doc = "The hub of one pip.parse.",
    attrs = {
        "hub": attr.string(mandatory = True, doc = "Prefix of the wheels' repositories."),
        "names": attr.string_list(mandatory = True, doc = "Normalized names of the lock."),
    },
)

_INSTALL = """\
    for name in _NAMES:
        whl_library(
            name = {hub} + "_" + name,
            extra_pip_args = {pip_args},
            hub = {hub},
            known = _NAMES,
            requirement = _LINES[name],
            **(_ATTRS | kwargs)
        )
"""

def _workspace_hub_impl(repository_ctx):
    attrs = repository_ctx.attr
    lock = parse_lock(repository_ctx.read(lock_of(repository_ctx, attrs)), attrs.extra_pip_args)
    write_hub(
        repository_ctx,
        repository_ctx.name,
        lock.requirements.keys(),
        head = 'load("@rules_python//python/private:bazelw_whl_library.bzl", "whl_library")\n\n_LINES = {}\n_ATTRS = {}\n'.format(
            repr(lock.requirements),
            repr(whl_library_attrs(attrs)),
        ),
        install = _INSTALL.format(hub = repr(repository_ctx.name), pip_args = repr(lock.pip_args)),
    )

PARSE_ATTRS = {
    "download_only": attr.bool(doc = "Take wheels only, build none."),
    "enable_implicit_namespace_pkgs": attr.bool(doc = "Leave namespace packages as they are."),
    "environment": attr.string_dict(doc = "Variables for pip."),
    "extra_pip_args": attr.string_list(doc = "Arguments for pip."),
    "pip_data_exclude": attr.string_list(doc = "Globs of files left out of `:pkg`."),
    "python_interpreter": attr.string(doc = "Path or name of a Python instead of the machine's python3."),
    "quiet": attr.bool(default = True, doc = "Do not show what pip prints."),
    "requirements_by_platform": attr.label_keyed_string_dict(allow_files = True, doc = "Requirements file to platforms."),
    "requirements_darwin": attr.label(allow_single_file = True, doc = "Not used."),
    "requirements_linux": attr.label(allow_single_file = True, doc = "Requirements file for Linux."),
    "requirements_lock": attr.label(allow_single_file = True, doc = "Requirements file."),
    "requirements_windows": attr.label(allow_single_file = True, doc = "Not used."),
    "timeout": attr.int(default = 600, doc = "Seconds for pip."),
}

# What rules_python takes and this copy has no use for: nothing is cross-built, and the index is pip's to choose.
IGNORED_ATTRS = {
    "add_libdir_to_library_search_path": attr.bool(),
    "annotations": attr.string_dict(),
    "auth_patterns": attr.string_dict(),
    "envsubst": attr.string_list(),
    "experimental_extra_index_urls": attr.string_list(),
    "experimental_index_url": attr.string(),
    "experimental_index_url_overrides": attr.string_dict(),
    "experimental_requirement_cycles": attr.string_list_dict(),
    "experimental_target_platforms": attr.string_list(),
    "extra_hub_aliases": attr.string_list_dict(),
    "incompatible_generate_aliases": attr.bool(),
    "index_url": attr.string(),
    "isolated": attr.bool(default = True),
    "netrc": attr.string(),
    "parallel_download": attr.bool(default = True),
    "python_interpreter_target": attr.label(),
    "python_version": attr.string(),
    "simpleapi_skip": attr.string_list(),
    "target_platforms": attr.string_list(),
    "use_hub_alias_dependencies": attr.bool(),
    "whl_modifications": attr.label_keyed_string_dict(),
}

workspace_hub = repository_rule(
    implementation = _workspace_hub_impl,
    doc = "The hub of one pip_parse in a WORKSPACE.",
    attrs = PARSE_ATTRS | {name: value for name, value in IGNORED_ATTRS.items() if name != "python_interpreter_target"} | {
        "python_interpreter_target": attr.string(),  # a label would fetch what it names
    },
)
