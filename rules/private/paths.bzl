"""Paths of the image in attributes."""

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
    relative = image_folder(path, label, attribute)
    if not relative:
        fail("%s: %s cannot be the root itself, got %r; name something below it" % (request.name(label), attribute, path))
    return relative

def image_folder(path, label, attribute):
    """Checks an absolute path of a directory that things go into, which may be the root.

    Args:
      path: (string) what the attribute says.
      label: (Label) the target, for the message.
      attribute: (string) the attribute, for the message.

    Returns:
      (string) The path relative to the root, without a slash at either end; empty for the root.
    """
    if not path.startswith("/"):
        fail("%s: %s needs an absolute path, got %r; begin it with /" % (request.name(label), attribute, path))
    parts = [part for part in path.split("/") if part and part != "."]
    if ".." in parts:
        fail("%s: %s must not climb with .., got %r; write the path it means" % (request.name(label), attribute, path))
    return "/".join(parts)
