"""Repair: the nearest exact no-signalling assemblage to data that are only approximately one.

Above: files. Below: assemblages. All in rational arithmetic, three steps. (1) Hermitian part, entry by entry. (2)
Orthogonal projection (Frobenius norm over all elements) onto the no-signalling space, then along white noise onto
trace 1: the nearest point of the affine space of normalised no-signalling families. That space is a tensor product
over the boxes, so the projection goes box by box: with s_x the sum over outcomes at setting x, every element gains (s
- s_x)/d_x, s the mean of the s_x with weights 1/d_x. (3) The least multiple of 2^-80, t, for which (1 - t) of it plus
t of white noise is positive semidefinite.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, isqrt

from steeralg.errors import NumberError, PositivityError
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import scientific
from steeralg.exact.psd import decide_psd
from steeralg.objects.assemblage import Assemblage, check_labels, noise_elements
from steeralg.objects.scenario import Label, Scenario
from steeralg.verdict import Proved

_NOISE_BITS = 80


@dataclass(frozen=True)
class Repair:
    """A repaired assemblage and how far it moved.

    `largest_change` bounds the change of any real or imaginary part of an entry; `squared_distance` is the squared
    Frobenius distance, summed over all elements; `noise` is the weight of white noise that positivity needed.
    """

    assemblage: Assemblage
    largest_change: Fraction
    squared_distance: Fraction
    noise: Fraction

    @property
    def distance(self) -> Fraction:
        """The Frobenius distance, rounded up to a multiple of 2^-100."""
        scaled = self.squared_distance * 4**100
        return Fraction(isqrt(ceil(scaled)) + (scaled != 0), 1 << 100)


def repair(scenario: Scenario, elements: Mapping[Label, Matrix], largest: Fraction = Fraction(1, 100)) -> Repair:
    """Return the nearest exact assemblage to rational data, as described above.

    Raises FormatError for missing elements, NumberError for irrational ones, and PositivityError if an entry would
    have to move by more than `largest`: such data are not a rounded assemblage.
    """
    check_labels(scenario, elements, complete=True)
    if any(not matrix.field.is_rational for matrix in elements.values()):
        raise NumberError("only rational data can be repaired; irrational entries are exact already")
    table = {label: (m + m.adjoint).scale(Fraction(1, 2)) for label, m in elements.items()}
    for k in range(len(scenario.black_boxes)):
        table = _project_box(scenario, table, k)
    trace = total(m for (_, x), m in table.items() if not any(x)).trace().fraction()
    noise = noise_elements(scenario)
    # The trace is the inner product with a multiple of white noise on this space, so this is the nearest point, too.
    table = {label: m + noise[label].scale(1 - trace) for label, m in table.items()}
    weight = max(_noise_needed(m, noise[label]) for label, m in table.items())
    table = {label: m.scale(1 - weight) + noise[label].scale(weight) for label, m in table.items()}
    changes = [table[label] - elements[label] for label in elements]
    moved = max(Fraction(abs(x), c.denominator) for c in changes for plane in c.planes for x in plane)
    if moved > largest:
        raise PositivityError(
            f"the nearest assemblage is {scientific(moved)} away in some entry: these are not rounded data"
        )
    squared = sum((Fraction(x, c.denominator) ** 2 for c in changes for plane in c.planes for x in plane), Fraction(0))
    return Repair(Assemblage(scenario, table), moved, squared, weight)


def _project_box(scenario: Scenario, table: Mapping[Label, Matrix], k: int) -> dict[Label, Matrix]:
    """Project orthogonally onto the families whose sums over box k's outcomes do not depend on its setting."""
    outcomes = scenario.black_boxes[k].outcomes
    weights = [Fraction(1, d) for d in outcomes]
    result = dict(table)
    for a, x in table:
        if x[k] or a[k]:
            continue
        families = [
            [((*a[:k], b, *a[k + 1 :]), (*x[:k], y, *x[k + 1 :])) for b in range(d)] for y, d in enumerate(outcomes)
        ]
        sums = [total(table[label] for label in family) for family in families]
        mean = total(s.scale(w / sum(weights)) for s, w in zip(sums, weights, strict=True))
        for family, s, w in zip(families, sums, weights, strict=True):
            for label in family:
                result[label] = table[label] + (mean - s).scale(w)
    return result


def _noise_needed(matrix: Matrix, noise: Matrix) -> Fraction:
    """Return the least t = k/2^80 in [0, 1] with (1 - t) matrix + t noise >= 0, by exact bisection."""

    def holds(k: int) -> bool:
        t = Fraction(k, 1 << _NOISE_BITS)
        return isinstance(decide_psd(matrix.scale(1 - t) + noise.scale(t)), Proved)

    low, high = -1, 1 << _NOISE_BITS
    if holds(0):
        return Fraction(0)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return Fraction(high, 1 << _NOISE_BITS)
