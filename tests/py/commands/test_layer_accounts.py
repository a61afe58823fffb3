"""LayerAccounts."""

from pathlib import Path

import pytest
from support_command import run

ROOT = {"role": "user", "name": "root", "uid": 0, "gid": 0, "home": "/root", "shell": "/sbin/nologin"}
REDIS = {
    "role": "user",
    "name": "redis",
    "uid": 999,
    "gid": 999,
    "home": "/var/lib/redis",
    "home_mode": "0750",
    "shell": "/sbin/nologin",
    "gecos": "Redis",
}
NOBODY = ROOT | {"name": "nobody", "uid": 65534, "gid": 65534, "home": "/nonexistent"}
GROUPS = [
    {"role": "group", "name": name, "gid": gid, "members": members}
    for name, gid, members in (("root", 0, []), ("redis", 999, []), ("nobody", 65534, []), ("tls", 12, ["redis"]))
]


def test_the_files_and_the_homes(tmp_path: Path) -> None:
    result = run(tmp_path, "LayerAccounts", [ROOT, REDIS, NOBODY, *GROUPS])
    assert result.code == 0
    assert list(result.records) == [
        "etc", "etc/group", "etc/passwd", "root", "var", "var/lib", "var/lib/redis",
    ]  # fmt: skip
    homes = [result.records[path] for path in ("root", "var/lib", "var/lib/redis")]
    assert [(home.mode, home.uid, home.gid) for home in homes] == [
        ("0700", 0, 0),
        ("0755", 0, 0),
        ("0750", 999, 999),
    ]
    assert result.files == {
        "etc/group": b"root:x:0:\nredis:x:999:\nnobody:x:65534:\ntls:x:12:redis\n",
        "etc/passwd": b"root:x:0:0::/root:/sbin/nologin\nredis:x:999:999:Redis:/var/lib/redis:/sbin/nologin\n"
        b"nobody:x:65534:65534::/nonexistent:/sbin/nologin\n",
    }
    assert result.records["etc/passwd"].text == result.files["etc/passwd"].decode()


def test_a_bad_account_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = run(tmp_path, "LayerAccounts", [ROOT, ROOT, *GROUPS])
    assert result.code == 1
    assert capsys.readouterr().err == ("//x:y: users has two names that are the same, got root; leave or change one\n")
    assert list(result.directory.iterdir()) == []
