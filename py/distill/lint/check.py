"""Running the rules of lint over an image, and what a target allows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from distill import globs, near
from distill.errors import InputError
from distill.lint.image import Image
from distill.lint.rule import Problem, Rule
from distill.lint.rules import ALL, BY_ID, unused_allow

Means = Callable[[str], bool]


@dataclass(frozen=True)
class Finding:
    """A problem of a rule, and the reason why it is allowed, empty where it is not."""

    rule: Rule
    problem: Problem
    reason: str = ""


def check(
    image: Image, allow: Mapping[str, str], disable: Iterable[str] = (), inherited: Mapping[str, str] | None = None
) -> list[Finding]:
    """Give all findings, allowed ones too: by rule, in the order of the page, then by path.

    Args:
        image: the image.
        allow: what the target allows, to the reason: a rule (`shell`), or a rule at paths (`shell:/busybox/**`).
        disable: rules that are left out.
        inherited: what its base allows. It counts for files; of itself, its config for one, an image says all.

    Raises:
        InputError: an allowance without a reason, or a rule that does not exist.
    """
    off = set(disable)
    for name in sorted(off):
        _known(name, "lint_disable")
    allowances = {key: _Allowance.parse(key, reason) for key, reason in sorted(allow.items())}
    given = list(allowances.items())
    for key, reason in sorted((inherited or {}).items()):
        given.append((key, _Allowance.parse(key, reason).below()))
    findings: list[Finding] = []
    used: set[str] = set()
    for rule in ALL:
        if rule.id in off:
            continue
        problems: Iterable[Problem] = rule.check(image)
        if rule is unused_allow:
            problems = [
                Problem(detail=key)
                for key, each in allowances.items()
                if key not in used and each.rule not in off and each.rule != rule.id
            ]
        relevant = [(key, each) for key, each in given if each.rule == rule.id]
        for problem in sorted(problems, key=lambda problem: (problem.path, problem.detail)):
            reasons = [(key, each.reason) for key, each in relevant if each.means(problem.path)]
            used.update(key for key, _ in reasons)
            findings.append(Finding(rule, problem, reasons[0][1] if reasons else ""))
    return findings


@dataclass(frozen=True)
class _Allowance:
    rule: str
    reason: str
    means: Means
    """Given a path: whether the allowance is for it."""

    @classmethod
    def parse(cls, key: str, reason: str) -> "_Allowance":
        name, colon, glob = key.partition(":")
        _known(name, "lint_allow")
        if not reason.strip() or (colon and not glob.strip("/")):
            raise InputError(
                f"lint_allow has an entry without a reason or a path, got {key!r}: {reason!r}; "
                "write RULE or RULE:/PATH, and say why it is no fault"
            )
        if not colon:
            return cls(name, reason.strip(), lambda path: True)
        pattern = globs.compiled(glob)
        return cls(name, reason.strip(), lambda path: bool(path) and pattern.fullmatch(path) is not None)

    def below(self) -> "_Allowance":
        """Give the same for an image above the one that says it."""
        return _Allowance(self.rule, self.reason, lambda path: bool(path) and self.means(path))


def _known(name: str, attribute: str) -> None:
    if name not in BY_ID:
        advice = near.suggestion(name, BY_ID, f"it is one of {', '.join(BY_ID)}")
        raise InputError(f"{attribute} names a rule that does not exist, got {name!r}; {advice}")


def by_rule(findings: Sequence[Finding]) -> dict[Rule, list[Problem]]:
    """Group those of `findings` that are not allowed."""
    groups: dict[Rule, list[Problem]] = {}
    for finding in findings:
        if not finding.reason:
            groups.setdefault(finding.rule, []).append(finding.problem)
    return groups
