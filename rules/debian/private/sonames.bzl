"""The index of a hub: which package of its lock has which library. Pure: text out."""

def sonames_index(*, hub, packages):
    """Gives the text of the index, JSON: the hub, and by architecture the package of each soname.

    It has no version and no hash: an update that moves these alone leaves it as it was.

    Args:
      hub: (string) the name of the hub.
      packages: (dict[string, list[dict]]) of a lock, by architecture.

    Returns:
      A string.
    """
    found = {}
    for architecture, locked in packages.items():
        names = {}
        for package in locked:
            for soname in package.get("sonames", []):
                names.setdefault(soname, package["name"])
        found[architecture] = {soname: names[soname] for soname in sorted(names)}
    return json.encode_indent({"hub": hub, "sonames": found}, indent = "  ") + "\n"
