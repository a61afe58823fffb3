"""The machine's apt sources (sources.list(5)), in both styles. py/distill/lock/apt_sources.py reads them for the lock tool."""

def _words(text):
    return [word for word in text.replace("\t", " ").replace("\n", " ").replace("\r", " ").split(" ") if word]

def parse_one_line(text):
    """Reads `deb [options] URI SUITE [COMPONENT …]` lines; all others give nothing.

    Args:
      text: (string) a .list file.

    Returns:
      A list of structs with `uri` (string), `suites` and `components` (lists of strings).
    """
    found = []
    for line in text.split("\n"):
        line = line.partition("#")[0]
        head, opened, rest = line.partition("[")
        if opened:
            line = head + " " + rest.partition("]")[2]
        words = _words(line)
        if len(words) >= 3 and words[0] == "deb":
            found.append(struct(uri = words[1].rstrip("/"), suites = [words[2]], components = words[3:]))
    return found

def parse_deb822(text):
    """Reads stanzas of `Types`, `URIs`, `Suites`, `Components`; those that are disabled or for sources give nothing.

    Args:
      text: (string) a .sources file.

    Returns:
      As parse_one_line.
    """
    found = []
    fields = {}
    name = ""
    for line in text.split("\n") + [""]:
        if line.startswith("#"):
            continue
        if not line.strip():
            enabled = fields.get("enabled", "yes").strip().lower() not in ["no", "false"]
            if enabled and "deb" in _words(fields.get("types", "")):
                for uri in _words(fields.get("uris", "")):
                    found.append(struct(
                        uri = uri.rstrip("/"),
                        suites = _words(fields.get("suites", "")),
                        components = _words(fields.get("components", "")),
                    ))
            fields = {}
            name = ""
        elif line[0] in " \t":
            if name:
                fields[name] += "\n" + line
        else:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value
    return found

def _is_security(suite):
    return suite.endswith("-security") or suite.endswith("/updates")

def apt_mirrors(sources, suite, component):
    """Gives the addresses that may have `component` of `suite`.

    Those that name both (a flat repository, whose suite ends in `/`, has no components); or, for a suite that the
    machine does not use, those of the same kind (security or not), for an archive has many suites. Hashes tell whether it
    is the right archive.

    Args:
      sources: (list) of parse_one_line and parse_deb822.
      suite: (string) the suite.
      component: (string) the component.

    Returns:
      A list of strings without repetition.
    """
    flat = suite.endswith("/")
    exact = [s.uri for s in sources if suite in s.suites and (flat or component in s.components)]
    alike = [
        s.uri
        for s in sources
        if component in s.components and any([_is_security(x) == _is_security(suite) for x in s.suites])
    ]
    known = {}
    for uri in exact or alike:
        if uri.startswith("http://") or uri.startswith("https://") or uri.startswith("file:/"):
            known[uri] = None
    return known.keys()

def read_apt_sources(ctx):
    """Reads what apt reads below /etc/apt, in its order. Changes there fetch nothing anew: packages are pinned.

    Args:
      ctx: a repository_ctx.

    Returns:
      As parse_one_line.
    """
    folder = ctx.path("/etc/apt")
    parts = folder.get_child("sources.list.d")
    files = [folder.get_child("sources.list")]
    if parts.exists:
        files += sorted(parts.readdir(watch = "no"), key = lambda file: file.basename)
    found = []
    for file in files:
        if file.basename.endswith(".list") and file.exists:
            found += parse_one_line(ctx.read(file, watch = "no"))
        elif file.basename.endswith(".sources"):
            found += parse_deb822(ctx.read(file, watch = "no"))
    return found
