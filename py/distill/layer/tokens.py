"""Access tokens in text, by their forms.

Whatever is searched is mostly something else, so the search is for runs of the characters that tokens are made of, at
the speed of `bytes.find`, and only there for how tokens begin.
"""

import re

from distill.layer.placeholders import is_random

_WORD = rb"[A-Za-z0-9_-]"
_END = rb"(?!" + _WORD + rb")"
_ALONE = rb"(?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=%[0-9A-F]{2}))"
"""Before what begins with letters only: no other letter, but for an escape."""

_TOKENS = (
    ("anthropic-key", rb"sk-ant-[a-z0-9]{1,20}-" + _WORD + rb"{80,300}"),
    ("aws-key", _ALONE + rb"A[KS]IA[A-Z2-7]{16}" + _END),
    ("azure-key", rb"AccountKey=[A-Za-z0-9+/]{86}=="),
    ("digitalocean-token", rb"do[opr]_v1_[a-f0-9]{64}" + _END),
    ("docker-token", rb"dckr_[op]at_" + _WORD + rb"{27,64}" + _END),
    ("github-token", rb"gh[opsur]_[A-Za-z0-9]{36,255}" + _END),
    ("github-token", rb"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}" + _END),
    ("gitlab-token", rb"gl(?:agent|cbt|dt|ft|imt|oas|pat|ptt|rt|soat)-" + _WORD + rb"{20,64}" + _END),
    ("google-key", _ALONE + rb"AIza" + _WORD + rb"{35}" + _END),
    ("google-key", rb"GOCSPX-" + _WORD + rb"{28}" + _END),
    ("huggingface-token", rb"hf_[A-Za-z0-9]{34,40}" + _END),
    ("npm-token", rb"npm_[A-Za-z0-9]{36}" + _END),
    ("openai-key", rb"sk-(?:proj|svcacct|admin)-" + _WORD + rb"{40,300}"),
    ("openai-key", rb"sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}" + _END),
    ("pypi-token", rb"pypi-AgEI" + _WORD + rb"{50,300}"),
    ("sendgrid-key", rb"SG\." + _WORD + rb"{22}\." + _WORD + rb"{43}" + _END),
    ("slack-token", rb"xapp-[0-9]-[A-Z0-9]{6,16}-[0-9]{6,16}-[a-f0-9]{64}" + _END),
    ("slack-token", rb"xox[abeoprs]-[0-9]{6,20}-[A-Za-z0-9-]{16,200}" + _END),
    (
        "slack-webhook",
        rb"hooks\.slack\.com/(?:services/T[A-Z0-9]{6,14}/B[A-Z0-9]{6,14}"
        rb"|(?:triggers|workflows)/[A-Z0-9]{6,14}/[A-Z0-9/]{6,40})/[A-Za-z0-9]{20,40}" + _END,
    ),
    ("stripe-key", rb"[rs]k_live_[A-Za-z0-9]{24,99}" + _END),
    ("vault-token", rb"hv[bs]\." + _WORD + rb"{24,300}"),
)
"""Kinds and their patterns. Repetitions have a bound, so that no text takes long."""
_TOKEN = re.compile(b"|".join(b"(" + pattern + b")" for _, pattern in _TOKENS))
_BEGIN = re.compile(
    rb"k-(?:ant|proj|svcacct|admin)-|k-[A-Za-z0-9]{20}T3B|[KS]IA|AIza|AccountKey=|v1_[a-f0-9]{16}|ckr_[op]at_"
    rb"|g(?:h[opsur]_|ithub_pat_|l[a-z]{2,5}-)|GOCSPX-|f_[A-Za-z0-9]{16}|pm_[A-Za-z0-9]{16}|x(?:app|ox[abeoprs])-"
    rb"|ypi-AgEI|k_live_|v[bs]\.|SG\.|slack\.com/|DefaultE"
)
"""Where tokens are looked at: what there is of them near their beginnings, by characters that are rare in names."""
_BEFORE = len("hooks.")
"""Characters of a token that may be before that."""
_CONNECTION = re.compile(rb"DefaultEndpointsProtocol=[^\s\"']{0,300}?AccountKey=")
"""How a connection string of Azure storage begins."""

_AWS_SECRET = re.compile(
    rb"(?<![A-Za-z0-9/+])(?=[^A-Z]{0,39}[A-Z])(?=[^a-z]{0,39}[a-z])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"
)
_HEX = re.compile(rb"[0-9a-fA-F]+")
_NUMBER = re.compile(rb"-[0-9]+(?=-)")
"""What in a token is no secret, and may well look like a placeholder."""

_SHORTEST = 20
"""Characters of the shortest token, an access key of AWS."""
_LONG = 24
"""Characters of a run that is looked at for what else there is: that many, in a row, are in each of them."""
_LOWER = b"_v1_"
"""What is in tokens that have no capital letter; other words without one, names in programs, are no tokens."""
_TAIL = 16
"""Characters that a token has at least after how it begins."""
_RUN = b"w" * _SHORTEST
_CLASSES = bytes(0x77 if bytes((c,)).isalnum() or c in b"_-" else 0x20 for c in range(256))

_BACK = {ord("."): len("SG.") + 23, ord("="): len("AccountKey="), ord("+"): 80, ord("/"): 80}
"""By the character before a run: how many before it may belong to the token."""
_FAR = (b"AccountKey=", b"hooks.slack.com/")
"""How those begin that have runs after such characters late."""
_AWS_THIRD = ord("I")
"""The third character of an access key of AWS."""
_DENSE = 40
"""Bytes for each run: where there are more of them, a search of all text at once costs less."""

_CLIENT_CODE = (".htm", ".html", ".js", ".map", ".mjs")
"""Files that browsers get: the Google API keys in them are for everybody to see."""


def runs(data: bytes) -> tuple[bytes, int]:
    """Give the classes of the characters of `data`, for `find`, and where the first run is, -1 where none is."""
    classes = data.translate(_CLASSES)
    return classes, classes.find(_RUN)


def find(path: str, data: bytes, classes: bytes, at: int) -> tuple[set[str], bool]:
    """Give the kinds of tokens in the text `data` of the file at `path`, whose first run begins at `at`.

    And whether there was a long one that is no name of a program's.
    """
    places, long = _places(data, classes, at) if at >= 0 else ([], False)
    found = {kind for place in places if (kind := _kind(path, data, place))} if places else set()
    if "aws-key" in found:  # which is but a name; the secret has no form of its own
        secrets = (match[0] for match in _AWS_SECRET.finditer(data))
        if not any(is_random(secret) and not _HEX.fullmatch(secret) for secret in secrets):
            found.remove("aws-key")
    return found, long


def _places(data: bytes, classes: bytes, at: int) -> tuple[list[int], bool]:
    """Give where tokens may begin, and whether there is a long run."""
    # This goes over every long word of every text of every layer; what looks clumsy here is what was fastest.
    places: list[int] = []
    long = False
    find, search, back_of = classes.find, _BEGIN.search, _BACK.get
    for _ in range(len(data) // _DENSE + 16):
        end = find(b" ", at + _SHORTEST)
        if end < 0:
            end = len(data)
        if end - at >= _LONG and not ((word := data[at:end]).islower() and _LOWER not in word):
            long = True
            back = back_of(data[at - 1]) if at else None
            begin = search(data, _start(data, at, back) if back else at, end - _TAIL)
            while begin:
                places.append(begin.start())
                begin = search(data, begin.start() + 1, end - _TAIL)
        elif data[end - 18] == _AWS_THIRD:
            places.append(end - _SHORTEST + 1)
        at = find(_RUN, end)
        if at < 0:
            return places, long
    return places + [begin.start() for begin in _BEGIN.finditer(data, at)], long


def _start(data: bytes, at: int, back: int) -> int:
    """Give where a token may begin of which the run at `at` is a part, at most `back` before it."""
    low = max(0, at - back)
    if back < _BACK[ord("/")]:
        return low
    found = max(data.rfind(begin, low, at) for begin in _FAR)
    return at if found < 0 else found


def _kind(path: str, data: bytes, near: int) -> str:
    """Give the kind of the token that begins at `near` or a little before, empty where none does."""
    for at in range(max(0, near - _BEFORE), near + 1):
        connection = _CONNECTION.match(data, at)
        match = _TOKEN.match(data, connection.end() - len(b"AccountKey=") if connection else at)
        if match and match.lastindex and is_random(_NUMBER.sub(b"", match[0])[4:]):
            kind = _TOKENS[match.lastindex - 1][0]
            return "" if match[0].startswith(b"AIza") and path.endswith(_CLIENT_CODE) else kind
    return ""
