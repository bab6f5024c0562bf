"""What a solver's point of a symmetric relaxation suggests: Gram matrices of its blocks, as integers on a grid.

Above: certificates, which verify everything exactly. Below: symmetric relaxations, solvers. An identity that is missed
by a little only costs a little of the bound, because every monomial is unitary; so no entry has to be exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, log2
from typing import Any

import numpy as np
import scipy.linalg
import scipy.sparse
from numpy.typing import NDArray

from steeralg.errors import SolverError
from steeralg.sdp.moments import Complex
from steeralg.sdp.problem import ConicProblem, Floats
from steeralg.sdp.solve import Solution
from steeralg.sdp.suggest import MAX_GRID_BITS, Suggestion
from steeralg.sdp.symmetric import SymmetricRelaxation


@dataclass(frozen=True, eq=False)
class RepairedPoint:
    """Coordinates that satisfy the identity, the multiple of `unit` that positivity needs, the bound that leaves."""

    coordinates: Floats
    needed: float
    reached: float

    @property
    def reach(self) -> Fraction:
        """The bound, in floats, that the point can be repaired to."""
        return Fraction(self.reached)


@dataclass(frozen=True, eq=False)
class Repair:
    """Restores the identity of a sum of squares, and positivity, in floats.

    A family of Gram matrices is a vector of its real coordinates: diagonal entries, and sqrt2 times the real and
    imaginary parts below, so that lengths are Frobenius norms; `link` takes it to the coefficients of the parameters.
    """

    problem: ConicProblem

    @cached_property
    def _diagonal(self) -> NDArray[np.bool_]:
        return np.asarray(self.problem.rows == self.problem.columns)

    @cached_property
    def _one(self) -> NDArray[np.bool_]:
        """Where L(1) is among the parameters."""
        if self.problem.equality is None:
            raise SolverError("a problem without normalisation bounds no functional")
        return np.asarray(self.problem.equality != 0)

    @cached_property
    def link(self) -> scipy.sparse.csr_matrix:
        """The real matrix parameters x coordinates."""
        linear, diagonal = self.problem.linear, self._diagonal
        off = np.sqrt(2.0) * linear[~diagonal]
        return scipy.sparse.vstack([linear[diagonal].real, off.real, -off.imag]).T.tocsr()

    @cached_property
    def _free(self) -> scipy.sparse.csr_matrix:
        """Without the row of L(1), which a bound takes care of."""
        return self.link[np.flatnonzero(~self._one)]

    @cached_property
    def _factor(self) -> Any:
        normal = (self._free @ self._free.T).toarray()
        return scipy.linalg.cho_factor(normal)

    def coordinates(self, gram: Complex) -> Floats:
        """Return the coordinates of Gram matrices that are put on one diagonal."""
        entries = gram[self.problem.rows, self.problem.columns]
        off = entries[~self._diagonal] * np.sqrt(2.0)
        return np.concatenate([entries[self._diagonal].real, off.real, off.imag])

    def gram(self, coordinates: Floats) -> Complex:
        """Undo `coordinates`."""
        count, rows, columns = int(self._diagonal.sum()), self.problem.rows, self.problem.columns
        values = np.zeros(len(rows), np.complex128)
        values[self._diagonal] = coordinates[:count]
        re, im = np.split(coordinates[count:], 2)
        values[~self._diagonal] = (re + 1j * im) / np.sqrt(2.0)
        result = np.zeros((self.problem.order, self.problem.order), np.complex128)
        result[columns, rows] = values.conj()
        result[rows, columns] = values
        return result

    def projected(self, coordinates: Floats, wanted: Floats) -> Floats:
        """Move coordinates the least so that the sum of squares has the wanted coefficients, but for that of 1."""
        missing = wanted[~self._one] - self._free @ coordinates
        return np.asarray(coordinates + self._free.T @ scipy.linalg.cho_solve(self._factor, missing))

    def value(self, coordinates: Floats) -> float:
        """Return the coefficient of 1."""
        return float((self.link[np.flatnonzero(self._one)] @ coordinates)[0])

    @cached_property
    def unit(self) -> Floats:
        """Positive Gram matrices whose sum of squares is a multiple of 1; at level k there are some."""
        start = self.coordinates(np.eye(self.problem.order, dtype=np.complex128))
        return self.projected(start, np.zeros(self.problem.parameters))

    def least(self, coordinates: Floats) -> float:
        """Return the least eigenvalue of the Gram matrices."""
        gram, start, found = self.gram(coordinates), 0, []
        for order in self.problem.blocks:
            found.append(np.linalg.eigvalsh(gram[start : start + order, start : start + order])[0])
            start += order
        return float(min(found))

    @cached_property
    def _constant(self) -> float:
        return float(self.problem.cost[self._one][0])

    def point(self, solution: Solution) -> RepairedPoint | None:
        """Return a solver's point, moved to satisfy the identity, and what makes it positive; None if nothing does."""
        slope = self.least(self.unit)
        if slope <= 0:
            return None
        point = self.projected(self.coordinates(solution.gram), self.problem.cost)
        needed = max(-self.least(point), 0.0) / slope
        # The coefficient of 1 is cost - value: eigenvalues of a sum are at least the sums of the least ones.
        return RepairedPoint(point, needed, self._constant - self.value(point) - needed * self.value(self.unit))

    def positive(self, found: RepairedPoint, bound: float) -> Floats:
        """Return strictly positive coordinates for a bound below what the point reaches: half way up to it."""
        room = (found.reached - bound) / self.value(self.unit)
        return found.coordinates + (found.needed + room / 2) * self.unit

    def proved(self, coordinates: Floats) -> float:
        """Estimate the bound that coordinates prove: what the identity misses is lost."""
        missing = self.problem.cost - self.link @ coordinates
        return float(missing[self._one][0] - np.sqrt(2.0) * np.abs(missing[~self._one]).sum())


def gram_suggestions(
    relaxation: SymmetricRelaxation, repair: Repair, point: RepairedPoint, bound: Fraction
) -> Iterator[list[Suggestion]]:
    """Yield the Gram matrices of all blocks, coarsest grid first, that look positive and prove the bound."""
    gram = repair.gram(repair.positive(point, float(bound)))
    pieces, bases = [], []
    starts = np.cumsum([0, *repair.problem.blocks])
    for block, a, b in zip(relaxation.blocks, starts, starts[1:], strict=False):
        # With Gamma' = T* Gamma T, sum Z'_vw Gamma'_vw = sum Z_ij Gamma_ij for Z = conj(T) Z' T^T; T is unitary.
        basis = scipy.sparse.diags(1.0 / block.weights) @ block.real_form.conj()
        pieces.append(np.asarray(basis @ gram[a:b, a:b] @ basis.conj().T))
        bases.append(scipy.sparse.diags(block.weights) @ block.real_form.conj())
    largest = max(float(np.abs(piece).max()) for piece in pieces)
    for bits in range(4, min(MAX_GRID_BITS, 52 - ceil(log2(largest))) + 1, 2):
        found = [_on_grid(piece, bits) for piece in pieces]
        carried = np.zeros_like(gram)
        for piece, basis, a, b in zip(found, bases, starts, starts[1:], strict=False):
            carried[a:b, a:b] = basis.conj().T @ _as_floats(piece) @ basis
        rounded = repair.coordinates(carried)
        if repair.least(rounded) > 0 and repair.proved(rounded) > bound:
            yield found


def _on_grid(piece: Complex, bits: int) -> Suggestion:
    scaled = piece * float(1 << bits)
    lower = np.tril(np.rint(scaled.real)), np.tril(np.rint(scaled.imag), -1)
    parts = lower[0] + np.tril(lower[0], -1).T, lower[1] - lower[1].T
    re, im = (tuple(part.astype(np.int64).ravel().tolist()) for part in parts)
    return Suggestion(len(piece), bits, re, im)


def _as_floats(piece: Suggestion) -> Complex:
    shape = piece.order, piece.order
    gram = np.array(piece.re, np.float64).reshape(shape) + 1j * np.array(piece.im, np.float64).reshape(shape)
    return np.asarray(gram / float(1 << piece.bits), dtype=np.complex128)
