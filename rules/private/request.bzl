"""The request: the one place that starts actions of the tool.

The params file is the request, as JSON lines: a header with scalar settings, then a line for each File or entry.
Depsets are streamed into it by `map_each`, never flattened, so that analysis stays cheap and paths can be mapped.
"""

TOOLCHAIN = Label("//rules/private:toolchain_type")

def _path_field(file):
    return '"path":' + json.encode(file.path)

def _kind(file):
    if file.is_directory:
        return ',"tree":true'

    # ctx.actions.declare_symlink: the link itself is the artifact. Bazel before 8 may not tell.
    if getattr(file, "is_symlink", False):
        return ',"symlink_artifact":true'
    return ""

def _tree_field(file):
    return '"path":%s%s' % (json.encode(file.path), _kind(file))

def _named_field(file):
    return '"path":%s,"name":%s%s' % (json.encode(file.path), json.encode(file.basename), _kind(file))

def _short_path_field(file):
    return '"path":%s,"short_path":%s%s' % (json.encode(file.path), json.encode(file.short_path), _kind(file))

def _label_field(file):
    return '"path":%s,"label":%s' % (json.encode(file.path), json.encode(_name(file.owner)))

def _runfile_field(file):
    return '"path":' + json.encode(file.short_path)

# What a line says of its File. A map_each callback may not close over a rule's values, so the choices stand here.
# `tree`, `named` and `short_path` say too whether it is a directory ("tree") or an unresolved symlink ("symlink_artifact").
fields = struct(
    label = _label_field,  # "path" and "label", the target that made it
    path = _path_field,  # "path"
    runfile = _runfile_field,  # "path" where the runfiles have it, from the directory of the main repository
    tree = _tree_field,  # "path"
    named = _named_field,  # "path" and "name", the file's base name
    short_path = _short_path_field,  # "path" and "short_path"
)

def _files(role, files, *, items = None, map_each = _path_field, **values):
    """Lines for Files that the action reads.

    Args:
      role: (string) what the command does with them.
      files: (depset[File] or list[File]) the files; a depset is never flattened.
      items: (depset) what there is a line for, where that is not the files themselves: structs that name them.
      map_each: (callable) one of `request.fields`, or a function of a .bzl file that gives the same for `items`.
      **values: JSON values that stand in each line.

    Returns:
      A struct for the `lines` of `request.run`.
    """
    head = json.encode(dict(role = role, **values))[:-1].replace("%", "%%")
    return struct(
        files = files if type(files) == "depset" else depset(files),
        items = items,
        format_each = head + ",%s}",
        map_each = map_each,
        entry = None,
    )

def _after(files):
    """Files that must be there before the action runs, and that the tool does not read.

    They are checks that must have passed, or what a program that the tool runs is made of.

    Args:
      files: (depset[File] or list[File]) the files; a depset is never flattened.

    Returns:
      A struct for the `lines` of `request.run`.
    """
    return struct(files = files if type(files) == "depset" else depset(files), format_each = None, entry = None)

def _hints(role, files):
    """Files on which nothing but the message of a failure depends.

    A change of one does not run an action again that has succeeded: Bazel is told that it was not used. The command has
    an output `unused`, to which it writes their paths; what it makes must be the same whatever they say.

    Args:
      role: (string) what the command does with them.
      files: (depset[File]) the files; never flattened.

    Returns:
      A struct for the `lines` of `request.run`.
    """
    return struct(
        files = files,
        items = None,
        format_each = '{"role":"%s",%%s}' % role,
        map_each = _path_field,
        entry = None,
        hint = True,
    )

def _entry(role, **values):
    """A line that names no File.

    Args:
      role: (string) what the command does with it.
      **values: JSON values.

    Returns:
      A struct for the `lines` of `request.run`.
    """
    return struct(files = None, entry = json.encode(dict(role = role, **values)))

def _name(label):
    """The label as a user writes it: without the canonical prefix for targets of the main repository."""
    text = str(label)
    if text.startswith("@@//"):
        return text[2:]
    if text.startswith("@//"):
        return text[1:]
    return text

def _arguments(actions, command, label, settings, lines):
    """Writes header and lines of a request.

    Args:
      actions: `ctx.actions`.
      command: (string) the command.
      label: (Label) the target.
      settings: (dict) scalar settings.
      lines: (list) of `request.files`, `request.entry` and `request.after`.

    Returns:
      The Args, and the list of depsets of Files that they name.
    """
    args = actions.args()
    args.set_param_file_format("multiline")
    args.add(json.encode({"command": command, "label": _name(label), "settings": settings}))
    inputs = []
    for line in lines:
        if line.entry != None:
            args.add(line.entry)
        else:
            inputs.append(line.files)
            if line.format_each == None:
                continue
            args.add_all(
                line.files if line.items == None else line.items,
                map_each = line.map_each,
                format_each = line.format_each,
                expand_directories = False,
            )
    return args, inputs

def _write(*, actions, command, label, settings = {}, lines, output):
    """Writes a request to a file, for a program of ours that `bazel run` or `bazel test` starts.

    Args:
      actions: `ctx.actions`.
      command: (string) the command.
      label: (Label) the target, for messages.
      settings: (dict) scalar settings of the command, JSON values.
      lines: (list) of `request.files`, with `request.fields.runfile`, and `request.entry`.
      output: (File) the request.

    Returns:
      (depset[File]) what it names, for the runfiles.
    """
    args, inputs = _arguments(actions, command, label, settings, lines)
    actions.write(output, args)
    return depset(transitive = inputs)

def _run(*, actions, toolchain, mnemonic, label, settings = {}, lines, outputs, message, tools = []):
    """Starts one action of the tool.

    Args:
      actions: `ctx.actions`.
      toolchain: `ctx.toolchains[TOOLCHAIN]`.
      mnemonic: (string) the mnemonic, which is the name of the command.
      label: (Label) the target, for messages; it never reaches an output.
      settings: (dict) scalar settings of the command, JSON values.
      lines: (list) of `request.files`, `request.entry`, `request.hints` and `request.after`.
      outputs: (dict[string, File]) the outputs by the name the command gives them.
      message: (string) the progress message.
      tools: (list[FilesToRunProvider]) programs that the tool runs; one of the lines names each. Actions with other
        tools have workers of their own.
    """
    args, inputs = _arguments(actions, mnemonic, label, settings, lines)
    args.use_param_file("@%s", use_always = True)
    unused = None
    if any([getattr(line, "hint", False) for line in lines]):
        first = outputs.values()[0]
        unused = actions.declare_file(first.basename + ".unused", sibling = first)
        outputs = dict(outputs, unused = unused)
    for name, file in outputs.items():
        args.add_all(
            [file],
            map_each = _path_field,
            format_each = '{"role":"out","name":"%s",%%s}' % name,
            expand_directories = False,
        )
    actions.run(
        executable = toolchain.tool,
        arguments = [args],
        inputs = depset(transitive = inputs),
        outputs = outputs.values(),
        tools = tools,
        mnemonic = mnemonic,
        progress_message = message,
        toolchain = TOOLCHAIN,
        unused_inputs_list = unused,
        execution_requirements = {
            "supports-workers": "1",
            "requires-worker-protocol": "json",
            # One pool of workers for all commands: they are one tool.
            "worker-key-mnemonic": "Distill",
            "supports-path-mapping": "1",
        },
    )

request = struct(
    after = _after,
    entry = _entry,
    fields = fields,
    files = _files,
    hints = _hints,
    name = _name,
    run = _run,
    write = _write,
)
