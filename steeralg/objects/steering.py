"""Steering: what measurements of some tensor factors leave on the others.

Above: assemblages, realisations. Below: measurements, the exact layer. Nothing here asks for positivity: the operator
may be a state, or any Hermitian operator such as an entanglement witness.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from steeralg.errors import ShapeError
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix
from steeralg.exact.tensor import contract
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import BlackBox, Label


def steer(operator: Matrix, dims: Sequence[int], measurements: Sequence[Sequence[POVM]]) -> dict[Label, Matrix]:
    """Return tr_A[(M_{a1|x1} (x) ... (x) 1) W] by (a, x), eq. (27) of SAPHS18, as operators of the remaining factors.

    `measurements[k][x]` is the POVM of box k for setting x; the first tensor factors belong to the boxes, one each.
    Raises ShapeError where dimensions do not match.
    """
    n = len(measurements)
    if not 1 <= n <= len(dims):
        raise ShapeError(f"{n} black boxes do not fit a state of {len(dims)} factors")
    if operator.rows != prod(dims):
        raise ShapeError(f"the operator has order {operator.rows}; dimensions {tuple(dims)} need {prod(dims)}")
    if any(not box for box in measurements):
        raise ShapeError("every black box needs at least one measurement")
    require_dims(measurements, dims)
    exact = unify([operator] + [e for box in measurements for povm in box for e in povm.effects])
    effects = iter(exact[1:])
    result: dict[Label, Matrix] = {((), ()): exact[0]}
    for k, box in enumerate(measurements):
        table = [[next(effects) for _ in povm.effects] for povm in box]
        result = {
            ((*a, b), (*x, y)): contract(rest, dims[k:], 0, effect)
            for (a, x, *_), rest in result.items()
            for y, row in enumerate(table)
            for b, effect in enumerate(row)
        }
    return result


def require_dims(measurements: Sequence[Sequence[POVM]], dims: Sequence[int]) -> None:
    """Raise ShapeError, naming the setting and the box, unless every box measures its factor's dimension."""
    for k, (box, d) in enumerate(zip(measurements, dims, strict=False)):
        for x, povm in enumerate(box):
            if povm.dim != d:
                raise ShapeError(f"setting {x} of box {k} measures dimension {povm.dim}; its factor has {d}")


def measured_boxes(measurements: Sequence[Sequence[POVM]]) -> tuple[BlackBox, ...]:
    """Return the black boxes that make some measurements."""
    return tuple(BlackBox(tuple(len(povm.effects) for povm in box)) for box in measurements)
