"""Rules on secrets: what must not be given to everybody who may pull an image."""

import re
from collections.abc import Callable, Iterator

from distill.layer import credentials, marks, placeholders, secrets
from distill.lint.image import Image
from distill.lint.rule import Problem, rule

_MOUNT = "mount it when the container starts, and take it back: it may have been seen"
_SECRET_NAME = re.compile(
    r"(?:.*[_-]|PG)?(?:PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|TOKEN|API_?KEY|(?:ACCESS|PRIVATE|SECRET)_KEY|SECRET_KEY_BASE"
    r"|CREDENTIALS)",
    re.IGNORECASE,
)
_DIRECTORIES = ("OLDPWD", "PWD")
_NO_SECRET = re.compile(rb"|/.*|file:.*|(?:true|false|yes|no|on|off)|\d{1,2}", re.IGNORECASE)
"""Values that say where a secret is, or whether there is to be one."""


@rule("private-key", "error", "private keys are in the image", _MOUNT)
def private_key(image: Image) -> Iterator[Problem]:
    """Text files, and values of the image's config, with a private key.

    That is one in PEM (PKCS #8, PKCS #1, SEC 1, DSA), of OpenSSH, PuTTY or WireGuard, an armoured one of OpenPGP, or a
    JSON Web Key. Of a file the first 4 MiB are searched.

    Keys under a pass phrase (but for OpenPGP, where the armour does not tell), and those among the tests and examples
    of libraries, are left out. Layers below count, even where a layer above hides the file: whoever pulls the image has
    them all. What is in a Debian package is no secret.
    """
    yield from _secrets(image, lambda kind: kind == "private-key")


@rule("access-token", "error", "access tokens are in the image", _MOUNT)
def access_token(image: Image) -> Iterator[Problem]:
    """Text files, and values of the image's config, with a token that can be told by its form.

    Of Anthropic, AWS (an access key and, in the same text, what may be its secret), Azure (keys of storage accounts),
    DigitalOcean, Docker Hub, GitHub, GitLab, Google, Hugging Face, npm, OpenAI, PyPI, SendGrid, Slack (webhooks too),
    Stripe (live keys) and Vault. Of a file the first 4 MiB are searched; of the config env, labels, entrypoint, cmd,
    healthcheck, author and history.

    What looks like a placeholder is none, nor is a Google API key in what a browser gets, nor what stands in the code
    of libraries below `site-packages` or `node_modules`, which a registry gives to everybody. The finding names the
    kind of the token; the token itself is in no report and in no listing.
    """
    yield from _secrets(image, lambda kind: kind not in ("private-key", "credentials"))


@rule("credentials-file", "error", "files with credentials are in the image", _MOUNT)
def credentials_file(image: Image) -> Iterator[Problem]:
    """Files in which tools keep passwords, where there is one in them.

    `.aws/credentials`, `.cargo/credentials` and `credentials.toml`, `.docker/config.json`, `.dockercfg`,
    `.git-credentials`, `.kube/config`, `kubeconfig` and those of `/etc/kubernetes` (`admin.conf`), `.m2/settings.xml`
    and `settings-security.xml`, `.my.cnf`, `.netrc`, `.npmrc`, `.pgpass`, `.pypirc`,
    `application_default_credentials.json` of Google Cloud, `apt/auth.conf`, `auth.json` of podman and of Composer, and
    `pip.conf`. References to the environment (`${NPM_TOKEN}`) and placeholders are no passwords. A build gets such
    files from whoever runs it; an image must not.
    """
    yield from _secrets(image, lambda kind: kind == "credentials")


@rule(
    "secret-variable",
    "warning",
    "variables named as secrets have their values in the image",
    "set it when the container starts, or have the program read a file that is mounted",
)
def secret_variable(image: Image) -> Iterator[Problem]:
    """Variables in the image's environment that are named as `DB_PASSWORD` or `API_TOKEN` are, and have a value.

    And those whose value is a URL with a password. Whoever may pull an image reads its config, and so does every
    process in a container. Placeholders, paths (`/run/secrets/token`), references to other variables, switches (`yes`,
    `0`) and empty values are none; what can be told by its form is an [`access-token`](#access-token). The finding
    names the variable, not what is in it.
    """
    for name, value in image.environment.items():
        text = value.encode("utf-8", "surrogatepass")
        if secrets.find("", text):
            continue
        literal = not _NO_SECRET.fullmatch(text) and not placeholders.is_placeholder(text)
        named = literal and name not in _DIRECTORIES and _SECRET_NAME.fullmatch(name)
        if named or credentials.has_value(credentials.URL.finditer(text)):
            yield Problem(detail=f"env {name}")


def _secrets(image: Image, wanted: Callable[[str], bool]) -> Iterator[Problem]:
    for number, record in image.secret:
        kinds = [mark.removeprefix(marks.SECRET) for mark in record.marks if mark.startswith(marks.SECRET)]
        for kind in filter(wanted, kinds):
            where = "" if id(record) in image.visible else f" in layer {number}, hidden by one above"
            yield Problem(record.path, secrets.KINDS.get(kind, kind) + where)
    # One text: a key of AWS has its secret in another variable.
    texts = list(_texts(image))
    whole = set(secrets.find("", "\n".join(text for _, text in texts).encode("utf-8", "surrogatepass")))
    for place, text in texts:
        kinds = secrets.find("", text.encode("utf-8", "surrogatepass"))
        whole.difference_update(kinds)
        for kind in filter(wanted, kinds):
            yield Problem(detail=f"{place}: {secrets.KINDS[kind]}")
    for kind in filter(wanted, sorted(whole)):
        yield Problem(detail=f"config: {secrets.KINDS[kind]}")


def _texts(image: Image) -> Iterator[tuple[str, str]]:
    """Give the texts of the config that somebody wrote, each with where it stands."""
    execution = image.execution
    for name, value in image.environment.items():
        yield f"env {name}", value
    for name, value in sorted((execution.get("Labels") or {}).items()):
        yield f"label {name}", str(value)
    for what, words in (
        ("entrypoint", execution.get("Entrypoint")),
        ("cmd", execution.get("Cmd")),
        ("healthcheck", (execution.get("Healthcheck") or {}).get("Test")),
    ):
        yield what, "\n".join(map(str, words or ()))
    yield "author", str(image.config.get("author") or "")
    for number, step in enumerate(image.config.get("history") or ()):
        yield f"history {number}", "\n".join(str(step.get(key) or "") for key in ("author", "comment", "created_by"))
