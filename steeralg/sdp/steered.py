"""Assemblages steered from pure states and mapped, in floats: the observable moments of many states in a row.

Above: the search. Below: observations. The same data as of `Assemblage.from_state`, without its exact checks: to rank
candidates, not to prove anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from steeralg.maps.linear import LinearMap
from steeralg.objects.measurement import POVM
from steeralg.sdp.basis import to_array, to_arrays
from steeralg.sdp.moments import Complex, Integers
from steeralg.sdp.observation import Observation

_complex = lru_cache(maxsize=4096)(complex)
"""Of a sympy number: the amplitudes of a search are the same few again and again."""


@dataclass(frozen=True, eq=False)
class _View:
    """Some columns of an observation: the steered operators they are read off, and a linear form on each of them."""

    columns: Integers
    operators: Integers
    forms: Complex


class Steered:
    """The moments of `Lambda_v(tr_A[(M_{a1|x1} (x) ... (x) 1) psi psi*])`, a map Lambda_v for every view v.

    `measurements[k][x]` is the POVM of box k for setting x. One map for one trusted party; one for each setting of a
    trusted party with input; for several trusted parties one from all of their systems to each.
    """

    def __init__(
        self, observation: Observation, measurements: Sequence[Sequence[POVM]], maps: Sequence[LinearMap]
    ) -> None:
        self._fit = observation.fit.T.tocsr()
        self._dims = (*(box[0].dim for box in measurements), maps[0].dim_in)
        one = [np.eye(dim, dtype=np.complex128)[None] for dim in self._dims]
        self._effects = [
            np.concatenate([unit, *(to_arrays(povm.effects) for povm in box)])
            for unit, box in zip(one, measurements, strict=False)
        ]
        self._views = [_view(observation, measurements, k, trusted_map) for k, trusted_map in enumerate(maps)]

    def moments(self, amplitudes: Sequence[Any]) -> Complex:
        """Return the observable moments, flat, of the normalised state along a vector in Kronecker order."""
        vector = np.array([_complex(z) for z in amplitudes]).reshape(self._dims)
        vector = vector / np.linalg.norm(vector)
        measured = vector
        for k, effects in enumerate(self._effects):
            # Labels gather in front, followed by the boxes' own indices and the trusted one.
            measured = np.moveaxis(np.tensordot(effects, measured, (2, 2 * k)), (0, 1), (k, 2 * k + 1))
        labels, trusted = prod(map(len, self._effects)), self._dims[-1]
        joined = measured.reshape(labels, -1, trusted)
        steered = np.einsum("wbs,bt->wst", joined, vector.reshape(-1, trusted).conj()).reshape(labels, -1)
        data = np.zeros(self._fit.shape[1], np.complex128)
        for view in self._views:
            data[view.columns] = (steered[view.operators] * view.forms).sum(axis=1)
        return np.asarray(self._fit @ data, dtype=np.complex128)


def _view(
    observation: Observation, measurements: Sequence[Sequence[POVM]], number: int, trusted_map: LinearMap
) -> _View:
    """Return how the columns of one view are read off the steered operators of the map's input."""
    # The label of "no measurement" comes first, as the identity does among the effects.
    places: list[dict[tuple[int | None, int | None], int]] = []
    for box in measurements:
        labels = [(a, x) for x, povm in enumerate(box) for a in range(len(povm.effects))]
        places.append({(None, None): 0} | {label: k for k, label in enumerate(labels, 1)})
    d, e = trusted_map.dims
    # Rows are |s><t| of the input, columns |u><v| of the output.
    action = to_array(trusted_map.choi).reshape(d, e, d, e).transpose(0, 2, 1, 3).reshape(d * d, e * e)
    columns = [c for c, part in enumerate(observation.parts) if observation.scenario.view(part) == number]
    operators, forms = [], np.zeros((len(columns), e * e))
    for row, c in enumerate(columns):
        (a, x), unit = observation.parts[c][:2], observation.units[c]
        operators.append([place[label] for place, label in zip(places, zip(a, x, strict=True), strict=True)])
        # tr(e_ij sigma) = sigma_ji; without a unit the trace.
        entries = [(i, i) for i in range(e)] if unit is None else [unit[::-1]]
        forms[row, [i * e + j for i, j in entries]] = 1
    index = np.ravel_multi_index(np.array(operators).T, [len(place) for place in places])
    return _View(np.array(columns), index, forms @ action.T)
