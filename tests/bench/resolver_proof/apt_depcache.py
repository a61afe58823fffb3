"""Run by Debian's own python3, which has apt itself as a library (python3-apt): what would apt install?

python3 apt_depcache.py NAMES ANSWERS; APT_CONFIG names the private state (private_apt.py writes it)

For each name it does what `apt-get install` does: mark the package, and with it what it needs; let the problem resolver
repair what is broken; drop what nothing needs any more. Each name gets a process that is forked off a freshly read
cache, so that no answer leaves traces in the next.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import apt_pkg  # type: ignore[import-not-found,unused-ignore]


def answer(cache: Any, depcache: Any, packages: list[Any], name: str) -> tuple[dict[str, str], str]:
    """Give name and version of all that apt would install, and a fault."""
    package = cache[name]
    resolver = apt_pkg.ProblemResolver(depcache)
    try:
        with apt_pkg.ActionGroup(depcache):
            resolver.clear(package)
            resolver.protect(package)
            depcache.mark_install(package, False, True)
            depcache.mark_install(package, True, True)
        if depcache.broken_count:
            resolver.resolve(True)
    except (apt_pkg.Error, SystemError) as error:
        return {}, str(error)
    if depcache.broken_count or not depcache.marked_install(package):
        return {}, "broken"
    found = [p for p in packages if depcache.marked_install(p) and not depcache.is_garbage(p)]
    return {p.name: depcache.get_candidate_ver(p).ver_str for p in found}, ""


def main() -> None:
    """Answer what has no answer yet."""
    names, file = Path(sys.argv[1]).read_text().split(), Path(sys.argv[2])
    done = {json.loads(line)[0] for line in file.read_text().splitlines()} if file.exists() else set()
    apt_pkg.init()
    cache = apt_pkg.Cache(None)
    depcache = apt_pkg.DepCache(cache)
    packages = [package for package in cache.packages if package.has_versions]
    for name in names:
        if name in done:
            continue
        child = os.fork()
        if not child:
            found, fault = answer(cache, depcache, packages, name)
            with file.open("a") as stream:
                stream.write(json.dumps([name, found, fault]) + "\n")
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            sys.exit(f"no answer for {name}")


main()
