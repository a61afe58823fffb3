"""What all layer rules share: attributes, and the outputs of a layer."""

load("@bazel_skylib//rules:common_settings.bzl", "BuildSettingInfo")
load("//rules:providers.bzl", "LayerInfo", "LayersInfo")
load(":request.bzl", "TOOLCHAIN", "request")

COMPRESSIONS = ["gzip", "zstd", "uncompressed"]
LEVELS = ["fast", "default", "best"]

LAYER_ATTRS = {
    "compression": attr.string(
        doc = "How the blob is compressed: `gzip`, `zstd` or `uncompressed`; `auto` takes the build flag " +
              "`//rules/settings:compression`.",
        default = "auto",
        values = ["auto"] + COMPRESSIONS,
    ),
    "compression_level": attr.string(
        doc = "How hard: `fast`, `default` or `best`; `auto` takes the build flag " +
              "`//rules/settings:compression_level`.",
        default = "auto",
        values = ["auto"] + LEVELS,
    ),
    "_compression": attr.label(default = Label("//rules/settings:compression")),
    "_compression_level": attr.label(default = Label("//rules/settings:compression_level")),
}

_EXTENSIONS = {"gzip": ".tar.gz", "zstd": ".tar.zst", "uncompressed": ".tar"}

def _choice(value, flag):
    return flag[BuildSettingInfo].value if value == "auto" else value

def build_layer(ctx, *, mnemonic, lines, settings = {}, more_outputs = {}, name = None, tools = []):
    """Starts the action that makes a layer.

    Args:
      ctx: the rule's context; its attributes include LAYER_ATTRS, its toolchains TOOLCHAIN.
      mnemonic: (string) the command.
      lines: (list) of `request.files` and `request.entry`.
      settings: (dict) settings beyond compression.
      more_outputs: (dict[string, File]) outputs beyond blob, descriptor and listing.
      name: (string) what the outputs are named after; the target's name if None.
      tools: (list[FilesToRunProvider]) as for `request.run`.

    Returns:
      LayerInfo.
    """
    compression = _choice(ctx.attr.compression, ctx.attr._compression)
    level = _choice(ctx.attr.compression_level, ctx.attr._compression_level)
    name = name or ctx.label.name
    layer = LayerInfo(
        blob = ctx.actions.declare_file(name + _EXTENSIONS[compression]),
        descriptor = ctx.actions.declare_file(name + ".descriptor.json"),
        listing = ctx.actions.declare_file(name + ".listing.jsonl"),
    )
    request.run(
        actions = ctx.actions,
        toolchain = ctx.toolchains[TOOLCHAIN],
        mnemonic = mnemonic,
        label = ctx.label,
        settings = dict(settings, compression = compression, level = level),
        lines = lines,
        outputs = dict(more_outputs, blob = layer.blob, descriptor = layer.descriptor, listing = layer.listing),
        message = "Building layer %{label}",
        tools = tools,
    )
    return layer

def collect_layers(direct = [], transitive = []):
    """Puts layers in order: first the transitive ones, left to right, then the direct ones; each stands once.

    Args:
      direct: (list[LayerInfo]) the uppermost layers.
      transitive: (list[LayersInfo]) the layers below.

    Returns:
      LayersInfo.
    """
    return LayersInfo(
        blobs = depset([layer.blob for layer in direct], transitive = [t.blobs for t in transitive], order = "postorder"),
        descriptors = depset(
            [layer.descriptor for layer in direct],
            transitive = [t.descriptors for t in transitive],
            order = "postorder",
        ),
        listings = depset([layer.listing for layer in direct], transitive = [t.listings for t in transitive], order = "postorder"),
    )

def layer_providers(layer, debug_parts = None, **output_groups):
    """What every layer rule returns.

    Args:
      layer: (LayerInfo) the layer.
      debug_parts: (DebugPartsInfo) of the stripped programs in it; None for a layer that cannot have any.
      **output_groups: (depset[File]) groups beyond blob, descriptor and listing.

    Returns:
      A list of providers; the default output is the blob.
    """
    return [
        DefaultInfo(files = depset([layer.blob])),
        layer,
        collect_layers([layer]),
        OutputGroupInfo(
            blob = depset([layer.blob]),
            descriptor = depset([layer.descriptor]),
            listing = depset([layer.listing]),
            **output_groups
        ),
    ] + ([debug_parts] if debug_parts else [])
