"""The rules of the repositories that a lock gives: a package's layer, the package with its dependencies."""

load("//rules:providers.bzl", "LayerInfo", "LayersInfo", "PackageInfo", "PackagesInfo", "SonamesInfo")
load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "collect_layers", "layer_providers")
load("//rules/private:packages.bzl", "package_lines")
load("//rules/private:request.bzl", "TOOLCHAIN")
load(":slices.bzl", "DEFAULT_DROP")

def _debian_package_layer_impl(ctx):
    package = PackageInfo(
        name = ctx.attr.package,
        version = ctx.attr.version,
        architecture = ctx.attr.architecture,
        deb = ctx.file.deb,
        sha256 = ctx.attr.sha256,
        size = ctx.attr.size,
    )
    layer = build_layer(
        ctx,
        mnemonic = "LayerDebian",
        settings = {"drop": DEFAULT_DROP, "exclude": [], "include": [], "slices": [], "usr_merged": True},
        lines = [package_lines(depset([package]), depset([package.deb]))],
        name = "_".join([package.name, package.version.replace(":", "_"), package.architecture]),
    )
    return layer_providers(layer, deb = depset([ctx.file.deb])) + [package]

debian_package_layer = rule(
    implementation = _debian_package_layer_impl,
    doc = "The layer of one locked package, all of it but what no image needs. Only repositories of packages use it.",
    attrs = dict(
        LAYER_ATTRS,
        architecture = attr.string(doc = "`Architecture` of the package.", mandatory = True),
        deb = attr.label(doc = "The .deb.", allow_single_file = True, mandatory = True),
        package = attr.string(doc = "`Package`.", mandatory = True),
        sha256 = attr.string(doc = "Hex, of the .deb; checked once more when it is read.", mandatory = True),
        size = attr.int(doc = "Bytes of the .deb.", mandatory = True),
        version = attr.string(doc = "`Version`.", mandatory = True),
    ),
    toolchains = [TOOLCHAIN],
)

def _with_dependencies(packages, depends):
    """PackagesInfo and LayersInfo of `packages` above all that `depends` bring."""
    layers = collect_layers(
        [target[LayerInfo] for target in packages],
        [target[LayersInfo] for target in depends],
    )
    infos = [target[PackageInfo] for target in packages]
    below = [target[PackagesInfo] for target in depends]
    return [
        layers,
        PackagesInfo(
            packages = depset(infos, transitive = [info.packages for info in below], order = "postorder"),
            debs = depset([info.deb for info in infos], transitive = [info.debs for info in below], order = "postorder"),
        ),
        OutputGroupInfo(
            deb = depset([info.deb for info in infos]),
            layers = layers.blobs,
            listings = layers.listings,
        ),
    ]

def _debian_package_impl(ctx):
    layer = ctx.attr.package[LayerInfo]
    return _with_dependencies([ctx.attr.package], ctx.attr.depends) + [
        DefaultInfo(files = depset([layer.blob])),
        ctx.attr.package[PackageInfo],
        SonamesInfo(indexes = depset(ctx.files.sonames)),
    ]

debian_package = rule(
    implementation = _debian_package_impl,
    doc = "A locked package with all that it depends on: its LayersInfo has a layer for each. Only hubs use it.",
    attrs = {
        "depends": attr.label_list(
            doc = "Packages, or cycles of them, that it depends on.",
            providers = [LayersInfo, PackagesInfo],
        ),
        "package": attr.label(doc = "Its own layer.", mandatory = True, providers = [LayerInfo, PackageInfo]),
        "sonames": attr.label(doc = "The index of the hub.", allow_single_file = True),
    },
)

def _debian_cycle_impl(ctx):
    return _with_dependencies(ctx.attr.packages, ctx.attr.depends)

debian_cycle = rule(
    implementation = _debian_cycle_impl,
    doc = "Packages that depend on each other, which targets cannot. Only hubs use it.",
    attrs = {
        "depends": attr.label_list(
            doc = "What they depend on beyond each other.",
            providers = [LayersInfo, PackagesInfo],
        ),
        "packages": attr.label_list(doc = "Their layers.", mandatory = True, providers = [LayerInfo, PackageInfo]),
    },
)

def _unlocked_package_impl(ctx):
    fail("%s: %s" % (ctx.attr.written, ctx.attr.message))

unlocked_package = rule(
    implementation = _unlocked_package_impl,
    doc = "A package that cannot be built, and the reason: its lock is stale, or it is left out. Only hubs use it.",
    attrs = {
        "message": attr.string(doc = "The reason.", mandatory = True),
        "written": attr.string(doc = "The target as a user writes it.", mandatory = True),
    },
    provides = [LayersInfo, PackageInfo, PackagesInfo],
)
