"""Locked packages, and the indexes of their locks, as lines of a request."""

load("//rules:providers.bzl", "SonamesInfo")
load(":request.bzl", "request")

def _package_fields(package):
    return json.encode({
        "path": package.deb.path,
        "name": package.name,
        "version": package.version,
        "architecture": package.architecture,
        "sha256": package.sha256,
        "size": package.size,
    })[1:-1]

def package_lines(packages, debs):
    """Gives the request's lines for packages that go into a layer.

    Args:
      packages: (depset[PackageInfo]) the packages.
      debs: (depset[File]) their .debs.

    Returns:
      A struct for the `lines` of `build_layer`.
    """
    return request.files("package", debs, items = packages, map_each = _package_fields)

def soname_indexes(targets):
    """Gives the indexes of the locks that targets are from.

    Args:
      targets: (list[Target]) layers and packages; those that are of no lock have none.

    Returns:
      SonamesInfo.
    """
    return SonamesInfo(indexes = depset(transitive = [
        target[SonamesInfo].indexes
        for target in targets
        if SonamesInfo in target
    ]))

def soname_hints(targets):
    """Gives the request's lines for the indexes of the locks that targets are from.

    Args:
      targets: (list[Target]) layers and packages.

    Returns:
      A struct for the `lines` of `request.run`.
    """
    return request.hints("sonames", soname_indexes(targets).indexes)
