"""Telling secrets from what stands in their place in examples."""

import re

_FEWEST_DISTINCT = 10
"""Different characters in what is random; a row of `x` or of digits has fewer."""
_PLACEHOLDER = re.compile(
    rb"x{4}|\*{3}|\.{3}|^<|^\$|^%|\{\{|example|sample|dummy|changeme|change[_-]me|placeholder|redacted|1234567890|abcdefgh"
    rb"|\byour?[ _-]|^your?(?:own|api|auth|access|secret|private|pass|pw|token|key|user|name|here)"
    rb"|^(?:none|null|password|passwd|secret|token|pass|test|user)$",
    re.IGNORECASE,
)


def is_placeholder(text: bytes) -> bool:
    """Say whether `text` stands where a password would: a reference, or a word of documentation."""
    return _PLACEHOLDER.search(text) is not None


def is_random(text: bytes) -> bool:
    """Say whether `text` may be what a machine drew."""
    return len(set(text)) >= _FEWEST_DISTINCT and not is_placeholder(text)
