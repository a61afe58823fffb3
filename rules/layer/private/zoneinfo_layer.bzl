"""`zoneinfo_layer`: time zones."""

load("//rules:providers.bzl", "PackageInfo")
load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "layer_providers")
load("//rules/private:packages.bzl", "package_lines")
load("//rules/private:request.bzl", "TOOLCHAIN")

_DOC = """/usr/share/zoneinfo from a locked tzdata package: all of it, or the zones that are named, with what they link to.

```starlark
zoneinfo_layer(
    name = "zoneinfo",
    package = "@bookworm//tzdata",
    zones = ["Etc/UTC", "Europe/Berlin"],
)
```
"""

def _zoneinfo_layer_impl(ctx):
    package = ctx.attr.package[PackageInfo]
    layer = build_layer(
        ctx,
        mnemonic = "LayerZoneinfo",
        lines = [package_lines(depset([package]), depset([package.deb]))],
        settings = {"zones": ctx.attr.zones, "variants": ctx.attr.variants, "localtime": ctx.attr.localtime},
    )
    return layer_providers(layer)

zoneinfo_layer = rule(
    implementation = _zoneinfo_layer_impl,
    doc = _DOC,
    attrs = dict(
        LAYER_ATTRS,
        localtime = attr.string(
            doc = "The zone that /etc/localtime links to; empty makes no link, and programs use UTC.",
        ),
        package = attr.label(
            doc = "The locked tzdata package.",
            mandatory = True,
            providers = [PackageInfo],
        ),
        variants = attr.bool(
            doc = "Whether the `posix/` and `right/` (leap second) trees come along.",
        ),
        zones = attr.string_list(
            doc = "Zones by their IANA names; empty takes all. An unknown one is an error that names near ones.",
        ),
    ),
    toolchains = [TOOLCHAIN],
)
