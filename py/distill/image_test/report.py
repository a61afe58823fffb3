"""The report of an image test: lines to read, and JUnit XML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""
_MOST = 1 << 16
"""Characters of what one command wrote that a report has."""


@dataclass(frozen=True)
class Outcome:
    """How one case ended."""

    name: str
    file: str
    """The file that has it, as the target names it, and its line."""
    failures: Sequence[str] = ()
    skipped: str = ""
    """Why it did not run."""
    output: str = ""
    """What its command wrote."""
    seconds: float = 0


def text(outcomes: Sequence[Outcome]) -> str:
    """Give the report to read: a line a case, the faults of one that failed, and last the first fault."""
    lines: list[str] = []
    for outcome in outcomes:
        mark = "FAIL" if outcome.failures else "SKIP" if outcome.skipped else "PASS"
        lines.append(f"{mark} {outcome.name} ({outcome.file})")
        lines += [f"     {line}" for failure in outcome.failures for line in failure.splitlines()]
        if outcome.skipped:
            lines.append(f"     NOT RUN: {outcome.skipped}")
        if outcome.failures and outcome.output:
            lines += [f"     | {line}" for line in _cut(outcome.output).splitlines()]
    failed = [outcome for outcome in outcomes if outcome.failures]
    skipped = [outcome for outcome in outcomes if outcome.skipped and not outcome.failures]
    lines.append(f"{len(outcomes) - len(failed) - len(skipped)} passed, {len(failed)} failed, {len(skipped)} skipped")
    if failed:
        lines.append(f"first failure: {failed[0].file}: {failed[0].name}: {failed[0].failures[0]}")
    return "\n".join(lines) + "\n"


def junit(name: str, outcomes: Sequence[Outcome]) -> bytes:
    """Give the JUnit XML of the suite `name`."""
    failed = sum(bool(outcome.failures) for outcome in outcomes)
    skipped = sum(bool(outcome.skipped) and not outcome.failures for outcome in outcomes)
    counts = {"tests": str(len(outcomes)), "failures": str(failed), "errors": "0", "skipped": str(skipped)}
    suites = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(suites, "testsuite", {"name": _xml(name), **counts})
    for outcome in outcomes:
        attributes = {"name": outcome.name, "classname": outcome.file, "time": f"{outcome.seconds:.3f}"}
        case = ElementTree.SubElement(suite, "testcase", {key: _xml(value) for key, value in attributes.items()})
        if outcome.failures:
            failure = ElementTree.SubElement(case, "failure", {"message": _xml(outcome.failures[0])})
            failure.text = _xml("\n".join(outcome.failures))
        elif outcome.skipped:
            ElementTree.SubElement(case, "skipped", {"message": _xml(outcome.skipped)})
        if outcome.output:
            ElementTree.SubElement(case, "system-out").text = _xml(_cut(outcome.output))
    ElementTree.indent(suites)
    return bytes(ElementTree.tostring(suites, "utf-8", xml_declaration=True)) + b"\n"


def _cut(text: str) -> str:
    """Give the beginning and the end of a `text` that is too long for a report."""
    if len(text) <= _MOST:
        return text
    half = _MOST // 2
    return f"{text[:half]}\n[{len(text) - 2 * half} characters left out]\n{text[-half:]}"


def _xml(value: str) -> str:
    return _UNPRINTABLE.sub("\ufffd", value)
