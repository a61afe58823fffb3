"""Rules on secrets: what must not be given to everybody who may pull an image."""

from collections.abc import Callable, Iterator

from distill.layer import marks, secrets
from distill.lint.image import Image
from distill.lint.rule import Problem, rule

_MOUNT = "mount it when the container starts, and take it back: it may have been seen"


@rule("private-key", "error", "private keys are in the image", _MOUNT)
def private_key(image: Image) -> Iterator[Problem]:
    """Files of at most 64 KiB with a private key in PEM (PKCS #8, PKCS #1, SEC 1, DSA) or of OpenSSH.

    Keys under a pass phrase, and those among the tests and examples of libraries, are left out. Layers below count,
    even where a layer above hides the file: whoever pulls the image has them all. What is in a Debian package is no
    secret.
    """
    yield from _secrets(image, lambda kind: kind == "private-key")


@rule("access-token", "error", "access tokens are in the image", _MOUNT)
def access_token(image: Image) -> Iterator[Problem]:
    """Text files of at most 64 KiB with a token that can be told by its form.

    Of Anthropic, AWS (an access key and, in the same file, what may be its secret), GitHub, GitLab, Google, npm,
    PyPI, Slack and Stripe (live keys). What looks like a placeholder is none, nor is a Google API key in what a
    browser gets, nor what stands in the code of libraries below `site-packages` or `node_modules`, which a registry
    gives to everybody. The finding names the kind of the token; the token itself is in no report and in no listing.
    """
    yield from _secrets(image, lambda kind: kind not in ("private-key", "credentials"))


@rule("credentials-file", "error", "files with credentials are in the image", _MOUNT)
def credentials_file(image: Image) -> Iterator[Problem]:
    """Files in which tools keep passwords, where there is one in them.

    `.aws/credentials`, `.docker/config.json`, `.dockercfg`, `.git-credentials`, `.kube/config`, `.my.cnf`, `.netrc`,
    `.npmrc`, `.pgpass`, `.pypirc`, `apt/auth.conf` and `pip.conf`. References to the environment (`${NPM_TOKEN}`) and
    placeholders are no passwords. A build gets such files from whoever runs it; an image must not.
    """
    yield from _secrets(image, lambda kind: kind == "credentials")


def _secrets(image: Image, wanted: Callable[[str], bool]) -> Iterator[Problem]:
    for number, record in image.secret:
        kinds = [mark.removeprefix(marks.SECRET) for mark in record.marks if mark.startswith(marks.SECRET)]
        for kind in filter(wanted, kinds):
            where = "" if id(record) in image.visible else f" in layer {number}, hidden by one above"
            yield Problem(record.path, secrets.KINDS.get(kind, kind) + where)
