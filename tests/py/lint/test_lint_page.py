"""The page of lint says what the rules say."""

from pathlib import Path

from distill.lint import page
from distill.lint.rules import ALL

PAGE = Path(__file__).parents[3] / "docs" / "lint.md"


def test_the_page_has_every_rule() -> None:
    text = PAGE.read_text("utf-8")
    assert all(f"\n## {rule.id}\n" in text for rule in ALL)
    assert page.renewed(text) == text, "run PYTHONPATH=py python -m distill.lint.page docs/lint.md"
