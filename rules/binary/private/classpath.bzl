"""The class path of a Java program whose jars lie among its runfiles."""

load("//rules/private:request.bzl", "request")
load(":runfiles.bzl", "ROOT", "runfiles_path")

def classpath_file(ctx, executable):
    """Declares a file of arguments for java with all jars (java(1), "java Command-Line Argument Files").

    Args:
      ctx: the context of a rule with the attributes `classpath` and `main_class`.
      executable: (File) the jar that comes first.

    Returns:
      (File) the file, None for no class path.
    """
    if bool(ctx.attr.main_class) != bool(ctx.attr.classpath):
        fail("%s: classpath and main_class belong together, got %s alone; set both" %
             (request.name(ctx.label), "main_class" if ctx.attr.main_class else "classpath"))
    if not ctx.attr.classpath:
        return None
    workspace = ctx.workspace_name

    def jar(file):
        if file.extension != "jar":
            return None
        return (ROOT + "/" + runfiles_path(file, workspace)).replace("\\", "\\\\").replace('"', '\\"')

    arguments = ctx.actions.args()
    arguments.set_param_file_format("multiline")
    arguments.add("-cp")
    arguments.add_joined(
        # Of no order of its own, or rules with another one could not be named; left to right, the program's jar is first.
        depset(transitive = [depset([executable])] + [
            files
            for target in ctx.attr.classpath
            for files in [target[DefaultInfo].files, target[DefaultInfo].default_runfiles.files]
        ]),
        join_with = ":/",
        format_joined = '"/%s"',
        map_each = jar,
        allow_closure = True,
    )
    file = ctx.actions.declare_file(ctx.label.name + ".classpath")
    ctx.actions.write(file, arguments)
    return file
