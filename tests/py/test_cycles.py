"""Cycles of packages, against the obvious definition."""

from distill.cycles import cycles
from hypothesis import given
from hypothesis import strategies as st


def test_libc6_and_libgcc() -> None:
    graph = {"libc6": ["libgcc-s1"], "libgcc-s1": ["libc6", "gcc-base"], "gcc-base": [], "redis": ["libc6"]}
    assert cycles(graph) == {"libc6": "libc6", "libgcc-s1": "libc6"}


def test_a_package_that_needs_itself_is_no_cycle() -> None:
    assert cycles({"aa": ["aa"]}) == {}


def test_a_long_chain_does_not_recurse() -> None:
    graph = {str(number): [str(number + 1)] for number in range(5000)} | {"5000": ["0"]}
    assert set(cycles(graph).values()) == {"0"}


NODES = "abcdef"


@given(st.dictionaries(st.sampled_from(NODES), st.lists(st.sampled_from(NODES)), max_size=6))
def test_same_group_is_reaching_each_other(edges: dict[str, list[str]]) -> None:
    graph = {node: edges.get(node, []) for node in NODES}

    def reaches(start: str) -> set[str]:
        found: set[str] = set()
        todo = list(graph[start])
        while todo:
            node = todo.pop()
            if node not in found:
                found.add(node)
                todo += graph[node]
        return found

    expected = {}
    for node in NODES:
        group = {node} | {other for other in reaches(node) if node in reaches(other)}
        if len(group) > 1:
            expected[node] = min(group)
    assert cycles(graph) == expected
