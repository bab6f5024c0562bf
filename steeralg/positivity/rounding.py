"""From rounded Gram matrices on a face to exact solutions of the linear system.

Above: the search for certificates. Below: faces, systems of Gram matrices, exact linear algebra. Most entries of the
Y_b stay as they were rounded; the *pivots*, as many as there are independent equations, are solved for exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from steeralg.algebra.gram import GramSystem
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import IMAGINARY_UNIT, Number
from steeralg.exact.solve import solve_sparse
from steeralg.positivity.face import Face

Pivot = tuple[int, int, int, bool]
"""A real parameter of the Y_b: block, row, column not above the row, and whether it is the imaginary part."""


@dataclass(frozen=True, eq=False)
class Rounding:
    """The exact system on a face, and the entries that may be changed."""

    system: GramSystem
    face: Face
    pivots: Sequence[Pivot]

    def near(self, guess: Sequence[Matrix]) -> list[Matrix] | None:
        """Return Gram matrices Z_b that solve the system, from Hermitian `guess` for the Y_b; None if none does."""
        right = self.system.right
        if right is None:
            return None
        missing = [right[c] for c in self._representatives]
        for b, inner in enumerate(guess):
            for c, value in self._class_sums(b, self._carried(b, inner)).items():
                row = self._rows[c]
                missing[row] = missing[row] - value
        lines, values = self._equations
        change = solve_sparse(lines, [_part(missing[k], part) for k, part in values], len(self.pivots))
        if change is None:
            return None
        patches: list[dict[tuple[int, int], Number]] = [{} for _ in guess]
        for (b, i, j, imaginary), x in zip(self.pivots, change, strict=True):
            if not x.is_zero:
                z = x * IMAGINARY_UNIT if imaginary else x
                patches[b][i, j] = patches[b][i, j] + z if (i, j) in patches[b] else z
        return [
            self._carried(b, _patched(inner, patch))
            for b, (inner, patch) in enumerate(zip(guess, patches, strict=True))
        ]

    def _carried(self, block: int, inner: Matrix) -> Matrix:
        basis = self.face[block]
        return inner if basis is None else basis @ inner @ basis.adjoint

    @cached_property
    def _representatives(self) -> list[int]:
        """One class of every conjugate pair."""
        return [c for c, other in enumerate(self.system.adjoints) if c <= other]

    @cached_property
    def _rows(self) -> dict[int, int]:
        return {c: k for k, c in enumerate(self._representatives)}

    def _class_sums(self, block: int, gram: Matrix) -> dict[int, Number]:
        """The sums of the entries of every class, of conjugate ones only the first."""
        d, result = gram.field.degree, {}
        for c, parts in self._places[block].items():
            total = Number.of(0)
            for factor, flat in parts.items():
                sums = tuple(sum(plane[k] * t for k, t in flat) for plane in gram.planes)
                if any(sums):
                    value = Number(gram.field, sums[:d], sums[d:], gram.denominator)
                    total = total + (value if factor is None else factor * value)
            if not total.is_zero:
                result[c] = total
        return result

    @cached_property
    def _places(self) -> list[dict[int, dict[Number | None, list[tuple[int, int]]]]]:
        """For every block the flat positions of each class with integer coefficients, apart for every other factor."""
        found: list[dict[int, dict[Number | None, list[tuple[int, int]]]]] = []
        for block in self.system.terms:
            places: dict[int, dict[Number | None, list[tuple[int, int]]]] = {}
            for k, terms in enumerate(terms for row in block for terms in row):
                for c, coefficient in terms:
                    if c in self._rows:
                        factor, times = (None, coefficient) if isinstance(coefficient, int) else (coefficient, 1)
                        places.setdefault(c, {}).setdefault(factor, []).append((k, times))
            found.append(places)
        return found

    @cached_property
    def _equations(self) -> tuple[list[dict[int, Number]], list[tuple[int, int]]]:
        """One real equation, or two, for every representative: coefficients of the pivots by their number."""
        columns: list[dict[int, Number]] = [{} for _ in self._representatives]
        for number, pivot in enumerate(self.pivots):
            for c, value in self._unit_sums(pivot).items():
                columns[self._rows[c]][number] = value
        lines, values = [], []
        for k, c in enumerate(self._representatives):
            self_adjoint = self.system.adjoints[c] == c
            for part in (0,) if self.system.is_real or self_adjoint else (0, 1):
                line = {number: _part(x, part) for number, x in columns[k].items()}
                lines.append({number: x for number, x in line.items() if not x.is_zero})
                values.append((k, part))
        return lines, values

    def _unit_sums(self, pivot: Pivot) -> dict[int, Number]:
        """The class sums of V (z |i><j| + conj(z) |j><i|) V*, with z = 1 or i; of V |i><i| V* on the diagonal."""
        b, i, j, imaginary = pivot
        unit = IMAGINARY_UNIT if imaginary else Number.of(1)
        left, right = self._column(b, i), self._column(b, j)
        found: dict[int, Number] = {}
        for r, x in left.items():
            for s, y in right.items():
                value = unit * x * y.conjugate()
                for row, column, z in ((r, s, value), (s, r, value.conjugate()))[: 1 if i == j else 2]:
                    for c, coefficient in self.system.terms[b][row][column]:
                        if c in self._rows:
                            factor = Number.of(coefficient) if isinstance(coefficient, int) else coefficient
                            term = z if coefficient == 1 else z * factor
                            found[c] = found[c] + term if c in found else term
        return found

    def _column(self, block: int, k: int) -> Mapping[int, Number]:
        """The non-zero entries of a column of V."""
        basis = self.face[block]
        if basis is None:
            return {k: Number.of(1)}
        entries = {r: basis.entry(r, k) for r in range(basis.rows)}
        return {r: x for r, x in entries.items() if not x.is_zero}


def _patched(matrix: Matrix, patch: Mapping[tuple[int, int], Number]) -> Matrix:
    """Add values at (i, j), and their conjugates at (j, i)."""
    if not patch:
        return matrix
    field = next((x.field for x in patch.values() if not x.field.is_rational), matrix.field)
    n, zero = matrix.rows, Number.of(0, field)
    table = [[zero] * n for _ in range(n)]
    for (i, j), x in patch.items():
        table[i][j] = table[i][j] + x
        if i != j:
            table[j][i] = table[j][i] + x.conjugate()
    return matrix + Matrix.from_numbers(table, field)


def _part(x: Number, part: int) -> Number:
    """The real (0) or imaginary (1) part."""
    return x.imaginary if part else x.real
