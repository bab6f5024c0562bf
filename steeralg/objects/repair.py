"""Repair: the nearest exact no-signalling assemblage to data that are only approximately one.

Above: files. Below: assemblages. All in rational arithmetic, three steps. (1) Hermitian part, entry by entry. (2)
Orthogonal projection (Frobenius norm over all elements) onto the no-signalling space, then along white noise onto
trace 1: the nearest point of the affine space of normalised no-signalling families. That space is a tensor product
over the boxes, so the projection goes box by box: with s_x the sum over outcomes at setting x, every element gains (s
- s_x)/d_x, s the mean of the s_x with weights 1/d_x. Where there are several views, the traces are made equal: with
p_v the trace in view v, the element gains (p - p_v)/d_v times the identity, p the mean of the p_v with weights 1/d_v.
(Instrumental data only have a total trace at every setting, and one state for all settings with one outcome.) (3) The
least multiple of 2^-80, t, for which (1 - t) of it plus t of white noise is positive semidefinite.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, isqrt

from steeralg.arguments import checked
from steeralg.errors import NumberError, PositivityError, ScenarioError
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import exact_rational, scientific
from steeralg.exact.psd import decide_psd
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.family import check_labels, noise_elements, trivial_labels
from steeralg.objects.scenario import Label, Scenario
from steeralg.verdict import OneLine, Proved

_NOISE_BITS = 80


@dataclass(frozen=True, repr=False)
class Repair(OneLine):
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


@checked
def repair(
    scenario: Scenario, elements: Mapping[Label, Matrix], largest: Fraction | int | str = Fraction(1, 100)
) -> Repair:
    """Return the nearest exact assemblage to rational data, as described above.

    Raises FormatError for missing elements, NumberError for irrational ones, and PositivityError if an entry would
    have to move by more than `largest`: such data are not a rounded assemblage. Raises ScenarioError for sequential
    data.
    """
    most = exact_rational(largest)
    if scenario.sequential:
        raise ScenarioError("sequential data are not repaired: write their entries as exact strings")
    check_labels(scenario, elements, complete=True)
    if any(not matrix.field.is_rational for matrix in elements.values()):
        raise NumberError("only rational data can be repaired; irrational entries are exact already")
    table = {label: (m + m.adjoint).scale(Fraction(1, 2)) for label, m in elements.items()}
    table = _normalised(scenario, _projected(scenario, table))
    noise = noise_elements(scenario)
    weight = max(_noise_needed(m, noise[label]) for label, m in table.items())
    table = {label: m.scale(1 - weight) + noise[label].scale(weight) for label, m in table.items()}
    changes = [table[label] - elements[label] for label in elements]
    moved = max(Fraction(abs(x), c.denominator) for c in changes for plane in c.planes for x in plane)
    if moved > most:
        raise PositivityError(
            f"the nearest assemblage is {scientific(moved)} away in some entry: these are not rounded data"
        )
    squared = sum((Fraction(x, c.denominator) ** 2 for c in changes for plane in c.planes for x in plane), Fraction(0))
    return Repair(Assemblage(scenario, table), moved, squared, weight)


def _projected(scenario: Scenario, table: Mapping[Label, Matrix]) -> Mapping[Label, Matrix]:
    """Project orthogonally onto the no-signalling space."""
    trivial = trivial_labels(scenario)
    if trivial:
        mean = total(table[label] for label in trivial).scale(Fraction(1, len(trivial)))
        return {**table, **dict.fromkeys(trivial, mean)}
    if scenario.instrumental:
        return table
    for k in range(len(scenario.black_boxes)):
        table = _project_box(scenario, table, k)
    return _project_traces(scenario, table)


def _normalised(scenario: Scenario, table: Mapping[Label, Matrix]) -> dict[Label, Matrix]:
    """Add the multiple of white noise that makes the total trace 1, at every setting for instrumental data.

    The trace is the inner product with a multiple of white noise on the no-signalling space, so this is the nearest
    point of it.
    """
    noise = noise_elements(scenario)
    traces: dict[tuple[int, ...], Fraction] = {}
    for label, m in table.items():
        if not any(label[2:]):
            traces[label[1]] = traces.get(label[1], Fraction(0)) + m.trace().fraction()
    return {label: m + noise[label].scale(1 - traces[label[1]]) for label, m in table.items()}


def _project_box(scenario: Scenario, table: Mapping[Label, Matrix], k: int) -> dict[Label, Matrix]:
    """Project orthogonally onto the families whose sums over box k's outcomes do not depend on its setting."""
    outcomes = scenario.black_boxes[k].outcomes
    weights = [Fraction(1, d) for d in outcomes]
    result = dict(table)
    for start in table:
        a, x = start[:2]
        if x[k] or a[k]:
            continue
        families = [
            [scenario.label((*a[:k], b, *a[k + 1 :]), (*x[:k], y, *x[k + 1 :]), scenario.view(start)) for b in range(d)]
            for y, d in enumerate(outcomes)
        ]
        sums = [total(table[label] for label in family) for family in families]
        mean = total(s.scale(w / sum(weights)) for s, w in zip(sums, weights, strict=True))
        for family, s, w in zip(families, sums, weights, strict=True):
            for label in family:
                result[label] = table[label] + (mean - s).scale(w)
    return result


def _project_traces(scenario: Scenario, table: Mapping[Label, Matrix]) -> dict[Label, Matrix]:
    """Project orthogonally onto the families whose traces are the same in all views."""
    weights, result = [Fraction(1, d) for d in scenario.views], {}
    for x in scenario.settings():
        for a in scenario.outcomes(x):
            labels = [scenario.label(a, x, v) for v in range(len(weights))]
            traces = [table[label].trace().fraction() for label in labels]
            mean = sum((t * w for t, w in zip(traces, weights, strict=True)), Fraction(0)) / sum(weights)
            for label, t, w in zip(labels, traces, weights, strict=True):
                one = Matrix.identity(scenario.order(label))
                result[label] = table[label] + one.scale((mean - t) * w)
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
