"""The action that strips one program or library."""

load("//rules/private:request.bzl", "TOOLCHAIN", "request")

def strip_action(ctx, *, file, name, tool, path = ""):
    """Strips `file`.

    Args:
      ctx: the context of a rule or aspect; its toolchains include TOOLCHAIN.
      file: (File) the program or library.
      name: (string) the stripped file's, relative to the package; those of the other outputs begin with it.
      tool: (struct) what `strip_tool` gives.
      path: (string) where the file stands in the image, relative to the root; empty if nobody knows.

    Returns:
      A struct: `original`, `stripped`, `debug` (a directory), `report` and `text`, all Files.
    """
    made = struct(
        original = file,
        stripped = ctx.actions.declare_file(name),
        debug = ctx.actions.declare_directory(name + ".debug"),
        report = ctx.actions.declare_file(name + ".strip.jsonl"),
        text = ctx.actions.declare_file(name + ".strip.txt"),
    )
    request.run(
        actions = ctx.actions,
        toolchain = ctx.toolchains[TOOLCHAIN],
        mnemonic = "BinaryStrip",
        label = ctx.label,
        settings = {"path": "/" + path if path else ""},
        lines = [request.files("binary", [file], map_each = request.fields.named)] + tool.lines,
        outputs = {"debug": made.debug, "report": made.report, "stripped": made.stripped, "text": made.text},
        message = "Stripping %s of %%{label}" % file.basename if file.basename != name else "Stripping %{label}",
        tools = tool.tools,
    )
    return made
