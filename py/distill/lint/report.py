"""What lint found, for people and for programs."""

from collections.abc import Sequence
from typing import Any, Literal

from distill.lint.check import Finding, by_rule
from distill.lint.rule import Problem, Rule

FailOn = Literal["error", "warning", "never"]

_FATAL: dict[FailOn, tuple[str, ...]] = {"error": ("error",), "warning": ("error", "warning"), "never": ()}
_MOST_NAMED = 3


def fatal(findings: Sequence[Finding], fail_on: FailOn) -> list[str]:
    """Give a line for each rule for which a build fails that fails for findings of `fail_on` and what is worse."""
    return [
        f"lint {_line(rule, problems)}, or allow it in lint_allow with the reason"
        for rule, problems in by_rule(findings).items()
        if rule.severity in _FATAL[fail_on]
    ]


def text(findings: Sequence[Finding]) -> str:
    """Give one line for each rule that is broken, with the first places and what to do."""
    return "".join(f"{rule.severity}: {_line(rule, problems)}\n" for rule, problems in by_rule(findings).items())


def shown(findings: Sequence[Finding], known: str = "") -> list[str]:
    """Give the lines of `text` that a user should see though the build goes on: all but notes.

    Args:
        findings: of the image.
        known: the `text` of its base: what has been said there is not said again.
    """
    said = set(known.splitlines())
    return [
        f"{rule.severity}: lint {line}"
        for rule, problems in by_rule(findings).items()
        if rule.severity != "note" and f"{rule.severity}: {(line := _line(rule, problems))}" not in said
    ]


def _line(rule: Rule, problems: list[Problem]) -> str:
    named = ", ".join(map(place, problems[:_MOST_NAMED]))
    more = len(problems) - _MOST_NAMED
    total = sum(problem.size for problem in problems)
    return (
        f"{rule.id}: {rule.title}, got {named}{f' and {more} more' if more > 0 else ''}"
        f"{f', {amount(total)} in all' if total and len(problems) > 1 else ''}; {rule.advice}"
    )


def place(problem: Problem) -> str:
    """Say where a problem is, with its detail and size."""
    more = ", ".join(filter(None, (problem.detail if problem.path else "", amount(problem.size))))
    what = f"/{problem.path}" if problem.path else problem.detail
    text = f"{what} ({more})" if more else what
    # A name with a newline must not write lines of its own.
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")


def amount(size: int) -> str:
    """Write bytes as people do: `4096 bytes`, `1.2 MB`; nothing for 0."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**4, "kB")):
        if size >= unit:
            divisor = 1000 if name == "kB" else unit
            return f"{size / divisor:.1f} {name}"
    return f"{size} bytes" if size else ""


def document(findings: Sequence[Finding]) -> dict[str, Any]:
    """Give all findings, allowed ones too, and how many count of each severity, as what JSON can say."""
    summary = {"error": 0, "warning": 0, "note": 0, "allowed": 0}
    for finding in findings:
        summary["allowed" if finding.reason else finding.rule.severity] += 1
    return {"findings": [_entry(finding) for finding in findings], "summary": summary}


def _entry(finding: Finding) -> dict[str, Any]:
    rule, problem = finding.rule, finding.problem
    entry: dict[str, Any] = {"rule": rule.id, "severity": rule.severity, "message": message(finding)}
    if problem.path:
        entry["path"] = f"/{problem.path}"
    if problem.size:
        entry["size"] = problem.size
    if finding.reason:
        entry["allowed"] = finding.reason
    return entry


def message(finding: Finding) -> str:
    """Say what one finding is."""
    return f"{finding.rule.title}, got {place(finding.problem)}; {finding.rule.advice}"
