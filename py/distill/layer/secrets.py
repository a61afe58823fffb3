"""Secrets in small text files: private keys, access tokens, and the files in which tools keep credentials.

A pattern is here only if what it matches can hardly be anything else, because a finding fails a build. So these are no
secrets: placeholders, keys under a pass phrase, keys that libraries ship for their own tests, what clients show anyway.

Every file of a layer comes by here, so nearly all must be done with after a few passes at the speed of `bytes.find`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

LARGEST = 1 << 16
"""Bytes of a file that is looked into; keys and credentials are small."""

KINDS = {
    "anthropic-key": "an Anthropic API key",
    "aws-key": "an AWS access key with its secret",
    "credentials": "credentials of a tool",
    "github-token": "a GitHub token",
    "gitlab-token": "a GitLab token",
    "google-key": "a Google API key or client secret",
    "npm-token": "an npm token",
    "private-key": "a private key",
    "pypi-token": "a PyPI token",
    "slack-token": "a Slack token",
    "stripe-key": "a Stripe live key",
}
"""What `find` gives, and how a message names it."""

_FEWEST_DISTINCT = 10
"""Different characters in what is random; a row of `x` or of digits has fewer."""
_PLACEHOLDER = re.compile(
    rb"x{4}|\*{3}|\.{3}|^<|^\$|^%|\{\{|example|sample|dummy|changeme|change[_-]me|placeholder|redacted|your|1234567890"
    rb"|abcdefgh|^(?:none|null|password|passwd|secret|token|pass|test|user)$",
    re.IGNORECASE,
)

_BEGIN = b"-----BEGIN "
_KEY = re.compile(rb"-----BEGIN (RSA |EC |DSA |OPENSSH )?PRIVATE KEY-----(?:\\[nr]|[\s\"'+,\\])*([A-Za-z0-9+/]{40,})")
"""A PEM private key (RFC 7468, 10; RFC 5915; OpenSSH's PROTOCOL.key) with its first line, also in a program's string.

A key under a pass phrase has another label, or headers before its body, and does not match; one of OpenSSH names its
cipher in the body.
"""
_OPENSSH_PLAIN = b"b3BlbnNzaC1rZXktdjEAAAAABG5vbmU"
"""How the body of an OpenSSH key without pass phrase begins: `openssh-key-v1`, and the cipher `none`."""


class _Token(NamedTuple):
    kind: str
    pattern: re.Pattern[bytes]


def _token(kind: str, pattern: bytes) -> _Token:
    return _Token(kind, re.compile(pattern + rb"(?![A-Za-z0-9_-])"))


_GITHUB = _token("github-token", rb"gh[opsur]_[A-Za-z0-9]{36,255}")
_SLACK = _token("slack-token", rb"xox[abeoprs]-[0-9]{6,}-[A-Za-z0-9-]{16,}")
_AWS = _token("aws-key", rb"A[KS]IA[A-Z2-7]{16}")
_TOKENS: dict[bytes, _Token] = {
    **{b"gh%b_" % kind: _GITHUB for kind in (b"o", b"p", b"s", b"u", b"r")},
    **{b"xox%b" % kind: _SLACK for kind in (b"a", b"b", b"e", b"o", b"p", b"r", b"s")},
    b"AIza": _token("google-key", rb"AIza[A-Za-z0-9_-]{35}"),
    b"AKIA": _AWS,
    b"ASIA": _AWS,
    b"GOCS": _token("google-key", rb"GOCSPX-[A-Za-z0-9_-]{28}"),
    b"gith": _token("github-token", rb"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    b"glpa": _token("gitlab-token", rb"glpat-[A-Za-z0-9_-]{20,64}"),
    b"npm_": _token("npm-token", rb"npm_[A-Za-z0-9]{36}"),
    b"pypi": _token("pypi-token", rb"pypi-AgEI[A-Za-z0-9_-]{50,}"),
    b"rk_l": _token("stripe-key", rb"rk_live_[A-Za-z0-9]{24,99}"),
    b"sk-a": _token("anthropic-key", rb"sk-ant-[a-z0-9]+-[A-Za-z0-9_-]{80,}"),
    b"sk_l": _token("stripe-key", rb"sk_live_[A-Za-z0-9]{24,99}"),
}
"""By the first four bytes of a token, which begins where a run of its characters begins."""
_AWS_SECRET = re.compile(rb"(?<![A-Za-z0-9/+])(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_HEX = re.compile(rb"[0-9a-fA-F]+")

_SHORTEST = 20
"""Characters of the shortest token."""
_RUN = b"w" * _SHORTEST
_CLASSES = bytes(0x77 if bytes((c,)).isalnum() or c in b"_-" else 0x20 for c in range(256))

_CLIENT_CODE = (".htm", ".html", ".js", ".map", ".mjs")
"""Files that browsers get: the Google API keys in them are for everybody to see."""


class _Credentials(NamedTuple):
    path: re.Pattern[str]
    value: re.Pattern[bytes]


_URL = rb"://[^\s:/@\"']+:([^\s@/\"']+)@"
_NETRC = rb"\bpassword\s+(\S+)"
_CREDENTIALS = {
    name: _Credentials(re.compile(rf"(?:^|/){directory}{re.escape(name)}\Z"), re.compile(value, re.MULTILINE))
    for name, directory, value in (
        (".dockercfg", "", rb'"(?:auth|identitytoken|password)"\s*:\s*"([^"]+)"'),
        (".git-credentials", "", _URL),
        (".my.cnf", "", rb"^\s*password\s*=\s*[\"']?([^\s\"']+)"),
        (".netrc", "", _NETRC),
        (".npmrc", "", rb"^[^#;\n]*_(?:auth|authToken|password)\s*=\s*[\"']?([^\s\"']+)"),
        (".pgpass", "", rb"^[^#\n][^:\n]*(?::[^:\n]*){3}:(\S+)"),
        (".pypirc", "", rb"^\s*password\s*[=:]\s*(\S+)"),
        ("_netrc", "", _NETRC),
        ("auth.conf", "apt/", _NETRC),
        ("config", r"\.kube/", rb"^\s*(?:client-key-data|password|token)\s*:\s*[\"']?([^\s\"']+)"),
        ("config.json", r"\.docker/", rb'"(?:auth|identitytoken|password)"\s*:\s*"([^"]+)"'),
        ("credentials", r"\.aws/", rb"^\s*aws_secret_access_key\s*=\s*(\S+)"),
        ("pip.conf", "", rb"^\s*(?:extra-)?index-url\s*=.*" + _URL),
    )
}
"""By its name, a file in which a tool keeps credentials; the first group is what nobody shall see."""

_LIBRARIES = re.compile(
    r"(?:^|/)(?:(?:site|dist)-packages|gems|lib(?:64)?/python[\d.]+|node_modules|usr/(?:local/)?(?:lib|share)|vendor)/"
    r"(?:.*/)?(?:tests?|testdata|testing|__tests__|fixtures|specs?|examples?|docs?)/"
)
"""Where libraries have what they test themselves with."""


_PUBLISHED = ("dist-packages/", "gems/", "lib/python", "node_modules/", "site-packages/")
_CODE = (".css", ".d.ts", ".h", ".html", ".js", ".map", ".mjs", ".cjs", ".md", ".py", ".pyi", ".rb", ".rst", ".ts")


def is_published(path: str) -> bool:
    """Say whether the file at `path` is code of a library, which a registry gives to everybody: no place of secrets.

    There are more of these in an image than of all other small files.
    """
    return path.endswith(_CODE) and any(part in path for part in _PUBLISHED)


def find(path: str, data: bytes) -> list[str]:
    """Give the kinds of secrets in the text `data` of the file at `path` (relative to the root), sorted.

    Nothing of data longer than `LARGEST`, or with a NUL: it is no text.
    """
    # Nearly every file ends here, so it is written for speed: two passes, no call of ours. A key has long runs too.
    classes = data.translate(_CLASSES)
    at = classes.find(_RUN)
    pattern = _CREDENTIALS.get(path[path.rfind("/") + 1 :])
    if (at < 0 and pattern is None) or len(data) > LARGEST or 0 in data:
        return []
    found = set(_tokens(path, data, classes, at))
    if _BEGIN in data and any(map(_is_key, _KEY.finditer(data))):
        found.add("private-key")
    if pattern and pattern.path.search(path) and any(map(_is_value, pattern.value.finditer(data))):
        found.add("credentials")
    if found and _LIBRARIES.search(path):
        return []
    return sorted(found)


def _tokens(path: str, data: bytes, classes: bytes, at: int) -> Iterator[str]:
    """Look at the beginning of every long run of characters that tokens are made of, the first of them at `at`."""
    while at >= 0:
        token = _TOKENS.get(data[at : at + 4])
        if token and (match := token.pattern.match(data, at)) and _is_token(path, data, token, match[0]):
            yield token.kind
        end = classes.find(b" ", at + _SHORTEST)
        if end < 0:
            return
        at = classes.find(_RUN, end)


def _is_token(path: str, data: bytes, token: _Token, text: bytes) -> bool:
    if not _is_random(text[4:]):
        return False
    if token is _AWS:  # which is but a name; the secret has no form of its own
        return any(_is_random(match[0]) and not _HEX.fullmatch(match[0]) for match in _AWS_SECRET.finditer(data))
    return not (text.startswith(b"AIza") and path.endswith(_CLIENT_CODE))


def _is_random(text: bytes) -> bool:
    return len(set(text)) >= _FEWEST_DISTINCT and not _PLACEHOLDER.search(text)


def _is_key(match: re.Match[bytes]) -> bool:
    if match[1] == b"OPENSSH " and not match[2].startswith(_OPENSSH_PLAIN):
        return False
    return _is_random(match[2])


def _is_value(match: re.Match[bytes]) -> bool:
    return not _PLACEHOLDER.search(match[1])
