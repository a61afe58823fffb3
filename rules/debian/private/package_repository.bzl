"""The repository of one package: it downloads the .deb when something needs it, from the first mirror that has it."""

load(":apt_sources.bzl", "read_apt_sources")
load(":mirrors.bzl", "VARIABLE", "choose_mirrors", "no_download", "no_mirror", "package_url")

_BUILD = """\
load("{rules}", "debian_package_layer")

debian_package_layer(
    name = "package",
    architecture = {architecture},
    deb = {deb},
    package = {package},
    sha256 = {sha256},
    size = {size},
    version = {version},
    visibility = ["//visibility:public"],
)
"""

def package_repository_name(package):
    """Gives the name of the repository of a locked package; two hubs that lock the same .deb share one.

    Args:
      package: (dict) of a lock.

    Returns:
      A string: `deb_libc6_2.36-9_deb12u10_amd64_0123abcd`.
    """
    name = "_".join(["deb", package["name"], package["version"], package["architecture"], package["sha256"][:8]])
    return "".join([c if c.isalnum() or c in "-." else "_" for c in name.elems()])

def package_repository_attrs(package, mirrors):
    """Gives the attributes of package_repository for a locked package.

    Args:
      package: (dict) of a lock.
      mirrors: (dict[string, list[string]]) the manifest's mirrors by source.

    Returns:
      A dict.
    """
    keys = ["architecture", "component", "path", "sha256", "size", "source", "suite", "version"]
    return dict({key: package[key] for key in keys}, package = package["name"], mirrors = mirrors.get(package["source"], []))

def _package_repository_impl(rctx):
    what = "%s %s (%s)" % (rctx.attr.package, rctx.attr.version, rctx.attr.architecture)
    mirrors = choose_mirrors(
        manifest = rctx.attr.mirrors,
        variable = rctx.getenv(VARIABLE, ""),
        apt = read_apt_sources(rctx),
        source = rctx.attr.source,
        suite = rctx.attr.suite,
        component = rctx.attr.component,
    )
    if not mirrors:
        fail(no_mirror(rctx.attr.suite, rctx.attr.source))
    deb = rctx.attr.path.rpartition("/")[2]
    result = rctx.download(
        url = [package_url(mirror, rctx.attr.path) for mirror in mirrors],
        output = deb,
        sha256 = rctx.attr.sha256,
        allow_fail = True,
    )
    if not result.success:
        fail(no_download(what, mirrors))
    rctx.file("BUILD.bazel", _BUILD.format(
        rules = Label(":package.bzl"),
        architecture = repr(rctx.attr.architecture),
        deb = repr(deb),
        package = repr(rctx.attr.package),
        sha256 = repr(rctx.attr.sha256),
        size = rctx.attr.size,
        version = repr(rctx.attr.version),
    ))

package_repository = repository_rule(
    implementation = _package_repository_impl,
    doc = "One locked package. Only `hub_repository` and the module extension make these.",
    attrs = {
        "architecture": attr.string(mandatory = True),
        "component": attr.string(),
        "mirrors": attr.string_list(doc = "The manifest's mirrors of the source."),
        "package": attr.string(mandatory = True),
        "path": attr.string(doc = "The pool path, relative to a mirror.", mandatory = True),
        "sha256": attr.string(mandatory = True),
        "size": attr.int(doc = "Bytes; with the hash checked once more when the .deb is read.", mandatory = True),
        "source": attr.string(mandatory = True),
        "suite": attr.string(mandatory = True),
        "version": attr.string(mandatory = True),
    },
    environ = [VARIABLE],
)
