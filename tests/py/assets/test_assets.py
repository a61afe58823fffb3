"""Assets: names with hashes, the bundle, the manifest."""

import hashlib
import json
import os
from pathlib import Path

import pytest
from distill.assets import assets
from distill.assets.assets import Asset
from distill.errors import InputError
from distill.layer.tree import Source, Tree
from distill.tar.header import Entry

CSS = b"body { color: #333 }\n"
HASH = hashlib.sha256(CSS).hexdigest()


def tree(directory: Path, **files: bytes) -> Tree:
    """Give the tree of `files`, whose names have `__` in place of slashes and `_` in place of dots."""
    made = Tree()
    for name, data in files.items():
        path = name.replace("__", "/").replace("_", ".")
        file = directory / name
        file.write_bytes(data)
        made.add(Source(Entry(path, "file", 0o644, size=len(data)), str(file), file=str(file)))
    return made


def found(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("css/app.css", "css/app.0123456789ab.css"),
        ("app.min.js", "app.min.0123456789ab.js"),
        ("LICENSE", "LICENSE.0123456789ab"),
        ("a.d/.htaccess", "a.d/.htaccess.0123456789ab"),
    ],
)
def test_names(path: str, name: str) -> None:
    assert assets.hashed(path, "0123456789abcdef") == name


def test_a_bundle_and_its_manifest(tmp_path: Path) -> None:
    made = assets.bundle(tree(tmp_path, css__app_css=CSS, logo_png=b"png"), tmp_path / "out", hash_names=True)
    assert made["css/app.css"] == Asset(f"css/app.{HASH[:12]}.css", len(CSS), HASH)
    assert found(tmp_path / "out") == {
        asset.name: data for asset, data in zip(made.values(), (CSS, b"png"), strict=True)
    }
    read = json.loads(assets.manifest(made))
    assert read["version"] == "1.1"
    assert read["hash"] == ""
    assert read["paths"]["css/app.css"] == f"css/app.{HASH[:12]}.css"
    assert read["files"]["css/app.css"] == {"name": f"css/app.{HASH[:12]}.css", "size": len(CSS), "sha256": HASH}


def test_names_may_stay(tmp_path: Path) -> None:
    made = assets.bundle(tree(tmp_path, css__app_css=CSS), tmp_path / "out", hash_names=False)
    assert found(tmp_path / "out") == {"css/app.css": CSS}
    assert json.loads(assets.manifest(made))["paths"] == {"css/app.css": "css/app.css"}


def test_an_asset_that_has_the_name_of_another_in_the_bundle(tmp_path: Path) -> None:
    clash = tree(tmp_path, **{"app": CSS, f"app_{HASH[:12]}": b"other"})
    made = assets.bundle(clash, tmp_path / "out", hash_names=True)
    assert sorted(found(tmp_path / "out").values()) == sorted([CSS, b"other"])
    assert found(tmp_path / "out")[made["app"].name] == CSS


def test_a_report(tmp_path: Path) -> None:
    files = {"a_css": b"x" * 10, "b_PNG": b"x" * 2000, "c_png": b"x", "LICENSE": b"x" * 10}
    made = assets.bundle(tree(tmp_path, **files), tmp_path / "out", hash_names=True)
    assert assets.report(made) == (
        "4 files, 2,021 bytes\n.png: 2 files, 2,001 bytes\n.css: 1 files, 10 bytes\nother: 1 files, 10 bytes\n"
    )


def test_no_assets(tmp_path: Path) -> None:
    made = assets.bundle(Tree(), tmp_path / "out", hash_names=True)
    assert (tmp_path / "out").is_dir()
    assert assets.report(made) == "0 files, 0 bytes\n"
    assert assets.manifest(made) == b'{"files":{},"hash":"","paths":{},"version":"1.1"}\n'


def test_what_is_no_file(tmp_path: Path) -> None:
    link = Tree()
    link.add(Source(Entry("css/link", "symlink", 0o777, link="x"), "x"))
    with pytest.raises(InputError) as error:
        assets.bundle(link, tmp_path / "out", hash_names=True)
    assert str(error.value) == "srcs has a symlink, got /css/link; give files and directories"


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    odd = Tree()
    file = os.fsencode(tmp_path) + b"/\xff"
    Path(os.fsdecode(file)).write_bytes(b"")
    odd.add(Source(Entry("\udcff", "file", 0o644), "x", file=os.fsdecode(file)))
    with pytest.raises(InputError) as error:
        assets.bundle(odd, tmp_path / "out", hash_names=True)
    assert str(error.value) == "srcs has a name that is no Unicode text, got '\\udcff'; rename the file"


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    gone = tree(tmp_path, a_css=CSS)
    (tmp_path / "a_css").unlink()
    with pytest.raises(InputError):
        assets.bundle(gone, tmp_path / "out", hash_names=True)
