"""`nsswitch_layer`: which services answer for users, groups and hosts."""

load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "layer_providers")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")

_DOC = """/etc/nsswitch.conf (nsswitch.conf(5)).

```starlark
nsswitch_layer(
    name = "nsswitch",
    databases = {"hosts": "files"},
)
```

Without it glibc's own default looks hosts up in DNS before /etc/hosts.
"""

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

def _nsswitch_layer_impl(ctx):
    databases = dict(_NSSWITCH, **ctx.attr.databases)
    for name, services in databases.items():
        if not name.replace("_", "").isalnum():
            fail("%s: databases needs names of letters, digits and _, got %r; see nsswitch.conf(5)" % (request.name(ctx.label), name))
        if not services.strip() or "\n" in services:
            fail("%s: databases needs the services of %s on one line, got %r; write \"files dns\"" %
                 (request.name(ctx.label), name, services))
    text = "".join([(name + ":" + " " * 16)[:max(16, len(name) + 2)] + services + "\n" for name, services in databases.items()])
    return layer_providers(build_layer(
        ctx,
        mnemonic = "LayerFiles",
        lines = [request.entry("content", dest = "etc/nsswitch.conf", text = text, mode = "0644", uid = 0, gid = 0)],
    ))

nsswitch_layer = rule(
    implementation = _nsswitch_layer_impl,
    doc = _DOC,
    attrs = dict(
        LAYER_ATTRS,
        databases = attr.string_dict(
            doc = "Services by database, over the default (`files` for all, `files dns` for hosts).",
        ),
    ),
    toolchains = [TOOLCHAIN],
)
