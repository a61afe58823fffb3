"""`image_index`: images of several platforms as one."""

load("@bazel_skylib//rules:common_settings.bzl", "BuildSettingInfo")
load("//rules:providers.bzl", "ImageIndexInfo", "ImageInfo")
load("//rules/private:layer.bzl", "collect_layers")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")
load(":outputs.bzl", "layout_outputs")

_DOC = """One OCI index: images of several platforms under one name, of which each engine takes its own.

```starlark
image_index(
    name = "service_index",
    image = ":service",
    platforms = [
        "@rules_distill//platforms:linux_amd64",
        "@rules_distill//platforms:linux_arm64",
    ],
)
```

`image` is built once for each of `platforms`; it must not name a platform itself. Where the images differ in more than
their platform, name each in `manifests` instead.

The default output is the archive `<name>.tar`, with all images. The output groups `archive`, `oci_layout`, `index`,
`descriptor` and `digest` give the rest, `listing` and `lint` those of each image. docker before 25 knows no index in an
archive: `docker load` gives it an image for each platform, `<name>:latest-amd64` and so on.
"""

def _on_platforms_impl(_, attr):
    if not attr.platforms:
        return {}
    return {str(platform): {"//command_line_option:platforms": [str(platform)]} for platform in attr.platforms}

_on_platforms = transition(
    implementation = _on_platforms_impl,
    inputs = [],
    outputs = ["//command_line_option:platforms"],
)

def _targets(ctx):
    if bool(ctx.attr.image) == bool(ctx.attr.manifests):
        fail("%s: image and manifests say what is in the index, got %s; set one of them" % (
            request.name(ctx.label),
            "both" if ctx.attr.image else "neither",
        ))
    if bool(ctx.attr.image) != bool(ctx.attr.platforms):
        fail("%s: platforms says what image is built for, got %s; %s" % (
            request.name(ctx.label),
            "none" if ctx.attr.image else "platforms with manifests",
            "name at least one" if ctx.attr.image else "set the platform of each image in manifests",
        ))
    if ctx.attr.manifests:
        return ctx.attr.manifests
    return [ctx.split_attr.image[str(platform.label)] for platform in ctx.attr.platforms]

def _image_index_impl(ctx):
    name = ctx.label.name
    targets = _targets(ctx)
    images = [target[ImageInfo] for target in targets]
    info = ImageIndexInfo(
        index = ctx.actions.declare_file(name + ".index.json"),
        descriptor = ctx.actions.declare_file(name + ".descriptor.json"),
        images = images,
    )
    digest = ctx.actions.declare_file(name + ".digest")
    request.run(
        actions = ctx.actions,
        toolchain = ctx.toolchains[TOOLCHAIN],
        mnemonic = "ImageIndex",
        label = ctx.label,
        settings = {"annotations": ctx.attr.annotations},
        lines = [request.files("image", [image.descriptor for image in images])],
        outputs = {"index": info.index, "descriptor": info.descriptor, "digest": digest},
        message = "Assembling index %{label}",
    )
    layers = collect_layers(transitive = [image.layers for image in images])
    archive, layout = layout_outputs(
        ctx,
        repo_tags = ctx.attr.repo_tags,
        lines = [
            request.files("index", [info.index]),
            request.files("config", [image.config for image in images]),
            request.files("manifest", [image.manifest for image in images]),
            request.files("layer", layers.descriptors),
            request.files("blob", layers.blobs),
        ],
    )
    return [
        DefaultInfo(files = depset([archive] if ctx.attr._archive[BuildSettingInfo].value else [info.index])),
        info,
        OutputGroupInfo(
            archive = depset([archive]),
            descriptor = depset([info.descriptor]),
            digest = depset([digest]),
            index = depset([info.index]),
            lint = _group(targets, "lint"),
            listing = _group(targets, "listing"),
            oci_layout = depset([layout]),
            _validation = _group(targets, "_validation"),
        ),
    ]

def _group(targets, name):
    return depset(transitive = [target[OutputGroupInfo][name] for target in targets])

image_index = rule(
    implementation = _image_index_impl,
    doc = _DOC,
    attrs = {
        "annotations": attr.string_dict(doc = "Annotations of the index."),
        "image": attr.label(
            doc = "The image, which is built for each of `platforms`.",
            cfg = _on_platforms,
            providers = [ImageInfo],
        ),
        "manifests": attr.label_list(
            doc = "Images, each for a platform of its own, in this order.",
            providers = [ImageInfo],
        ),
        "platforms": attr.label_list(
            doc = "The platforms of `image`, in this order.",
            providers = [platform_common.PlatformInfo],
        ),
        "repo_tags": attr.string_list(
            doc = "Names that the index has in the archive and the layout; by default `<package>/<name>:latest`.",
        ),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
        "_archive": attr.label(default = Label("//rules/settings:archive")),
    },
    toolchains = [TOOLCHAIN],
)
