"""What is made from an image when it is asked for: archive, layout, listing, SBOM."""

load("//rules/private:request.bzl", "TOOLCHAIN", "request")

def _names(ctx, repo_tags):
    if repo_tags:
        return repo_tags
    package = ctx.label.package.lower()
    return ["%s:latest" % (package + "/" + ctx.label.name.lower() if package else ctx.label.name.lower())]

def with_blobs(info):
    """The lines of a request that reads the bytes of an image.

    Args:
      info: (ImageInfo) the image.

    Returns:
      A list of `request.files`.
    """
    return [
        # A bad image shall not come out, even where a build goes on after the check or lint has failed.
        request.after([info.report, info.lint]),
        request.files("config", [info.config]),
        request.files("manifest", [info.manifest]),
        request.files("layer", info.layers.descriptors),
        request.files("blob", info.layers.blobs),
    ]

def _run(ctx, mnemonic, lines, out, settings, message):
    request.run(
        actions = ctx.actions,
        toolchain = ctx.toolchains[TOOLCHAIN],
        mnemonic = mnemonic,
        label = ctx.label,
        settings = settings,
        lines = lines,
        outputs = out,
        message = message,
    )

def layout_outputs(ctx, *, lines, repo_tags):
    """Declares the archive, an OCI layout in one tar that `docker load` reads too, and the layout as a directory.

    Args:
      ctx: the rule's context.
      lines: (list) of `request.files`: documents, descriptors and blobs, of an image or of an index.
      repo_tags: (list[string]) the names it has there, and gets when it is loaded.

    Returns:
      (tuple[File, File]) `<name>.tar` and the directory `<name>.oci`.
    """
    archive = ctx.actions.declare_file(ctx.label.name + ".tar")
    layout = ctx.actions.declare_directory(ctx.label.name + ".oci")
    settings = {"repo_tags": _names(ctx, repo_tags)}
    _run(ctx, "ImageArchive", lines, {"archive": archive}, settings, "Archiving image %{label}")
    _run(ctx, "ImageLayout", lines, {"layout": layout}, settings, "Laying out image %{label}")
    return archive, layout

def image_listing(ctx, info):
    """Declares the listing of the whole image, as an engine would see it.

    Args:
      ctx: the rule's context.
      info: (ImageInfo) the image.

    Returns:
      (File) `<name>.listing.jsonl`.
    """
    listing = ctx.actions.declare_file(ctx.label.name + ".listing.jsonl")
    _run(
        ctx,
        "ImageListing",
        [request.files("listing", info.layers.listings)],
        {"listing": listing},
        {},
        "Listing image %{label}",
    )
    return listing

def image_sbom(ctx, info):
    """Declares the software bill of materials, SPDX 2.3 JSON.

    Args:
      ctx: the rule's context.
      info: (ImageInfo) the image.

    Returns:
      (File) `<name>.spdx.json`.
    """
    sbom = ctx.actions.declare_file(ctx.label.name + ".spdx.json")
    _run(
        ctx,
        "ImageSbom",
        [
            request.files("manifest", [info.manifest]),
            request.files("layer", info.layers.descriptors),
            request.files("listing", info.layers.listings),
        ],
        {"sbom": sbom},
        {},
        "Listing the packages of image %{label}",
    )
    return sbom
