"""The Hermitian operator of least negative part behind an assemblage, for given POVMs, in floats.

Above: the search for POVMs, rounding. Below: objects, the float form of exact matrices. A box measures a direct sum of
blocks; nothing off the blocks is seen, so the operator W = P - N is a direct sum, too, over all choices of one block
for each box. The least tr N is the largest -<F, sigma> with 0 <= G <= 1, G = sum M (x) F on every joint block. The
barrier mu (log det G + log det (1 - G)) gives P = mu G^-1 and N = mu (1 - G)^-1, strictly positive, and where it is
largest W reproduces the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from steeralg.objects.assemblage import Assemblage
from steeralg.objects.family import independent_parts
from steeralg.sdp.basis import to_array
from steeralg.sdp.moments import Complex

Floats = NDArray[np.float64]
Effects = Sequence[Sequence[Complex]]
"""For every box and block the independent effects: the identity, then all outcomes of every setting but the last."""

_NEWTON = 60


@dataclass(frozen=True, eq=False)
class SteeredData:
    """The independent elements sigma[a_S|x_S], one axis for each box (index 0: summed over), in a Hermitian basis."""

    table: Floats
    basis: Complex
    is_real: bool

    @classmethod
    def of(cls, assemblage: Assemblage, real: bool) -> SteeredData:
        """Return the elements of an assemblage of one trusted party; `real` if they and all effects are real."""
        scenario = assemblage.scenario
        sums = [to_array(assemblage.marginal(part)) for part in independent_parts(scenario.black_boxes)]
        basis = _hermitian_basis(scenario.dim, real)
        shape = [1 + sum(box.outcomes) - len(box.outcomes) for box in scenario.black_boxes]
        table = np.einsum("pab,hba->ph", np.array(sums), basis).real
        return cls(table.reshape(*shape, len(basis)), basis, real)


def _hermitian_basis(dim: int, real: bool) -> Complex:
    found = []
    for i in range(dim):
        for j in range(i + 1):
            for value in (1,) if i == j or real else (1, 1j):
                operator = np.zeros((dim, dim), np.complex128)
                operator[i, j], operator[j, i] = value, np.conj(value)
                found.append(operator)
    return np.array(found)


# ---- the operator for given POVMs ------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class PseudoState:
    """P and N on every joint block, and the functional F: `<F, sigma>` is -`bound`, and tr N is at most `bound + gap`.

    `functional` has the axes of the data; the barrier's value is `score`.
    """

    bound: float
    gap: float
    score: float
    functional: Complex
    positive: tuple[Complex, ...]
    negative: tuple[Complex, ...]

    @property
    def trace(self) -> float:
        """tr N, an upper bound of the negativity (in floats)."""
        return sum(float(block.trace().real) for block in self.negative)


def solve_pseudo_state(
    data: SteeredData, effects: Effects, gap: Fraction | float, start: Complex | None = None
) -> PseudoState | None:
    """Return the operator whose tr N is within `gap` of the least for these POVMs; None if there is none.

    `start` is the functional of a nearby problem.
    """
    tables = [_products(blocks, data.basis) for blocks in product(*effects)]
    weights, order = data.table.ravel(), sum(table.shape[1] for table in tables)
    last = float(gap) / (2 * order)
    point, mu = _first(data, tables, start, last)
    while True:
        found = _centre(tables, weights, point, mu, 1e-9 if mu <= last else 1e-1)
        if found is None:
            return None
        point = found
        if mu <= last:
            return _pseudo_state(data, tables, weights, point, mu)
        mu = max(mu / 10, last)


def _products(blocks: Sequence[Complex], basis: Complex) -> Complex:
    """Return all products of effects, one of each box, and trusted operators, shape (count, order, order)."""
    result = np.ones((1, 1, 1), np.complex128)
    for stack in (*blocks, basis):
        (p, a, _), (q, b, _) = result.shape, stack.shape
        result = np.einsum("pij,qkl->pqikjl", result, stack).reshape(p * q, a * b, a * b)
    return result


def _first(data: SteeredData, tables: Sequence[Complex], start: Complex | None, last: float) -> tuple[Floats, float]:
    """Return a functional with 0 < G < 1 and the weight of the barrier to begin with."""
    middle = np.zeros(data.table.shape)
    squares = np.einsum("hab,hba->h", data.basis, data.basis).real
    unit = np.einsum("hab,ba->h", data.basis, np.eye(data.basis.shape[1])).real / squares
    middle[(0,) * (middle.ndim - 1)] = unit / 2
    if start is not None:
        near = np.einsum("...ab,hba->...h", start, data.basis).real / squares
        for share in (0.01, 0.1):
            point = ((1 - share) * near + share * middle).ravel()
            if _inverses(tables, point) is not None:
                return point, max(last, 1e-3)
    return middle.ravel(), 1.0


def _inverses(tables: Sequence[Complex], point: Floats) -> tuple[list[Complex], float] | None:
    """Return the inverse roots of G and of 1 - G on every block and the sum of their log det; None if outside."""
    roots: list[Complex] = []
    value = 0.0
    for table in tables:
        g = np.tensordot(point, table, axes=(0, 0))
        for matrix in (g, np.eye(len(g)) - g):
            try:
                factor = np.linalg.cholesky((matrix + matrix.conj().T) / 2)
            except np.linalg.LinAlgError:
                return None
            roots.append(np.asarray(np.linalg.inv(factor), np.complex128))
            value += 2 * float(np.log(factor.diagonal().real).sum())
    return roots, value


def _centre(tables: Sequence[Complex], weights: Floats, point: Floats, mu: float, accuracy: float) -> Floats | None:
    """Maximise -weights . x / mu + log det G + log det (1 - G) by Newton's method; None if it does not converge."""
    found = _inverses(tables, point)
    for _ in range(_NEWTON):
        if found is None:
            return None
        roots, value = found
        gradient, hessian = -weights / mu, np.zeros((len(point), len(point)))
        for k, root in enumerate(roots):
            turned = root @ tables[k // 2] @ root.conj().T
            sign = 1 if k % 2 == 0 else -1
            gradient = gradient + sign * np.einsum("pii->p", turned).real
            flat = turned.reshape(len(turned), -1)
            hessian += flat.real @ flat.real.T
            if np.any(flat.imag):
                hessian += flat.imag @ flat.imag.T
        try:
            step = cho_solve(cho_factor(hessian), gradient)
        except LinAlgError:
            return None
        decrement = float(gradient @ step)
        if not np.isfinite(decrement):
            return None
        if decrement < accuracy:
            return point
        score, length = value - float(weights @ point) / mu, 1.0
        while True:
            moved = point + length * step
            found = _inverses(tables, moved)
            if found is not None and found[1] - float(weights @ moved) / mu > score + 0.1 * length * decrement:
                break
            length /= 2
            if length < 1e-6:
                # The floats allow no further progress.
                return point if decrement < 1e-3 else None
        point = moved
    return None


def _pseudo_state(
    data: SteeredData, tables: Sequence[Complex], weights: Floats, point: Floats, mu: float
) -> PseudoState | None:
    found = _inverses(tables, point)
    if found is None:
        return None
    roots, value = found
    inverses = [mu * root.conj().T @ root for root in roots]
    functional = np.tensordot(point.reshape(data.table.shape), data.basis, axes=(-1, 0))
    bound, gap = -float(weights @ point), mu * sum(len(root) for root in roots)
    return PseudoState(bound, gap, bound + mu * value, functional, tuple(inverses[::2]), tuple(inverses[1::2]))
