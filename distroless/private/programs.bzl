"""The images for programs in C, C++, Python and JavaScript."""

load("//rules:defs.bzl", "bytecode_layer", "layer", "ld_so_cache_layer", "package_layer", "package_program")
load(":family.bzl", "COMPATIBLE", "distroless_image", "layers_of")

# Layers are built where an image asks for them, for its platform.
_TAGS = ["manual"]

def c_programs(*, release, **kwargs):  # buildifier: disable=unnamed-macro
    """Declares `base_nossl`, `base` and `cc`.

    Args:
      release: (struct) of debian12.bzl or debian13.bzl.
      **kwargs: of all images, as for distroless_image.
    """
    distroless_image(
        name = "base_nossl",
        base = ":static",
        layers = layers_of(release.packages["base_nossl"]),
        release = release,
        **kwargs
    )

    distroless_image(
        name = "base",
        base = ":static",
        layers = layers_of(release.packages["base"]),
        release = release,
        **kwargs
    )

    distroless_image(
        name = "cc",
        base = ":base",
        layers = layers_of(release.packages["cc"]),
        release = release,
        **kwargs
    )

def python_programs(*, release, **kwargs):  # buildifier: disable=unnamed-macro
    """Declares `python3`, on `cc`; `python3_bytecode`, a layer for it; and `python3_interpreter`, which compiles.

    Args:
      release: (struct) of debian12.bzl or debian13.bzl.
      **kwargs: of all images, as for distroless_image.
    """
    python = "python" + release.python
    more = layers_of(release.compatible.packages.get("python3", []))
    layer(
        name = "python3_links",
        symlinks = select({
            # Those of distroless are absolute; ours lead to the program wherever the image is unpacked.
            COMPATIBLE: {
                "/usr/bin/python": "/usr/bin/" + python,
                "/usr/bin/python3": "/usr/bin/" + python,
            },
            "//conditions:default": {
                "/usr/bin/python": python,
                "/usr/bin/python3": python,
            },
        }),
        tags = _TAGS,
    )

    # What Python takes for granted of libc-bin: the locale that LANG names, and ldconfig, which ctypes.util.find_library asks.
    package_layer(
        name = "python3_libc_bin",
        include = [
            "/etc/ld.so.conf",
            "/etc/ld.so.conf.d/libc.conf",
            "/sbin/ldconfig",
        ],
        packages = ["@%s//libc-bin" % release.hub],
        slices = ["c-locale"],
        tags = _TAGS,
    )

    ld_so_cache_layer(
        name = "python3_ld_so_cache",
        base = ":cc",
        layers = layers_of(release.packages["python3"]) + select({
            COMPATIBLE: more,
            "//conditions:default": [],
        }),
        tags = _TAGS,
    )

    package_program(
        name = "python3_interpreter",
        files = ["/usr/lib/%s/**" % python],
        packages = ["@%s//%s-minimal" % (release.hub, python)],
        path = "/usr/bin/" + python,
        tags = _TAGS,
    )

    bytecode_layer(
        name = "python3_bytecode",
        interpreter = ":python3_interpreter",
        layers = layers_of([name for name in release.packages["python3"] if "python3" in name]),
        tags = _TAGS,
    )

    distroless_image(
        name = "python3",
        base = ":cc",
        debug_entrypoint = None,
        entrypoint = ["/usr/bin/" + python],
        env = {"LANG": "C.UTF-8"},
        layers = layers_of(release.packages["python3"]) + select({
            COMPATIBLE: more + ([":python3_ld_so_cache"] if "libc-bin" in release.compatible.packages.get("python3", []) else []),
            "//conditions:default": [
                ":python3_libc_bin",
                ":python3_ld_so_cache",
            ],
        }) + [":python3_links"],
        release = release,
        **kwargs
    )

def node_programs(*, release, **kwargs):  # buildifier: disable=unnamed-macro
    """Declares `nodejs`, Debian's, on `cc`.

    Args:
      release: (struct) of debian12.bzl or debian13.bzl.
      **kwargs: of all images, as for distroless_image.
    """
    distroless_image(
        name = "nodejs",
        base = ":cc",
        debug_entrypoint = None,
        entrypoint = ["/usr/bin/node"],
        layers = layers_of(release.packages["nodejs"]),
        release = release,
        **kwargs
    )
