"""Groups of packages that need each other (strongly connected components, after Tarjan), without recursion."""

from collections.abc import Iterable, Mapping


def cycles(graph: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Give, for every node that is on a cycle with another, the first name of its group; `graph` is closed."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: dict[str, str] = {}
    for root in sorted(graph):
        if root in index:
            continue
        work = [(root, iter(sorted(graph[root])))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, edges = work[-1]
            for target in edges:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(sorted(graph[target]))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group = stack[stack.index(node) :]
                    del stack[stack.index(node) :]
                    on_stack.difference_update(group)
                    if len(group) > 1:
                        found.update(dict.fromkeys(group, min(group)))
    return found
