"""The files in which tools keep credentials, by their names."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from distill.layer.placeholders import is_placeholder


class _File(NamedTuple):
    path: re.Pattern[str]
    value: re.Pattern[bytes]
    """Its groups are what nobody shall see."""


URL = re.compile(rb"://[^\s:/@\"']{0,200}:([^\s@/\"']{1,300})@")
"""A URL with a password."""

_NETRC = rb"\bpassword\s+(\S+)"
_KUBERNETES = rb"^[\s-]*(?:client-key-data|password|token)\s*:\s*[\"']?([^\s\"'#]+)"
_CARGO = rb"^\s*token\s*=\s*[\"']([^\"']+)"
_MAVEN = rb"<(?:password|passphrase)>\s*([^<{\s][^<]*?)\s*</"
_GOOGLE = rb'"(?:client_secret|refresh_token|private_key)"\s*:\s*"([^"]+)"'
_DOCKER = rb'"(?:auth|identitytoken|password)"\s*:\s*"([^"]+)"'
_AUTH = (
    rb'"(?:auth|identitytoken)"\s*:\s*"([^"]+)"'
    rb'|"http-basic"\s*:\s*\{[^}]*?"password"\s*:\s*"([^"]+)"'
    rb'|"(?:bearer|bitbucket-oauth|forgejo-token|github-oauth|gitlab-oauth|gitlab-token)"\s*:\s*\{\s*"[^"]+"\s*:\s*"([^"]+)"'
)
"""auth.json is of podman (containers-auth.json(5)) and of Composer (its manual, "Authentication")."""
FILES = {
    name: _File(re.compile(rf"(?:^|/){directory}{re.escape(name)}\Z"), re.compile(value, re.MULTILINE))
    for name, directory, value in (
        (".dockercfg", "", _DOCKER),
        (".git-credentials", "", URL.pattern),
        (".my.cnf", "", rb"^\s*password\s*=\s*[\"']?([^\s\"']+)"),
        (".netrc", "", _NETRC),
        (".npmrc", "", rb"^[^#;\n]*_(?:auth|authToken|password)\s*=\s*[\"']?([^\s\"']+)"),
        (".pgpass", "", rb"^[^#\n][^:\n]*(?::[^:\n]*){3}:(\S+)"),
        (".pypirc", "", rb"^\s*password\s*[=:]\s*(\S+)"),
        ("_netrc", "", _NETRC),
        ("admin.conf", "kubernetes/", _KUBERNETES),
        ("application_default_credentials.json", "", _GOOGLE),
        ("auth.conf", "apt/", _NETRC),
        ("auth.json", "", _AUTH),
        ("bootstrap-kubelet.conf", "kubernetes/", _KUBERNETES),
        ("config", r"\.kube/", _KUBERNETES),
        ("config.json", r"\.docker/", _DOCKER),
        ("controller-manager.conf", "kubernetes/", _KUBERNETES),
        ("credentials", r"\.(?:aws|cargo)/", rb"^\s*aws_secret_access_key\s*=\s*(\S+)|" + _CARGO),
        ("credentials.toml", r"\.?cargo/", _CARGO),
        ("kubeconfig", "", _KUBERNETES),
        ("kubelet.conf", "kubernetes/", _KUBERNETES),
        ("pip.conf", "", rb"^\s*(?:extra-)?index-url\s*=[^\n]*?(?:\n[ \t]+[^\n]*?){0,20}?" + URL.pattern),
        ("scheduler.conf", "kubernetes/", _KUBERNETES),
        ("settings-security.xml", r"\.m2/", rb"<master>\s*([^<{\s][^<]*?)\s*</"),
        ("settings.xml", r"(?:\.m2|conf|maven)/", _MAVEN),
        ("super-admin.conf", "kubernetes/", _KUBERNETES),
    )
}
"""By their names."""


def has_credentials(path: str, data: bytes) -> bool:
    """Say whether the file at `path`, which holds `data`, is one in which a tool keeps credentials, and has some."""
    file = FILES.get(path[path.rfind("/") + 1 :])
    return file is not None and file.path.search(path) is not None and has_value(file.value.finditer(data))


def has_value(found: Iterable[re.Match[bytes]]) -> bool:
    """Say whether a group of the matches has what is no placeholder."""
    return any(group and not is_placeholder(group) for match in found for group in match.groups())
