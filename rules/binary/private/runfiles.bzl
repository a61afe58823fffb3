"""Runfiles as lines of a request, laid out in the image as Bazel lays them out on disk."""

load("//rules/private:request.bzl", "request")

# The runfiles directory of every image. It is the same in all of them, so that images share the layers in it.
ROOT = "app"

def _symlink_field(entry):
    file = entry.target_file
    return '"path":%s,"name":%s%s' % (json.encode(file.path), json.encode(entry.path), ',"tree":true' if file.is_directory else "")

def _empty_field(path):
    return '"short_path":' + json.encode(path)

def runfiles_path(file, workspace):
    """Gives the place of a File below the runfiles directory.

    Args:
      file: (File) the file.
      workspace: (string) `ctx.workspace_name`: the folder of the main repository.

    Returns:
      (string) The path, relative to the runfiles directory.
    """
    path = file.short_path
    return path[len("../"):] if path.startswith("../") else workspace + "/" + path

def escaped_glob(path):
    """Gives the glob that matches just `path`.

    Args:
      path: (string) the path.

    Returns:
      (string) The glob.
    """
    return "".join(["[%s]" % char if char in "*?[" else char for char in path.elems()])

def file_lines(files, workspace, only = ""):
    """Lines for files that keep their places in the runfiles directory.

    Args:
      files: (depset[File] or list[File]) the files.
      workspace: (string) `ctx.workspace_name`.
      only: (string) what the `short_path` of a file begins with, or it is left out: `../` for all external repositories,
        `../NAME/` for one; empty for all files.

    Returns:
      A list of lines for `request.run`.
    """
    return [request.files(
        "src",
        files,
        map_each = request.fields.short_path,
        below = ROOT,
        repository = workspace,
        **({"only": only} if only else {})
    )]

def other_lines(runfiles, workspace):
    """Lines for what runfiles have beside their files: symlinks, root symlinks and empty files.

    Args:
      runfiles: (runfiles) of the program.
      workspace: (string) `ctx.workspace_name`.

    Returns:
      A list of lines for `request.run`.
    """
    lines = [request.files(
        "empty",
        [],
        items = runfiles.empty_filenames,
        map_each = _empty_field,
        below = ROOT,
        repository = workspace,
    )]
    for entries, below in [(runfiles.symlinks, ROOT + "/" + workspace), (runfiles.root_symlinks, ROOT)]:
        if entries:
            lines.append(request.files(
                "src",
                # The one depset that is looked into: Bazel gives an action no other way to the files behind the entries,
                # which are not among runfiles.files. It is seldom there, and small: rules make it from lists of their own.
                [entry.target_file for entry in entries.to_list()],
                items = entries,
                map_each = _symlink_field,
                below = below,
            ))
    return lines
