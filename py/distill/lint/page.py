"""The page of all rules, docs/lint.md: `python -m distill.lint.page` writes it anew, its head kept."""

import sys
from pathlib import Path

from distill.lint.rules import ALL

MARK = "<!-- From here on made from py/distill/lint: python -m distill.lint.page docs/lint.md -->\n"


def sections() -> str:
    """Give the table of all rules and a section for each, Markdown."""
    table = "".join(f"| [`{rule.id}`](#{rule.id}) | {rule.severity} | {rule.title} |\n" for rule in ALL)
    parts = [f"## {rule.id}\n\n{rule.severity}: {rule.title}; {rule.advice}.\n\n{rule.page}\n" for rule in ALL]
    return f"\n| rule | severity | what is wrong |\n| --- | --- | --- |\n{table}\n" + "\n".join(parts)


def renewed(text: str) -> str:
    """Give the page `text` with its sections as they are now; what stands before them is written by hand."""
    return text.partition(MARK)[0] + MARK + sections()


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(renewed(page.read_text("utf-8")), "utf-8")
