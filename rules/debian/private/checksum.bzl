"""The checksums that tell a stale lock, and one edited by hand; py/distill/checksum.py writes the same.

They guard against mistakes, not attacks: packages are pinned by SHA-256. `hash` is Java's String.hashCode, the one
function over a whole text that Starlark has, and fast for a lock of thousands of packages.
"""

def checksum(text):
    """Gives `<length>:<hash>`.

    Args:
      text: (string) what to sum up.

    Returns:
      A string.
    """
    return "%d:%d" % (len(text), hash(text))

def manifest_checksum(text):
    """Sums up a manifest: comments, blank lines and the mirrors do not count.

    Args:
      text: (string) the manifest.

    Returns:
      A string.
    """
    kept = []
    mirrors = False
    for line in text.split("\n"):
        line = line.rstrip(" \t\r")
        if not line or line.lstrip(" \t").startswith("#"):
            continue
        if line[0] not in " \t-":
            mirrors = line == "mirrors:"
        if not mirrors:
            kept.append(line)
    return checksum("\n".join(kept))

def lock_checksum(text):
    """Sums up a lock without the line that holds its own checksum.

    Args:
      text: (string) the lock.

    Returns:
      A string.
    """
    return checksum("\n".join([line for line in text.split("\n") if not line.startswith('  "checksum": ')]))
