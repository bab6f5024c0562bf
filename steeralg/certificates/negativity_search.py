"""The search for upper bounds of the negativity: POVMs and an operator from floats, made exact; known constructions.

Above: negativity. Below: upper bounds, sdp for the suggestions. The data of one black box are quantum (GHJW); Thm 6 has
an operator for all others, and gradients find better ones. POVMs are rounded to exact ones, and the rounded operator's
equations are restored exactly at few of its entries, so that the others stay short.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from steeralg.certificates.negativity_upper import NegativityAtMost, negative_part
from steeralg.certificates.strategy import exact_povm
from steeralg.errors import InputError
from steeralg.exact.blocks import blocks as blocks_of
from steeralg.exact.blocks import direct_sum
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import IMAGINARY_UNIT, Number
from steeralg.exact.solve import solve
from steeralg.exact.tensor import contract, kron
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.family import independent_parts
from steeralg.objects.ghjw import ghjw
from steeralg.objects.measurement import POVM
from steeralg.objects.pseudo import hermitian_realisation
from steeralg.progress import Progress, silent
from steeralg.sdp.basis import to_arrays
from steeralg.sdp.moments import Complex
from steeralg.sdp.pseudo_rounding import Place, pivot_places, rounded_operator
from steeralg.sdp.pseudo_search import best_measurements
from steeralg.sdp.pseudo_states import SteeredData, solve_pseudo_state

Blocks = Sequence[Sequence[Sequence[POVM]]]
"""The POVM of every box, block and setting."""

_BITS = (4, 6, 8, 12, 16, 24)
_LARGEST_FALLBACK, _WIDER = 512, 6


def upper_end(
    assemblage: Assemblage,
    unit: Fraction,
    enough: Fraction,
    *,
    start: tuple[Operator, Devices] | None = None,
    blocks: int = 2,
    starts: int = 2,
    seed: int = 0,
    progress: Progress = silent,
) -> NegativityAtMost | None:
    """Return the least upper bound that was found, up to about `unit`; one that is not above `enough` ends the search.

    `start` is an operator with devices that show the assemblage; its POVMs are tried with better operators, too.
    Raises what NegativityAtMost raises if they do not show it.
    """
    best: NegativityAtMost | None = None
    if start is not None:
        operator, devices = start
        digits = min(max(len(str(int(1 / unit))), 1), 9)
        best = NegativityAtMost.verified(assemblage, operator, devices, negative_part(operator, digits))
        progress(f"the given operator: a negativity of at most {best.value.decimal(9)}")
        if not (Number.of(enough) < best.value):
            return best
        if not devices.channels:
            best = better(best, operator_for(assemblage, [[box] for box in devices.measurements], unit / 8))
    elif len(assemblage.scenario.black_boxes) == 1:
        return steered_state(assemblage)
    if best is None or Number.of(enough) < best.value:
        best = better(best, _searched(assemblage, unit, enough, blocks, starts, seed, progress))
    if best is None:
        operator, devices = hermitian_realisation(assemblage)
        if operator.matrix.rows <= _LARGEST_FALLBACK:
            best = NegativityAtMost.verified(assemblage, operator, devices, negative_part(operator))
    return best


def steered_state(assemblage: Assemblage) -> NegativityAtMost:
    """Return the bound 0 for the data of one black box, which are quantum (GHJW)."""
    model = ghjw(assemblage)
    order = model.operator.matrix.rows
    return NegativityAtMost.verified(assemblage, model.operator, model.devices, Matrix.zero(order, order))


def better(one: NegativityAtMost | None, other: NegativityAtMost | None) -> NegativityAtMost | None:
    """Return the smaller of two bounds."""
    if one is None or other is None:
        return one or other
    return other if other.value < one.value else one


def _searched(
    assemblage: Assemblage,
    unit: Fraction,
    enough: Fraction,
    blocks: int,
    starts: int,
    seed: int,
    progress: Progress,
) -> NegativityAtMost | None:
    """Return an exact bound from POVMs in floats, on the coarsest grid that loses little."""
    found = best_measurements(assemblage, unit / 8, enough, blocks, starts, seed, progress)
    if found is None:
        return None
    best = None
    for bits in _BITS:
        exact = [[[exact_povm(m, bits) for m in block] for block in box] for box in found.measurements]
        best = better(best, operator_for(assemblage, exact, unit / 8))
        if best is not None and best.value < Number.of(Fraction(found.value) + unit / 4):
            break
    return best


def operator_for(assemblage: Assemblage, blocks: Blocks, gap: Fraction) -> NegativityAtMost | None:
    """Return the upper bound from the best operator for exact POVMs, within about `gap`; None if there is none.

    Box j measures the direct sum of `blocks[j]`.
    """
    effects = [[_independent(block) for block in box] for box in blocks]
    real = assemblage.is_real and all(e.is_real for box in effects for block in box for e in block)
    data = SteeredData.of(assemblage, real)
    arrays = [[_stack(block) for block in box] for box in effects]
    # Floats do not reach every gap.
    found = next(filter(None, (solve_pseudo_state(data, arrays, gap * 10**k) for k in range(_WIDER))), None)
    if found is None:
        return None
    dims = [[block[0].rows for block in box] for box in effects]
    w, n = rounded_operator(found, dims, assemblage.scenario.dim)
    matrix = restored(assemblage, w.exact, [_sums(box) for box in effects])
    if matrix is None:
        return None
    trusted = (assemblage.scenario.dim,) if assemblage.scenario.dim > 1 else ()
    operator = Operator((*map(sum, dims), *trusted), matrix)
    measurements = [[POVM(tuple(_sums([p.effects for p in s]))) for s in zip(*box, strict=True)] for box in blocks]
    try:
        return NegativityAtMost.verified(assemblage, operator, Devices.of(measurements), n.exact)
    except InputError:
        return None


def measured_blocks(devices: Devices) -> Blocks:
    """Return the measurements of every box, by the blocks that all its effects fall into."""
    return [_split(box) for box in devices.measurements]


def _split(box: Sequence[POVM]) -> list[list[POVM]]:
    dim, effects = box[0].dim, [effect for povm in box for effect in povm.effects]
    touched = [
        [int(any(plane[i * dim + j] for e in effects for plane in e.planes)) for j in range(dim)] for i in range(dim)
    ]
    return [
        [
            POVM(
                tuple(
                    e.rearrange(len(part), len(part), [i * dim + j for i in part for j in part]) for e in povm.effects
                )
            )
            for povm in box
        ]
        for part in blocks_of(Matrix.rational(touched))
    ]


def _independent(settings: Sequence[POVM]) -> list[Matrix]:
    return [Matrix.identity(settings[0].dim), *(e for povm in settings for e in povm.effects[:-1])]


def _stack(effects: Sequence[Matrix]) -> Complex:
    return to_arrays(unify(effects))


def _sums(tables: Sequence[Sequence[Matrix]]) -> list[Matrix]:
    """Return the direct sums of corresponding matrices, one of each table."""
    return [direct_sum(unify(matrices)) for matrices in zip(*tables, strict=True)]


def restored(assemblage: Assemblage, matrix: Matrix, effects: Sequence[Sequence[Matrix]]) -> Matrix | None:
    """Return the operator, changed such that the boxes' independent effects show the assemblage exactly; None if they
    are not linearly independent.
    """
    duals = []
    for box in effects:
        dual = _dual(box)
        if dual is None:
            return None
        duals.append(dual)
    parts = list(independent_parts(assemblage.scenario.black_boxes))
    flat = [m for box in (*effects, *duals) for m in box] + [assemblage.marginal(part) for part in parts] + [matrix]
    exact = iter(unify(flat))
    effects, duals = ([[next(exact) for _ in box] for box in table] for table in (effects, duals))
    wanted, matrix = [next(exact) for _ in parts], next(exact)
    dims = (*(box[0].rows for box in effects), assemblage.scenario.dim)
    shown = [matrix]
    for k, box in enumerate(effects):
        shown = [contract(rest, dims[k:], 0, effect) for rest in shown for effect in box]
    missing = [sigma - m for sigma, m in zip(wanted, shown, strict=True)]
    # From the last box to the first, so that the sums stay as small as possible for as long as possible.
    for dual in reversed(duals):
        count = len(dual)
        missing = [
            total(kron(b, m) for b, m in zip(dual, missing[i : i + count], strict=True))
            for i in range(0, len(missing), count)
        ]
    return matrix + missing[0]


def _dual(effects: Sequence[Matrix]) -> list[Matrix] | None:
    """Return B_i with tr(A_j B_i) = [i = j] for the effects A_j, on few places; None if they are dependent."""
    order, units = effects[0].rows, []
    for place in pivot_places(effects):
        units.append(_unit(order, place))
    if len(units) < len(effects):
        return None
    table = [[effect.inner(unit) for unit in units] for effect in unify(effects)]
    result = []
    for i in range(len(effects)):
        weights = solve(table, [Number.of(int(i == j)) for j in range(len(effects))], len(units))
        if weights is None:
            return None
        result.append(total(unit.scale(weight) for unit, weight in zip(units, weights, strict=True)))
    return result


def _unit(order: int, place: Place) -> Matrix:
    i, j, imaginary = place
    if i == j:
        return Matrix.unit(order, i, i)
    one = Matrix.unit(order, i, j)
    one = one.scale(IMAGINARY_UNIT) if imaginary else one
    return one + one.adjoint
