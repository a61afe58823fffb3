"""Secrets in text files: private keys, access tokens, and the files in which tools keep credentials.

A pattern is here only if what it matches can hardly be anything else, because a finding fails a build. So these are no
secrets: placeholders, keys under a pass phrase, keys that libraries ship for their own tests, what clients show anyway.

Every file of a layer comes by here, so nearly all must be done with after a few passes at the speed of `bytes.find`.
"""

import re

from distill.layer import credentials, private_keys, tokens

SMALL = 1 << 16
"""Bytes of a file that is looked at as a whole; in a larger one there are no credentials of a tool."""
LARGEST = 4 << 20
"""Bytes of a larger text that are looked into."""
_WINDOW = 1 << 18
"""Bytes of such a text that are looked at at once."""
_OVERLAP = 4096
"""Bytes that are looked at again with the next ones: a secret may lie across."""

KINDS = {
    "anthropic-key": "an Anthropic API key",
    "aws-key": "an AWS access key with its secret",
    "azure-key": "a key of an Azure storage account",
    "credentials": "credentials of a tool",
    "digitalocean-token": "a DigitalOcean token",
    "docker-token": "a Docker Hub token",
    "github-token": "a GitHub token",
    "gitlab-token": "a GitLab token",
    "google-key": "a Google API key or client secret",
    "huggingface-token": "a Hugging Face token",
    "npm-token": "an npm token",
    "openai-key": "an OpenAI API key",
    "private-key": "a private key",
    "pypi-token": "a PyPI token",
    "sendgrid-key": "a SendGrid API key",
    "slack-token": "a Slack token",
    "slack-webhook": "a Slack webhook",
    "stripe-key": "a Stripe live key",
    "vault-token": "a Vault token",
}
"""What `find` gives, and how a message names it."""

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

    Nothing of data with a NUL: it is no text.
    """
    if len(data) > SMALL:
        search = Search(path)
        search.feed(data)
        return search.kinds()
    # Nearly every file ends here, so it is written for speed: two passes. A key has long runs of characters too.
    classes, at = tokens.runs(data)
    if at < 0 and path[path.rfind("/") + 1 :] not in credentials.FILES and not path.endswith(private_keys.SUFFIXES):
        return []
    return sorted(_find(path, data, classes, at))


def _find(path: str, data: bytes, classes: bytes, at: int) -> set[str]:
    if 0 in data:
        return set()
    found, long = tokens.find(path, data, classes, at)
    if (long or at < 0 or path.endswith(private_keys.SUFFIXES)) and private_keys.has_key(path, data):
        found.add("private-key")
    if len(data) <= SMALL and credentials.has_credentials(path, data):
        found.add("credentials")
    return set() if found and _LIBRARIES.search(path) else found


class Search:
    """The search of a text of more than `SMALL` bytes, as it is read. What it gives does not depend on the parts."""

    def __init__(self, path: str) -> None:
        """Begin with the file at `path`, relative to the root."""
        self._path = path
        self._found: set[str] = set()
        self._data = bytearray()
        self._left = LARGEST

    def feed(self, part: bytes | memoryview) -> None:
        """Look at the next part of the file."""
        if self._left <= 0:
            return
        self._data += part[: self._left]
        self._left -= len(part)
        while len(self._data) >= _WINDOW:
            self._look(bytes(self._data[:_WINDOW]))
            del self._data[: _WINDOW - _OVERLAP]

    def kinds(self) -> list[str]:
        """Give the kinds of secrets that were found, sorted."""
        self._look(bytes(self._data))
        return sorted(self._found)

    def _look(self, data: bytes) -> None:
        if 0 in data:  # no text after all
            self._found.clear()
            self._data.clear()
            self._left = 0
        elif data:
            self._found |= _find(self._path, data, *tokens.runs(data))
