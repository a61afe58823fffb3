"""`assets_layer`: media and static files in a layer of their own, or outside of the image."""

load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "layer_providers")
load("//rules/private:metadata.bzl", "owner_fields")
load("//rules/private:paths.bzl", "image_folder", "image_path")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")
load(":strip_prefix.bzl", "STRIP_PREFIX_DOC", "stripped_prefix")

_DOC = """Media and static files in a layer of their own, so that a change of the program does not move them, nor the reverse.

```starlark
assets_layer(
    name = "static",
    srcs = glob(["static/**"]),
    strip_prefix = "static",
    prefix = "/srv/app/static",
)
```

Their bytes stay as they are. Pictures, films and fonts are compressed already, and nobody compresses them again: as in
every layer, a chunk of which a sample does not shrink is stored.

With `external = True` the image has none of them. They are for hosting elsewhere: the output group `bundle` is a directory of
them under names with hashes (`css/app.3f2a9c01b7de.css`), which may be cached for ever, and the layer holds just the manifest
that maps paths to these names, at `manifest` below `prefix`. It has the form of `staticfiles.json`, as Django's
`ManifestStaticFilesStorage` reads it (`paths`), and the size and sha256 of each file (`files`). What is in the files is not
rewritten: where they name one another, as style sheets do, `hash_names = False` keeps the names.

The output groups `bundle`, `manifest` and `report` (text: files and bytes of each kind) are there in both modes, and are made
only when something asks for them.
"""

def _assets_layer_impl(ctx):
    name = ctx.label.name
    sources = depset(transitive = [target[DefaultInfo].files for target in ctx.attr.srcs])
    strip_prefix = stripped_prefix(ctx)
    below = image_folder(ctx.attr.prefix, ctx.label, "prefix")
    owner = owner_fields(ctx.attr.owner, ctx.label, "owner")
    bundle = ctx.actions.declare_directory(name + ".bundle")
    manifest = ctx.actions.declare_file(name + ".manifest.json")
    report = ctx.actions.declare_file(name + ".assets.txt")
    request.run(
        actions = ctx.actions,
        toolchain = ctx.toolchains[TOOLCHAIN],
        mnemonic = "AssetsBundle",
        label = ctx.label,
        settings = {"hash_names": ctx.attr.hash_names},
        lines = [_files(sources, strip_prefix, "", {})],
        outputs = {"bundle": bundle, "manifest": manifest, "report": report},
        message = "Bundling assets %{label}",
    )
    if ctx.attr.external:
        if not ctx.attr.manifest:
            fail("%s: manifest needs a path for an image without the files, got an empty one; name it, relative to prefix" %
                 request.name(ctx.label))
        path = image_path("/%s/%s" % (below, ctx.attr.manifest), ctx.label, "manifest")
        line = request.files("src", [manifest], map_each = request.fields.tree, dest = path, mode = "0644", **owner)
    else:
        line = _files(sources, strip_prefix, below, dict(owner, mode = "0644"))
    layer = build_layer(ctx, mnemonic = "LayerFiles", lines = [line])
    return layer_providers(
        layer,
        bundle = depset([bundle]),
        manifest = depset([manifest]),
        report = depset([report]),
    )

def _files(sources, strip_prefix, below, metadata):
    return request.files(
        "src",
        sources,
        map_each = request.fields.short_path,
        below = below,
        strip_prefix = strip_prefix,
        **metadata
    )

assets_layer = rule(
    implementation = _assets_layer_impl,
    doc = _DOC,
    attrs = dict(
        LAYER_ATTRS,
        external = attr.bool(
            doc = "Whether the files are hosted elsewhere, so that the layer holds the manifest alone.",
        ),
        hash_names = attr.bool(
            doc = "Whether the names in the bundle have hashes.",
            default = True,
        ),
        manifest = attr.string(
            doc = "Where below `prefix` an image without the files has their manifest.",
            default = "staticfiles.json",
        ),
        owner = attr.string(
            doc = "The owner of all files, `uid:gid`, numbers.",
            default = "0:0",
        ),
        prefix = attr.string(
            doc = "The directory in the image below which the files go.",
            default = "/",
        ),
        srcs = attr.label_list(
            doc = "The files; they keep their paths relative to this package.",
            allow_files = True,
            mandatory = True,
        ),
        strip_prefix = attr.string(doc = STRIP_PREFIX_DOC),
    ),
    toolchains = [TOOLCHAIN],
)
