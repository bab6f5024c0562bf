"""Gram matrices in floating point: the conic problem of an exact system, its solution, and what it suggests.

Above: positivity, certificates. Below: conic problems, solvers, the exact system. For a linear functional L on classes
the moment matrices are `Gamma_b = [L(terms of (i, j))]`; the dual of their positivity are the Gram matrices. On a face
the Gram matrices are `Z_b = V_b Y_b V_b*`, and the moment matrices are compressed accordingly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise, product

import numpy as np
import scipy.linalg
import scipy.sparse

from steeralg.algebra.gram import GramSystem
from steeralg.algebra.squares import SquareSystem
from steeralg.errors import SolverError
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.matrix import Matrix
from steeralg.sdp.basis import to_array, to_complex
from steeralg.sdp.moments import Complex
from steeralg.sdp.problem import ConicProblem, Floats, gamma
from steeralg.sdp.recognise import approximate_root, leading_span
from steeralg.sdp.solve import Attempt, solutions

GRAM_CHAIN: tuple[Attempt, ...] = (
    Attempt("clarabel", 1e-9, 200, largest_order=120),
    Attempt("scs", 1e-5, 20_000),
    Attempt("scs", 1e-9, 200_000),
)
"""Interior points first: faces are read off accurate solutions only."""

_LEAST = 1e-4
_NONE = Fraction(0)

Face = Sequence[Matrix | None]
"""For every block the matrix V whose columns span the range that is allowed; None for the whole space."""


@dataclass(frozen=True, eq=False)
class GramSolution:
    """The largest t with Gram matrices Y_b >= t D_b, as a solver sees it, and both sides of the problem there.

    `gram` holds the Y_b, `moments` the moment matrices, one for every block (of order 0 where the face leaves
    nothing); D_b is `GramSystem.unit` on the whole space, the unit matrix on a face.
    """

    optimum: float
    gram: tuple[Complex, ...]
    moments: tuple[Complex, ...]
    system: GramSystem
    attempt: Attempt

    def least_bits(self, shift: Fraction = _NONE) -> int:
        """Grids 2^-bits that are coarser than this move eigenvalues by more than the optimum exceeds a shift."""
        margin = self.optimum - float(shift)
        return max(0, -int(np.floor(np.log2(8 * margin)))) if margin > 0 else 0

    def lower_end(self, places: int) -> Fraction:
        """A decimal with so many places that is below the optimum."""
        return Fraction(int(np.floor(self.optimum * 10.0**places)), 10**places)

    def rounded(self, block: int, bits: int, real: bool, shift: Fraction = _NONE) -> Matrix:
        """Return Y_b - shift D_b on the grid 2^-bits, on the whole space."""
        gram = self.gram[block]
        if shift:
            gram = gram - float(shift) * np.diag([float(w) for w in self.system.unit[block]])
        return _on_grid(np.real(gram).astype(np.complex128) if real else gram, bits)

    def kernel(self, block: int, field: Field) -> Matrix | None:
        """Return vectors that every Gram matrix of the block seems to annihilate, as columns recognised in a field.

        They are the leading part of the range of the moment matrix; None if nothing is recognised. Leaving some out is
        no harm: a larger face is searched.
        """
        rows = leading_span(self.moments[block].conj(), _LEAST * self._largest, field, approximate_root(field))
        return None if rows is None else Matrix.from_numbers(rows, field).transpose

    @cached_property
    def _largest(self) -> float:
        return max((float(np.max(np.abs(m), initial=0.0)) for m in self.moments), default=0.0)


def ppt_operator(system: SquareSystem, solution: GramSolution, bits: int) -> Matrix:
    """Return the operator of the moments of a system with one copy of each factor, on the grid 2^-bits.

    L(<x|M|x>) = tr(M w): up to scale the solver's suggestion for an operator with positive partial transposes.
    """
    place = {label: k for k, label in enumerate(product(*map(range, system.dims)))}
    values = np.zeros((len(place), len(place)), np.complex128)
    for words, moments in zip(system.blocks, solution.moments, strict=True):
        for (i, u), (j, v) in product(enumerate(words), repeat=2):
            row = tuple((left[0] or right[1])[0] for left, right in zip(u, v, strict=True))
            column = tuple((right[0] or left[1])[0] for left, right in zip(u, v, strict=True))
            # conj(u) v holds conj(x_r) x_c; it is the value of the matrix unit at (r, c), and tr(e_rc w) = w_cr.
            values[place[column], place[row]] = moments[i, j]
    return _on_grid(values, bits)


def _on_grid(matrix: Complex, bits: int) -> Matrix:
    """Round the lower triangle of a Hermitian matrix to the grid 2^-bits."""
    lower = np.tril(matrix) * 2.0**bits
    re, im = np.rint(np.real(lower)), np.rint(np.imag(lower))
    np.fill_diagonal(im, 0.0)
    planes = re + np.tril(re, -1).T, im - im.T
    flat = tuple(tuple(int(x) for x in plane.ravel()) for plane in planes)
    return Matrix(RATIONALS, len(matrix), len(matrix), flat, 1 << bits)


@dataclass(frozen=True, eq=False)
class GramRelaxation:
    """The conic problem of a system on a face: minimise L(p) over Gamma_b >= 0 with sum_b tr(D_b Gamma_b) = 1."""

    system: GramSystem
    problem: ConicProblem
    orders: tuple[int, ...]
    diagonal: Floats

    @classmethod
    def build(cls, system: GramSystem, face: Face) -> GramRelaxation | None:
        """Return the problem; None if the face leaves no solution of the system, as far as floats see."""
        if system.right is None:
            return None
        orders = tuple(n if v is None else v.columns for n, v in zip(system.orders, face, strict=True))
        found = _problem(system, face)
        return None if found is None else cls(system, found[0], orders, found[1])

    def solutions(self, chain: Sequence[Attempt] = GRAM_CHAIN) -> Iterator[GramSolution]:
        """Yield what the solvers suggest."""
        ends = np.concatenate(([0], np.cumsum(self.orders)))
        parts = [slice(int(a), int(b)) for a, b in pairwise(ends)]
        try:
            for solution in solutions(self.problem, chain):
                moment = gamma(self.problem, solution.parameters)
                whole = solution.gram + solution.objective * np.diag(self.diagonal)
                # Copies: a view would keep the whole matrix alive.
                grams = tuple(whole[part, part].copy() for part in parts)
                moments = tuple(moment[part, part].copy() for part in parts)
                yield GramSolution(solution.objective, grams, moments, self.system, solution.attempt)
        except SolverError:
            return

    @cached_property
    def pivots(self) -> list[tuple[int, int, int, bool]]:
        """Entries (block, row, column, imaginary?) of the Y_b that can be solved for, whatever the others are.

        They are chosen by column-pivoted QR, so that the others hardly magnify what rounding changes.
        """
        linear, problem = self.problem.linear.toarray(), self.problem
        off = problem.rows != problem.columns
        real = [(int(p), False) for p in range(len(off))]
        imaginary = [(int(p), True) for p in np.flatnonzero(off)] if not self.system.is_real else []
        table = np.vstack([linear.real] + ([linear.imag[off]] if imaginary else [])).T
        _, r, order = scipy.linalg.qr(table, mode="economic", pivoting=True)
        rank = int(np.sum(np.abs(np.diag(r)) > 1e-9 * max(abs(r[0, 0]), 1e-300)))
        starts = np.concatenate(([0], np.cumsum(self.orders)))
        found = []
        for k in order[:rank]:
            position, turned = [*real, *imaginary][int(k)]
            row, column = int(problem.rows[position]), int(problem.columns[position])
            block = int(np.searchsorted(starts, row, side="right")) - 1
            found.append((block, row - int(starts[block]), column - int(starts[block]), turned))
        return found


def _problem(system: GramSystem, face: Face) -> tuple[ConicProblem, Floats] | None:
    moments = _moments(system)
    rows, columns, entries, sizes, diagonals = [], [], [], [], []
    normal = np.zeros(moments.shape[1])
    start = 0
    for b, (order, weights, basis) in enumerate(zip(system.orders, system.unit, face, strict=True)):
        linear = _positions(system, b) @ moments
        size, diagonal = order, np.array([float(w) for w in weights])
        if basis is not None:
            size, diagonal = basis.columns, np.ones(basis.columns)
            if not size:
                continue
            v = scipy.sparse.csr_matrix(to_array(basis))
            linear = scipy.sparse.kron(v.T, v.conj().T).tocsr() @ linear
        normal += np.real(linear[np.arange(size) * (size + 1)].T @ diagonal)
        across, down = np.triu_indices(size)
        rows.append(down + start)
        columns.append(across + start)
        entries.append(linear[down * size + across])
        sizes.append(size)
        diagonals.append(diagonal)
        start += size
    if not sizes:
        return None
    coefficients = to_array(Matrix.from_numbers([list(system.right or ())], system.field)).ravel()
    cost = np.real(moments.T @ coefficients)
    reduced = _independent(scipy.sparse.vstack(entries).tocsr(), cost, normal)
    if reduced is None:
        return None
    linear, cost, normal = reduced
    zero = np.zeros(linear.shape[0], np.complex128)
    place = np.concatenate(rows), np.concatenate(columns)
    problem = ConicProblem(start, *place, zero, linear, None, cost, normal, tuple(sizes))
    return problem, np.concatenate(diagonals)


def _positions(system: GramSystem, block: int) -> scipy.sparse.csr_matrix:
    """The classes of all positions of a block, row by row."""
    rows, columns, values = [], [], []
    flat = [terms for row in system.terms[block] for terms in row]
    for place, terms in enumerate(flat):
        for c, coefficient in terms:
            rows.append(place)
            columns.append(c)
            values.append(float(coefficient) if isinstance(coefficient, int) else to_complex(coefficient))
    return scipy.sparse.csr_matrix((values, (rows, columns)), shape=(len(flat), len(system.adjoints)))


def _moments(system: GramSystem) -> scipy.sparse.csr_matrix:
    """L of every class (rows) in real parameters: conjugate classes have conjugate values; real if the system is."""
    rows, columns, values, count = [], [], [], 0
    for c, other in enumerate(system.adjoints):
        if c > other:
            continue
        for number, value in ((c, 1.0), (other, 1.0))[: 1 + (c != other)]:
            rows.append(number)
            columns.append(count)
            values.append(complex(value))
        count += 1
        if c != other and not system.is_real:
            rows += [c, other]
            columns += [count, count]
            values += [1j, -1j]
            count += 1
    return scipy.sparse.csr_matrix((values, (rows, columns)), shape=(len(system.adjoints), count))


def _independent(
    linear: scipy.sparse.csr_matrix, cost: Floats, normal: Floats
) -> tuple[scipy.sparse.csr_matrix, Floats, Floats] | None:
    """Drop parameters that the moment matrices do not determine; None if the objective depends on more than these.

    Then no Gram matrices on the face give the form.
    """
    seen = np.asarray(abs(linear).sum(axis=0)).ravel() > 0
    table = linear.toarray()
    stacked = np.vstack([table.real, table.imag])
    _, r, order = scipy.linalg.qr(stacked, mode="economic", pivoting=True)
    sizes = np.abs(np.diag(r))
    rank = int(np.sum(sizes > 1e-9 * max(sizes[0], 1e-300)))
    if rank == stacked.shape[1]:
        return linear, cost, normal
    kept = order[:rank]
    # The other columns are combinations of the kept ones; a consistent objective has the same coefficients.
    combination = scipy.linalg.solve_triangular(r[:rank, :rank], r[:rank, rank:])
    defect = cost[order[rank:]] - cost[kept] @ combination
    if not seen.any() or np.max(np.abs(defect), initial=0.0) > 1e-7 * max(1.0, float(np.max(np.abs(cost)))):
        return None
    return linear[:, kept].tocsr(), cost[kept], normal[kept]
