"""Locked packages as lines of a request."""

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
