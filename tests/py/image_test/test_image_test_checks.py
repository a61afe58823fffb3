"""Tests of distill.image_test.checks."""

from pathlib import Path
from typing import Any

import pytest
from distill.image_test import checks
from distill.image_test.checks import expand, ls_permissions, permissions
from distill.image_test.subject import View
from distill.runtime.rootfs import Node, Rootfs
from hypothesis import given
from hypothesis import strategies as st
from support_image_test import Built, parsed
from support_layer import source
from support_listing import directory, file

LOWER = [
    source("etc", "directory"),
    source("etc/passwd", data=b"root:x:0:0::/root:/bin/sh\n"),
    source("etc/gone", data=b"x"),
    source("etc/link", "symlink", link="/etc/passwd", mode=0o777),
    source("etc/loop", "symlink", link="loop", mode=0o777),
    source("etc/dangling", "symlink", link="nowhere", mode=0o777),
    source("opt/app/old", data=b"x"),
    source("usr/bin/su", data=b"\x7f", mode=0o4755, uid=1, gid=2),
    source("usr/bin/us", "hardlink", link="usr/bin/su"),
    source("tmp", "directory", mode=0o1777),
    source("bytes", data=b"a\xffb\n"),
    source("conf", data=b"colour=red\nshape=round\n"),
]
UPPER = [
    source("etc/.wh.gone"),
    source("opt/app/.wh..wh..opq"),
    source("opt/app/new", data=b"x", mode=0o751),
    source("conf", data=b"colour=green\nshape=round\n"),
]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(
        tmp_path_factory.mktemp("image"),
        LOWER,
        UPPER,
        Env=["PATH=/bin", "HERE=/etc"],
        Entrypoint=["/bin/app"],
        Cmd=None,
        User="app",
        WorkingDir="/srv",
        Labels={"version": "1.2.3"},
        ExposedPorts={"8080/tcp": {}, "53/udp": {}},
        Volumes={"/data": {}},
    )


EXISTENCE = [
    ("path: /etc/passwd, permissions: -rw-r--r--, uid: 0, gid: 0", []),
    ("path: etc/passwd", []),
    ("path: $HERE/passwd", []),
    ("path: /etc/link, permissions: Lrwxrwxrwx", []),
    ("path: /etc/link, permissions: lrwxrwxrwx", []),
    ("path: /etc/dangling", []),
    ("path: /tmp, permissions: dtrwxrwxrwx", []),
    ("path: /tmp/, permissions: drwxrwxrwt", []),
    ("path: /usr/bin/us, permissions: urwxr-xr-x, uid: 1, gid: 2", []),
    ("path: /usr/bin/su, permissions: -rwsr-xr-x", []),
    ("path: /, isExecutableBy: other", []),
    ("path: /opt/app/old, shouldExist: false", []),
    ("path: /etc/gone, shouldExist: false", []),
    ("path: /etc/gone", ["/etc/gone is not in the image"]),
    ("path: /srv/passwd", ["/srv/passwd is not in the image; did you mean /etc/passwd?"]),
    ("path: /conf, shouldExist: false", ["/conf exists (-rw-r--r--), which it should not"]),
    ("path: /conf, permissions: -rw-------", ["/conf has permissions -rw-r--r--, expected -rw-------"]),
    ("path: /conf, uid: 7, gid: 8", ["/conf has uid 0, expected 7", "/conf has gid 0, expected 8"]),
    ("path: /conf, isExecutableBy: any", ["/conf is not executable by any, got -rw-r--r--"]),
    ("path: /opt/app/new, isExecutableBy: owner", []),
    ("path: /opt/app/new, isExecutableBy: group", []),
    ("path: /opt/app/new, isExecutableBy: other", []),
    ("path: /conf/x", ["/conf/x is not in the image: /conf is no directory"]),
    ("path: /etc/loop/x", ["/etc/loop/x is not in the image: its links lead to each other"]),
]


@pytest.mark.parametrize(("keys", "faults"), EXISTENCE)
def test_existence(image: Built, keys: str, faults: list[str]) -> None:
    (test,) = parsed(f"fileExistenceTests: [{{name: n, {keys}}}]").file_existence_tests
    assert list(checks.existence(image.view(), test)) == faults


CONTENT = [
    ("path: /conf, expectedContents: ['(?m)^colour=green$', round], excludedContents: [red]", []),
    ("path: /etc/link, expectedContents: ['^root:']", []),
    ("path: /bytes, expectedContents: ['^a.b\\n$']", []),
    (
        "path: /conf, expectedContents: ['shape=round$'], excludedContents: ['gr\\w+']",
        [
            "/conf does not match 'shape=round$', got 'colour=green\\nshape=round\\n'",
            "/conf matches 'gr\\\\w+', which is excluded, got 'green'",
        ],
    ),
    ("path: /etc", ["/etc is no file, got a directory"]),
    ("path: /etc/gone", ["/etc/gone is not in the image"]),
    ("path: /etc/loop", ["/etc/loop is not in the image: its links lead to each other"]),
    ("path: /etc/dangling", ["/etc/dangling is not in the image: its links lead to /etc/nowhere"]),
]


@pytest.mark.parametrize(("keys", "faults"), CONTENT)
def test_content(image: Built, keys: str, faults: list[str]) -> None:
    (test,) = parsed(f"fileContentTests: [{{name: n, {keys}}}]").file_content_tests
    assert list(checks.content(image.view(), test)) == faults


METADATA = [
    (
        "{env: [{key: HERE, value: /etc}, {key: PATH, value: '^/b', isRegex: true}], unboundEnv: [{key: A}]}",
        [],
    ),
    (
        "{labels: [{key: version, value: 1.2.3}], exposedPorts: [8080, 53/udp], unexposedPorts: [80]}",
        [],
    ),
    (
        "{volumes: [/data], unmountedVolumes: [/x], entrypoint: [/bin/app], cmd: [], workdir: /srv, user: app}",
        [],
    ),
    (
        "{envVars: [{key: HERE, value: /x}, {key: PATHS, value: a}, {key: PATH, value: '^b', isRegex: true}]}",
        [
            "env HERE is '/etc', expected '/x'",
            "env PATHS is not set; did you mean PATH?",
            "env PATH does not match '^b', got '/bin'",
        ],
    ),
    ("{unboundEnvVars: [{key: HERE}]}", ["env sets HERE, got '/etc'"]),
    ("{labels: [{key: x, value: y}]}", ["label x is not set; there are version"]),
    ("{entrypoint: [], cmd: [a]}", ["entrypoint is ['/bin/app'], expected []", "cmd is [], expected ['a']"]),
    ("{workdir: /, user: root}", ["workdir is '/srv', expected '/'", "user is 'app', expected 'root'"]),
    (
        "{exposedPorts: [80], unexposedPorts: [53]}",
        ["port 80 is not exposed, got 53, 53/udp, 8080, 8080/tcp", "port 53 is exposed, which it should not be"],
    ),
    (
        "{volumes: [/x], unmountedVolumes: [/data]}",
        ["volume /x is not declared, got /data", "volume /data is declared, which it should not be"],
    ),
]


@pytest.mark.parametrize(("keys", "faults"), METADATA)
def test_metadata(image: Built, keys: str, faults: list[str]) -> None:
    test = parsed(f"metadataTest: {keys}").metadata_test
    assert test
    assert list(checks.metadata(image.view(), test)) == faults


def test_licenses(tmp_path: Path) -> None:
    (test,) = parsed("licenseTests: [{debian: true, files: [/LICENSE]}]").license_tests
    documents: list[Any] = [
        source("LICENSE", data=b"Apache 2.0"),
        source("usr/share/doc/good/copyright", data=b"GPL"),
        source("usr/share/doc/libgnutls30/copyright", data=b"AGPL"),
        source("usr/share/doc/linked", "symlink", link="good", mode=0o777),
    ]
    (tmp_path / "good").mkdir()
    assert list(checks.licenses(Built(tmp_path / "good", documents).view(), test)) == []
    bad = [source("usr/share/doc/bad/copyright", data=b"wtfpl"), source("usr/share/doc/none", "directory")]
    (tmp_path / "bad").mkdir()
    assert list(checks.licenses(Built(tmp_path / "bad", bad).view(), test)) == [
        "/LICENSE is not in the image",
        "/usr/share/doc/bad/copyright names a licence that is not allowed, got WTFPL",
        "/usr/share/doc/none/copyright is not in the image; did you mean /usr/share/doc/bad/copyright?",
    ]
    (tmp_path / "empty").mkdir()
    assert list(checks.licenses(Built(tmp_path / "empty", [source("x")]).view(), test)) == [
        "/usr/share/doc is not in the image, so that no copyright file can be checked"
    ]


@pytest.mark.parametrize(
    ("mode", "kind", "go", "ls"),
    [
        ("0644", "file", "-rw-r--r--", "-rw-r--r--"),
        ("6755", "file", "ugrwxr-xr-x", "-rwsr-sr-x"),
        ("4644", "file", "urw-r--r--", "-rwSr--r--"),
        ("1777", "directory", "dtrwxrwxrwx", "drwxrwxrwt"),
        ("1776", "directory", "dtrwxrwxrw-", "drwxrwxrwT"),
        ("0000", "directory", "d---------", "d---------"),
    ],
)
def test_permissions(mode: str, kind: str, go: str, ls: str) -> None:
    record = file("x", mode) if kind == "file" else directory("x", mode)
    assert (permissions(record), ls_permissions(record)) == (go, ls)


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("$A/${A}-$B.", "a/a-."),
        ("$AB", ""),
        ("${A}B", "aB"),
        ("$", "$"),
        ("a$ b", "a$ b"),
        ("$$", ""),
        ("$1x", "x"),
        ("${}x", "x"),
        ("${A", "${A"),
    ],
)
def test_expand_as_go_does(text: str, expanded: str) -> None:
    assert expand(text, {"A": "a"}) == expanded


@given(st.text(st.sampled_from("$A{}1-x"), max_size=12))
def test_expansion_never_fails(text: str) -> None:
    assert isinstance(expand(text, {"A": "a"}), str)


@pytest.mark.parametrize("path", ["/a\\b", "/a\\x5cb", "a\\b"])
def test_a_backslash_in_a_name(path: str) -> None:
    view = View({}, Rootfs([[file("a\\x5cb", size=1), file("\\xff")]]), _Contents())
    (existence,) = parsed(f"fileExistenceTests: [{{name: n, path: '{path}'}}]").file_existence_tests
    assert list(checks.existence(view, existence)) == []
    (content,) = parsed(f"fileContentTests: [{{name: n, path: '{path}', expectedContents: [x]}}]").file_content_tests
    assert list(checks.content(view, content)) == []
    (gone,) = parsed(f"fileExistenceTests: [{{name: n, path: '{path}', shouldExist: false}}]").file_existence_tests
    assert list(checks.existence(view, gone)) == [f"{path} exists (-rw-r--r--), which it should not"]


def test_a_backslash_in_no_name() -> None:
    view = View({}, Rootfs([[file("a\\x5cb")]]), _Contents())
    (test,) = parsed("fileExistenceTests: [{name: n, path: '/c\\d'}]").file_existence_tests
    assert list(checks.existence(view, test)) == ["/c\\d is not in the image"]
    assert checks.find(Rootfs([[file("\\xff")]]), "/\\xff").node


class _Contents:
    def read(self, node: Node) -> bytes:
        return b"x"
