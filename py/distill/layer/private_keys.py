"""Private keys in text."""

import re

from distill.layer.placeholders import is_random

_LABEL = b"PRIVATE"
_GAP = rb"(?:\\[nr]|[\s\"'+,\\]){0,80}"
"""Between the lines of a key, also in a program's string."""
_BODY = rb"((?:[A-Za-z0-9+/]{8,}" + _GAP + rb"){1,8})"
_PEM = re.compile(rb"-----BEGIN (RSA |EC |DSA |OPENSSH )?PRIVATE KEY-----" + _GAP + _BODY)
"""A PEM private key (RFC 7468, 10; RFC 5915; OpenSSH's PROTOCOL.key) with its first lines.

A key under a pass phrase has another label, or headers before its body, and does not match; one of OpenSSH names its
cipher in the body.
"""
_OPENSSH_PLAIN = b"b3BlbnNzaC1rZXktdjEAAAAABG5vbmU"
"""How the body of an OpenSSH key without pass phrase begins: `openssh-key-v1`, and the cipher `none`."""
_PGP = re.compile(
    rb"-----BEGIN PGP PRIVATE KEY BLOCK-----"
    + (_GAP + rb"(?:[A-Z][a-z]{2,10}: [^\n\\]{0,100}" + _GAP + rb"){0,5}")
    + _BODY
)
"""An armoured private key (RFC 9580, 6.2); whether it has a pass phrase stands in its packets."""
_LETTERS = re.compile(rb"[A-Za-z0-9+/]+")
_FEWEST = 40
"""Characters of the shortest body that is looked at."""

_PUTTY = re.compile(rb"PuTTY-User-Key-File-[0-9]: (?:.*\n){1,3}?Encryption: none\s(?:.*\n){1,800}?Private-Lines: ")
"""A key of PuTTY without pass phrase (PuTTY's manual, "PPK file format")."""
_WIREGUARD = re.compile(rb"^\s*PrivateKey\s*=\s*([A-Za-z0-9+/]{43}=)", re.MULTILINE)
"""wg(8) and systemd.netdev(5) name it alike."""
SUFFIXES = (".conf", ".netdev")
"""Names of files that may have such a key, whose characters need not be in a row."""
_JWK = re.compile(rb"\"[dk]\"\s{0,4}:\s{0,4}\"([A-Za-z0-9_-]{40,})\"")
"""The private part of a JSON Web Key (RFC 7518, 6): d of EC, OKP and RSA, k of symmetric ones."""
_JWK_FILES = (".json", ".jwk", ".jwks")


def has_key(path: str, data: bytes) -> bool:
    """Say whether the text `data` of the file at `path` has a private key without a pass phrase."""
    if _LABEL in data and (any(map(_is_pem, _PEM.finditer(data))) or any(map(_is_body, _PGP.finditer(data)))):
        return True
    if data.startswith(b"PuTTY-User-Key-File-") and _PUTTY.match(data):
        return True
    if path.endswith(_JWK_FILES) and b'"kty"' in data and any(is_random(match[1]) for match in _JWK.finditer(data)):
        return True
    return path.endswith(SUFFIXES) and any(is_random(match[1]) for match in _WIREGUARD.finditer(data))


def _is_pem(match: re.Match[bytes]) -> bool:
    body = match[2]
    return not (match[1] == b"OPENSSH " and not body.startswith(_OPENSSH_PLAIN)) and _is_random_body(body)


def _is_body(match: re.Match[bytes]) -> bool:
    return _is_random_body(match[1])


def _is_random_body(body: bytes) -> bool:
    joined = b"".join(re.findall(_LETTERS, body))
    return len(joined) >= _FEWEST and is_random(joined)
