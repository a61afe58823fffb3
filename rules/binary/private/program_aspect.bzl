"""An aspect over a program: its main file, where it is Python, and a layer for each distribution that it depends on."""

load("@rules_python//python:py_info.bzl", "PyInfo")
load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "collect_layers")
load("//rules/private:request.bzl", "TOOLCHAIN")
load(":runfiles.bzl", "file_lines")

THIRD_PARTY = ["auto", "none", "one", "each"]

ProgramAspectInfo = provider(
    doc = "What the aspect knows of a target.",
    fields = {
        "external": "(bool) Whether it has Python code of an external repository.",
        "layers": "(LayersInfo) With `third_party = \"each\"`, a layer for each such repository's library; else none.",
        "main": "(File) The main file of a Python program; None if it has none.",
        "main_module": "(string) The module that a Python program runs, in place of a file; empty if there is none.",
    },
)

def _program_aspect_impl(target, ctx):
    dependencies = [dep[ProgramAspectInfo] for dep in _targets(ctx.rule.attr, "deps") if ProgramAspectInfo in dep]
    layers = collect_layers(transitive = [info.layers for info in dependencies])
    external = any([info.external for info in dependencies])
    main = None
    if PyInfo in target:
        main = _main(target, ctx)
        repository = target.label.repo_name
        files = [file for name in ["srcs", "data", "pyi_srcs"] for file in getattr(ctx.rule.files, name, [])]
        if repository and files:
            external = True
            if ctx.attr.third_party == "each":
                layers = collect_layers([build_layer(
                    ctx,
                    mnemonic = "LayerFiles",
                    lines = file_lines(files, ctx.workspace_name, only = "../%s/" % repository),
                    name = "%s.runfiles_layer_%s_%s" % (target.label.name, ctx.attr.compression, ctx.attr.compression_level),
                )], [layers])
    return [ProgramAspectInfo(
        external = external,
        layers = layers,
        main = main,
        main_module = getattr(ctx.rule.attr, "main_module", None) or "",
    )]

def _targets(attributes, name):
    value = getattr(attributes, name, None) or []
    return value if type(value) in ("list", "dict") else [value]

def _main(target, ctx):
    """The main file, chosen as py_binary does: `main`, else the source that is named as the target."""
    files = getattr(ctx.rule.files, "main", [])
    if files:
        return files[0]
    sources = getattr(ctx.rule.files, "srcs", [])
    named = [file for file in sources if file.basename == target.label.name.split("/")[-1] + ".py"]
    return (named or (sources if len(sources) == 1 else []) or [None])[0]

program_aspect = aspect(
    implementation = _program_aspect_impl,
    doc = "Goes from a program along `deps`.",
    attr_aspects = ["deps"],
    attrs = dict(LAYER_ATTRS, third_party = attr.string(values = THIRD_PARTY)),
    toolchains = [TOOLCHAIN],
)
