"""Tests of starlark_docs.markdown: one module with one of each thing, and the page it must give."""

from pathlib import Path

from starlark_docs import markdown, textproto

DATA = Path(__file__).parent / "data"


def test_a_page() -> None:
    module = textproto.parse((DATA / "module.textproto").read_text("utf-8"))
    assert markdown.page(module, "make it") == (DATA / "module.md").read_text("utf-8")


def test_a_file_that_is_no_defs_gives_its_name_to_the_page() -> None:
    module = textproto.parse('file: "//rules:providers.bzl"')
    assert "\n# providers\n" in markdown.page(module, "make it")


def test_a_module_with_nothing_has_no_sections() -> None:
    assert "##" not in markdown.page(textproto.parse('file: "//rules/animals:defs.bzl"'), "make it")
