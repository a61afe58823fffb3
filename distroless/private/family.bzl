"""The macros that write an image of the family down once: its four variants, and an index of each."""

load("//rules:defs.bzl", "image", "image_index", "package_layer")
load(":allow.bzl", "ALLOW", "ALLOW_COMPATIBLE", "LINT_ALLOW", "lint_allow_debug")

VARIANTS = ["", "_nonroot", "_debug", "_debug_nonroot"]

# Debian's names of architectures, and the CPUs of @platforms.
CPUS = {
    "amd64": "@platforms//cpu:x86_64",
    "arm64": "@platforms//cpu:aarch64",
    "armhf": "@platforms//cpu:armv7",
    "ppc64el": "@platforms//cpu:ppc64le",
    "riscv64": "@platforms//cpu:riscv64",
    "s390x": "@platforms//cpu:s390x",
}

COMPATIBLE = Label("//rules/settings:is_distroless_compatible")

# Images that distroless does not build of Debian's packages, so that there is nothing to be compatible with.
OURS_ONLY = select({
    COMPATIBLE: ["@platforms//:incompatible"],
    "//conditions:default": [],
})

NONROOT = "65532"

# Wildcards skip the images: who wants one names it, and no byte is built for a platform that nobody asked for.
_TAGS = ["manual"]

def distroless_image(
        name,
        *,
        release,
        debug_entrypoint = ["/busybox/sh"],
        lint_allow = {},
        target_compatible_with = [],
        **kwargs):
    """Declares an image as `<name>`, `<name>_nonroot`, `<name>_debug`, `<name>_debug_nonroot`, and `<…>_index` of each.

    Args:
      name: (string) the image for root.
      release: (struct) of debian12.bzl or debian13.bzl.
      debug_entrypoint: (list[string]) of the debug variants; None leaves that of the image.
      lint_allow: (dict[string, string]) as for image; it holds for all variants, with what `release` says.
      target_compatible_with: (list[label]) of all that is declared.
      **kwargs: as for image.
    """
    allow = select({
        COMPATIBLE: ALLOW_COMPATIBLE,
        "//conditions:default": ALLOW,
    })
    common = {"tags": _TAGS, "target_compatible_with": target_compatible_with}
    image(
        name = name,
        allow = allow,
        lint_allow = select({
            COMPATIBLE: LINT_ALLOW | lint_allow | release.compatible.lint_allow.get(name, {}),
            "//conditions:default": LINT_ALLOW | lint_allow | release.lint_allow.get(name, {}),
        }),
        **(common | kwargs)
    )
    debug = {"entrypoint": debug_entrypoint} if debug_entrypoint else {}
    image(
        name = name + "_debug",
        allow = allow,
        base = name,
        env = {"PATH": "$PATH:/busybox"},
        layers = [":busybox_program", ":busybox"],
        lint_allow = select({
            COMPATIBLE: lint_allow_debug(release.compatible.busybox),
            "//conditions:default": lint_allow_debug("/usr/bin/busybox"),
        }),
        **(common | debug)
    )
    for variant in ["", "_debug"]:
        image(
            name = name + variant + "_nonroot",
            allow = allow,
            base = name + variant,
            user = NONROOT,
            working_dir = "/home/nonroot",
            **common
        )
    for variant in VARIANTS:
        image_index(
            name = name + variant + "_index",
            image = name + variant,
            platforms = [Label("//platforms:linux_" + architecture) for architecture in release.architectures],
            repo_tags = [_tag(name, variant)],
            **common
        )

def _tag(name, variant):
    folder = native.package_name().rpartition("/")[2].replace("distroless", "")
    image = name.replace("_", "-") + ("-" + folder if folder else "")
    return "distroless/%s:%s" % (image, variant.lstrip("_").replace("_", "-") or "latest")

def packages(*, release):  # buildifier: disable=unnamed-macro
    """Declares `<name>_package` for each package of `release`: the layer of it alone, without what it depends on.

    It is the layer that every image of the package shares; where the family is to be what distroless is, it has the
    package whole, as the archive has it.

    Args:
      release: (struct) of debian12.bzl or debian13.bzl.
    """
    lists = release.packages.values() + release.compatible.packages.values()
    names = ["tzdata"] + [name for names in lists for name in names]
    for name in {name: None for name in names}:
        package = "@%s//%s" % (release.hub, name)
        package_layer(
            name = name + "_whole",
            drop = [],
            packages = [package],
            tags = _TAGS,
            usr_merged = False,
        )
        sliced = package + ":layer"
        if name in release.exclude:
            sliced = name + "_sliced"
            package_layer(
                name = sliced,
                exclude = release.exclude[name],
                packages = [package],
                tags = _TAGS,
            )
        native.alias(
            name = name + "_package",
            actual = select({
                COMPATIBLE: name + "_whole",
                "//conditions:default": sliced,
            }),
            tags = _TAGS,
        )

def layers_of(names):
    """Gives the layers of packages.

    Args:
      names: (list[string]) packages that `packages` has declared here.

    Returns:
      (list[string]) Labels.
    """
    return [":%s_package" % name for name in names]
