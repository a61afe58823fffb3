"""What a damaged lock still says of its suites: it was edited, merged, or written by another version of this program.

Whoever did that need not have meant to let an archive go back to older packages.
"""

import re
from datetime import datetime

import msgspec

from distill.lock.lock import VERSION, Lock, LockedSuite

# A suite, in whatever form JSON may be written: no other object of a lock has a codename.
_SUITE = re.compile(rb'\{[^{}]*"codename"[^{}]*\}')


def salvage(text: bytes) -> Lock | None:
    """Give a lock of nothing but the suites of `text`; None where there is none.

    Of a suite that stands there twice, as after a merge with conflicts, the later date counts.
    """
    found: dict[tuple[str, str], LockedSuite] = {}
    for line in _SUITE.finditer(text):
        try:
            suite = msgspec.json.decode(line[0], type=LockedSuite)
            date = datetime.fromisoformat(suite.date)
        except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
            continue
        other = found.get((suite.source, suite.suite))
        if date.tzinfo and (other is None or datetime.fromisoformat(other.date) < date):
            found[suite.source, suite.suite] = suite
    suites = tuple(found.values())
    return Lock(VERSION, "", "", suites, (), (), {}) if suites else None
