"""The real parameters of invariant states, and matrix entries in them.

Above: symmetric relaxations and their blocks. Below: invariant moments.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse

from steeralg.sdp.invariant import Orbits
from steeralg.sdp.moments import Integers
from steeralg.sdp.problem import Floats


@dataclass(frozen=True, eq=False)
class Entries:
    """The real parameters of invariant states.

    There is one for an orbit with L(r) = zeta^e conj L(r), none for L(r) = 0, two where neither is known.
    """

    order: int
    orbits: Orbits

    @cached_property
    def _first(self) -> Integers:
        width = np.where(self.orbits.phases == -2, 0, np.where(self.orbits.phases == -1, 2, 1))
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(width)])

    @property
    def parameters(self) -> int:
        """How many there are."""
        return int(self._first[-1])

    @cached_property
    def one(self) -> Floats:
        """L(1) in the parameters."""
        result = np.zeros(self.parameters)
        result[self._first[np.searchsorted(self.orbits.representatives, 0)]] = 1.0
        return result

    def rows(self, numbers: Integers, turns: Integers) -> scipy.sparse.csr_matrix:
        """Return zeta^turn L(m) in the parameters, a row for every monomial."""
        found = self.orbits
        place = np.searchsorted(found.numbers, numbers)
        index, conjugated = found.index[place], found.conjugated[place]
        phase, sign = found.phases[index], np.where(conjugated, -1.0, 1.0)
        value = np.exp(2j * np.pi * (turns + found.power[place]) / self.order)
        value = value * np.exp(sign * 1j * np.pi * np.maximum(phase, 0) / self.order)
        here, first = np.flatnonzero(phase != -2), self._first[index]
        pair = np.flatnonzero(phase == -1)
        entries = np.concatenate([value[here], 1j * sign[pair] * value[pair]])
        where = np.concatenate([here, pair]), np.concatenate([first[here], first[pair] + 1])
        return scipy.sparse.csr_matrix((entries, where), shape=(len(numbers), self.parameters))

    def block(self, numbers: Integers, turns: Integers, weights: Floats) -> scipy.sparse.csr_matrix:
        """Return the lower triangle of a block, column by column, of rows divided by their weights.

        `numbers` and `turns` are arrays positions x terms.
        """
        positions, terms = numbers.shape
        sums = scipy.sparse.kron(scipy.sparse.identity(positions), np.ones((1, terms)))
        columns, rows = np.triu_indices(len(weights))
        scale = scipy.sparse.diags(1.0 / (weights[rows] * weights[columns]))
        return (scale @ (sums @ self.rows(numbers.ravel(), turns.ravel()))).tocsr()
