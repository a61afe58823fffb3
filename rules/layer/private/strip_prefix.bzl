"""`strip_prefix`: what files of the build lose of their paths."""

load("//rules/private:request.bzl", "request")

STRIP_PREFIX_DOC = ("What `srcs` lose of their paths: a directory relative to this package, or with a leading `/` to the " +
                    "workspace; it may lie inside of a directory that another target makes.")

def stripped_prefix(ctx):
    """Gives the directory that the attribute `strip_prefix` means.

    Args:
      ctx: the rule's context; its attributes include `strip_prefix`.

    Returns:
      (string) The directory, as File.short_path begins: in another repository with ../ and its name.
    """
    repository = "../" + ctx.label.repo_name if ctx.label.repo_name else ""
    prefix = ctx.attr.strip_prefix
    folder = prefix if prefix.startswith("/") else ctx.label.package + "/" + prefix
    parts = [part for part in folder.split("/") if part and part != "."]
    if ".." in parts:
        fail("%s: strip_prefix must not climb with .., got %r; write the path it means" % (request.name(ctx.label), prefix))
    return "/".join(([repository] if repository else []) + parts)
