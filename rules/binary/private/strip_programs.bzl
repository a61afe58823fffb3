"""What rules with an attribute `strip` share: their programs and libraries stripped, as lines of a request."""

load("//rules:providers.bzl", "DebugPartsInfo")
load("//rules/private:debug_parts.bzl", "collect_debug_parts")
load("//rules/private:request.bzl", "request")
load(":strip_action.bzl", "strip_action")
load(":strip_aspect.bzl", "StripAspectInfo", "collect_stripped")
load(":strip_tool.bzl", "strip_tool")

STRIP_DOC = "Whether the program and the shared libraries that C++ rules make or bring are stripped, by the C++ toolchain's strip, " + \
            "as `stripped_binary` does it; a library once for all layers that have it."

def strip_programs(ctx, programs, targets):
    """Strips programs and libraries, if the attribute `strip` says so.

    Args:
      ctx: the rule's context; its attribute `strip` is a bool, its toolchains and fragments are those of `strip_aspect`.
      programs: (list) of pairs: a program (File), and where it goes in the image, relative to the root.
      targets: (list[Target]) what may have libraries; `strip_aspect` went over them.

    Returns:
      A struct: `lines` for `request.run`, which say of files of the request what stands for them, and `parts`
      (DebugPartsInfo), those of targets that are stripped already among them.
    """
    before = [target[DebugPartsInfo] for target in targets if DebugPartsInfo in target]
    if not ctx.attr.strip:
        return struct(lines = [], parts = collect_debug_parts(before))
    tool = strip_tool(ctx) if programs else None
    own = [
        strip_action(ctx, file = file, name = "%s.stripped/%d/%s" % (ctx.label.name, number, file.basename), path = path, tool = tool)
        for number, (file, path) in enumerate(programs)
    ]
    found = collect_stripped(own, [target[StripAspectInfo].libraries for target in targets if StripAspectInfo in target])
    return struct(
        lines = [request.files("stripped", found.files, items = found.items, map_each = _fields)],
        parts = collect_debug_parts(before, debug = found.debug, reports = found.reports),
    )

def _fields(each):
    return '"path":%s,"original":%s' % (json.encode(each.stripped.path), json.encode(each.original.path))
