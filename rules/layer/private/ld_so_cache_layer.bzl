"""`ld_so_cache_layer`: where the loader finds libraries."""

load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "layer_providers")
load("//rules/private:paths.bzl", "image_path")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")
load(":below.bzl", "BELOW_ATTRS", "layers_below")

_DOC = """/etc/ld.so.cache (ldconfig(8)) of an image, from what is in its layers.

```starlark
ld_so_cache_layer(
    name = "cache",
    base = "@rules_distill//distroless:cc",
    packages = ["@bookworm//libpq5"],
    directories = ["/opt/vendor/lib"],
)
```

The loader finds libraries in the usual directories without it. It is needed for libraries in other directories, and by
programs that ask `ldconfig -p`, such as Python's `ctypes.util.find_library`. The bytes are those that ldconfig would write,
for any architecture; links of sonames that are not there are made, as ldconfig does. Name the same `base`, `packages` and
`layers` as the image, and this layer after them.
"""

def _ld_so_cache_layer_impl(ctx):
    return layer_providers(build_layer(
        ctx,
        mnemonic = "LayerLdSoCache",
        lines = [request.files("listing", layers_below(ctx).listings)],
        settings = {
            "directories": ["/" + image_path(path, ctx.label, "directories") for path in ctx.attr.directories],
        },
    ))

ld_so_cache_layer = rule(
    implementation = _ld_so_cache_layer_impl,
    doc = _DOC,
    attrs = dict(
        dict(LAYER_ATTRS, **BELOW_ATTRS),
        directories = attr.string_list(
            doc = "Directories to search before those of the image's /etc/ld.so.conf and the system's.",
        ),
    ),
    toolchains = [TOOLCHAIN],
)
