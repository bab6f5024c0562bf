"""Assemblages with local responses to given directions: the least value of a functional, and whether one is there.

Above: the search. Below: tables of Bloch vectors. Linear programs in floats, by HiGHS: a strategy l of the boxes has a
weight w_l >= 0 and for every direction v_k the weight 0 <= p_lk <= w_l of the answer +1; the strategies that give an
element (t, r) have weights that add up to t and differences 2 p_lk - w_l that add up to s v_k . r. For s = 1 and
directions that cover the Bloch disc these assemblages behave locally under all projective measurements (SBCSV15 App. B,
with the noise taken into the length of the directions), and are positive. A smaller *scale* s asks for less; with s = 0
all no-signalling assemblages remain whose elements are positive on the directions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from steeralg.errors import ScenarioError
from steeralg.objects.directions import Direction
from steeralg.sdp.bloch import BlochTables
from steeralg.sdp.problem import Floats

MAX_UNKNOWNS = 20_000


class LocalPrograms:
    """The programs of a scenario for directions in the x-z plane. Raises ScenarioError for too many strategies."""

    def __init__(self, tables: BlochTables, directions: Sequence[Direction]) -> None:
        self.tables = tables
        incidence, completion = tables.incidence, tables.completion
        parts, strategies = incidence.shape
        count = len(directions)
        if strategies * (1 + count) > MAX_UNKNOWNS:
            raise ScenarioError(f"{strategies} strategies and {count} directions are too many for the local programs")
        plane = np.array([[float(x), float(z)] for x, _, z in directions])
        self._strategies, self._bloch = strategies, 2 * parts
        every, answers = np.ones((count, 1)), strategies * count
        # Unknowns: the weights, the answers +1 direction by direction, and the Bloch vectors of the parts.
        self._sums = scipy.sparse.hstack(
            [scipy.sparse.kron(every, -incidence), 2 * scipy.sparse.kron(np.eye(count), incidence)]
        )
        self._lengths = scipy.sparse.vstack([scipy.sparse.kron(np.eye(parts), v[None]) for v in plane])
        self._responses = scipy.sparse.hstack(
            [scipy.sparse.kron(every, -np.eye(strategies)), scipy.sparse.eye(answers)]
        )
        lengths = scipy.sparse.vstack([scipy.sparse.kron(completion, v[None]) for v in plane])
        self._elements = scipy.sparse.hstack(
            [
                scipy.sparse.kron(np.ones((2 * count, 1)), -completion @ incidence),
                scipy.sparse.csr_matrix((2 * count * len(completion), answers)),
                scipy.sparse.vstack([lengths, -lengths]),
            ]
        )
        self._programs: dict[float, LinearConstraint] = {}

    def least(self, functional: Floats, scale: float = 1.0) -> Floats | None:
        """Return the table of an assemblage at which a functional is least; None if the solver gives none."""
        if scale not in self._programs:
            self._programs[scale] = self._program(scale)
        incidence, responses = self.tables.incidence, np.zeros(self._sums.shape[1] - self._strategies)
        cost = np.concatenate([functional[:, 0] @ incidence, responses, functional[:, 1:].ravel()])
        positive = np.concatenate([np.zeros(self._sums.shape[1]), np.full(self._bloch, -np.inf)])
        # Programs this small take longer to simplify than to solve.
        options = {"presolve": False}
        found = milp(cost, constraints=self._programs[scale], bounds=Bounds(positive, np.inf), options=options)
        if found.status != 0 or not np.all(np.isfinite(found.x)):
            return None
        bloch = found.x[-self._bloch :].reshape(-1, 2)
        return np.column_stack([incidence @ found.x[: self._strategies], bloch])

    def _program(self, scale: float) -> LinearConstraint:
        trace = np.zeros((1, self._sums.shape[1] + self._bloch))
        trace[0, : self._strategies] = 1
        equal = scipy.sparse.vstack([scipy.sparse.hstack([self._sums, -scale * self._lengths]), trace])
        right = np.append(np.zeros(self._sums.shape[0]), 1)
        below = _widened(self._responses, self._bloch)
        # Where the scale is 1 the elements are positive because their responses are.
        return _constraint(equal, right, below if scale >= 1 else scipy.sparse.vstack([below, self._elements]))

    def visibility(self, table: Floats) -> float:
        """Return the largest v <= 2 for which v times a table plus 1 - v times white noise has local responses.

        0 if the solver gives none.
        """
        noise, incidence = self.tables.noise, self.tables.incidence
        unknowns = self._sums.shape[1]
        weights = _widened(incidence, unknowns - self._strategies)
        change = np.concatenate([noise[:, 0] - table[:, 0], -(self._lengths @ table[:, 1:].ravel())])
        equal = scipy.sparse.hstack([scipy.sparse.vstack([weights, self._sums]), change[:, None]])
        right = np.concatenate([noise[:, 0], np.zeros(self._sums.shape[0])])
        cost = np.zeros(unknowns + 1)
        cost[-1] = -1
        largest = np.append(np.full(unknowns, np.inf), 2)
        program = _constraint(equal, right, _widened(self._responses, 1))
        found = milp(cost, constraints=program, bounds=Bounds(0, largest))
        return float(found.x[-1]) if found.status == 0 else 0.0


def _widened(matrix: Any, columns: int) -> scipy.sparse.coo_matrix:
    """Put columns of zeros to the right of a matrix."""
    return scipy.sparse.hstack([matrix, scipy.sparse.coo_matrix((matrix.shape[0], columns))])


def _constraint(equal: Any, right: Floats, below: Any) -> LinearConstraint:
    """Return `equal x = right` and `below x <= 0`."""
    least = np.concatenate([right, np.full(below.shape[0], -np.inf)])
    most = np.concatenate([right, np.zeros(below.shape[0])])
    return LinearConstraint(scipy.sparse.vstack([equal, below]).tocsc(), least, most)
