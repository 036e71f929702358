"""The least that any walk over all doors can be: a 1-tree bound after Held and Karp. Pure Python.

A round that visits every door and comes home is a tree over the doors plus one more way. The lightest such tree
is therefore never longer than the best round; weights on the doors push the two together.
"""

from __future__ import annotations

from collections.abc import Sequence

STEPS = 120


def least_walk(matrix: Sequence[Sequence[int]], doors: int, *, closed: bool) -> int:
    """Seconds that no order of the doors can walk less than.

    The last row of the matrix is the start. Without one (`closed` False) the walk ends anywhere: a start that is
    no distance from any door makes it a round again.
    """
    if doors < 2:
        return 2 * matrix[doors][0] if doors and closed else 0
    nodes = range(doors + 1)
    ways = [[float(matrix[i][j]) if closed or doors not in (i, j) else 0.0 for j in nodes] for i in nodes]
    if doors == 2:
        return round(ways[0][1] + ways[1][2] + ways[2][0])
    weights = [0.0] * (doors + 1)
    best, step = 0.0, max(max(row) for row in ways) / 10
    for _ in range(STEPS):
        length, degrees = _one_tree(ways, weights)
        best = max(best, length)
        if all(degree == 2 for degree in degrees):
            break
        weights = [w + step * (d - 2) for w, d in zip(weights, degrees, strict=True)]
        step *= 0.95
    return int(best + 1e-6)


def _one_tree(ways: list[list[float]], weights: list[float]) -> tuple[float, list[int]]:
    """The lightest tree over all but the last node, and the last node's two lightest ways; degrees of all."""
    last = len(ways) - 1
    degrees = [0] * (last + 1)
    nearest = [ways[0][j] + weights[0] + weights[j] for j in range(last)]
    parent = [0] * last
    left = set(range(1, last))
    length = 0.0
    while left:
        node = min(left, key=nearest.__getitem__)
        left.remove(node)
        length += nearest[node]
        degrees[node] += 1
        degrees[parent[node]] += 1
        row, own = ways[node], weights[node]
        for other in left:
            away = row[other] + own + weights[other]
            if away < nearest[other]:
                nearest[other], parent[other] = away, node
    closest = sorted((ways[last][j] + weights[last] + weights[j], j) for j in range(last))[:2]
    for away, node in closest:
        length += away
        degrees[node] += 1
        degrees[last] += 1
    return length - 2 * sum(weights), degrees
