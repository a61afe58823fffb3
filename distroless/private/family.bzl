"""The macros that write an image of the family down once: its four variants, and an index of each."""

load("//rules:defs.bzl", "image", "image_index", "package_layer")

VARIANTS = ["", "_nonroot", "_debug", "_debug_nonroot"]

# Where Debian 12 has the packages of all images.
ARCHITECTURES = ["amd64", "arm64", "armhf", "ppc64el", "s390x"]

COMPATIBLE = Label("//rules/settings:is_distroless_compatible")

NONROOT = "65532"

# Wildcards skip the images: who wants one names it, and no byte is built for a platform that nobody asked for.
_TAGS = ["manual"]

def distroless_image(
        name,
        *,
        debug_entrypoint = ["/busybox/sh"],
        architectures = ARCHITECTURES,
        **kwargs):
    """Declares an image as `<name>`, `<name>_nonroot`, `<name>_debug`, `<name>_debug_nonroot`, and `<…>_index` of each.

    Args:
      name: (string) the image for root.
      debug_entrypoint: (list[string]) of the debug variants; None leaves that of the image.
      architectures: (list[string]) of the indexes, Debian's names.
      **kwargs: as for image.
    """
    image(name = name, tags = _TAGS, **kwargs)
    debug = dict(entrypoint = debug_entrypoint) if debug_entrypoint else {}
    image(
        name = name + "_debug",
        base = name,
        env = {"PATH": "$PATH:/busybox"},
        layers = [Label("//distroless:busybox_program"), Label("//distroless:busybox")],
        tags = _TAGS,
        **debug
    )
    for variant in ["", "_debug"]:
        image(
            name = name + variant + "_nonroot",
            base = name + variant,
            tags = _TAGS,
            user = NONROOT,
            working_dir = "/home/nonroot",
        )
    for variant in VARIANTS:
        image_index(
            name = name + variant + "_index",
            image = name + variant,
            platforms = [Label("//platforms:linux_" + architecture) for architecture in architectures],
            repo_tags = [_tag(name, variant)],
            tags = _TAGS,
        )

def _tag(name, variant):
    return "distroless/%s:%s" % (name.replace("_", "-"), variant.lstrip("_").replace("_", "-") or "latest")

def whole_or_sliced(name, *, hub, exclude = []):
    """Declares `<name>_package`: the layer of a locked package alone, without what it depends on.

    It is the layer that every image of the package shares; where the family is to be what distroless is, it has the
    whole package where the archive has it.

    Args:
      name: (string) the package.
      hub: (string) of the lock.
      exclude: (list[string]) globs of what our images do without, beyond what all package layers drop.
    """
    sliced = "@%s//%s:layer" % (hub, name)
    if exclude:
        sliced = name + "_sliced"
        package_layer(
            name = sliced,
            exclude = exclude,
            packages = ["@%s//%s" % (hub, name)],
            tags = _TAGS,
        )
    package_layer(
        name = name + "_whole",
        drop = [],
        packages = ["@%s//%s" % (hub, name)],
        tags = _TAGS,
        usr_merged = False,
    )
    native.alias(
        name = name + "_package",
        actual = select({
            COMPATIBLE: name + "_whole",
            "//conditions:default": sliced,
        }),
        tags = _TAGS,
    )
