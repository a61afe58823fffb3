"""`rootfs_layer`: the directories that programs take for granted."""

load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "layer_providers")
load("//rules/private:metadata.bzl", "octal_mode")
load("//rules/private:paths.bzl", "image_path")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")

_DOC = """The directories that programs take for granted.

```starlark
rootfs_layer(
    name = "rootfs",
    directories = {"/srv": "0755"},
)
```

/tmp and /var/tmp (1777), /run with /var/run as a link to it, /home, /root and the rest of the FHS.
"""

# What programs take for granted (FHS 3.0), with the modes that Debian's base-files gives.
_DIRECTORIES = {
    "boot": "0755",
    "dev": "0755",
    "etc": "0755",
    "home": "0755",
    "proc": "0755",
    "root": "0700",
    "run": "0755",
    "run/lock": "1777",
    "sys": "0755",
    "tmp": "1777",
    "usr": "0755",
    "usr/bin": "0755",
    "usr/lib": "0755",
    "usr/sbin": "0755",
    "var": "0755",
    "var/cache": "0755",
    "var/lib": "0755",
    "var/log": "0755",
    "var/tmp": "1777",
}

_SYMLINKS = {
    "var/lock": "/run/lock",
    "var/run": "/run",
}

# What moved into /usr (file-hierarchy(7)); directories where nothing did.
_USR_MERGED = {
    "bin": "usr/bin",
    "lib": "usr/lib",
    "sbin": "usr/sbin",
}

def _rootfs_layer_impl(ctx):
    symlinks = dict(_SYMLINKS)
    directories = dict(_DIRECTORIES)
    if ctx.attr.usr_merged:
        symlinks.update(_USR_MERGED)
    else:
        directories.update({path: "0755" for path in _USR_MERGED})
    for path, mode in ctx.attr.directories.items():
        directories[image_path(path, ctx.label, "directories")] = octal_mode(mode, ctx.label, "directories")
    return layer_providers(build_layer(
        ctx,
        mnemonic = "LayerFiles",
        lines = [
            request.entry("directory", dest = path, mode = mode, uid = 0, gid = 0)
            for path, mode in directories.items()
        ] + [
            request.entry("symlink", dest = path, link = link, uid = 0, gid = 0)
            for path, link in symlinks.items()
        ],
    ))

rootfs_layer = rule(
    implementation = _rootfs_layer_impl,
    doc = _DOC,
    attrs = dict(
        LAYER_ATTRS,
        directories = attr.string_dict(
            doc = "More directories, or other modes: absolute path to mode in octal.",
        ),
        usr_merged = attr.bool(
            doc = "Whether /bin, /sbin and /lib are links into /usr. An image is merged wholly or not at all.",
            default = True,
        ),
    ),
    toolchains = [TOOLCHAIN],
)
