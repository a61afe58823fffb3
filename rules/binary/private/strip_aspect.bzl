"""An aspect over a program: the shared libraries that the build links for it, stripped, each in an action of its own."""

load("//rules/private:request.bzl", "TOOLCHAIN")
load(":strip_action.bzl", "strip_action")
load(":strip_tool.bzl", "STRIP_TOOLCHAINS", "strip_tool")

StripAspectInfo = provider(
    doc = "Stripped libraries. What no image has of them is never built: an action takes only those among its own files.",
    fields = {
        "libraries": "(struct) Of `collect_stripped`: those that stand among the runfiles.",
        "linkable": "(struct) Likewise: those of `cc_library`, which do so where a program is not linked statically.",
    },
)

_EDGES = [
    "actual",
    "binary",
    "data",
    "deps",
    "dynamic_deps",
    "exports",
    "implementation_deps",
    "libraries",
    "runtime_deps",
    "srcs",
]
_CODE = ["deps", "implementation_deps"]

def collect_stripped(direct = [], transitive = []):
    """Puts stripped files together.

    Args:
      direct: (list[struct]) `original`, `stripped`, `debug` and `report`.
      transitive: (list[struct]) what this function gave before.

    Returns:
      A struct: `items` (depset of `direct`), `files`, `debug` and `reports` (depset[File]).
    """
    return struct(
        items = depset(direct, transitive = [each.items for each in transitive]),
        files = depset([each.stripped for each in direct], transitive = [each.files for each in transitive]),
        debug = depset([each.debug for each in direct], transitive = [each.debug for each in transitive]),
        reports = depset([each.report for each in direct], transitive = [each.reports for each in transitive]),
    )

def _is_library(file):
    return file.basename.endswith(".so") or ".so." in file.basename

def _own(target):
    """The libraries of a target by the Files under which runfiles have them, and whether it has made them itself.

    Depsets of single actions are looked into, which hold the one or two files of a link; none that grows with the program.
    """
    found = {}
    for action in target.actions:
        if action.mnemonic == "SolibSymlink":
            [file] = action.outputs.to_list()
            if _is_library(file):
                found[file] = action.inputs.to_list()[0]
        elif action.mnemonic == "CppLink":
            for file in action.outputs.to_list():
                if _is_library(file):
                    found[file] = file
    return found

def _strip_aspect_impl(target, ctx):
    if not ctx.attr.strip:
        return [StripAspectInfo(libraries = collect_stripped(), linkable = collect_stripped())]
    kind = ctx.rule.kind
    libraries, linkable = [], []
    for edge in _EDGES:
        for dependency in _targets(getattr(ctx.rule.attr, edge, None)):
            if StripAspectInfo not in dependency:
                continue
            info = dependency[StripAspectInfo]
            libraries.append(info.libraries)

            # A library of its own is linked for each cc_library; which of them a program loads is the program's choice.
            if edge in _CODE and (kind == "cc_library" or not getattr(ctx.rule.attr, "linkstatic", True)):
                linkable.append(info.linkable)
    own = _own(target)
    sources = {}
    if own:
        tool = strip_tool(ctx)
        folder = ctx.label.name + ".stripped"
        for file in own.values():
            if file not in sources:
                sources[file] = strip_action(ctx, file = file, name = "%s/%s" % (folder, file.basename), tool = tool)
    made = [
        struct(original = original, stripped = sources[file].stripped, debug = sources[file].debug, report = sources[file].report)
        for original, file in own.items()
    ]
    if kind != "cc_library":
        return [StripAspectInfo(libraries = collect_stripped(made, libraries + linkable), linkable = collect_stripped())]

    # Of a prebuilt library there is no static form.
    prebuilt = [each for each in made if own[each.original].is_source]
    linked = [each for each in made if not own[each.original].is_source]
    return [StripAspectInfo(libraries = collect_stripped(prebuilt, libraries), linkable = collect_stripped(linked, linkable))]

def _targets(value):
    if type(value) == "Target":
        return [value]
    return [each for each in value if type(each) == "Target"] if type(value) in ("list", "dict") else []

strip_aspect = aspect(
    implementation = _strip_aspect_impl,
    doc = "Goes from a program along all that links or brings libraries.",
    attr_aspects = _EDGES,
    attrs = {"strip": attr.bool()},
    fragments = ["cpp"],
    toolchains = [TOOLCHAIN] + STRIP_TOOLCHAINS,
)
