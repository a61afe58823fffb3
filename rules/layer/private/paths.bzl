"""Paths and owners in attributes."""

load("//rules/private:request.bzl", "request")

def image_path(path, label, attribute):
    """Checks an absolute path of an image.

    Args:
      path: (string) what the attribute says.
      label: (Label) the target, for the message.
      attribute: (string) the attribute, for the message.

    Returns:
      (string) The path relative to the root, without a slash at either end.
    """
    if not path.startswith("/"):
        fail("%s: %s needs an absolute path, got %r; begin it with /" % (request.name(label), attribute, path))
    parts = [part for part in path.split("/") if part and part != "."]
    if ".." in parts:
        fail("%s: %s must not climb with .., got %r; write the path it means" % (request.name(label), attribute, path))
    if not parts:
        fail("%s: %s cannot be the root itself, got %r; name something below it" % (request.name(label), attribute, path))
    return "/".join(parts)

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
