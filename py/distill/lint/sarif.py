"""What lint found as SARIF 2.1.0 (OASIS), which code hosts and editors read."""

import hashlib
import urllib.parse
from collections.abc import Sequence
from typing import Any

from distill.lint import report
from distill.lint.check import Finding
from distill.lint.rule import Rule
from distill.lint.rules import ALL
from distill.listing import unescape
from distill.paths import encode

_PAGE = "docs/lint.md"
_ROOT = "IMAGE"
"""The base of all paths: the root of the image."""


def document(findings: Sequence[Finding]) -> dict[str, Any]:
    """Give the log (3.13) of one run (3.14): all rules, and a result for each finding, suppressed if allowed."""
    numbers = {rule.id: number for number, rule in enumerate(ALL)}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "rules_distill", "rules": [_rule(rule) for rule in ALL]}},
                "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the image."}}},
                "results": [_result(finding, numbers[finding.rule.id]) for finding in findings],
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": f"{rule.title[0].upper()}{rule.title[1:]}."},
        "fullDescription": {"text": rule.page.partition("\n\n")[0].replace("\n", " ")},
        # No helpUri: that is an absolute URI (3.49.12), and a report names no host.
        "help": {
            "text": f"{rule.page}\n\n{_PAGE}#{rule.id}",
            "markdown": f"{rule.page}\n\n[{_PAGE}#{rule.id}]({_PAGE}#{rule.id})",
        },
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(finding: Finding, number: int) -> dict[str, Any]:
    problem = finding.problem
    place = problem.path or problem.detail
    result: dict[str, Any] = {
        "ruleId": finding.rule.id,
        "ruleIndex": number,
        "level": finding.rule.severity,
        "message": {"text": report.message(finding)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(problem.path), "uriBaseId": _ROOT}}}],
        # So that a finding is the same one in the next build, whatever its size.
        "partialFingerprints": {"place/v1": hashlib.sha256(f"{finding.rule.id}:{place}".encode()).hexdigest()},
    }
    if finding.reason:
        result["suppressions"] = [{"kind": "external", "justification": finding.reason}]
    return result


def _uri(path: str) -> str:
    """Give `path`, as a listing has it, as a relative URI (RFC 3986)."""
    return urllib.parse.quote(encode(unescape(path)), safe="/") if path else "."
