"""LayerDebian."""

from pathlib import Path
from typing import Any

import pytest
from support_command import package_line, run
from support_deb import Item, control_text, deb, write

ITEMS = [
    Item(""),
    Item("bin/"),
    Item("bin/demo", b"\x7fELF", mode=0o755),
    Item("lib64/"),
    Item("lib64/ld.so", link="/lib/x/ld.so"),
    Item("usr/"),
    Item("usr/share/"),
    Item("usr/share/doc/"),
    Item("usr/share/doc/demo/"),
    Item("usr/share/doc/demo/copyright", b"free"),
    Item("usr/share/doc/demo/changelog.gz", b"long"),
    Item("usr/lib/x/gconv/UTF-7.so", b"u"),
    Item("var/caf\udce9 x", b"odd"),
]


def test_a_layer_of_one_package(tmp_path: Path) -> None:
    path = write(tmp_path, deb(ITEMS))
    result = run(tmp_path, "LayerDebian", [package_line(path)])
    assert result.code == 0
    assert list(result.records) == [
        "bin", "lib64", "usr", "usr/bin", "usr/bin/demo", "usr/lib64", "usr/lib64/ld.so", "usr/share",
        "usr/share/doc", "usr/share/doc/demo", "usr/share/doc/demo/copyright", "var", "var/caf\udce9 x", "var/lib",
        "var/lib/dpkg", "var/lib/dpkg/status.d", "var/lib/dpkg/status.d/demo", "var/lib/dpkg/status.d/demo.md5sums",
    ]  # fmt: skip
    assert result.records["usr/lib64/ld.so"].link == "/usr/lib/x/ld.so"
    assert result.records["usr/bin/demo"].package == "demo_1.0-1_amd64"
    assert {record.mtime for record in result.records.values()} == {0}
    assert result.files["usr/bin/demo"] == b"\x7fELF"
    assert result.files["var/caf\udce9 x"] == b"odd"
    assert result.files["var/lib/dpkg/status.d/demo"] == control_text().encode()


def test_modes_and_owners(tmp_path: Path) -> None:
    path = write(tmp_path, deb(ITEMS))
    modes, owners = {"usr/bin/demo": "2755", "var": "1777"}, {"usr/bin/demo": "0:42"}
    result = run(tmp_path, "LayerDebian", [package_line(path)], modes=modes, owners=owners)
    demo, var = result.records["usr/bin/demo"], result.records["var"]
    assert (demo.mode, demo.uid, demo.gid, demo.package) == ("2755", 0, 42, "demo_1.0-1_amd64")
    assert (var.mode, var.type) == ("1777", "directory")


def test_modes_of_what_is_moved_and_so_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, deb(ITEMS))
    result = run(tmp_path, "LayerDebian", [package_line(path)], modes={"bin/demo": "0700"})
    assert result.code == 1
    message = "//x:y: modes names what is not in the layer, got /bin/demo; add it or leave it out\n"
    assert capsys.readouterr().err == message


def test_settings(tmp_path: Path) -> None:
    path = write(tmp_path, deb(ITEMS))
    result = run(
        tmp_path,
        "LayerDebian",
        [package_line(path)],
        usr_merged=False,
        slices=["bins", "gconv"],
        include=["var/**"],
        exclude=["var/*x"],
        mtime=5,
    )
    assert [path for path, record in result.records.items() if record.type != "directory"] == [
        "bin/demo",
        "usr/lib/x/gconv/UTF-7.so",
        "usr/share/doc/demo/copyright",
        "var/lib/dpkg/status.d/demo",
        "var/lib/dpkg/status.d/demo.md5sums",
    ]
    assert {record.mtime for record in result.records.values()} == {5}


def test_several_packages(tmp_path: Path) -> None:
    one = write(tmp_path, deb([Item("bin/a", b"1")]), "a.deb")
    two = write(tmp_path, deb([Item("bin/b", b"2")], control_text("other", "2", "all")), "b.deb")
    result = run(tmp_path, "LayerDebian", [package_line(one), package_line(two, "other", "2", "all")])
    assert {"bin", "usr/bin/a", "usr/bin/b", "var/lib/dpkg/status.d/other"} < result.records.keys()


@pytest.mark.parametrize(
    ("lines", "settings", "message"),
    [
        ([], {}, "//x:y: request names no package, got none; give a line of role package\n"),
        (
            [package_line("x.deb", version="2")],
            {},
            (
                "//x:y: x.deb is another package than the lock has, got demo_1.0-1_amd64 for demo_2_amd64;"
                " make the lock anew\n"
            ),
        ),
        (
            [package_line("x.deb")],
            {"drop": ["copyright"]},
            "//x:y: drop names what is always kept, got 'copyright'; leave it out\n",
        ),
        (
            [package_line("cut.deb")],
            {},
            "//x:y: cut.deb ends within member data.tar, got 100 of 10240 bytes; fetch the file again\n",
        ),
    ],
)
def test_a_known_error_is_one_line_and_leaves_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    lines: list[dict[str, Any]],
    settings: dict[str, Any],
    message: str,
) -> None:
    whole = deb([], suffix="")
    write(tmp_path, whole, "x.deb")
    write(tmp_path, whole[: 100 - 10240], "cut.deb")
    monkeypatch.chdir(tmp_path)
    result = run(tmp_path, "LayerDebian", lines, **settings)
    assert (result.code, capsys.readouterr().err) == (1, message)
    assert list(result.directory.iterdir()) == []


CATALOGUE = b"""\
package: demo
slices:
  program:
    essential: [libdemo/libs]
    contents: [/usr/bin/demo]
  rest:
    contents: [/usr/share/gone]
"""


def catalogue_line(directory: Path, text: bytes = CATALOGUE, name: str = "demo.yaml", **values: Any) -> dict[str, Any]:
    (directory / name).write_bytes(text)
    return {"role": "catalogue", "path": str(directory / name), "short_path": f"slices/{name}", **values}


def three_packages(tmp_path: Path) -> list[dict[str, Any]]:
    """A program, a library whose copyright is another package's, that package, and one that nothing names."""
    libdemo = [
        Item("lib/x/libdemo.so", b"l"),
        Item("lib/x/other.txt", b"o"),
        Item("usr/share/doc/libdemo", link="base"),
    ]
    base = [Item("usr/share/doc/base/copyright", b"free"), Item("usr/share/base", b"b")]
    spare = [Item("usr/share/doc/spare/copyright", b"free"), Item("usr/bin/spare", b"s")]
    lines = [package_line(write(tmp_path, deb(ITEMS), "demo.deb"))]
    for name, items in (("libdemo", libdemo), ("base", base), ("spare", spare)):
        path = write(tmp_path, deb(items, control_text(name, "1", "all")), f"{name}.deb")
        lines.append(package_line(path, name, "1", "all"))
    return lines


def files(records: dict[str, Any]) -> list[str]:
    return [path for path, record in records.items() if record.type != "directory" and not path.endswith(".md5sums")]


def test_slices_of_the_catalogue(tmp_path: Path) -> None:
    lines = [*three_packages(tmp_path), catalogue_line(tmp_path)]
    result = run(tmp_path, "LayerDebian", lines, slices=["demo/program"])
    assert files(result.records) == [
        "bin",
        "lib",
        "usr/bin/demo",
        "usr/lib/x/libdemo.so",
        "usr/lib/x/other.txt",
        "usr/share/doc/base/copyright",
        "usr/share/doc/demo/copyright",
        "usr/share/doc/libdemo",
        "var/lib/dpkg/status.d/base",
        "var/lib/dpkg/status.d/demo",
        "var/lib/dpkg/status.d/libdemo",
    ]


def test_a_package_with_a_file_of_include_stays(tmp_path: Path) -> None:
    lines = [*three_packages(tmp_path), catalogue_line(tmp_path)]
    result = run(tmp_path, "LayerDebian", lines, slices=["demo/program"], include=["/usr/bin/spare"])
    assert {"usr/bin/spare", "usr/share/doc/spare/copyright", "var/lib/dpkg/status.d/spare"} <= result.records.keys()


def test_slices_of_all_packages_besides(tmp_path: Path) -> None:
    lines = [*three_packages(tmp_path), catalogue_line(tmp_path)]
    result = run(tmp_path, "LayerDebian", lines, slices=["demo/program", "data"], exclude=["/usr/lib/x/other.txt"])
    assert {"usr/share/base", "usr/bin/demo", "var/lib/dpkg/status.d/spare"} <= result.records.keys()
    assert not {"usr/lib/x/other.txt", "usr/bin/spare"} & result.records.keys()


def test_a_users_slice_stands_instead_of_ours(tmp_path: Path) -> None:
    own = catalogue_line(
        tmp_path, b"package: demo\nslices:\n  program:\n    contents: [/usr/lib64]\n", "own.yaml", user=True
    )
    lines = [*three_packages(tmp_path), own, catalogue_line(tmp_path)]
    result = run(tmp_path, "LayerDebian", lines, slices=["demo/program"])
    assert "usr/lib64/ld.so" in result.records
    assert "usr/bin/demo" not in result.records


@pytest.mark.parametrize(
    ("slices", "message"),
    [
        (
            ["demo/rest"],
            (
                "//x:y: slice demo/rest names what demo_1.0-1_amd64 does not have, got '/usr/share/gone' at"
                " slices/demo.yaml:6; did you mean /usr/share/doc, /usr/share, /usr/share/doc/demo?\n"
            ),
        ),
        (["demo/programs"], "//x:y: slices has an unknown slice, got 'demo/programs'; did you mean program?\n"),
    ],
)
def test_mistakes_in_slices(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], slices: list[str], message: str
) -> None:
    lines = [*three_packages(tmp_path), catalogue_line(tmp_path)]
    result = run(tmp_path, "LayerDebian", lines, slices=slices)
    assert (result.code, capsys.readouterr().err) == (1, message)
    assert list(result.directory.iterdir()) == []


def test_the_listing_says_what_scripts_would_have_done(tmp_path: Path) -> None:
    path = write(tmp_path, deb(ITEMS, scripts={"postinst": b"#!/bin/sh\nmkdir /var/lib/demo\n"}))
    record = run(tmp_path, "LayerDebian", [package_line(path)]).records["var/lib/dpkg/status.d/demo"]
    assert [str(effect) for effect in record.effects] == ["directory /var/lib/demo"]


def test_the_listing_says_whose_files_a_package_replaces(tmp_path: Path) -> None:
    path = write(tmp_path, deb(ITEMS, control_text(more="Replaces: one (<<\n 2),  two\n")))
    records = run(tmp_path, "LayerDebian", [package_line(path)]).records
    assert [path for path, record in records.items() if record.replaces] == ["var/lib/dpkg/status.d/demo"]
    assert records["var/lib/dpkg/status.d/demo"].replaces == ("one (<< 2)", "two")
