"""`nsswitch_layer`, `os_release_layer` and `rootfs_layer`: small files that minimal images forget."""

load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "layer_providers")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")
load(":paths.bzl", "image_path")

# Debian's order (base-files), without the services that need modules which libc6 does not carry.
_NSSWITCH = {
    "passwd": "files",
    "group": "files",
    "shadow": "files",
    "gshadow": "files",
    "hosts": "files dns",
    "networks": "files",
    "protocols": "files",
    "services": "files",
    "ethers": "files",
    "rpc": "files",
    "netgroup": "files",
}

def _content_layer(ctx, path, text):
    return layer_providers(build_layer(
        ctx,
        mnemonic = "LayerFiles",
        lines = [request.entry("content", dest = path, text = text, mode = "0644", uid = 0, gid = 0)],
    ))

def _nsswitch_layer_impl(ctx):
    databases = dict(_NSSWITCH, **ctx.attr.databases)
    for name, services in databases.items():
        if not services or "\n" in services:
            fail("%s: databases needs the services of %s on one line, got %r; write \"files dns\"" %
                 (request.name(ctx.label), name, services))
    return _content_layer(
        ctx,
        "etc/nsswitch.conf",
        "".join([(name + ":" + " " * 16)[:16] + services + "\n" for name, services in databases.items()]),
    )

nsswitch_layer = rule(
    implementation = _nsswitch_layer_impl,
    doc = "/etc/nsswitch.conf (nsswitch.conf(5)). Without it glibc's own default looks hosts up in DNS before /etc/hosts.",
    attrs = dict(
        LAYER_ATTRS,
        databases = attr.string_dict(
            doc = "Services by database, over the default (`files` for all, `files dns` for hosts).",
        ),
    ),
    toolchains = [TOOLCHAIN],
)

def _quote(value):
    # os-release(5): double quotes, with a backslash before what a shell would read.
    for character in ["\\", "\"", "$", "`"]:
        value = value.replace(character, "\\" + character)
    return "\"" + value + "\""

def _os_release_layer_impl(ctx):
    text = ""
    for key, value in ctx.attr.fields.items():
        if not key or key != key.upper() or not key.replace("_", "").isalnum() or key[0].isdigit():
            fail("%s: fields needs names of upper-case letters, digits and _, got %r; see os-release(5)" %
                 (request.name(ctx.label), key))
        if "\n" in value:
            fail("%s: fields needs values of one line, got %r for %s; see os-release(5)" % (request.name(ctx.label), value, key))
        text += key + "=" + _quote(value) + "\n"
    path = "usr/lib/os-release"
    return layer_providers(build_layer(
        ctx,
        mnemonic = "LayerFiles",
        lines = [
            request.entry("content", dest = path, text = text, mode = "0644", uid = 0, gid = 0),
            request.entry("symlink", dest = "etc/os-release", link = "../usr/lib/os-release", uid = 0, gid = 0),
        ],
    ))

os_release_layer = rule(
    implementation = _os_release_layer_impl,
    doc = "/usr/lib/os-release (os-release(5)) with /etc/os-release as a link to it. Scanners find the distribution by ID and VERSION_ID.",
    attrs = dict(
        LAYER_ATTRS,
        fields = attr.string_dict(
            doc = "The fields, in order. Values are quoted as needed.",
            default = {
                "PRETTY_NAME": "Debian GNU/Linux 12 (bookworm), distilled",
                "NAME": "Debian GNU/Linux",
                "ID": "debian",
                "VERSION_ID": "12",
                "VERSION": "12 (bookworm)",
                "VERSION_CODENAME": "bookworm",
            },
        ),
    ),
    toolchains = [TOOLCHAIN],
)

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

_USR_MERGED = {
    "bin": "usr/bin",
    "lib": "usr/lib",
    "sbin": "usr/sbin",
}

def _rootfs_layer_impl(ctx):
    symlinks = dict(_SYMLINKS)
    if ctx.attr.usr_merged:
        symlinks.update(_USR_MERGED)
    directories = dict(_DIRECTORIES)
    for path, mode in ctx.attr.directories.items():
        directories[image_path(path, ctx.label, "directories")] = mode
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
    doc = "The directories that programs take for granted: /tmp and /var/tmp (1777), /run with /var/run as a link to it, /home, /root and the rest of the FHS.",
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
