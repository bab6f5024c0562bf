"""Deterministic strategies of the black boxes, and what they make of a functional.

Above: local hidden state models and inequalities. Below: functionals. A strategy lambda has an outcome for every
setting of every box; strategies are counted in the order of `itertools.product` over boxes, then settings, of outcomes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from steeralg.errors import ScenarioError
from steeralg.exact.matrix import Matrix
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import BlackBox, Scenario

Strategy = tuple[tuple[int, ...], ...]
"""`strategy[k][x]` is what box k answers to setting x."""

MAX_STRATEGIES = 100_000

_Part = tuple[Matrix | None, ...]
"""An operator for every view; None for zero."""

_Table = Mapping[tuple[tuple[int, ...], tuple[int, ...]], _Part]
"""The same by outcomes and settings of some boxes."""


def strategy_count(scenario: Scenario) -> int:
    """Return the number of deterministic strategies.

    Raises ScenarioError for more than 100,000 and for a sequential scenario.
    """
    scenario.require_simultaneous("deterministic strategies")
    count = prod(prod(box.outcomes) for box in scenario.black_boxes)
    if count > MAX_STRATEGIES:
        raise ScenarioError(f"{count} deterministic strategies; at most {MAX_STRATEGIES} are supported")
    return count


def strategies(scenario: Scenario) -> Iterator[Strategy]:
    """Yield every deterministic strategy. Raises ScenarioError for more than 100,000."""
    strategy_count(scenario)
    return product(*(product(*map(range, box.outcomes)) for box in scenario.black_boxes))


def strategy_operators(functional: Functional) -> Iterator[tuple[Matrix, ...]]:
    """Yield, for every deterministic strategy lambda in order, the sum over x of F[lambda(x)|x] in every view.

    Instrumental data: settings x with lambda(x) = v count for view v. Raises ScenarioError for too many strategies.
    """
    scenario, field = functional.scenario, functional.field
    strategy_count(scenario)
    zeros = [Matrix.zero(d, d, field) for d in scenario.views]
    table: dict[tuple[tuple[int, ...], tuple[int, ...]], _Part] = {}
    for x in scenario.settings():
        for a in scenario.outcomes(x):
            part: list[Matrix | None] = [None] * len(zeros)
            for view in range(len(zeros)) if scenario.has_views else (0,):
                label = scenario.label(a, x, view)
                part[scenario.view(label)] = functional.elements.get(label)
            table[a, x] = tuple(part)
    for found in _contracted(table, scenario.black_boxes):
        yield tuple(zero if m is None else m for m, zero in zip(found, zeros, strict=True))


def _contracted(table: _Table, boxes: Sequence[BlackBox]) -> Iterator[_Part]:
    """Yield the sums for all strategies of all boxes: those of the first box one after the other, then the rest."""
    if not boxes:
        yield table[(), ()]
        return
    columns: dict[tuple[int, int], dict[tuple[tuple[int, ...], tuple[int, ...]], _Part]] = {}
    for ((a, *outcomes), (x, *settings)), part in table.items():
        columns.setdefault((a, x), {})[tuple(outcomes), tuple(settings)] = part

    def answered(x: int, sums: _Table | None) -> Iterator[_Part]:
        """All strategies that share the answers to the settings below x, which add up to `sums`."""
        if sums is not None and x == len(boxes[0].outcomes):
            yield from _contracted(sums, boxes[1:])
            return
        for a in range(boxes[0].outcomes[x]):
            column = columns[a, x]
            yield from answered(x + 1, column if sums is None else {k: _sum(sums[k], column[k]) for k in column})

    yield from answered(0, None)


def _sum(one: _Part, other: _Part) -> _Part:
    return tuple(v if u is None else u if v is None else u + v for u, v in zip(one, other, strict=True))
