"""`alternatives_layer`: the links of update-alternatives."""

load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "layer_providers")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")
load(":below.bzl", "BELOW_ATTRS", "layers_below")

_DOC = """The links that the packages' maintainer scripts would have made with update-alternatives(1).

```starlark
alternatives_layer(
    name = "alternatives",
    packages = ["@bookworm//mawk", "@bookworm//vim-tiny"],
    choices = {"editor": "/usr/bin/vim.tiny"},
)
```

Scripts are read, not run: `/usr/bin/awk` leads to `/etc/alternatives/awk`, and that to the candidate of the highest
priority that is in the image, slave links with it. Name the same `base`, `packages` and `layers` as the image, and this
layer after them.
"""

def _alternatives_layer_impl(ctx):
    return layer_providers(build_layer(
        ctx,
        mnemonic = "LayerAlternatives",
        lines = [request.files("listing", layers_below(ctx).listings)],
        settings = {"choices": ctx.attr.choices},
    ))

alternatives_layer = rule(
    implementation = _alternatives_layer_impl,
    doc = _DOC,
    attrs = dict(
        dict(LAYER_ATTRS, **BELOW_ATTRS),
        choices = attr.string_dict(
            doc = "Name of an alternative to the absolute path that it leads to, whatever the priorities.",
        ),
    ),
    toolchains = [TOOLCHAIN],
)
