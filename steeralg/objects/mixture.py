"""Mixtures of realisations, by Hermitian operators or states: they do not raise the negativity (SAPHS18 Thm 9).

Above: claims. Below: the Born rule, block matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from steeralg.arguments import checked
from steeralg.errors import NumberError, ScenarioError
from steeralg.exact.blocks import composed, direct_sum
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number, as_bound, as_number, brief
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.measurement import POVM
from steeralg.objects.steering import measured_boxes


@checked
def mixed_realisation(
    first: tuple[Operator, Devices], second: tuple[Operator, Devices], weight: int | str | Fraction | Number
) -> tuple[Operator, Devices]:
    """Return an operator and devices for (1 - weight) times the first assemblage plus weight times the second.

    Every box has the direct sum of its two systems, a flag telling which; negative parts mix alike, so that the
    negativity is convex (SAPHS18 Thm 9, the effects without the weights that are printed there). Raises NumberError
    for a weight outside [0, 1], ScenarioError for boxes, trusted factors or channels that differ.
    """
    (one, here), (other, there) = first, second
    share = as_number(as_bound(weight))
    rest = Number.of(1, share.field) - share
    if share.sign() < 0 or rest.sign() < 0:
        raise NumberError(f"weight {brief(share)} of a mixture is not between 0 and 1")
    n = len(here.measurements)
    if measured_boxes(here.measurements) != measured_boxes(there.measurements):
        raise ScenarioError("only devices with the same settings and outcomes can be mixed")
    if one.dims[n:] != other.dims[n:] or here.channels != there.channels:
        raise ScenarioError("only realisations with the same trusted factors and the same channels can be mixed")
    measurements = [
        [_direct_sum(povm, povm_there) for povm, povm_there in zip(box, box_there, strict=True)]
        for box, box_there in zip(here.measurements, there.measurements, strict=True)
    ]
    dims = (*(d + e for d, e in zip(one.dims[:n], other.dims[:n], strict=True)), *one.dims[n:])
    shares = [Matrix.from_numbers([[x]], x.field) for x in (rest, share)]
    left, right, keep, give = unify([one.matrix, other.matrix, *shares])
    starts = (*one.dims[:n], *(0 for _ in one.dims[n:]))
    parts = [
        _placed(left, one.dims, dims, (0,) * len(dims)).scale(keep.entry(0, 0)),
        _placed(right, other.dims, dims, starts).scale(give.entry(0, 0)),
    ]
    return Operator(dims, total(parts)), Devices.of(measurements, here.channels)


def _direct_sum(one: POVM, other: POVM) -> POVM:
    exact = unify([*one.effects, *other.effects])
    size = len(one.effects)
    return POVM(tuple(map(direct_sum, zip(exact[:size], exact[size:], strict=True))))


def _placed(matrix: Matrix, dims: Sequence[int], larger: Sequence[int], starts: Sequence[int]) -> Matrix:
    """Return a matrix on factors of dimensions `dims` as one on larger factors, its basis vectors from `starts` on."""
    n, order = matrix.rows, prod(larger)
    bordered = composed(n + 1, n + 1, [(0, 0, matrix)], matrix.field)
    places = [0]
    for d, e, start in zip(dims, larger, starts, strict=True):
        places = [place * e + start + i for place in places for i in range(d)]
    origin = [n] * order
    for k, place in enumerate(places):
        origin[place] = k
    return bordered.rearrange(order, order, [i * (n + 1) + j for i in origin for j in origin])
