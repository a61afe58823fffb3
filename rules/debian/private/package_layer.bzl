"""`package_layer`: one layer from chosen files of packages."""

load("//rules:providers.bzl", "PackageInfo", "PackagesInfo")
load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "layer_providers")
load("//rules/private:metadata.bzl", "METADATA_ATTRS", "metadata_settings")
load("//rules/private:packages.bzl", "package_lines", "soname_indexes")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")
load(":slices.bzl", "DEFAULT_DROP")

_DOC = """One layer from several locked packages, or from a part of their files.

```starlark
package_layer(
    name = "locale",
    packages = ["@bookworm//libc-bin"],
    slices = ["c-locale"],
)
```

Slices that every package has, such as `libs`, `bins` or `config`, stand by themselves. Those with a package in front are
of the catalogue, //rules/debian/slices, or of files of the same form in `catalogue`; each brings what it needs:

```starlark
package_layer(
    name = "redis",
    packages = ["@bookworm//redis-server"],
    slices = ["redis-server/server"],
    transitive = True,
)
```

`modes` and `owners` stand for what maintainer scripts would have changed with chmod, chown or dpkg-statoverride:

```starlark
package_layer(
    name = "postgres",
    modes = {"/var/log/postgresql": "1775"},
    owners = {"/var/log/postgresql": "0:103"},
    packages = ["@bookworm//postgresql-common"],
)
```

Where all slices are of the catalogue, packages of which nothing is taken stay away, with their status entries too.

An image's `packages` bring a layer for each package, which images share; this rule is for what they do not give: just
some files of a package, or many small packages in one layer. Copyright files and the packages' status entries always
come along.
"""

def _package_layer_impl(ctx):
    if ctx.attr.transitive:
        infos = [target[PackagesInfo] for target in ctx.attr.packages]
        packages = depset(transitive = [info.packages for info in infos], order = "postorder")
        debs = depset(transitive = [info.debs for info in infos], order = "postorder")
    else:
        packages = depset([target[PackageInfo] for target in ctx.attr.packages])
        debs = depset([target[PackageInfo].deb for target in ctx.attr.packages])
    lines = [package_lines(packages, debs)]
    if any(["/" in name for name in ctx.attr.slices]):
        lines.append(request.files("catalogue", ctx.files._catalogue, map_each = request.fields.short_path))
        lines.append(request.files("catalogue", ctx.files.catalogue, map_each = request.fields.short_path, user = True))
    layer = build_layer(
        ctx,
        mnemonic = "LayerDebian",
        settings = {
            "drop": ctx.attr.drop,
            "exclude": ctx.attr.exclude,
            "include": ctx.attr.include,
            "provided": ctx.attr.provided,
            "slices": ctx.attr.slices,
            "usr_merged": ctx.attr.usr_merged,
        } | metadata_settings(ctx),
        lines = lines,
    )
    return layer_providers(layer) + [soname_indexes(ctx.attr.packages)]

package_layer = rule(
    implementation = _package_layer_impl,
    doc = _DOC,
    attrs = dict(
        LAYER_ATTRS | METADATA_ATTRS,
        catalogue = attr.label_list(
            doc = "More files of slices, whose slices stand instead of ours of the same name. //rules/debian/slices has " +
                  "examples.",
            allow_files = [".yaml"],
        ),
        drop = attr.string_list(
            doc = "Slices to leave out. The default is what a minimal image does without.",
            default = DEFAULT_DROP,
        ),
        exclude = attr.string_list(doc = "Globs of paths to leave out, whatever else says so."),
        include = attr.string_list(doc = "Globs of paths to take although their slice is left out."),
        packages = attr.label_list(
            doc = "Locked packages, such as `@bookworm//libc6`.",
            mandatory = True,
            providers = [PackageInfo, PackagesInfo],
        ),
        provided = attr.string_list(
            doc = "Names of packages that other layers of the image bring: what slices need of them is left out here.",
        ),
        slices = attr.string_list(
            doc = "Slices to take, as `libs` of all packages or `libc6/libs` of one; empty takes all but `drop`.",
        ),
        transitive = attr.bool(doc = "Whether all that the packages depend on comes along."),
        usr_merged = attr.bool(
            doc = "Whether /bin, /sbin and /lib* become links into /usr. One image is merged wholly or not at all.",
            default = True,
        ),
        _catalogue = attr.label(default = Label("//rules/debian/slices")),
    ),
    toolchains = [TOOLCHAIN],
)
