"""Hermitian operators behind an assemblage as integers: roundings, places to restore equations at, negative parts.

Above: certificates, which verify everything exactly. Below: operators in floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import ceil, log2, prod

import numpy as np
from scipy.linalg import qr

from steeralg.exact.matrix import Matrix
from steeralg.sdp.basis import to_array
from steeralg.sdp.moments import Complex
from steeralg.sdp.pseudo_states import PseudoState
from steeralg.sdp.suggest import Suggestion

Place = tuple[int, int, bool]
"""(i, j, imaginary), i >= j: the Hermitian matrix with 1, or i, at (i, j) and its conjugate at (j, i)."""

_LARGEST_DENOMINATOR = 1000
_MOST_EIGENVALUES = 6


def rounded_operator(found: PseudoState, dims: Sequence[Sequence[int]], trusted: int) -> tuple[Suggestion, Suggestion]:
    """Return W and N on the boxes' direct sums, `dims[j]` the dimensions of box j's blocks, and the trusted party.

    N is zero where W looks strictly positive; otherwise N and W + N are, with something to spare for the rounding.
    """
    order = prod(map(sum, dims)) * trusted
    w, n = np.zeros((order, order), np.complex128), np.zeros((order, order), np.complex128)
    starts = [np.concatenate(([0], np.cumsum(sizes)[:-1])) for sizes in dims]
    numbers = product(*(range(len(sizes)) for sizes in dims))
    least, spare = np.inf, np.inf
    for number, p, m in zip(numbers, found.positive, found.negative, strict=True):
        index = np.zeros(1, np.int64)
        for sizes, first, b in zip(dims, starts, number, strict=True):
            inside = first[b] + np.arange(sizes[b])
            index = (index[:, None] * sum(sizes) + inside[None, :]).ravel()
        index = (index[:, None] * trusted + np.arange(trusted)[None, :]).ravel()
        place = np.ix_(index, index)
        w[place], n[place] = p - m, m
        least = min(least, float(np.linalg.eigvalsh(p - m)[0]))
        spare = min(spare, float(np.linalg.eigvalsh(p)[0]), float(np.linalg.eigvalsh(m)[0]))
    if least > spare:
        n, spare = np.zeros_like(n), least
    bits = max(4, ceil(log2(8 * order / max(spare, 1e-14))))
    return _rounded(w, bits), _rounded(n, bits)


def _rounded(matrix: Complex, bits: int) -> Suggestion:
    scaled = (matrix + matrix.conj().T) / 2 * 2.0**bits
    re, im = np.rint(scaled.real).astype(np.int64), np.rint(scaled.imag).astype(np.int64)
    return Suggestion(len(matrix), bits, tuple(re.ravel().tolist()), tuple(im.ravel().tolist()))


def pivot_places(effects: Sequence[Matrix]) -> list[Place]:
    """Return as many places as there are effects such that the effects' entries there are linearly independent."""
    order = effects[0].rows
    places = [(i, j, False) for i in range(order) for j in range(i + 1)]
    if not all(effect.is_real for effect in effects):
        places += [(i, j, True) for i in range(order) for j in range(i)]
    arrays = [to_array(effect) for effect in effects]
    table = np.array([[a[i, j].imag if imaginary else a[i, j].real for i, j, imaginary in places] for a in arrays])
    _, _, chosen = qr(table, mode="economic", pivoting=True)
    return [places[k] for k in sorted(chosen[: len(effects)])]


def recognised_spectrum(matrix: Matrix) -> list[Fraction] | None:
    """Return the distinct eigenvalues of a Hermitian matrix if they look like a few simple fractions."""
    values = np.linalg.eigvalsh(to_array(matrix))
    found: list[Fraction] = []
    for value in values:
        simple = Fraction(float(value)).limit_denominator(_LARGEST_DENOMINATOR)
        if abs(float(simple) - value) > 1e-10 * max(1.0, float(np.abs(values).max())):
            return None
        if simple not in found:
            found.append(simple)
    return found if len(found) <= _MOST_EIGENVALUES else None


def rounded_negative_part(matrix: Matrix, excess: Fraction) -> Suggestion:
    """Return the negative part of a Hermitian matrix plus at most `excess` times 1, rounded, with a part of the excess
    to spare.
    """
    values, vectors = np.linalg.eigh(to_array(matrix))
    part = (vectors * np.maximum(-values, 0)) @ vectors.conj().T
    bits = max(4, ceil(log2(8 * matrix.rows / excess)))
    return _rounded(part + float(excess) * 0.75 * np.eye(matrix.rows), bits)
