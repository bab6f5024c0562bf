"""Quantum realisations of what is steered by sums of partially transposed positive operators.

Above: certificates, constructions. Below: realisations, the Born rule, maps, the exact layer. What black boxes steer by
`W = sum_S Q_S^(T_S)`, every Q_S positive semidefinite, is quantum however negative W is (SAPHS18 Sec. 5.1): to measure
a transposed factor is to measure it by transposed effects. So a flag tells every box whether to transpose its effects,
and the state is the direct sum of the Q_S over the flags.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import prod

from steeralg.arguments import checked
from steeralg.errors import InputError, NormalisationError, PositivityError, ShapeError, VerificationError
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number, brief
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import kron, partial_transpose
from steeralg.maps.linear import LinearMap
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.measurement import POVM
from steeralg.objects.realisation import Realisation
from steeralg.objects.state import State
from steeralg.objects.steering import require_dims
from steeralg.verdict import Refuted

Parts = Mapping[Collection[int], Matrix]
"""Positive operators Q_S by the tensor factors S that are transposed, numbers from 0 in a tuple or frozenset."""


@checked
def decomposed_realisation(operator: Operator, parts: Parts, devices: Devices) -> Realisation:
    """Return a quantum realisation of the assemblage of `W = sum_S Q_S^(T_S)` under the devices, that is, of
    `born(scenario, operator, devices)`.

    W has one factor for each box, then the trusted ones, if any; a part transposes all trusted factors or none. Where
    box k, of dimension d_k, has to measure both ways, the realisation gives it dimension 2 d_k, the untransposed half
    first; a box with symmetric effects never has to. Trusted factors and channels stay as they are.

    Raises ShapeError where dimensions do not match; InputError for a part that transposes some of the trusted factors
    only; NormalisationError unless tr W = 1; HermitianError or PositivityError naming the part; VerificationError if
    the parts do not sum to W.
    """
    _require_fit(operator, devices)
    terms = _flagged_terms(operator, parts, devices)
    boxes = len(devices.measurements)
    flags = [sorted({k in flagged for flagged in terms}) for k in range(boxes)]
    trusted = Matrix.identity(prod(operator.dims[boxes:]))
    summands = []
    for flagged, matrix in terms.items():
        halves = [
            kron(_column(flags[k].index(k in flagged), len(flags[k])), Matrix.identity(operator.dims[k]))
            for k in range(boxes)
        ]
        placing = kron(*halves, trusted)
        summands.append(placing @ matrix @ placing.transpose)
    dims = [len(flag) * d for flag, d in zip(flags, operator.dims, strict=False)]
    state = State((*dims, *operator.dims[boxes:]), total(summands))
    measurements = tuple(
        tuple(_flagged_povm(povm, flag) for povm in box) for box, flag in zip(devices.measurements, flags, strict=True)
    )
    return Realisation(state, measurements, devices.channels)


@checked
def image_parts(trusted_map: LinearMap, positive_part: Matrix, state: State) -> tuple[Operator, Parts]:
    """Return `W = (1 (x) Lambda)(rho)`, Lambda acting on the last factor, and its parts, for `decomposed_realisation`.

    The Choi matrix of Lambda is `P + Q^(T_out)`, P = `positive_part` and Q positive semidefinite (PositivityError
    otherwise): Lambda is decomposable, and the parts are the images of rho under the maps of P and of Q, the second
    with the last factor transposed. Raises ShapeError where dimensions do not match, HermitianError.
    """
    choi, first = unify([trusted_map.choi, positive_part])
    positive = LinearMap(*trusted_map.dims, first)
    copositive = LinearMap(*trusted_map.dims, choi - first).transposed
    _require_psd(positive.choi, "the positive part P of the Choi matrix")
    _require_psd(copositive.choi, "the rest (C - P)^(T_out) of the Choi matrix")
    last = len(state.dims) - 1

    def image(part: LinearMap) -> Matrix:
        return part.on(state.matrix, state.dims, last)

    operator = Operator((*state.dims[:last], trusted_map.dim_out), image(trusted_map))
    return operator, {frozenset(): image(positive), frozenset({last}): image(copositive)}


def _require_fit(operator: Operator, devices: Devices) -> None:
    if len(operator.dims) < len(devices.measurements):
        raise ShapeError(
            f"{len(devices.measurements)} black boxes do not fit an operator of {len(operator.dims)} factors"
        )
    require_dims(devices.measurements, operator.dims)
    trace = operator.matrix.trace()
    if trace != Number.of(1, trace.field):
        raise NormalisationError(f"the operator has trace {brief(trace)}, not 1")


def _flagged_terms(operator: Operator, parts: Parts, devices: Devices) -> dict[frozenset[int], Matrix]:
    """Return positive operators by the boxes whose effects have to be transposed; zero ones are left out."""
    boxes, dims = len(devices.measurements), operator.dims
    every, trusted = frozenset(range(len(dims))), frozenset(range(boxes, len(dims)))
    symmetric = {k for k, box in enumerate(devices.measurements) if all(map(_is_symmetric, box))}
    rest, *matrices = unify([operator.matrix, *parts.values()])
    terms: dict[frozenset[int], Matrix] = {}
    for factors, matrix in zip(map(frozenset, parts), matrices, strict=True):
        name = f"part {sorted(factors)}"
        if matrix.rows != operator.matrix.rows or not factors <= every:
            raise ShapeError(f"{name} has order {matrix.rows}; the operator has factors {dims}")
        if factors & trusted and not trusted <= factors:
            raise InputError(f"{name} transposes only some of the trusted factors; all or none is needed")
        _require_psd(matrix, name)
        rest = rest - partial_transpose(matrix, dims, factors)
        # By the full transpose: Q^(T_S) = (Q^T)^(T of all other factors), which are boxes where S has the trusted ones.
        term, flagged = (matrix.transpose, every - factors) if factors & trusted else (matrix, factors)
        flagged -= symmetric
        if not term.is_zero:
            terms[flagged] = terms[flagged] + term if flagged in terms else term
    if not rest.is_zero:
        raise VerificationError("the parts, each with its factors transposed, do not sum to the operator")
    return terms


def _require_psd(matrix: Matrix, name: str) -> None:
    matrix.require_hermitian(name)
    verdict = decide_psd(matrix)
    if isinstance(verdict, Refuted):
        raise PositivityError(f"{name} is not positive: a vector has value {brief(verdict.witness.value)}")


def _is_symmetric(povm: POVM) -> bool:
    return all(effect.transpose == effect for effect in povm.effects)


def _column(k: int, order: int) -> Matrix:
    return Matrix.rational([[int(j == k)] for j in range(order)])


def _flagged_povm(povm: POVM, flags: Sequence[bool]) -> POVM:
    """Return the POVM that measures M (flag False) or M^T (flag True) on the summands of a direct sum."""
    return POVM(
        tuple(
            total(kron(Matrix.unit(len(flags), v, v), m.transpose if flag else m) for v, flag in enumerate(flags))
            for m in povm.effects
        )
    )
