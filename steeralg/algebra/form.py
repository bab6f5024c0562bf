"""Hermitian forms on product vectors: monomials in the entries of the local vectors and their conjugates.

Above: positivity, sdp. Below: the exact layer. An operator W on factors of dimensions `dims` gives the form
`p(x1, .., xN) = <x1 .. xN|W|x1 .. xN>`. With `copies` k_j it is multiplied by `prod_j |x_j|^(2(k_j - 1))`, which
changes no sign. Monomials of x_j and conj(x_j) are products of entries; `conj(u) v` is again a monomial.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations_with_replacement, product
from math import prod

from steeralg.errors import ShapeError
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number

Indices = tuple[int, ...]
Monomial = tuple[tuple[Indices, Indices], ...]
"""For every factor the ascending indices of the entries of x_j, then those of conj(x_j)."""

Form = dict[Monomial, Number]
"""The coefficients of a form; monomials that are not there have coefficient 0."""


def adjoint(monomial: Monomial) -> Monomial:
    """Return the complex conjugate of a monomial."""
    return tuple((conjugated, plain) for plain, conjugated in monomial)


def star_times(u: Monomial, v: Monomial) -> Monomial:
    """Return conj(u) v."""
    return tuple(
        (tuple(sorted(right[0] + left[1])), tuple(sorted(right[1] + left[0]))) for left, right in zip(u, v, strict=True)
    )


def is_monomial(monomial: Monomial, dims: Sequence[int]) -> bool:
    """Whether this is a monomial of the entries of vectors of these dimensions, indices ascending."""
    return len(monomial) == len(dims) and all(
        list(part) == sorted(part) and all(0 <= i < d for i in part)
        for factor, d in zip(monomial, dims, strict=True)
        for part in factor
    )


def monomials(dims: Sequence[int], copies: Sequence[int], conjugated: Sequence[int]) -> list[Monomial]:
    """Return the monomials with `conjugated[j]` of the `copies[j]` entries of factor j conjugated."""
    factors = [
        [
            (plain, starred)
            for plain in combinations_with_replacement(range(d), k - s)
            for starred in combinations_with_replacement(range(d), s)
        ]
        for d, k, s in zip(dims, copies, conjugated, strict=True)
    ]
    return list(product(*factors))


def cuts(copies: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the numbers of conjugated copies, one of each pair that complex conjugation exchanges."""
    every = list(product(*(range(k + 1) for k in copies)))
    return [s for s in every if s <= tuple(k - c for k, c in zip(copies, s, strict=True))]


def balanced_cuts(copies: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the cuts that conjugate half of the copies of every factor that has several."""
    return [s for s in cuts(copies) if all(k == 1 or c in (k // 2, k - k // 2) for k, c in zip(copies, s, strict=True))]


def multiplier(dims: Sequence[int], copies: Sequence[int]) -> dict[Monomial, int]:
    """Return the coefficients of prod_j |x_j|^(2(k_j - 1))."""
    factors = []
    for d, k in zip(dims, copies, strict=True):
        powers: dict[Indices, int] = {}
        for chosen in product(range(d), repeat=k - 1):
            indices = tuple(sorted(chosen))
            powers[indices] = powers.get(indices, 0) + 1
        factors.append([((indices, indices), count) for indices, count in powers.items()])
    return {tuple(m for m, _ in parts): prod(c for _, c in parts) for parts in product(*factors)}


def form_of(matrix: Matrix, dims: Sequence[int], copies: Sequence[int]) -> Form:
    """Return the form of an operator times the multiplier of `copies`, each at least 1.

    Raises ShapeError if the order is not the product of `dims`, or the copies do not fit.
    """
    if matrix.rows != prod(dims) or matrix.columns != matrix.rows:
        raise ShapeError(f"a {matrix.rows} x {matrix.columns} matrix does not act on factors of dimensions {dims}")
    if len(copies) != len(dims) or min(copies) < 1:
        raise ShapeError(f"copies {tuple(copies)} do not fit {len(dims)} factors: one or more of each is needed")
    labels = list(product(*map(range, dims)))
    factors = multiplier(dims, copies)
    result: Form = {}
    for i, row in enumerate(labels):
        for j, column in enumerate(labels):
            value = matrix.entry(i, j)
            if value.is_zero:
                continue
            for squares, count in factors.items():
                monomial = tuple(
                    (tuple(sorted((*plain, c))), tuple(sorted((*starred, r))))
                    for (plain, starred), r, c in zip(squares, row, column, strict=True)
                )
                term = value if count == 1 else value * Number.of(count)
                result[monomial] = result[monomial] + term if monomial in result else term
    return {monomial: value for monomial, value in result.items() if not value.is_zero}


def square_sums(words: Sequence[Monomial], gram: Matrix) -> Iterator[tuple[Monomial, Number]]:
    """Yield the terms of sum_{u,v} Z_uv conj(u) v, several for a monomial."""
    for i, u in enumerate(words):
        for j, v in enumerate(words):
            value = gram.entry(i, j)
            if not value.is_zero:
                yield star_times(u, v), value


def value_at(words: Sequence[Monomial], vectors: Sequence[Matrix]) -> Matrix:
    """Return the column of the values of monomials at local vectors (columns of one field)."""
    field = vectors[0].field
    if field.is_rational and all(vector.denominator == 1 for vector in vectors):
        return _integers_at(words, vectors)
    entries = [[vector.entry(i, 0) for i in range(vector.rows)] for vector in vectors]
    conjugates = [[x.conjugate() for x in column] for column in entries]
    column = []
    for word in words:
        value = Number.of(1, field)
        for (plain, starred), here, there in zip(word, entries, conjugates, strict=True):
            for x in (*(here[i] for i in plain), *(there[i] for i in starred)):
                value = value * x
        column.append([value])
    return Matrix.from_numbers(column, field)


def _integers_at(words: Sequence[Monomial], vectors: Sequence[Matrix]) -> Matrix:
    """The same for Gaussian integers, without the overhead of numbers."""
    entries = [list(zip(*vector.planes, strict=True)) for vector in vectors]
    conjugates = [[(x, -y) for x, y in column] for column in entries]
    real, imaginary = [], []
    for word in words:
        re, im = 1, 0
        for (plain, starred), here, there in zip(word, entries, conjugates, strict=True):
            for x, y in (*(here[i] for i in plain), *(there[i] for i in starred)):
                re, im = re * x - im * y, re * y + im * x
        real.append(re)
        imaginary.append(im)
    return Matrix(RATIONALS, len(words), 1, (tuple(real), tuple(imaginary)))


def split_by_phase(
    words: Sequence[Monomial], dims: Sequence[int], form: Mapping[Monomial, object]
) -> list[list[Monomial]]:
    """Split monomials into blocks between which no Gram entry is needed.

    Changing the phases of the entries of the local vectors by a character that is trivial on the support of the form
    leaves the form as it is; averaging a Gram matrix over these characters keeps entries (u, v) only where the
    exponents of conj(u) v, plain minus conjugated, lie in the lattice that the support generates.
    """
    lattice: dict[int, list[int]] = {}
    for monomial in form:
        _insert(lattice, _charge(monomial, dims))
    found: dict[Indices, list[Monomial]] = {}
    for word in words:
        found.setdefault(_residue(lattice, _charge(word, dims)), []).append(word)
    return list(found.values())


def _charge(monomial: Monomial, dims: Sequence[int]) -> list[int]:
    """The exponents of all entries, plain minus conjugated."""
    return [
        plain.count(i) - starred.count(i) for (plain, starred), d in zip(monomial, dims, strict=True) for i in range(d)
    ]


def _insert(lattice: dict[int, list[int]], vector: list[int]) -> None:
    """Add a vector to a lattice in echelon form: by the place of the first entry, which is positive."""
    for place in range(len(vector)):
        if not vector[place]:
            continue
        row = lattice.get(place)
        if row is None:
            lattice[place] = vector if vector[place] > 0 else [-x for x in vector]
            return
        while vector[place]:
            ratio = row[place] // vector[place]
            row, vector = vector, [x - ratio * y for x, y in zip(row, vector, strict=True)]
        lattice[place] = row if row[place] > 0 else [-x for x in row]


def _residue(lattice: Mapping[int, Sequence[int]], vector: Sequence[int]) -> Indices:
    """The representative of a vector modulo a lattice."""
    rest = list(vector)
    for place in sorted(lattice):
        ratio = rest[place] // lattice[place][place]
        rest = [x - ratio * y for x, y in zip(rest, lattice[place], strict=True)]
    return tuple(rest)
