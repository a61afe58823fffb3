"""Owners and modes in attributes."""

load(":paths.bzl", "image_path")
load(":request.bzl", "request")

METADATA_ATTRS = {
    "modes": attr.string_dict(
        doc = "Modes of single paths, in octal with all 12 bits: `{\"/tmp\": \"1777\"}`. A path that is not in the layer is an error.",
    ),
    "owners": attr.string_dict(
        doc = "Owners of single paths, `uid:gid`, numbers. A path that is not in the layer is an error.",
    ),
}

def owner_fields(owner, label, attribute):
    """Splits `uid:gid`.

    Args:
      owner: (string) what the attribute says.
      label: (Label) the target, for the message.
      attribute: (string) the attribute, for the message.

    Returns:
      A dict with the ints `uid` and `gid`.
    """
    parts = owner.split(":")
    if len(parts) != 2 or not all([part.isdigit() for part in parts]):
        fail("%s: %s needs uid:gid in numbers, got %r; write 65532:65532" % (request.name(label), attribute, owner))
    return {"uid": int(parts[0]), "gid": int(parts[1])}

def octal_mode(mode, label, attribute):
    """Checks a mode in octal, with its 12 bits.

    Args:
      mode: (string) what the attribute says.
      label: (Label) the target, for the message.
      attribute: (string) the attribute, for the message.

    Returns:
      (string) The mode as it was.
    """
    if len(mode) not in (3, 4, 5) or mode.strip("01234567") or (len(mode) == 5 and mode[0] != "0"):
        fail("%s: %s needs a mode in octal, got %r; write 0644" % (request.name(label), attribute, mode))
    return mode

def metadata_settings(ctx):
    """The settings of a request for a rule with METADATA_ATTRS.

    Args:
      ctx: the rule's context.

    Returns:
      A dict with `modes` and `owners`: dicts of strings by path relative to the root.
    """
    owners = {}
    for path, value in ctx.attr.owners.items():
        owner = owner_fields(value, ctx.label, "owners")
        owners[image_path(path, ctx.label, "owners")] = "%d:%d" % (owner["uid"], owner["gid"])
    return {
        "modes": {
            image_path(path, ctx.label, "modes"): octal_mode(value, ctx.label, "modes")
            for path, value in ctx.attr.modes.items()
        },
        "owners": owners,
    }
