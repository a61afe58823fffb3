"""Images for tests of lint."""

from typing import Any

from distill.lint import check
from distill.lint.check import Finding
from distill.lint.image import Image
from distill.lint.report import place
from distill.lint.rule import Rule
from distill.listing import Record
from support_listing import file

PASSWD = file("etc/passwd", size=32, text="root:x:0:0::/root:/sbin/nologin\n")


def image(*layers: list[Record], **execution: Any) -> Image:
    """Give an image for amd64 that runs as user 1, unless `execution` says otherwise."""
    return Image({"architecture": "amd64", "os": "linux", "config": {"User": "1", **execution}}, layers)


def findings(*layers: list[Record], allow: dict[str, str] | None = None, **execution: Any) -> list[Finding]:
    """Give all findings of such an image."""
    return check.check(image(*layers, **execution), allow or {})


def found(rule: Rule, *layers: list[Record], **execution: Any) -> list[str]:
    """Give the places where such an image breaks `rule`."""
    return [place(problem) for problem in rule.check(image(*layers, **execution))]
