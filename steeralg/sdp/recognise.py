"""Floats that look like short numbers of a field, alone, as spans of vectors, and in strategies.

Above: certificates, which verify everything exactly. Below: solvers. A number is recognised as (p + s theta)/q with
small integers; a span by its row echelon form, whose entries are short where an optimum is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, sqrt

import numpy as np

from steeralg.exact.field import RATIONALS, Field, quadratic
from steeralg.exact.number import IMAGINARY_UNIT, Number
from steeralg.sdp.moments import Complex
from steeralg.sdp.seesaw import FloatStrategy

_LARGEST, _DENOMINATOR = 60, 48
_GAP = 30.0


_SHORT = np.array([(q, s) for q in range(1, _DENOMINATOR + 1) for s in range(-2 * q - 8, 2 * q + 9)]).T
"""Denominators, and multiples of theta."""

_CAUTION = 64
"""Tolerances are that much larger than errors usually are: being closer than that means nothing."""


def _squarefree(limit: int) -> list[int]:
    return [d for d in range(2, limit) if all(d % (k * k) for k in range(2, isqrt(d) + 1))]


def recognise(value: float, field: Field, root: float, tolerance: float | Fraction) -> Number | None:
    """Return a short (p + s theta)/q within a tolerance, theta = `root`: the one that is least likely to be there by
    chance; None if none is short.

    About as many numbers as size^3 times the distance, size = |p| + |s| + q, are as short and as close. In fields of a
    degree above 2 only rational numbers are recognised.
    """
    q, s = _SHORT if field.degree == 2 else (_SHORT[0][_SHORT[1] == 0], np.zeros(_DENOMINATOR, np.int64))
    p = np.rint(value * q - s * root)
    distance = np.abs((p + s * root) / q - value)
    fits = np.flatnonzero((np.abs(p) <= _LARGEST * q) & (distance < float(tolerance)))
    if not len(fits):
        return None
    size = np.abs(p) + np.abs(s) + q
    best = fits[np.argmin(size[fits] ** 3 * np.maximum(distance[fits], float(tolerance) / _CAUTION))]
    numerator = (int(p[best]), int(s[best])) if field.degree == 2 else field.embed(int(p[best]))
    return Number(field, numerator, field.embed(0), int(q[best]))


def fields(value: float, base: Field, tolerance: float | Fraction) -> Iterator[tuple[Field, float, Number]]:
    """Yield fields in which a value looks short, with theta and the number: the rationals, then real quadratic fields;
    only the base field itself, if that is not rational.
    """
    if not base.is_rational:
        number = recognise(value, base, approximate_root(base), tolerance) if base.degree == 2 else None
        if number is not None:
            yield base, approximate_root(base), number
        return
    number = recognise(value, RATIONALS, 0.0, tolerance)
    if number is not None:
        yield RATIONALS, 0.0, number
    for d in _squarefree(_LARGEST):
        root = sqrt(d)
        field = quadratic(d)
        for q in range(1, 13):
            shifted = [(abs(p), s, p) for s in range(-24, 25) if s for p in [round(value * q - s * root)]]
            close = [
                (size, s, p) for size, s, p in shifted if abs((p + s * root) / q - value) < tolerance and size < 50
            ]
            if close:
                _, s, p = min(close)
                yield field, root, Number(field, (p, s), field.embed(0), q)
                break


def approximate_root(field: Field) -> float:
    """Return theta as a float, 0 for the rationals."""
    if field.degree == 1:
        return 0.0
    low, high = field.enclosure((0, 1) + (0,) * (field.degree - 2), 60)
    return (low + high) / 2 / (1 << 60)


def leading_span(matrix: Complex, least: float, field: Field, root: float) -> list[list[Number]] | None:
    """Recognise the span of the eigenvectors of a matrix >= 0 whose eigenvalues stand out, as rows in echelon form.

    Eigenvalues come in groups, and only the first, above a gap, is taken; None if it is below `least` in size, if
    there is no gap, or if its span has no short entries. Rows are the vectors themselves, not their conjugates.
    """
    sizes, vectors = np.linalg.eigh((matrix + matrix.conj().T) / 2)
    sizes, vectors = sizes[::-1], vectors[:, ::-1]
    if not len(sizes) or sizes[0] < least:
        return None
    floor = max(float(sizes[0]) * 1e-9, 1e-13)
    ends = [k for k in range(1, len(sizes)) if sizes[k - 1] > _GAP * max(float(sizes[k]), floor)]
    if not ends and sizes[-1] < least:
        return None
    cut = ends[0] if ends else len(sizes)
    rest = max(float(sizes[cut]), floor) if cut < len(sizes) else floor
    tolerance = 3 * float(np.sqrt(rest / sizes[cut - 1]))
    return _recognised(_echelon(vectors[:, :cut].T), field, root, min(max(tolerance, 1e-7), 0.02))


def short_span(span: Complex, field: Field, root: float, tolerance: float) -> list[list[Number]] | None:
    """Recognise the row space of a matrix: by the echelon form with complete pivoting, else column by column."""
    for reduce in (_echelon, _plain_echelon):
        reduced = reduce(span)
        found = None if reduced is None else _recognised(reduced, field, root, tolerance)
        if found is not None:
            return found
    return None


def _plain_echelon(span: Complex) -> Complex | None:
    """Return the reduced echelon form whose pivots stand as far to the left as possible; None if one is small."""
    work, rank = np.array(span), 0
    for column in range(work.shape[1]):
        if rank == len(work):
            return work
        k = rank + int(np.argmax(np.abs(work[rank:, column])))
        if abs(work[k, column]) < 1e-6:
            continue
        if abs(work[k, column]) < 1e-2:
            return None
        work[[rank, k]] = work[[k, rank]]
        work[rank] /= work[rank, column]
        for r in range(len(work)):
            if r != rank:
                work[r] -= work[r, column] * work[rank]
        rank += 1
    return work


def _echelon(span: Complex) -> Complex:
    """Return the reduced echelon form with complete pivoting: entries are at most about 1."""
    work = np.array(span)
    for k in range(len(work)):
        rest = np.abs(work[k:])
        i, j = divmod(int(np.argmax(rest)), work.shape[1])
        work[[k, k + i]] = work[[k + i, k]]
        work[k] /= work[k, j]
        for r in range(len(work)):
            if r != k:
                work[r] -= work[r, j] * work[k]
    return work


@dataclass(frozen=True, eq=False)
class RecognisedStrategy:
    """The density matrix and the effects of a strategy, as rows of numbers of one field."""

    state: list[list[Number]]
    measurements: list[list[list[list[list[Number]]]]]


def strategy(suggestion: FloatStrategy, field: Field, root: float) -> RecognisedStrategy | None:
    """Recognise a strategy without channels in a field; None if some entry is not short.

    Every box is first turned so that its setting 0 is diagonal and, for a qubit, its setting 1 real: optimal strategies
    come in orbits of local unitaries, and these are the ones whose entries are short.
    """
    if suggestion.channels:
        return None
    state, effects = suggestion.state.reshape(suggestion.dims), []
    for k, box in enumerate(suggestion.measurements):
        turn = _gauge([m.effects for m in box])
        state = np.moveaxis(np.tensordot(turn.conj().T, state, axes=(1, k)), 0, k)
        effects.append([turn.conj().T @ m.effects @ turn for m in box])
    vector = state.ravel()
    density = _recognised(np.outer(vector, vector.conj()), field, root)
    tables = [[[_recognised(e, field, root) for e in povm] for povm in box] for box in effects]
    if density is None:
        return None
    found = []
    for table in tables:
        povms = [[e for e in povm if e is not None] for povm in table]
        if [len(povm) for povm in povms] != [len(povm) for povm in table]:
            return None
        found.append(povms)
    return RecognisedStrategy(density, found)


def _gauge(settings: list[Complex]) -> Complex:
    """Return the unitary whose columns are eigenvectors of setting 0, phases such that setting 1 is real if it can."""
    basis = np.linalg.eigh(settings[0][0])[1][:, ::-1]
    for other in settings[1:]:
        turned = basis.conj().T @ other[0] @ basis
        if len(basis) == 2 and abs(turned[0, 1]) > 1e-6:
            return np.asarray(basis @ np.diag([1, (turned[0, 1] / abs(turned[0, 1])).conj()]), dtype=np.complex128)
    return np.asarray(basis, dtype=np.complex128)


def _recognised(matrix: Complex, field: Field, root: float, tolerance: float = 1e-5) -> list[list[Number]] | None:
    rows = []
    for row in matrix:
        found = []
        for x in row:
            re, im = (recognise(float(part), field, root, tolerance) for part in (x.real, x.imag))
            if re is None or im is None:
                return None
            found.append(re + im * IMAGINARY_UNIT)
        rows.append(found)
    return rows
