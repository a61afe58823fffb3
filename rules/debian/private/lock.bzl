"""Reads a lock and tells whether it may be used."""

load(":checksum.bzl", "lock_checksum", "manifest_checksum")

_VERSION = 2

def lock_fault(*, lock, manifest, file, command, bases = {}):
    """Tells why a lock may not be used.

    Args:
      lock: (string) the text of the lock; empty where there is none.
      manifest: (string) the text of the manifest.
      file: (string) what the message calls the lock.
      command: (string) what a user runs to write it.
      bases: (dict[string, string]) the texts of the locks that it builds on, by the names it has for them; empty where
        there is none.

    Returns:
      A message, or an empty string.
    """
    if not lock:
        return "%s does not exist, got no lock; run `%s`" % (file, command)
    decoded = json.decode(lock, default = None)
    if type(decoded) != "dict" or "packages" not in decoded:
        return "%s is no lock, got another document; run `%s`" % (file, command)
    if decoded.get("version") != _VERSION:
        return "%s is of another version, got %s; run `%s`" % (file, decoded.get("version"), command)
    actual = lock_checksum(lock)
    if decoded.get("checksum") != actual:
        return "%s was not written by the lock command, got checksum %s where its text has %s; run `%s`" % (
            file,
            decoded.get("checksum"),
            actual,
            command,
        )
    actual = manifest_checksum(manifest)
    if decoded.get("manifest") != actual:
        return "%s is stale, got a lock of manifest %s where the manifest is %s; run `%s`" % (
            file,
            decoded.get("manifest"),
            actual,
            command,
        )
    for base in decoded.get("bases", []):
        text = bases.get(base["file"], "")
        actual = lock_checksum(text) if text else "not there"
        if actual != base["checksum"]:
            return "%s is stale, got a lock on %s %s where that file is %s; run `%s`" % (
                file,
                base["file"],
                base["checksum"],
                actual,
                command,
            )
    return ""

def locked_packages(lock):
    """Gives the packages of a lock, whatever its state.

    Args:
      lock: (string) the text of the lock.

    Returns:
      A dict of lists of dicts, by architecture; empty where the text is no lock.
    """
    decoded = json.decode(lock, default = None) if lock else None
    return decoded.get("packages", {}) if type(decoded) == "dict" else {}

def read_lock(ctx, *, manifest, lock, command):
    """Reads manifest and lock, and has Bazel watch both, and the locks that it builds on.

    Args:
      ctx: a module_ctx or repository_ctx.
      manifest: (Label) the manifest.
      lock: (Label) the lock, which need not exist yet.
      command: (string) what a user runs to write it.

    Returns:
      A struct: `fault` (string, empty where the lock is good), `left_out` (list of dicts), `mirrors` (dict of lists, by
      source) and `packages` (dict of lists of dicts, by architecture).
    """
    text = ctx.read(ctx.path(manifest))
    file = ctx.path(manifest).dirname.get_child(lock.name)
    if lock.package != manifest.package or lock.workspace_name != manifest.workspace_name:
        fail("%s: lock is in another package than its manifest, got %s; put them side by side" % (manifest, lock))
    ctx.watch(file)
    content = ctx.read(file) if file.exists else ""
    decoded = json.decode(content, default = None) if content else None
    bases = {}
    for base in decoded.get("bases", []) if type(decoded) == "dict" else []:
        path = ctx.path(str(ctx.path(manifest).dirname) + "/" + base["file"])
        ctx.watch(path)
        bases[base["file"]] = ctx.read(path) if path.exists else ""
    return struct(
        fault = lock_fault(lock = content, manifest = text, file = _name(lock), command = command, bases = bases),
        left_out = decoded.get("left_out", []) if type(decoded) == "dict" else [],
        manifest = text,
        packages = locked_packages(content),
    )

def _name(label):
    return label.package + "/" + label.name if label.package else label.name
