"""Real qubit assemblages as tables of floats: the trace and the x-z part of the Bloch vector of independent elements.

Above: local programs, searches. Below: observations. A row (t, x, z) of a table stands for (t 1 + x X + z Z)/2; there
is a row for every independent element sigma[a_S|x_S]: for each box a setting with one of its outcomes but the last, or
None where its outcomes are summed over. Functionals are tables of the same shape, <F, sigma> the sum of the products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from itertools import permutations, product

import numpy as np

from steeralg.errors import ScenarioError
from steeralg.exact.matrix import Matrix
from steeralg.objects.family import independent_choices, independent_parts
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import BlackBox, Partial, Scenario
from steeralg.sdp.basis import to_array
from steeralg.sdp.moments import Complex
from steeralg.sdp.observation import Observation
from steeralg.sdp.problem import Floats

_BASIS = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[1, 0], [0, -1]]]) / 2


@dataclass(frozen=True)
class BlochTables:
    """The tables of a scenario: black boxes and one trusted qubit. Raises ScenarioError for other scenarios."""

    scenario: Scenario

    def __post_init__(self) -> None:
        if self.scenario.views != (2,) or self.scenario.has_input:
            raise ScenarioError(f"this needs black boxes and one trusted qubit without input, not {self.scenario}")

    @cached_property
    def parts(self) -> list[Partial]:
        """The independent elements, a row each."""
        return list(independent_parts(self.scenario.black_boxes))

    @cached_property
    def incidence(self) -> Floats:
        """1 where a deterministic strategy (a column, counted as in `strategies`) gives an independent element."""
        return reduce(_kron, map(_box_incidence, self.scenario.black_boxes))

    @cached_property
    def completion(self) -> Floats:
        """All elements, a row each in some order, by the independent ones."""
        return reduce(_kron, map(_box_completion, self.scenario.black_boxes))

    @cached_property
    def noise(self) -> Floats:
        """The table of white noise."""
        table = np.zeros((len(self.parts), 3))
        for row, (a, x, *_) in enumerate(self.parts):
            pairs = zip(self.scenario.black_boxes, a, x, strict=True)
            table[row, 0] = np.prod([1 / box.outcomes[s] for box, o, s in pairs if o is not None and s is not None])
        return table

    @cached_property
    def exchanges(self) -> list[list[int]]:
        """The permutations of rows that come from permutations of the boxes that keep the scenario."""
        boxes, place = self.scenario.black_boxes, {part: row for row, part in enumerate(self.parts)}
        return [
            [place[(tuple(a[k] for k in order), tuple(x[k] for k in order))] for a, x, *_ in self.parts]
            for order in permutations(range(len(boxes)))
            if all(boxes[k] == box for k, box in zip(order, boxes, strict=True))
        ]

    def symmetrised(self, table: Floats) -> Floats:
        """Return the average over the permutations of the boxes."""
        return np.asarray(np.mean([table[order] for order in self.exchanges], axis=0))

    def functional(self, functional: Functional) -> Floats:
        """Return the table of a functional; of its operators the real parts count."""
        rows = np.zeros((len(self.completion), 3))
        pairs_of_boxes = [[(a, x) for x, d in _settings(box) for a in range(d)] for box in self.scenario.black_boxes]
        for row, pairs in enumerate(product(*pairs_of_boxes)):
            matrix = functional.elements.get((tuple(a for a, _ in pairs), tuple(x for _, x in pairs)))
            if matrix is not None:
                # tr(F sigma) for the three basis operators
                rows[row] = np.einsum("kij,ji->k", _BASIS, to_array(matrix)).real
        return np.asarray(self.completion.T @ rows)

    def moments(self, observation: Observation) -> Complex:
        """Return the linear map from tables, flat, to the observable moments of certificate monomials, flat."""
        place = {part: row for row, part in enumerate(self.parts)}
        data = np.zeros((len(observation.parts), len(self.parts), 3))
        for c, (part, unit) in enumerate(zip(observation.parts, observation.units, strict=True)):
            if unit is not None:
                # tr(e_ij sigma) = sigma_ji
                data[c, place[part]] = _BASIS[:, unit[1], unit[0]]
        return np.asarray(observation.fit.T @ data.reshape(len(observation.parts), -1), dtype=np.complex128)

    def rounded(self, table: Floats, digits: int) -> tuple[dict[Partial, Matrix], Floats]:
        """Return the independent elements with entries rounded to some decimals, exact, and their table."""
        unit = 10**digits
        t, x, z = table.T
        entries = np.rint(np.column_stack([t + z, x, t - z]) / 2 * unit).astype(np.int64)
        a, b, c = entries.T / unit
        exact = {part: _symmetric(row, unit) for part, row in zip(self.parts, entries.tolist(), strict=True)}
        return exact, np.column_stack([a + c, 2 * b, a - c])


def _kron(left: Floats, right: Floats) -> Floats:
    return np.asarray(np.kron(left, right))


def _settings(box: BlackBox) -> list[tuple[int, int]]:
    return list(enumerate(box.outcomes))


def _box_incidence(box: BlackBox) -> Floats:
    answers = list(product(*map(range, box.outcomes)))
    return np.array([[float(x is None or answer[x] == a) for answer in answers] for a, x in independent_choices(box)])


def _box_completion(box: BlackBox) -> Floats:
    """Every (a|x) of a box, settings outermost, by its independent choices: a last outcome is what the others leave."""
    choices, rows = independent_choices(box), []
    for x, d in _settings(box):
        kept = [[float(choice == (a, x)) for choice in choices] for a in range(d - 1)]
        last = np.array([float(choice == (None, None)) for choice in choices]) - np.sum(kept, axis=0)
        rows += [*kept, last.tolist()]
    return np.array(rows)


def _symmetric(entries: Sequence[int], unit: int) -> Matrix:
    a, b, c = (Fraction(entry, unit) for entry in entries)
    return Matrix.rational([[a, b], [b, c]])
