"""Convexity, exactly: what was proved of two assemblages gives a model of everything between them.

Above: curves. Below: robustness, negativity, moment matrices, mixtures of realisations. Parents, moment matrices and
Hermitian operators can be mixed (the last with a flag for the boxes, SAPHS18 Thm 9). Whether an assemblage lies between
two others is found out from the assemblages: no family has to be declared affine. What comes out is verified.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from steeralg.certificates.families import Parent
from steeralg.certificates.moment_matrix import MomentMatrix
from steeralg.certificates.negativity_upper import NegativityAtMost
from steeralg.certificates.robustness import InLevel
from steeralg.errors import InputError, VerificationError
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import Factor
from steeralg.exact.solve import solve
from steeralg.objects.assemblage import Assemblage, observe
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.mixture import mixed_realisation
from steeralg.sdp.suggest import suggest_factor

Model = Parent | InLevel
"""A proof that an assemblage is in a set: quantum, or not refuted by a level."""

MAX_ORDER = 256
"""The largest operator that is mixed out of two."""


def between(assemblage: Assemblage, one: Assemblage, other: Assemblage) -> Fraction | None:
    """Return the weight p in [0, 1] with assemblage = (1 - p) one + p other, exactly; None if there is none.

    All three are of one scenario. A weight that is not rational is not found.
    """
    a, o, q = _coordinates([assemblage, one, other])
    found = _solved([_minus(q, o)], _minus(a, o))
    return found[0] if found is not None and 0 <= found[0] <= 1 else None


def least_noise(
    assemblage: Assemblage, noise: Assemblage, one: Assemblage, other: Assemblage
) -> tuple[Fraction, Fraction] | None:
    """Return (u, p) with (1 - u) assemblage + u noise = (1 - p) one + p other and the least u; None if there is none.

    All weights are in [0, 1]. Weights that are not rational are not found.
    """
    a, n, o, q = _coordinates([assemblage, noise, one, other])
    towards, across = _minus(a, n), _minus(q, o)
    candidates = []
    # With p first: where both move along one line, u is 0. Otherwise the line is left at one of the two ends.
    both = _solved([across, towards], _minus(a, o))
    if both is not None:
        candidates.append((both[1], both[0]))
    for end, p in ((o, 0), (q, 1)):
        alone = _solved([towards], _minus(a, end))
        if alone is not None:
            candidates.append((alone[0], Fraction(p)))
    return min(((u, p) for u, p in candidates if 0 <= u <= 1 and 0 <= p <= 1), default=None)


def _coordinates(assemblages: Sequence[Assemblage]) -> list[list[Fraction]]:
    """Return all entries as rational numbers: the coefficients of the powers of theta."""
    labels = list(assemblages[0].elements)
    exact = unify([sigma.elements[label] for sigma in assemblages for label in labels])
    count = len(labels)
    return [
        [Fraction(x, m.denominator) for m in exact[k * count : (k + 1) * count] for plane in m.planes for x in plane]
        for k in range(len(assemblages))
    ]


def _minus(left: Sequence[Fraction], right: Sequence[Fraction]) -> list[Fraction]:
    return [x - y for x, y in zip(left, right, strict=True)]


def _solved(columns: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> list[Fraction] | None:
    equations = dict.fromkeys(zip(*columns, right, strict=True))
    numbers = [[Number.of(x) for x in row] for row in equations if any(row)]
    found = solve([row[:-1] for row in numbers], [row[-1] for row in numbers], len(columns))
    return None if found is None else [x.fraction() for x in found]


def mixed_model(assemblage: Assemblage, one: Model, other: Model, weight: Fraction) -> Model | None:
    """Return a verified model of an assemblage that is (1 - weight) times that of one model plus weight of the other's.

    None if the models are of different kinds, or levels, or positivity is not shown.
    """
    if weight in (0, 1):
        return other if weight else one
    if isinstance(one, Parent) and isinstance(other, Parent):
        parent = one.parent.mix(other.parent, weight)
        found = Parent(assemblage, parent)
        return found if observe(assemblage.scenario, parent).agrees_with(assemblage) else None
    if isinstance(one, InLevel) and isinstance(other, InLevel) and one.level == other.level:
        matrix = _mixed_moments(one.matrix, other.matrix, weight)
        try:
            matrix.verify()
            matrix.verify_data(assemblage)
        except VerificationError:
            return None
        return InLevel(assemblage, one.level, matrix)
    return None


def _mixed_moments(one: MomentMatrix, other: MomentMatrix, weight: Fraction) -> MomentMatrix:
    words = list(one.moments)
    exact = unify([matrix.moments[word] for matrix in (one, other) for word in words])
    pairs = zip(words, exact[: len(words)], exact[len(words) :], strict=True)
    moments = {word: m.scale(1 - weight) + n.scale(weight) for word, m, n in pairs}
    empty = Factor(0, 0, (), ())
    whole = MomentMatrix(one.scenario, one.words, moments, empty).assemble()
    suggested = suggest_factor(whole)
    factor = empty if suggested is None else Factor(suggested[0], whole.rows, *suggested[1:])
    return MomentMatrix(one.scenario, one.words, moments, factor)


def mixed_operator(
    assemblage: Assemblage, one: NegativityAtMost, other: NegativityAtMost, weight: Fraction
) -> NegativityAtMost | None:
    """Return a verified bound for an assemblage that is (1 - weight) times that of one and weight of the other.

    tr N is that mixture, too. Devices that are equal stay; different ones are used side by side.

    None if the operator would be too large, or the devices cannot be mixed.
    """
    if weight in (0, 1):
        return other if weight else one
    if one.operator.dims == other.operator.dims and one.devices == other.devices:
        operator = Operator(one.operator.dims, _sum(one.operator.matrix, other.operator.matrix, weight))
        return _verified(assemblage, operator, one.devices, _sum(one.negative, other.negative, weight))
    boxes = len(assemblage.scenario.black_boxes)
    dims, more = one.operator.dims, other.operator.dims
    if prod(d + e for d, e in zip(dims[:boxes], more[:boxes], strict=True)) * prod(dims[boxes:]) > MAX_ORDER:
        return None
    try:
        operator, devices = mixed_realisation((one.operator, one.devices), (other.operator, other.devices), weight)
    except InputError:
        return None
    negatives = Operator(dims, one.negative), Operator(more, other.negative)
    negative, _ = mixed_realisation((negatives[0], one.devices), (negatives[1], other.devices), weight)
    return _verified(assemblage, operator, devices, negative.matrix)


def _sum(one: Matrix, other: Matrix, weight: Fraction) -> Matrix:
    left, right = unify([one, other])
    return left.scale(1 - weight) + right.scale(weight)


def _verified(
    assemblage: Assemblage, operator: Operator, devices: Devices, negative: Matrix
) -> NegativityAtMost | None:
    try:
        return NegativityAtMost.verified(assemblage, operator, devices, negative)
    except (InputError, VerificationError):
        return None
