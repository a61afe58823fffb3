"""Tests of distill.layer.secrets."""

import hashlib

import pytest
from distill.layer import secrets
from hypothesis import given
from hypothesis import strategies as st
from support_secret import BODY, hexadecimal, pem, random

PLAIN = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ"
LOCKED = "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAA"

WORD = random(9).upper()
SLACK = "hooks.slack" + ".com"
AZURE = "DefaultEndpoints" + "Protocol=https"


def putty(encryption: str) -> str:
    return (
        f"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: {encryption}\nComment: x\nPublic-Lines: 1\n{random(64)}\n"
        f"Private-Lines: 1\n{random(48)}\nPrivate-MAC: {random(32)}\n"
    )


GOOD = [
    ("srv/tls.key", pem("PRIVATE KEY"), "private-key"),
    ("srv/tls.key", pem("RSA PRIVATE KEY"), "private-key"),
    ("srv/tls.key", pem("EC PRIVATE KEY"), "private-key"),
    ("srv/tls.key", "text before\n" + pem("DSA PRIVATE KEY"), "private-key"),
    ("srv/tls.key", pem("PRIVATE KEY").replace("\n", "\r\n"), "private-key"),
    ("root/.ssh/id_ed25519", pem("OPENSSH PRIVATE KEY", PLAIN + random(27) + "\n" + random(64)), "private-key"),
    ("srv/account.json", '{"private_key": "' + pem("PRIVATE KEY").replace("\n", "\\n") + '"}', "private-key"),
    ("srv/app.py", 'KEY = (\n    "' + pem("PRIVATE KEY").replace("\n", '\\n"\n    "') + '")', "private-key"),
    ("srv/tls.key", pem("RSA PRIVATE KEY", "\n".join(random(32, str(line)) for line in range(9))), "private-key"),
    ("srv/tls.key", pem("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEI" + random(43)), "private-key"),
    ("srv/app.yaml", "key: |\n    " + pem("PRIVATE KEY").replace("\n", "\n    "), "private-key"),
    ("srv/key.asc", pem("PGP PRIVATE KEY BLOCK", "Version: 2\nComment: a b\n\n" + BODY), "private-key"),
    ("srv/key.asc", pem("PGP PRIVATE KEY BLOCK", "\n" + BODY), "private-key"),
    ("srv/key.ppk", putty("none"), "private-key"),
    ("srv/key.json", f'{{"kty": "EC", "crv": "P-256", "x": "a", "d": "{random(43)}"}}', "private-key"),
    ("srv/keys.jwks", f'{{"keys":[{{"kty":"oct","k":"{random(43)}"}}]}}', "private-key"),
    ("etc/wireguard/wg0.conf", f"[Interface]\nPrivateKey = {random(18)}/{random(12)}+{random(11)}=\n", "private-key"),
    ("etc/systemd/network/wg.netdev", f"[WireGuard]\nPrivateKey={random(43)}=\n", "private-key"),
    ("srv/.env", "GITHUB_TOKEN=ghp_" + random(36), "github-token"),
    ("srv/.env", "TOKENghp_" + random(36), "github-token"),
    ("srv/.env", "a_ghp_" + random(36), "github-token"),
    ("srv/x", "%3Dghp_" + random(36), "github-token"),
    ("srv/x.json", '{"key": "a\\nghp_' + random(36) + '"}', "github-token"),
    ("srv/ci.yaml", f"token: glrt-{random(20)}", "gitlab-token"),
    ("srv/ci.yaml", f"token: gldt-{random(20)}", "gitlab-token"),
    ("srv/ci.yaml", f"token: glpat-{random(27)}.01.{random(9)}", "gitlab-token"),
    ("srv/app.yaml", f"xapp-1-A0{random(9).upper()}-1234567890123-{hexadecimal(64)}", "slack-token"),
    ("srv/app.yaml", f"url: https://{SLACK}/services/T0{WORD}/B0{WORD}/{random(24)}", "slack-webhook"),
    ("srv/app.yaml", f"url: https://{SLACK}/workflows/T0{WORD}/A0{WORD}/123456/{random(24)}", "slack-webhook"),
    ("srv/.env", f"T=sk-proj-{random(48)}", "openai-key"),
    ("srv/.env", f"T=sk-{random(20)}T3Blb" + f"kFJ{random(20, 'y')}", "openai-key"),
    ("srv/.env", f"T=hf_{random(34)}", "huggingface-token"),
    ("srv/.env", f"T=dop_v1_{hexadecimal(64)}", "digitalocean-token"),
    ("srv/.env", f"T=hvs.{random(90)}", "vault-token"),
    ("srv/.env", f"T=SG.{random(22)}.{random(43, 'y')}", "sendgrid-key"),
    ("srv/.env", f"T=SG.{random(9)}_{random(12)}.{random(20)}-{random(22, 'y')}", "sendgrid-key"),
    ("srv/.env", f"T=dckr_pat_{random(27)}", "docker-token"),
    ("srv/.env", f"{AZURE};AccountName=a;AccountKey={random(17)}/{random(17)}+{random(50)}==", "azure-key"),
    ("srv/.env", f"AccountKey={random(50)}/{random(17)}+{random(17)}==;Name=x", "azure-key"),
    ("srv/.env", f"AccountKey={random(10)}/{random(17)}+{random(57)}==;Name=x", "azure-key"),
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
    ("root/.config/pip/pip.conf", "extra-index-url =\n    https://h/\n    https://me:hunter2@host\n", "credentials"),
    ("root/.netrc", "machine x login y password yourRealP4ss\n", "credentials"),
    ("root/.netrc", "machine x login y password inyourface9\n", "credentials"),
    ("run/containers/0/auth.json", '{"auths": {"x": {"auth": "dXNlcjpodW50ZXIy"}}}', "credentials"),
    ("root/.composer/auth.json", '{"http-basic": {"x": {"username": "u", "password": "hunter2"}}}', "credentials"),
    ("srv/app/auth.json", '{"github-oauth": {"x": "hunter2"}}', "credentials"),
    ("etc/kubernetes/admin.conf", f"users:\n- user:\n    client-key-data: {random(90)}\n", "credentials"),
    ("srv/kubeconfig", f"users:\n- user:\n    token: {random(30)}\n", "credentials"),
    ("root/.config/gcloud/application_default_credentials.json", '{"refresh_token": "hunter2"}', "credentials"),
    ("root/.cargo/credentials.toml", '[registry]\ntoken = "hunter2"\n', "credentials"),
    ("usr/local/cargo/credentials.toml", '[registry]\ntoken = "hunter2"\n', "credentials"),
    ("root/.cargo/credentials", '[registry]\ntoken = "hunter2"\n', "credentials"),
    ("root/.m2/settings.xml", "<server><username>u</username><password>hunter2</password></server>", "credentials"),
    ("root/.m2/settings-security.xml", "<master>hunter2</master>", "credentials"),
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
        ("srv/.env", f"T=ghp_{random(36)}_x"),
        ("srv/.env", f"T=ghq_{random(36)}"),
        ("srv/.env", f"xAKIAQYZ2BCDEFGHIJK34 {random(40)}"),
        ("srv/.env", f"xAIza{random(35)}"),
        ("srv/.env", f"T=hf_{random(33)}"),
        ("srv/.env", f"T=dop_v1_{random(64)}"),
        ("srv/.env", f"T=hvs.{random(20)}"),
        ("srv/.env", f"T=SG.{random(22)}.{random(42)}"),
        ("srv/.env", f"T=XG.{random(22)}.{random(43)}"),
        ("srv/.env", f"T=dckr_pat_{random(20)}"),
        ("srv/.env", f"T=sk-proj-{'your-key-goes-here-' * 3}"),
        ("srv/.env", f"T=sk-{random(48)}"),
        ("srv/.env", f"T=glpat-{random(19)}"),
        ("srv/.env", f"T=glxx-{random(20)}"),
        ("srv/.env", f"AccountKey={random(85)}=="),
        ("srv/.env", f"{AZURE};AccountName=a;SharedAccessSignature={random(60)}"),
        ("srv/app.yaml", f"url: https://{SLACK}/services/{random(24)}"),
        ("srv/app.yaml", f"url: https://{SLACK}/services/T00000000/B00000000/{'X' * 24}"),
        ("srv/key.asc", pem("PGP PUBLIC KEY BLOCK", "\n" + BODY)),
        ("srv/key.ppk", putty("aes256-cbc")),
        ("srv/key.json", f'{{"kty": "EC", "x": "{random(43)}", "y": "{random(43)}"}}'),
        ("srv/key.json", f'{{"d": "{random(43)}"}}'),
        ("srv/key.txt", f'{{"kty": "EC", "d": "{random(43)}"}}'),
        ("etc/wireguard/wg0.conf", f"[Peer]\nPublicKey = {random(43)}=\n"),
        ("etc/wireguard/wg0.txt", f"PrivateKey = {random(43)}=\n"),
        ("run/containers/0/auth.json", '{"auths": {"x": {}}}'),
        ("srv/auth.json", '{"user": "password"}'),
        ("etc/kubernetes/kubelet.conf", "users:\n- user:\n    client-key: /var/lib/kubelet/pki/x.pem\n"),
        ("srv/admin.conf", "password: hunter2\n"),
        ("root/.config/gcloud/application_default_credentials.json", '{"type": "external_account"}'),
        ("root/.cargo/credentials.toml", "[registry]\n"),
        ("srv/credentials.toml", 'token = "hunter2"\n'),
        ("root/.m2/settings.xml", "<password>${env.PASSWORD}</password>"),
        ("root/.m2/settings.xml", "<password>{COQLCE6DU6GtcS5P=}</password>"),
        ("srv/settings.xml", "<password>hunter2</password>"),
        ("root/.netrc", "machine x login y password your-password\n"),
        ("root/.netrc", "machine x login y password YourPasswordHere\n"),
        ("root/.config/pip/pip.conf", "[global]\nextra-index-url =\n    https://host/simple\ntimeout = 1:2@3\n"),
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


def test_what_is_no_text() -> None:
    assert secrets.find("srv/x", f"ghp_{random(36)}\n\0".encode()) == []


FILLER = b"some words that are no secret, of a text that goes on and on\n" * 20_000
"""A text of more than four windows."""
TOKEN = f" ghp_{random(36)}\n".encode()


@pytest.mark.parametrize("place", [0, 1000, secrets._WINDOW - 20, len(FILLER) // 2, len(FILLER)])
def test_a_secret_anywhere_in_a_larger_text(place: int) -> None:
    key = pem("PRIVATE KEY").encode()
    data = FILLER[:place] + TOKEN + key + FILLER[place:]
    assert secrets.find("srv/bundle.js", data) == ["github-token", "private-key"]


@given(st.lists(st.integers(1, 500_000), max_size=8))
def test_the_parts_of_a_larger_text_do_not_matter(sizes: list[int]) -> None:
    data = memoryview(FILLER[: secrets._WINDOW - 30] + TOKEN + FILLER)
    search = secrets.Search("srv/x")
    for size in [*sizes, len(data)]:
        search.feed(data[:size])
        data = data[size:]
    assert search.kinds() == ["github-token"]


def test_a_larger_text_has_an_end_and_no_nul(monkeypatch: pytest.MonkeyPatch) -> None:
    assert secrets.find("srv/x", TOKEN + FILLER + b"\0") == []
    monkeypatch.setattr(secrets, "LARGEST", 100_000)
    assert secrets.find("srv/x", FILLER[:99_900] + TOKEN + FILLER) == ["github-token"]
    assert secrets.find("srv/x", FILLER[:100_000] + TOKEN + FILLER) == []


def test_a_larger_file_has_no_credentials_of_a_tool() -> None:
    assert secrets.find("root/.netrc", b"machine x password hunter2\n" + FILLER) == []


def test_a_text_of_nothing_but_long_words() -> None:
    words = " ".join(random(30, str(number)) for number in range(1000))
    assert secrets.find("srv/x", words.encode()) == []
    assert secrets.find("srv/x", f"{words} {TOKEN.decode()}".encode()) == ["github-token"]


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


@given(st.text("AKIgh_pxob-z aiz.=\n0SG+/", max_size=200).map(str.encode))
def test_what_nearly_is_a_token(data: bytes) -> None:
    assert secrets.find("srv/x", data) == []
