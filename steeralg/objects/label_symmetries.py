"""The relabellings that take a functional to itself, all of them, found as automorphisms of a coloured graph.

Above: symmetric bounds, the command line. Below: symmetries, functionals. Elements are unique only up to the
no-signalling equations, so a functional is first written in the one table that all relabellings respect; the vertices
of the graph are the boxes, settings, outcomes and elements of this table, which are coloured by their values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import igraph

from steeralg.arguments import checked
from steeralg.errors import FormatError, ScenarioError, VerificationError
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix, total
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label, Scenario
from steeralg.objects.symmetry import Symmetry

_BOX, _SETTING, _OUTCOME, _PAIR, _DISTANCE, _ELEMENT = range(6)
"""Colours of vertices; those of elements go on from the last one."""


def canonical(functional: Functional) -> Functional:
    """Return the same functional in the table that all relabellings respect: equal functionals, equal tables.

    At each box the means over the outcomes of a setting, which no-signalling lets any setting have, are shared out
    evenly. Raises ScenarioError unless there is one trusted party without input.
    """
    scenario = functional.scenario
    if len(scenario.views) != 1:
        raise ScenarioError(
            "relabellings are found for one trusted party without input; give symmetries one by one (Symmetry.of)"
        )
    zero = Matrix.zero(scenario.dim, scenario.dim, functional.field)
    table: dict[Label, Matrix] = {label: functional.elements.get(label, zero) for label in scenario.labels()}
    for k, box in enumerate(scenario.black_boxes):
        for a, x in [label[:2] for label in table if not label[0][k] and not label[1][k]]:
            rows: list[list[Label]] = [
                [((*a[:k], b, *a[k + 1 :]), (*x[:k], y, *x[k + 1 :])) for b in range(d)]
                for y, d in enumerate(box.outcomes)
            ]
            means = [total(table[label] for label in row).scale(Fraction(1, len(row))) for row in rows]
            shared = total(means).scale(Fraction(1, len(means)))
            for row, mean in zip(rows, means, strict=True):
                for label in row:
                    table[label] = table[label] + (shared - mean)
    return Functional(scenario, table)


@checked
def label_symmetries(functional: Functional, operators: Sequence[Any] = (), *, affine: bool = False) -> list[Symmetry]:
    """Return generators of the group of all relabellings that take a functional to itself.

    For each operator of the trusted side there is one more, if some relabelling together with it takes the functional
    to itself. Operators are matrices (exact, sympy or nested sequences), lines such as "U: X", "conj", "conj; U: F"
    (see `Symmetry.parse`), or symmetries that move no label. With `affine` only relabellings count that permute the
    outcomes of every setting by a -> c a + s, those that bounds can use; up to three outcomes all are. Every symmetry
    is verified exactly; what moves nothing is left out. Raises ScenarioError unless there is one trusted party without
    input, InputError for an operator that is not unitary up to a factor, FormatError for one that moves labels.
    """
    scenario = functional.scenario
    table = canonical(functional)
    given = [_operator(scenario, operator) for operator in operators]
    matrices = unify([*table.elements.values(), *(symmetry.unitary for symmetry in given)])
    table = Functional(scenario, dict(zip(table.elements, matrices, strict=False)))
    graphs = _Graphs(scenario, affine)
    graph = graphs.graph(table)
    still = Symmetry.of(scenario)
    found = [_relabelled(still, table, table, p) for p in graph.automorphism_group(color=graph.vs["color"])]
    for symmetry, unitary in zip(given, matrices[len(table.elements) :], strict=True):
        # Over the common field, in which equal matrices are equal.
        moved = replace(symmetry, unitary=unitary).functional(table)
        if moved.elements == table.elements:
            found += [symmetry] if symmetry.antiunitary or not symmetry.is_scalar else []
            continue
        other = graphs.graph(moved)
        same, places, _ = other.isomorphic_bliss(
            graph, return_mapping_12=True, color1=other.vs["color"], color2=graph.vs["color"]
        )
        found += [_relabelled(symmetry, moved, table, places)] if same else []
    return found


class _Graphs:
    """Graphs of tables of elements: boxes, settings and outcomes first, each joined to what it belongs to."""

    def __init__(self, scenario: Scenario, affine: bool) -> None:
        self.edges: list[tuple[int, int]] = []
        self.colours: list[int] = []
        self.values: dict[Matrix, int] = {}
        sizes = [box.outcomes for box in scenario.black_boxes]
        boxes = [self._vertex(_BOX) for _ in sizes]
        settings = [[self._vertex(_SETTING, at) for _ in box] for at, box in zip(boxes, sizes, strict=True)]
        self.outcomes = [
            [[self._vertex(_OUTCOME, at) for _ in range(d)] for at, d in zip(row, box, strict=True)]
            for row, box in zip(settings, sizes, strict=True)
        ]
        for places in (places for box in self.outcomes for places in box if affine and len(places) > 3):
            # The affine permutations are those that take pairs of one distance, up to signs, to pairs of one distance.
            distances = [self._vertex(_DISTANCE) for _ in range(len(places) // 2)]
            for a, b in combinations(range(len(places)), 2):
                self._vertex(_PAIR, places[a], places[b], distances[min(b - a, len(places) - b + a) - 1])

    def _vertex(self, colour: int, *neighbours: int) -> int:
        self.colours.append(colour)
        self.edges += [(len(self.colours) - 1, other) for other in neighbours]
        return len(self.colours) - 1

    def graph(self, table: Functional) -> igraph.Graph:
        """Return the graph with a vertex for every element of a table, joined to its outcomes."""
        edges, colours = list(self.edges), list(self.colours)
        for (a, x, *_), matrix in table.elements.items():
            edges += [(len(colours), box[s][o]) for box, s, o in zip(self.outcomes, x, a, strict=True)]
            colours.append(self.values.setdefault(matrix, _ELEMENT + len(self.values)))
        return igraph.Graph(len(colours), edges, vertex_attrs={"color": colours})


def _relabelled(symmetry: Symmetry, source: Functional, target: Functional, places: Sequence[int]) -> Symmetry:
    """Return a symmetry with the relabelling that a permutation of vertices is; it takes source to target, exactly."""
    scenario = symmetry.scenario
    sizes = [box.outcomes for box in scenario.black_boxes]
    numbers = iter(places)
    boxes = tuple(next(numbers) for _ in sizes)
    # Vertices are numbered in the order of boxes, settings and outcomes: within each the first one counts from 0.
    settings = tuple(_from_zero([next(numbers) for _ in box]) for box in sizes)
    outcomes = tuple(tuple(_from_zero([next(numbers) for _ in range(d)]) for d in box) for box in sizes)
    labels = Symmetry.of(scenario, boxes=boxes, settings=settings, outcomes=outcomes)
    if labels.functional(source).elements != target.elements:
        raise VerificationError("an isomorphism of the graphs does not take the functional to itself")
    return replace(symmetry, boxes=boxes, settings=settings, outcomes=outcomes)


def _from_zero(values: list[int]) -> tuple[int, ...]:
    return tuple(value - min(values) for value in values)


def _operator(scenario: Scenario, operator: Any) -> Symmetry:
    """Read an operator of the trusted side as a symmetry that moves no label."""
    if isinstance(operator, str):
        operator = Symmetry.parse(scenario, operator)
    symmetry = operator if isinstance(operator, Symmetry) else Symmetry.of(scenario, unitary=operator)
    if symmetry.scenario != scenario:
        raise ScenarioError("an operator is of another scenario than the functional")
    still = Symmetry.of(scenario)
    if (symmetry.boxes, symmetry.settings, symmetry.outcomes) != (still.boxes, still.settings, still.outcomes):
        raise FormatError("an operator of the trusted side moves labels, too; give it alone: 'U: X', 'conj; U: F'")
    return symmetry
