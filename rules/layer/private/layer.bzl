"""`layer`: files, directories and links of the build as one layer."""

load("@rules_pkg//pkg:providers.bzl", "PackageDirsInfo", "PackageFilegroupInfo", "PackageFilesInfo", "PackageSymlinkInfo")
load("//rules/private:debug_parts.bzl", "debug_parts_of")
load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "layer_providers")
load("//rules/private:metadata.bzl", "METADATA_ATTRS", "metadata_settings", "octal_mode", "owner_fields")
load("//rules/private:paths.bzl", "image_folder", "image_path")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")
load(":pkg.bzl", "pkg_lines")
load(":strip_prefix.bzl", "STRIP_PREFIX_DOC", "stripped_prefix")

_DOC = """One layer of files, directories and links.

```starlark
layer(
    name = "app",
    files = {"//app:server": "/usr/bin/server"},
    srcs = glob(["templates/**"]),
    prefix = "/srv/app",
    directories = ["/var/lib/app"],
    symlinks = {"/usr/bin/app": "server"},
    owners = {"/var/lib/app": "65532:65532"},
    modes = {"/var/lib/app": "0750"},
)
```

Parents that nothing names are added as `0755 0:0`. Two sources for one path are an error that names both, unless their
bytes and metadata are equal. A file is `0755` if it is an ELF program or library or begins with `#!`, else `0644`: the
bits on disk say nothing, because Bazel makes every output executable, and a remote executor every input.
"""

_PKG_PROVIDERS = [PackageFilesInfo, PackageDirsInfo, PackageSymlinkInfo, PackageFilegroupInfo]

def _layer_impl(ctx):
    lines = []
    owner = owner_fields(ctx.attr.owner, ctx.label, "owner")
    mode = octal_mode(ctx.attr.mode, ctx.label, "mode") if ctx.attr.mode else ""
    for target, dest in ctx.attr.files.items():
        files = target[DefaultInfo].files
        if dest.endswith("/"):
            below = image_folder(dest, ctx.label, "files")
            lines.append(request.files("src", files, map_each = request.fields.named, below = below, mode = mode, **owner))
        else:
            path = image_path(dest, ctx.label, "files")
            lines.append(request.files("src", files, map_each = request.fields.tree, dest = path, mode = mode, **owner))
    plain = []
    for target in ctx.attr.srcs:
        if any([provider in target for provider in _PKG_PROVIDERS]):
            lines.extend(pkg_lines(target, ctx.label))
        else:
            plain.append(target[DefaultInfo].files)
    if plain:
        lines.append(request.files(
            "src",
            depset(transitive = plain),
            map_each = request.fields.short_path,
            below = image_folder(ctx.attr.prefix, ctx.label, "prefix"),
            strip_prefix = stripped_prefix(ctx),
            mode = mode,
            **owner
        ))
    for path in ctx.attr.directories:
        lines.append(request.entry("directory", dest = image_path(path, ctx.label, "directories"), mode = "0755", **owner))
    for path in ctx.attr.empty_files:
        lines.append(request.entry("content", dest = image_path(path, ctx.label, "empty_files"), text = "", mode = "0644", **owner))
    for path, link in ctx.attr.symlinks.items():
        if not link:
            fail("%s: symlinks needs a target for %s, got an empty one; name the file it points to" % (request.name(ctx.label), path))
        lines.append(request.entry("symlink", dest = image_path(path, ctx.label, "symlinks"), link = link, **owner))
    layer = build_layer(
        ctx,
        mnemonic = "LayerFiles",
        lines = lines,
        settings = {"mtime": ctx.attr.mtime} | metadata_settings(ctx),
    )
    return layer_providers(layer, debug_parts = debug_parts_of(ctx.attr.files.keys() + ctx.attr.srcs))

layer = rule(
    implementation = _layer_impl,
    doc = _DOC,
    attrs = dict(
        LAYER_ATTRS | METADATA_ATTRS,
        directories = attr.string_list(
            doc = "Directories to make, as absolute paths; `0755` unless `modes` says otherwise.",
        ),
        empty_files = attr.string_list(
            doc = "Empty files to make, as absolute paths; `0644` unless `modes` says otherwise.",
        ),
        files = attr.label_keyed_string_dict(
            doc = "Where each file goes: target to absolute path. Into a path that ends in `/` go all files and directories " +
                  "of the target, by their base names; without the slash the target is one file, or one directory, and gets that path.",
            allow_files = True,
        ),
        mode = attr.string(
            doc = "The mode of all files, in octal; empty is `0755` for ELF programs, libraries and scripts, else `0644`.",
        ),
        mtime = attr.int(
            doc = "The modification time of every entry, seconds since 1970.",
        ),
        owner = attr.string(
            doc = "The owner of all entries, `uid:gid`, numbers.",
            default = "0:0",
        ),
        prefix = attr.string(
            doc = "The directory in the image below which `srcs` go.",
            default = "/",
        ),
        srcs = attr.label_list(
            doc = "Files that keep their paths relative to this package below `prefix`; also `pkg_files`, `pkg_mkdirs`, " +
                  "`pkg_mklink` and `pkg_filegroup` of rules_pkg, which say themselves where they go.",
            allow_files = True,
        ),
        strip_prefix = attr.string(doc = STRIP_PREFIX_DOC),
        symlinks = attr.string_dict(
            doc = "Symbolic links: absolute path of the link to its target as it is to stand in the link.",
        ),
    ),
    toolchains = [TOOLCHAIN],
)
