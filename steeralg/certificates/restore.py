"""Restoring integer equations after rounding, by the least change: the observed moments of data.

Above: families, moment matrices. Below: observation, exact linear systems. Unknowns are numbers, equations are sums
of integer multiples of them; the change is a combination of the equations themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.solve import solve
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.family import marginal
from steeralg.objects.scenario import Partial
from steeralg.sdp.observation import Observation


def restored(
    values: Sequence[Number],
    equations: Sequence[Mapping[int, int]],
    wanted: Sequence[Number],
    groups: Sequence[Sequence[int]],
) -> list[Number] | None:
    """Change values so that every equation, the sum of k * values[r] over its items (r, k), has the wanted value.

    `groups` are the numbers of the equations that share unknowns. Returns None if the equations contradict each other.
    """
    zero = wanted[0] - wanted[0]
    found = [value + zero for value in values]
    for group in groups:
        missing = []
        for c in group:
            rest = wanted[c]
            for r, k in equations[c].items():
                rest = rest - found[r] * Number.of(k)
            missing.append(rest)
        if all(m.is_zero for m in missing):
            continue
        square = [
            [Number.of(sum(k * equations[d].get(r, 0) for r, k in equations[c].items())) for d in group] for c in group
        ]
        weights = solve(square, missing, len(group))
        if weights is None:
            return None
        for c, weight in zip(group, weights, strict=True):
            for r, k in equations[c].items():
                found[r] = found[r] + weight * Number.of(k)
    return found


def observed_data(seen: Observation, assemblage: Assemblage) -> list[Number]:
    """Return L of the observed independent elements: tr(e_ij sigma) = sigma_ji, or the trace."""
    sums: dict[Partial, Matrix] = {}
    result = []
    for part, unit in zip(seen.parts, seen.units, strict=True):
        if part not in sums:
            sums[part] = marginal(assemblage.scenario, assemblage.elements, part)
        result.append(sums[part].trace() if unit is None else sums[part].entry(unit[1], unit[0]))
    return result
