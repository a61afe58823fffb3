"""Which mirrors to ask for a package: the manifest's, then the environment's, then the machine's apt sources."""

load(":apt_sources.bzl", "apt_mirrors")

VARIABLE = "DISTILL_DEBIAN_MIRROR"

THREE_WAYS = (
    "name a mirror under `mirrors` in the manifest, set %s=URL (or NAME=URL, for one source), or add the suite to this " +
    "machine's apt sources"
) % VARIABLE

def scan_mirrors(text):
    """Reads the block `mirrors:` of a manifest line by line. The lock tool refuses a block that this does not read.

    Args:
      text: (string) the manifest.

    Returns:
      A dict of lists of strings, by source.
    """
    found = {}
    inside = False
    current = ""
    for line in text.split("\n"):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        if line[0] not in " \t-":
            inside = bare == "mirrors:"
        elif inside and bare.startswith("- "):
            found.setdefault(current, []).append(_unquoted(bare[2:]))
        elif inside:
            name, _, rest = bare.partition(":")
            current = _unquoted(name)
            found[current] = [_unquoted(rest)] if rest.strip() else []
    return found

def _unquoted(text):
    return text.strip().strip("\"'")

def from_variable(value, source):
    """Reads the environment variable: addresses with blanks between, `NAME=URL` for the source NAME only.

    Args:
      value: (string) its value.
      source: (string) the source that mirrors are wanted for.

    Returns:
      A list of strings.
    """
    found = []
    for word in value.split(" "):
        only, equals, url = word.partition("=")
        if equals and "/" not in only:
            if only == source:
                found.append(url)
        elif word:
            found.append(word)
    return found

def choose_mirrors(*, manifest, variable, apt, source, suite, component):
    """Gives the mirrors to try, in order.

    Args:
      manifest: (list[string]) the manifest's mirrors of the source.
      variable: (string) the value of the environment variable.
      apt: (list) of read_apt_sources.
      source: (string) the source.
      suite: (string) the suite.
      component: (string) the component.

    Returns:
      A list of strings without a slash at the end and without repetition.
    """
    found = manifest + from_variable(variable, source) + apt_mirrors(apt, suite, component)
    return {url.rstrip("/"): None for url in found}.keys()

def package_url(mirror, path):
    """Gives the address of a package. Some servers take a plus for a space, so that apt too writes it as %2B.

    Args:
      mirror: (string) of choose_mirrors.
      path: (string) of a lock: the name of a file, not of a URL.

    Returns:
      A string.
    """
    return mirror + "/" + path.replace("%", "%25").replace("+", "%2B")

def no_mirror(suite, source):
    """Gives the message where no mirror is known.

    Args:
      suite: (string) the suite.
      source: (string) the source.

    Returns:
      A string.
    """
    return "no mirror is known, got none for %s of %s; %s" % (suite, source, THREE_WAYS)

def no_download(what, mirrors):
    """Gives the message where no mirror gives a package as it was locked.

    Args:
      what: (string) names the package.
      mirrors: (list[string]) those that were tried.

    Returns:
      A string.
    """
    return "no mirror has the package as it was locked, got no %s from %s (the warnings above say why); %s; %s" % (
        what,
        ", ".join([_public(mirror) for mirror in mirrors]),
        THREE_WAYS,
        "where the archive has moved on, write the lock anew",
    )

def _public(url):
    """The address without user name and password, for messages."""
    scheme, separator, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return scheme + separator + host.rpartition("@")[2] + slash + path
