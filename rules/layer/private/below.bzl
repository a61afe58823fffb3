"""What is in an image below a layer that is made from it."""

load("//rules:providers.bzl", "ImageInfo", "LayersInfo")
load("//rules/private:layer.bzl", "collect_layers")

BELOW_ATTRS = {
    "base": attr.label(doc = "The base of the image.", providers = [ImageInfo]),
    "layers": attr.label_list(doc = "The other layers of the image.", providers = [LayersInfo]),
    "packages": attr.label_list(doc = "The packages of the image.", providers = [LayersInfo]),
}

def layers_below(ctx):
    """The layers of the attributes in BELOW_ATTRS, lowest first.

    Args:
      ctx: the rule's context.

    Returns:
      (LayersInfo) the layers of the base, then those of `packages` and `layers`.
    """
    return collect_layers(transitive = ([ctx.attr.base[ImageInfo].layers] if ctx.attr.base else []) +
                                       [target[LayersInfo] for target in ctx.attr.packages + ctx.attr.layers])
