"""Tests of starlark_docs.render and starlark_docs.update, which are run by name."""

from pathlib import Path

import pytest
from starlark_docs import render, update


def test_render_writes_the_page(tmp_path: Path) -> None:
    source, target = tmp_path / "m.textproto", tmp_path / "m.md"
    source.write_text('file: "//rules/animals:defs.bzl"\nmodule_docstring: "A\\342\\200\\246"', "utf-8")
    render.main([str(source), str(target), "make it"])
    assert "\n# animals\n\nA…\n" in target.read_text("utf-8")


def test_update_copies_what_changed_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = tmp_path / "workspace"
    (workspace / "docs").mkdir(parents=True)
    (workspace / "docs/same.md").write_text("same")
    (workspace / "docs/old.md").write_text("old")
    monkeypatch.setenv("BUILD_WORKSPACE_DIRECTORY", str(workspace))
    monkeypatch.chdir(tmp_path)
    for name in ("same", "old", "new"):
        Path(f"{name}.generated.md").write_text("same" if name == "same" else "newer")
    update.main([f"{name}.generated.md=docs/{name}.md" for name in ("same", "old", "new")])
    assert capsys.readouterr().out == "docs/old.md\ndocs/new.md\n"
    assert (workspace / "docs/old.md").read_text() == (workspace / "docs/new.md").read_text() == "newer"
