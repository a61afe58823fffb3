"""Pages of docs/ from the docstrings of .bzl files: textproto -> model of a page -> Markdown."""
