"""Tests of distill.layer.secrets."""

import hashlib

import pytest
from distill.layer import secrets
from hypothesis import given
from hypothesis import strategies as st
from support_secret import BODY, pem, random

PLAIN = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ"
LOCKED = "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAA"

GOOD = [
    ("srv/tls.key", pem("PRIVATE KEY"), "private-key"),
    ("srv/tls.key", pem("RSA PRIVATE KEY"), "private-key"),
    ("srv/tls.key", pem("EC PRIVATE KEY"), "private-key"),
    ("srv/tls.key", "text before\n" + pem("DSA PRIVATE KEY"), "private-key"),
    ("srv/tls.key", pem("PRIVATE KEY").replace("\n", "\r\n"), "private-key"),
    ("root/.ssh/id_ed25519", pem("OPENSSH PRIVATE KEY", PLAIN + random(27) + "\n" + random(64)), "private-key"),
    ("srv/account.json", '{"private_key": "' + pem("PRIVATE KEY").replace("\n", "\\n") + '"}', "private-key"),
    ("srv/app.py", 'KEY = (\n    "' + pem("PRIVATE KEY").replace("\n", '\\n"\n    "') + '")', "private-key"),
    ("srv/.env", "GITHUB_TOKEN=ghp_" + random(36), "github-token"),
    ("srv/app.py", f"token = 'gho_{random(36)}'", "github-token"),
    ("srv/app.py", f"ghs_{random(36)}", "github-token"),
    ("srv/ci.yaml", f"token: github_pat_{random(22)}_{random(59)}", "github-token"),
    ("srv/ci.yaml", f"token: glpat-{random(20)}", "gitlab-token"),
    ("srv/app.yaml", f"slack: xoxb-384756102934-9182736450918-{random(24)}", "slack-token"),
    ("srv/app.yaml", f"key: AIza{random(35)}", "google-key"),
    ("srv/app.yaml", f"client_secret: GOCSPX-{random(28)}", "google-key"),
    ("srv/.env", f"STRIPE=sk_live_{random(24)}", "stripe-key"),
    ("srv/.env", f"STRIPE=rk_live_{random(99)}", "stripe-key"),
    ("srv/.env", f"T=npm_{random(36)}", "npm-token"),
    ("srv/.env", f"T=pypi-AgEI{random(90)}", "pypi-token"),
    ("srv/.env", f"T=sk-ant-api03-{random(90)}", "anthropic-key"),
    ("srv/.env", f"ID=AKIAQYZ2BCDEFGHIJK34\nSECRET={random(40)}", "aws-key"),
    ("root/.aws/credentials", f"[default]\naws_secret_access_key = {random(40)}\n", "credentials"),
    ("root/.netrc", "machine x login y password hunter2\n", "credentials"),
    ("etc/apt/auth.conf", "machine x login y password hunter2\n", "credentials"),
    ("root/.docker/config.json", '{"auths": {"x": {"auth": "dXNlcjpodW50ZXIy"}}}', "credentials"),
    ("root/.npmrc", f"//registry/:_authToken={random(36)}\n", "credentials"),
    (".npmrc", "_password = aHVudGVyMg==", "credentials"),
    ("root/.pypirc", "[x]\nusername = me\npassword = hunter2\n", "credentials"),
    ("root/.git-credentials", "https://me:hunter2@host\n", "credentials"),
    ("root/.config/pip/pip.conf", "[global]\nextra-index-url = https://me:hunter2@host/simple\n", "credentials"),
    ("root/.pgpass", "# all\nhost:5432:db:me:hunter2\n", "credentials"),
    ("root/.my.cnf", "[client]\npassword = hunter2\n", "credentials"),
    ("root/.kube/config", f"users:\n- user:\n    token: {random(30)}\n", "credentials"),
]


@pytest.mark.parametrize(("path", "text", "kind"), GOOD)
def test_a_secret_is_found(path: str, text: str, kind: str) -> None:
    assert secrets.find(path, text.encode()) == [kind]
    assert kind in secrets.KINDS


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("srv/x", ""),
        ("srv/tls.crt", pem("CERTIFICATE")),
        ("srv/tls.pub", pem("PUBLIC KEY")),
        ("srv/tls.key", pem("ENCRYPTED PRIVATE KEY")),
        ("srv/tls.key", pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n" + BODY)),
        ("srv/id", pem("OPENSSH PRIVATE KEY", LOCKED + random(27) + "\n" + random(64))),
        ("srv/tls.key", pem("PRIVATE KEY", "...")),
        ("srv/tls.key", pem("PRIVATE KEY", "x" * 64)),
        ("srv/app.py", 'if text.startswith("-----BEGIN PRIVATE KEY-----"):\n    ' + random(64)),
        ("usr/lib/python3/dist-packages/asyncio/test/key.pem", pem("PRIVATE KEY")),
        ("opt/lib/python3.11/test/certdata/key.pem", pem("PRIVATE KEY")),
        ("app/node_modules/x/fixtures/a/key.pem", pem("PRIVATE KEY")),
        ("srv/.env", "T=ghp_" + "x" * 36),
        ("srv/.env", "T=ghp_" + "a1" * 18),
        ("srv/.env", f"T=ghp_{random(35)}"),
        ("srv/.env", f"T=xghp_{random(36)}"),
        ("srv/.env", f"T=github_pat_{random(22)}"),
        ("srv/.env", f"T=sk_test_{random(24)}"),
        ("srv/.env", "T=npm_" + random(29) + "EXAMPLE"),
        ("srv/.env", "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("srv/.env", "AKIAQYZ2BCDEFGHIJK34"),
        ("srv/.env", "AKIAQYZ2BCDEFGHIJK34 " + hashlib.sha1(b"").hexdigest()),
        ("srv/www/app.js", f"key = 'AIza{random(35)}'"),
        ("srv/app.yaml", f"slack: xoxb-{random(40)}"),
        ("root/.netrc", "machine x login y password ${PASSWORD}\n"),
        ("root/.netrc", "machine x login y\n"),
        ("srv/netrc.txt", "machine x login y password hunter2\n"),
        ("root/.docker/config.json", '{"auths": {}, "credsStore": "pass"}'),
        ("srv/config.json", '{"auths": {"x": {"auth": "dXNlcjpodW50ZXIy"}}}'),
        ("root/.npmrc", "//registry/:_authToken=${NPM_TOKEN}\n"),
        ("root/.npmrc", "# _authToken=hunter2\n"),
        ("root/.pypirc", "password = <your password>\n"),
        ("root/.pypirc", "password = changeme\n"),
        ("root/.git-credentials", "https://host/path\n"),
        ("root/.config/pip/pip.conf", "[global]\nindex-url = https://host/simple\n"),
        ("root/.kube/config", "users:\n- user:\n    tokenFile: /run/token\n"),
        ("srv/config", f"token: {random(30)}\n"),
    ],
)
def test_what_is_no_secret(path: str, text: str) -> None:
    assert secrets.find(path, text.encode()) == []


def test_all_kinds_of_a_file_come_sorted() -> None:
    text = f"{pem('PRIVATE KEY')}\nghp_{random(36)} ghp_{random(36, 'y')}\nmachine x password hunter2\n"
    assert secrets.find("root/.netrc", text.encode()) == ["credentials", "github-token", "private-key"]


def test_every_kind_has_a_case() -> None:
    assert {kind for _, _, kind in GOOD} == set(secrets.KINDS)


@pytest.mark.parametrize("kind", ["long", "binary"])
def test_what_is_no_small_text(kind: str) -> None:
    data = f"ghp_{random(36)}\n".encode()
    data = data * 2000 if kind == "long" else data + b"\0"
    assert secrets.find("srv/x", data) == []


@pytest.mark.parametrize(
    ("path", "published"),
    [
        ("usr/lib/python3.11/ssl.py", True),
        ("app/node_modules/x/index.js", True),
        ("app/venv/lib/python3.11/site-packages/x/settings.py", True),
        ("app/venv/lib/python3.11/site-packages/x/settings.json", False),
        ("app/settings.py", False),
    ],
)
def test_code_of_libraries_is_published(path: str, published: bool) -> None:
    assert secrets.is_published(path) == published


@given(st.binary(max_size=300), st.sampled_from([path for path, _, _ in GOOD]))
def test_any_bytes(data: bytes, path: str) -> None:
    assert set(secrets.find(path, data)) <= set(secrets.KINDS)


@given(st.text("AKIgh_pxob-z aiz.=\n0", max_size=200).map(str.encode))
def test_what_nearly_is_a_token(data: bytes) -> None:
    assert secrets.find("srv/x", data) == []
