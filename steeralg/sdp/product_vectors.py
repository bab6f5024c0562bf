"""Product vectors on which the form of an operator is small: short exact ones, and local minima found in turns.

Above: positivity, which decides exactly. Below: the exact layer. Everything here is a suggestion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import comb, prod
from typing import Any

import numpy as np
import scipy.linalg

from steeralg.algebra.form import Monomial
from steeralg.algebra.squares import SquareSystem
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.devices import Operator
from steeralg.sdp.basis import to_array
from steeralg.sdp.moments import Complex
from steeralg.sdp.problem import Floats
from steeralg.sdp.randomness import generator
from steeralg.sdp.recognise import approximate_root, short_span

_MOST_CANDIDATES = 4000
_UNITS = (1, -1, 1j, -1j)
_TOLERANCE, _STILL, _NEAR = 1e-9, 1e-14, 1e-5
_SMALL = 100_000


def short_vectors(dim: int, support: int) -> list[tuple[complex, ...]]:
    """Return the vectors with entries 0, 1, -1, i, -i, the first non-zero entry 1, and at most `support` of them."""
    found = []
    for size in range(1, min(dim, support) + 1):
        for places in combinations(range(dim), size):
            for phases in product(_UNITS, repeat=size - 1):
                vector = [0j] * dim
                for place, phase in zip(places, (1, *phases), strict=True):
                    vector[place] = phase
                found.append(tuple(vector))
    return found


def short_candidates(dims: Sequence[int]) -> list[tuple[tuple[complex, ...], ...]]:
    """Return tuples of short vectors for factors of these dimensions, as many as are reasonable, the shortest first."""
    for support in range(max(dims, default=1), 0, -1):
        count = prod(sum(comb(d, size) * len(_UNITS) ** (size - 1) for size in range(1, support + 1)) for d in dims)
        if count <= _MOST_CANDIDATES or support == 1:
            return list(product(*(short_vectors(d, support) for d in dims)))
    return []


@dataclass(frozen=True, eq=False)
class Scan:
    """Short vectors of all factors but `free`, and the least eigenvalue of the operator that they leave there.

    `values` are those eigenvalues divided by the squared norms, `left` the operators.
    """

    dims: tuple[int, ...]
    free: int
    candidates: list[tuple[tuple[complex, ...], ...]]
    values: Floats
    left: Complex
    scale: float

    @property
    def negative(self) -> list[tuple[Matrix, ...]]:
        """Exact columns where what is left does not look positive, the most negative first; a few of them."""
        order = np.argsort(self.values, kind="stable")[:4]
        return [_columns(self.candidates[k]) for k in order if self.values[k] < -_TOLERANCE * self.scale]

    def spanning_zeros(self, system: SquareSystem) -> list[tuple[Matrix, ...]]:
        """Exact columns where what is left looks singular: enough of them to span what all of these zeros span.

        Spanned is, in every block of the system, the space of the vectors of its monomials at the zeros.
        """
        others = [k for k in range(len(self.dims)) if k != self.free]
        numbers, points = [], []
        for k in np.flatnonzero(np.abs(self.values) <= _TOLERANCE * self.scale):
            sizes, basis = np.linalg.eigh(self.left[k])
            for vector in basis.T[np.abs(sizes) <= _TOLERANCE * self.scale * max(1.0, abs(sizes[-1]))]:
                point: list[Any] = [None] * len(self.dims)
                for other, entries in zip(others, self.candidates[k], strict=True):
                    point[other] = np.array(entries)
                point[self.free] = vector
                numbers.append(int(k))
                points.append(point)
        if not points:
            return []
        factors = [np.array([point[k] for point in points]) for k in range(len(self.dims))]
        chosen: set[int] = set()
        for words in system.blocks:
            table = _values(words, factors)
            sizes = np.linalg.norm(table, axis=1)
            kept = np.flatnonzero(sizes > 1e-9)
            if len(kept):
                _, r, order = scipy.linalg.qr(table[kept].T, mode="economic", pivoting=True)
                rank = int(np.sum(np.abs(np.diag(r)) > 1e-7 * abs(r[0, 0])))
                chosen |= {numbers[kept[k]] for k in order[:rank]}
        return [_columns(self.candidates[k]) for k in sorted(chosen)]


def recognised_zeros(system: SquareSystem, minima: Sequence[LocalMinimum], field: Field) -> list[Matrix | None]:
    """Return for every block the span of the vectors of its monomials at local minima, recognised in a field.

    The columns are the recognised vectors; None where there is nothing, or nothing short.
    """
    if not minima:
        return [None] * len(system.blocks)
    factors = [np.array([minimum.vectors[k] for minimum in minima]) for k in range(len(system.dims))]
    root = approximate_root(field)
    found: list[Matrix | None] = []
    for words in system.blocks:
        table = _values(words, factors)
        if system.is_real:
            table = np.vstack([table.real, table.imag]).astype(np.complex128)
        _, sizes, rows = np.linalg.svd(table)
        rank = int(np.sum(sizes > 1e-6))
        short = short_span(rows[:rank], field, root, 1e-9) if 0 < rank < len(words) else None
        found.append(None if short is None else Matrix.from_numbers(short, field).transpose)
    return found


def _values(words: Sequence[Monomial], factors: Sequence[Complex]) -> Complex:
    """The monomials at many product vectors: one row for each."""
    result = np.ones((len(factors[0]), len(words)), np.complex128)
    for column, word in enumerate(words):
        for (plain, starred), vectors in zip(word, factors, strict=True):
            for i in plain:
                result[:, column] *= vectors[:, i]
            for i in starred:
                result[:, column] *= vectors[:, i].conj()
    return result


def scan(operator: Operator, free: int) -> Scan:
    """Look at the operators left on factor `free` by short vectors of the others."""
    dims = operator.dims
    others = [k for k in range(len(dims)) if k != free]
    candidates = short_candidates([dims[k] for k in others])
    size, d = int(np.prod([dims[k] for k in others])), dims[free]
    table = _tensor(operator, [*others, free]).reshape(size, d, size, d)
    vectors = _krons([np.array(column) for column in zip(*candidates, strict=True)], len(candidates))
    left = np.einsum("ni,iajb,nj->nab", vectors.conj(), table, vectors, optimize=True)
    least = np.linalg.eigvalsh(left)[:, 0] / np.maximum(np.sum(np.abs(vectors) ** 2, axis=1), 1.0)
    scale = max(float(np.max(np.abs(table), initial=0.0)), 1e-300)
    return Scan(tuple(dims), free, candidates, least, np.asarray(left), scale)


def _columns(candidate: Sequence[Sequence[complex]]) -> tuple[Matrix, ...]:
    numbers = [[[Number(RATIONALS, (int(x.real),), (int(x.imag),))] for x in map(complex, v)] for v in candidate]
    return tuple(Matrix.from_numbers(column, RATIONALS) for column in numbers)


@dataclass(frozen=True, eq=False)
class LocalMinimum:
    """The value of a form at unit product vectors that no change of one factor makes smaller."""

    value: float
    vectors: tuple[Complex, ...]
    converged: bool

    @property
    def is_zero(self) -> bool:
        """Whether the form seems to vanish here, and the vectors are as accurate as floats are."""
        return self.converged and abs(self.value) < 1e-12

    def rounded(self, bits: int) -> tuple[Matrix, ...]:
        """Return the vectors on the grid 2^-bits, the largest entry of each turned to 1."""
        result = []
        for vector in self.vectors:
            turned = vector / vector[int(np.argmax(np.abs(vector)))]
            scale = 2.0**bits
            column = [
                [Number(RATIONALS, (round(float(x.real) * scale),), (round(float(x.imag) * scale),))] for x in turned
            ]
            result.append(Matrix.from_numbers(column, RATIONALS))
        return tuple(result)


def local_minima(operator: Operator, seed: int, count: int, rounds: int = 40) -> list[LocalMinimum]:
    """Return what descent from random starts comes to: each factor in turn becomes the least eigenvector of what is
    left.
    """
    random = generator(seed)
    # Half of the starts of a real operator are real: its minima often are.
    turned = np.where(np.arange(count) % 2 == 0, 0.0 if operator.matrix.is_real else 1.0, 1.0)[:, None]
    vectors = [random.normal(size=(count, d)) + 1j * turned * random.normal(size=(count, d)) for d in operator.dims]
    return _descend(operator, [v / np.linalg.norm(v, axis=1, keepdims=True) for v in vectors], rounds)


def polished_zeros(operator: Operator, minima: Sequence[LocalMinimum], rounds: int = 400) -> list[LocalMinimum]:
    """Return the local minima at which the form vanishes, after more rounds, as accurate as floats are."""
    close = [minimum for minimum in minima if abs(minimum.value) < _NEAR]
    if not close:
        return []
    vectors = [np.array([minimum.vectors[k] for minimum in close]) for k in range(len(operator.dims))]
    return [minimum for minimum in _descend(operator, vectors, rounds) if minimum.is_zero]


def _descend(operator: Operator, vectors: list[Complex], rounds: int) -> list[LocalMinimum]:
    dims, count = operator.dims, len(vectors[0])
    table = to_array(operator.matrix).reshape(*dims, *dims)
    values, moved, active = np.zeros(count), np.full(count, np.inf), np.arange(count)
    for _ in range(rounds):
        here = [v[active] for v in vectors]
        change = np.zeros(len(active))
        for k in range(len(dims)):
            sizes, bases = np.linalg.eigh(_left(table, here, k))
            overlap = np.sum(bases[:, :, 0].conj() * here[k], axis=1)
            phase = np.where(np.abs(overlap) > 0, overlap / np.maximum(np.abs(overlap), 1e-300), 1.0)
            new = bases[:, :, 0] * phase[:, None]
            change = np.maximum(change, np.linalg.norm(new - here[k], axis=1))
            here[k] = new
            values[active] = sizes[:, 0]
        for v, new in zip(vectors, here, strict=True):
            v[active] = new
        moved[active] = change
        active = active[change > _STILL]
        if not len(active):
            break
    return [
        LocalMinimum(float(values[j]), tuple(v[j] for v in vectors), bool(moved[j] <= _STILL)) for j in range(count)
    ]


def _left(table: Complex, vectors: Sequence[Complex], free: int) -> Complex:
    """The operators that unit vectors of all other factors, many at once, leave on one."""
    n = len(vectors)
    if n == 1:
        return np.broadcast_to(table, (len(vectors[0]), *table.shape))
    start, plain, starred = 2 * n, list(range(n)), list(range(n, 2 * n))
    operands: list[Any] = [table, [*starred, *plain]]
    for k, rows in enumerate(vectors):
        if k != free:
            operands += [rows.conj(), [start, starred[k]], rows, [start, plain[k]]]
    # Looking for the best order of contraction takes longer than contracting small operators in any.
    search = table.size * len(vectors[0]) > _SMALL
    return np.asarray(np.einsum(*operands, [start, starred[free], plain[free]], optimize=search))


def _tensor(operator: Operator, order: Sequence[int]) -> Complex:
    """The operator as an array, factors in another order."""
    n, dims = len(operator.dims), operator.dims
    table = to_array(operator.matrix).reshape(*dims, *dims)
    total = int(np.prod(dims))
    return np.asarray(np.transpose(table, [*order, *(n + k for k in order)]).reshape(total, total))


def _krons(factors: Sequence[Complex], count: int) -> Complex:
    """The products of the rows of several tables, row by row; rows (1,) of no table."""
    result: Complex = np.ones((count, 1), np.complex128)
    for rows in factors:
        result = (result[:, :, None] * rows[:, None, :]).reshape(count, -1)
    return result
