"""Owners and modes in attributes."""

load("//rules/private:request.bzl", "request")

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
