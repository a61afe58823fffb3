"""The hub: `@bookworm//redis-server` and `@bookworm//:lock`, from a manifest and its lock."""

load(":hub.bzl", "hub_files")
load(":lock.bzl", "read_lock")
load(":mirrors.bzl", "scan_mirrors")
load(":package_repository.bzl", "package_repository_attrs", "package_repository_name")
load(":sonames.bzl", "sonames_index")

_ROOT = """\
load("{rules}", "lock_binary")

# Writes {lock}; `-- --help` tells what else it can do.
lock_binary(
    name = "lock",
    command = {command},
    lock = {lock_path},
    manifest = {manifest_path},
    visibility = ["//visibility:public"],
)

# Which package of the lock has which library: what messages about a missing one say.
filegroup(
    name = "sonames",
    srcs = ["sonames.json"],
    visibility = ["//visibility:public"],
)

exports_files(["sonames.json"])
"""

_REPOSITORIES = '''\
"""Declares the packages of {name} in a WORKSPACE; with modules the extension does."""

load("{rules}", "package_repository")

_PACKAGES = json.decode({packages})

def packages():
    """Declares a repository for each package that is not declared yet; nothing is downloaded until it is needed."""
    for name, attributes in _PACKAGES.items():
        if not native.existing_rule(name):
            package_repository(name = name, **attributes)
'''

def lock_command(name):
    """Gives what a user types to write the lock.

    Args:
      name: (string) the name of the hub.

    Returns:
      A string.
    """
    return "bazel run @%s//:lock" % name

def hub_packages(read):
    """Gives the repositories of packages that a lock needs.

    Args:
      read: a struct of `read_lock`.

    Returns:
      A dict of the attributes of package_repository, by name; empty where the lock may not be used.
    """
    if read.fault:
        return {}
    mirrors = scan_mirrors(read.manifest)
    return {
        package_repository_name(package): package_repository_attrs(package, mirrors)
        for locked in read.packages.values()
        for package in locked
    }

def _path(label):
    return label.package + "/" + label.name if label.package else label.name

def _hub_repository_impl(rctx):
    command = lock_command(rctx.attr.hub)
    read = read_lock(rctx, manifest = rctx.attr.manifest, lock = rctx.attr.lock, command = command)
    if read.fault:
        # buildifier: disable=print
        print("%s: %s" % (rctx.attr.hub, read.fault))
    rctx.file("BUILD.bazel", _ROOT.format(
        rules = Label(":lock_binary.bzl"),
        command = repr(command),
        lock = _path(rctx.attr.lock),
        lock_path = repr(_path(rctx.attr.lock)),
        manifest_path = repr(_path(rctx.attr.manifest)),
    ))
    rctx.file("sonames.json", sonames_index(hub = rctx.attr.hub, packages = read.packages))
    rctx.file("packages.bzl", _REPOSITORIES.format(
        name = rctx.attr.hub,
        packages = repr(json.encode(hub_packages(read))),
        rules = Label(":package_repository.bzl"),
    ))
    files = hub_files(
        hub = rctx.attr.hub,
        command = command,
        fault = read.fault,
        left_out = read.left_out,
        packages = read.packages,
    )
    for path, text in files.items():
        rctx.file(path, text)

hub_repository = repository_rule(
    implementation = _hub_repository_impl,
    doc = "The targets of a manifest's packages. Only `debian_packages` and the module extension make these.",
    attrs = {
        "hub": attr.string(doc = "The name by which a user knows it.", mandatory = True),
        "lock": attr.label(doc = "The lock beside the manifest; it need not exist yet.", mandatory = True),
        "manifest": attr.label(doc = "The manifest.", mandatory = True),
    },
)
