"""Factors of positive semidefinite matrices: P = K K* exactly, singular ones included.

Above: purifications of states. Below: norms, block matrices, echelon forms. Elimination writes P as a sum of columns
c c*/p with pivots p > 0; where 1/p is the sum of some |z|^2, the columns of K are the z c. So K may have more columns
than the rank, but its entries are in the field of P wherever that is found to be possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, permutations, product

from steeralg.errors import PositivityError
from steeralg.exact.adjoin import Embedding
from steeralg.exact.blocks import side_by_side, stacked
from steeralg.exact.echelon import echelon
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.norms import sums_of_norms
from steeralg.exact.number import Number, brief
from steeralg.exact.psd import decide_psd
from steeralg.exact.two_squares import two_squares
from steeralg.verdict import OneLine, Refuted

_CANDIDATES = 128


@dataclass(frozen=True, repr=False)
class PositiveFactor(OneLine):
    """`root` is K, of order n x m with K K* = P; `inverse` is J, of order m x n, with J K = K* P^-1 K.

    P^-1 is the inverse on the support of P, J K the projector on the support of K, and K J v = v for v in that of P.
    """

    root: Matrix
    inverse: Matrix


def positive_factors(matrices: Sequence[Matrix]) -> tuple[Embedding, list[PositiveFactor]]:
    """Factor positive semidefinite matrices of one field, all over one field that contains it.

    Returns the inclusion of the fields, and the factors; that of a zero matrix has no columns. Raises HermitianError,
    PositivityError naming the matrix by its number, NumberError if a field of degree above 16 would be needed.
    """
    eliminated = []
    for k, matrix in enumerate(matrices):
        verdict = decide_psd(matrix)
        if isinstance(verdict, Refuted):
            raise PositivityError(f"matrix {k} is not positive: a vector has value {brief(verdict.witness.value)}")
        eliminated.append(_eliminated(matrix, len(verdict.witness.pivots)))
    embedding, found = sums_of_norms([pivot.inverse() for terms in eliminated for _, pivot in terms])
    if not found:
        embedding = Embedding.identity(matrices[0].field)
    norms = iter(found)
    return embedding, [
        _factor(matrix, [(column, pivot, next(norms)) for column, pivot in terms], embedding)
        for matrix, terms in zip(matrices, eliminated, strict=True)
    ]


def _eliminated(matrix: Matrix, rank: int) -> list[tuple[Matrix, Number]]:
    """Write a positive matrix as the sum of c c*/p, p = v* P v and c = P v for vectors v, one after the other."""
    terms: list[tuple[Matrix, Number]] = []
    for left in range(rank, 0, -1):
        vector, pivot = _pivot(matrix, left)
        column = matrix @ vector
        terms.append((column, pivot))
        matrix = matrix - (column @ column.adjoint).scale(pivot.inverse())
    return terms


def _pivot(matrix: Matrix, rank: int) -> tuple[Matrix, Number]:
    """Return a vector v and v* P v > 0, the number a sum of two rational squares if a short search finds such a v.

    Matrices of rank 1 are spared the search: up to squares, they have one value only.
    """
    n = matrix.rows
    searched = 0 if rank == 1 or not matrix.field.is_rational else _CANDIDATES
    first: tuple[Matrix, Number] | None = None
    for vector in chain(_unit_vectors(n), islice(_pairs(n), searched)):
        value = (vector.adjoint @ matrix @ vector).entry(0, 0)
        if value.is_zero:
            continue
        if value.is_rational and two_squares(value.fraction()) is not None:
            return vector, value
        if first is None or (value.is_rational and not first[1].is_rational):
            first = vector, value
    if first is None:
        raise PositivityError("a matrix with a zero diagonal has no positive pivot")
    return first


def _unit_vectors(order: int) -> list[Matrix]:
    return [Matrix.rational([[int(i == j)] for i in range(order)]) for j in range(order)]


def _pairs(order: int) -> Iterator[Matrix]:
    """Yield |i> + u |j> for small Gaussian integers u."""
    units = _unit_vectors(order)
    for re, im in sorted(product(range(-3, 4), repeat=2), key=lambda u: (u[0] ** 2 + u[1] ** 2, -u[0], -u[1])):
        for one, other in permutations(units, 2) if re or im else ():
            yield one + other.scale(Number(RATIONALS, (re,), (im,)))


def _factor(
    matrix: Matrix, terms: Sequence[tuple[Matrix, Number, tuple[Number, ...]]], embedding: Embedding
) -> PositiveFactor:
    """Return K with the columns z c, and J with the rows conj(z) p b: b c is 1 for the own c and 0 for the others."""
    n, field = matrix.rows, embedding.target
    if not terms:
        return PositiveFactor(Matrix.zero(n, 0, field), Matrix.zero(0, n, field))
    rank = len(terms)
    rows, _ = echelon(side_by_side([column for column, _, _ in terms] + [Matrix.identity(n, matrix.field)]))
    columns, dual = [], []
    for (column, pivot, norms), row in zip(terms, rows, strict=False):
        c = embedding.matrix(column)
        b = embedding.matrix(Matrix.from_numbers([row[rank:]], matrix.field))
        p = embedding.number(pivot)
        columns += [c.scale(z) for z in norms]
        dual += [b.scale(z.conjugate() * p) for z in norms]
    return PositiveFactor(side_by_side(columns), stacked(dual))
