"""What the images of the family leave out of packages, as layers for an image that needs it."""

load("//rules:defs.bzl", "package_layer", "zoneinfo_layer")
load(":left_out.bzl", "LIBMVEC")

# Layers are built where an image asks for them, for its platform.
_TAGS = ["manual"]

def slices(*, release):  # buildifier: disable=unnamed-macro
    """Declares `libmvec`, `gconv`, `c_locale` and `zoneinfo_variants`.

    Args:
      release: (struct) of debian12.bzl or debian13.bzl.
    """
    package_layer(
        name = "libmvec",
        include = [LIBMVEC],
        packages = ["@%s//libc6" % release.hub],
        slices = ["copyright"],
        tags = _TAGS,
    )

    # For iconv(3) of anything but Unicode and ASCII.
    package_layer(
        name = "gconv",
        packages = ["@%s//libc6" % release.hub],
        slices = ["gconv"],
        tags = _TAGS,
    )

    # The C.UTF-8 locale.
    package_layer(
        name = "c_locale",
        packages = ["@%s//libc-bin" % release.hub],
        slices = ["c-locale"],
        tags = _TAGS,
    )

    # Time zones with leap seconds (right/) and without (posix/), beside those of `static`.
    zoneinfo_layer(
        name = "zoneinfo_variants",
        package = "@%s//tzdata" % release.hub,
        tags = _TAGS,
        variants = True,
    )
