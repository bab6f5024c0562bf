"""Exact linear programs over a real embedded number field: an optimum with its dual, or a Farkas vector.

Above: local models, thresholds. Below: exact linear systems. The simplex method with Bland's rule: it starts from the
columns that somebody (floats, say) suggests and ends with a proof whatever they are; a good suggestion makes it short.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

from steeralg.errors import VerificationError
from steeralg.exact.echelon import echelon
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.solve import solve
from steeralg.verdict import OneLine, Proved, Refuted

_ZERO, _ONE = Number.of(0), Number.of(1)


@dataclass(frozen=True, eq=False, repr=False)
class Optimum(OneLine):
    """Witness of an optimum: `solution` holds the non-zero x_j by column; `dual` y has y . column_j <= cost_j for all j
    and y . right = `value`, so that no solution costs less.
    """

    solution: Mapping[int, Number]
    dual: tuple[Number, ...]
    value: Number


@dataclass(frozen=True, eq=False, repr=False)
class Farkas(OneLine):
    """Witness against feasibility: y . column_j >= 0 for all j, and y . right < 0."""

    vector: tuple[Number, ...]


def minimise(
    columns: Sequence[Mapping[int, Number]],
    right: Sequence[Number],
    cost: Sequence[Number],
    start: Sequence[int] = (),
) -> Proved[Optimum] | Refuted[Farkas]:
    """Minimise cost . x subject to sum_j x_j column_j = right and x >= 0.

    Columns hold their non-zero entries by row; all numbers are real, rational or of one field. The costs are not
    negative, so that there is an optimum wherever there is a solution. `start` names columns to start from, best first.
    """
    if len(columns) + 1 >= len(right):
        return _Simplex(columns, right, cost).run(start)
    # Rows that are combinations of others, right side included, say nothing new.
    table = [[column.get(k, _ZERO) for k in range(len(right))] for column in (*columns, dict(enumerate(right)))]
    kept = echelon(Matrix.from_numbers(table, _field(table)))[1]
    place = {row: k for k, row in enumerate(kept)}
    fewer = [{place[k]: x for k, x in column.items() if k in place} for column in columns]
    verdict = _Simplex(fewer, [right[k] for k in kept], cost).run(start)
    if isinstance(verdict, Refuted):
        return Refuted(Farkas(_padded(verdict.witness.vector, place, len(right))))
    found = verdict.witness
    return Proved(Optimum(found.solution, _padded(found.dual, place, len(right)), found.value))


@dataclass(frozen=True, eq=False)
class _Simplex:
    """Row k has an artificial variable, number k - rows < 0, whose sum counts before the costs."""

    columns: Sequence[Mapping[int, Number]]
    right: Sequence[Number]
    cost: Sequence[Number]

    def run(self, start: Sequence[int]) -> Proved[Optimum] | Refuted[Farkas]:
        signs, basis = self._first(start)
        while True:
            values = self._solved(basis, signs, self.right)
            artificial, plain = self._duals(basis, signs)
            entering = self._entering(artificial, plain)
            if entering is None:
                break
            direction = self._solved(basis, signs, self._dense(self.columns[entering]))
            steps = [(values[k] / d, basis[k], k) for k, d in enumerate(direction) if d.sign() > 0]
            # Costs are not negative, so some variable stops the step; Bland: the first of those that stop it soonest.
            least, leaving, place = steps[0]
            for step, number, k in steps[1:]:
                order = (step - least).sign()
                if order < 0 or (order == 0 and number < leaving):
                    least, leaving, place = step, number, k
            basis[place] = entering
        if any(number < 0 and not x.is_zero for number, x in zip(basis, values, strict=True)):
            return Refuted(Farkas(tuple(-y for y in artificial)))
        weight = self._weight(artificial, plain)
        dual = tuple(y + weight * z for y, z in zip(plain, artificial, strict=True))
        solution = {number: x for number, x in zip(basis, values, strict=True) if not x.is_zero}
        return Proved(Optimum(solution, dual, _dot(dual, enumerate(self.right))))

    def _first(self, start: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return a feasible basis of suggested columns, filled up with artificial ones, and the signs of these."""
        chosen = list(dict.fromkeys(j for j in start if 0 <= j < len(self.columns)))
        rows = len(self.right)
        while True:
            signs = [1] * rows
            candidates = [self._dense(self.columns[j]) for j in chosen]
            units = [[_ONE if i == k else _ZERO for i in range(rows)] for k in range(rows)]
            table = [list(row) for row in zip(*candidates, *units, strict=True)]
            pivots = echelon(Matrix.from_numbers(table, _field(table)))[1] if rows else []
            basis = [chosen[p] if p < len(chosen) else p - len(chosen) - rows for p in pivots]
            values = self._solved(basis, signs, self.right)
            negative = {number for number, x in zip(basis, values, strict=True) if x.sign() < 0}
            if all(number < 0 for number in negative):
                for number in negative:
                    signs[number] = -1
                return signs, basis
            chosen = [number for number in basis if number >= 0 and number not in negative]

    def _dense(self, column: Mapping[int, Number]) -> list[Number]:
        return [column.get(k, _ZERO) for k in range(len(self.right))]

    def _table(self, basis: Sequence[int], signs: Sequence[int]) -> list[list[Number]]:
        """The columns of the basis, as rows."""
        rows = len(self.right)
        return [self._dense(self.columns[j] if j >= 0 else {j + rows: Number.of(signs[j])}) for j in basis]

    def _solved(self, basis: Sequence[int], signs: Sequence[int], right: Sequence[Number]) -> list[Number]:
        table = [list(row) for row in zip(*self._table(basis, signs), strict=True)]
        found = solve(table, right, len(basis))
        return _regular(found)

    def _duals(self, basis: Sequence[int], signs: Sequence[int]) -> tuple[list[Number], list[Number]]:
        """Return the prices of the artificial variables' sum, and those of the costs."""
        table = self._table(basis, signs)
        artificial, plain = (
            solve(table, wanted, len(basis)) if any(not w.is_zero for w in wanted) else [_ZERO] * len(basis)
            for wanted in (
                [_ONE if j < 0 else _ZERO for j in basis],
                [_ZERO if j < 0 else self.cost[j] for j in basis],
            )
        )
        return _regular(artificial), _regular(plain)

    def _entering(self, artificial: Sequence[Number], plain: Sequence[Number]) -> int | None:
        """Return the first column that lowers the sum of the artificial variables, or keeps it and lowers the cost."""
        for j, (first, second) in enumerate(self._reduced(artificial, plain)):
            if first < 0 or (first == 0 and second < 0):
                return j
        return None

    def _weight(self, artificial: Sequence[Number], plain: Sequence[Number]) -> Number:
        """Return how many times the first prices have to be added to the second ones for all columns to pay."""
        weight = _ZERO
        if all(y.is_zero for y in artificial):
            return weight
        for j, (first, second) in enumerate(self._reduced(artificial, plain)):
            if first > 0 and second < 0:
                column = self.columns[j].items()
                needed = (_dot(plain, column) - self.cost[j]) / -_dot(artificial, column)
                weight = needed if weight < needed else weight
        return weight

    def _reduced(self, artificial: Sequence[Number], plain: Sequence[Number]) -> Sequence[tuple[int, int]]:
        """The signs of the reduced costs: of the sum of the artificial variables, and of the costs."""
        if self._integers is None or not all(y.is_rational for y in (*artificial, *plain)):
            return [
                (-_dot(artificial, column.items()).sign(), (cost - _dot(plain, column.items())).sign())
                for column, cost in zip(self.columns, self.cost, strict=True)
            ]
        (first, _), (second, scale) = _whole(artificial), _whole(plain)
        found = []
        for column, cost in self._integers:
            one, two = 0, cost * scale
            for k, x in column:
                one -= first[k] * x
                two -= second[k] * x
            found.append(((one > 0) - (one < 0), (two > 0) - (two < 0)))
        return found

    @cached_property
    def _integers(self) -> list[tuple[list[tuple[int, int]], int]] | None:
        """Columns and costs, multiplied by positive integers so that they are integers; None if some are irrational."""
        found = []
        for column, cost in zip(self.columns, self.cost, strict=True):
            if not cost.is_rational or not all(x.is_rational for x in column.values()):
                return None
            values, _ = _whole([cost, *column.values()])
            found.append((list(zip(column, values[1:], strict=True)), values[0]))
        return found


def _field(table: Sequence[Sequence[Number]]) -> Field:
    return next((x.field for row in table for x in row if not x.field.is_rational), RATIONALS)


def _padded(vector: Sequence[Number], place: Mapping[int, int], size: int) -> tuple[Number, ...]:
    return tuple(vector[place[k]] if k in place else _ZERO for k in range(size))


def _dot(vector: Sequence[Number], entries: Iterable[tuple[int, Number]]) -> Number:
    result = _ZERO
    for k, x in entries:
        if not x.is_zero and not vector[k].is_zero:
            result = result + vector[k] * x
    return result


def _whole(values: Sequence[Number]) -> tuple[list[int], int]:
    """Return rational numbers times their common denominator, and that."""
    exact = [x.fraction() for x in values]
    common = lcm(*(x.denominator for x in exact)) if exact else 1
    return [int(Fraction(x * common)) for x in exact], common


def _regular(solution: list[Number] | None) -> list[Number]:
    if solution is None:
        raise VerificationError("a basis of the linear program is singular")
    return solution
