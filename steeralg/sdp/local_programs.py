"""Assemblages with local responses to given directions: the least value of a functional, and whether one is there.

Above: the search. Below: tables of Bloch vectors. Linear programs in floats, by HiGHS: a strategy l of the boxes has a
weight w_l >= 0 and for every direction v_k a response difference |u_lk| <= w_l; the strategies that give an element
(t, r) have weights that add up to t and differences that add up to s v_k . r. For s = 1 and directions that cover the
Bloch disc these assemblages behave locally under all projective measurements (SBCSV15 App. B, with the noise taken
into the length of the directions), and are positive. A smaller *scale* s asks for less; with s = 0 all no-signalling
assemblages remain whose elements are positive on the directions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse
from scipy.optimize import linprog

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
        self._strategies, self._first = strategies, strategies * (1 + count)
        one, answers = np.eye(count), np.eye(strategies)
        # Unknowns: the weights, the differences direction by direction, and the Bloch vectors of the parts.
        sums = scipy.sparse.kron(one, incidence)
        self._lengths = -scipy.sparse.vstack([scipy.sparse.kron(np.eye(parts), v[None]) for v in plane])
        self._sums = scipy.sparse.hstack([scipy.sparse.csr_matrix((count * parts, strategies)), sums])
        below = scipy.sparse.vstack([scipy.sparse.kron(one, answers), -scipy.sparse.kron(one, answers)])
        responses = scipy.sparse.hstack(
            [
                scipy.sparse.kron(np.ones((2 * count, 1)), -answers),
                below,
                scipy.sparse.csr_matrix((2 * count * strategies, 2 * parts)),
            ]
        )
        lengths = scipy.sparse.vstack([scipy.sparse.kron(completion, v[None]) for v in plane])
        elements = scipy.sparse.hstack(
            [
                scipy.sparse.kron(np.ones((2 * count, 1)), -completion @ incidence),
                scipy.sparse.csr_matrix((2 * count * len(completion), self._first - strategies)),
                scipy.sparse.vstack([lengths, -lengths]),
            ]
        )
        self._responses, self._positive = responses.tocsr(), scipy.sparse.vstack([responses, elements]).tocsr()
        free = [(None, None)] * (self._first - strategies + 2 * parts)
        self._bounds = [(0, None)] * strategies + free

    def least(self, functional: Floats, scale: float = 1.0) -> Floats | None:
        """Return the table of an assemblage at which a functional is least; None if the solver gives none."""
        incidence = self.tables.incidence
        cost = np.concatenate(
            [functional[:, 0] @ incidence, np.zeros(self._first - self._strategies), functional[:, 1:].ravel()]
        )
        trace = np.zeros((1, len(cost)))
        trace[0, : self._strategies] = 1
        equal = scipy.sparse.vstack([scipy.sparse.hstack([self._sums, scale * self._lengths]), trace]).tocsr()
        right = np.zeros(equal.shape[0])
        right[-1] = 1
        # Where the scale is 1 the elements are positive because their responses are.
        inner = self._responses if scale >= 1 else self._positive
        found = linprog(cost, inner, np.zeros(inner.shape[0]), equal, right, bounds=self._bounds, method="highs")
        if found.status != 0 or not np.all(np.isfinite(found.x)):
            return None
        return np.column_stack([incidence @ found.x[: self._strategies], found.x[self._first :].reshape(-1, 2)])

    def visibility(self, table: Floats) -> float:
        """Return the largest v <= 2 for which v times a table plus 1 - v times white noise has local responses.

        0 if the solver gives none.
        """
        noise, incidence = self.tables.noise, self.tables.incidence
        count = self._lengths.shape[0] // len(noise)
        weights = scipy.sparse.hstack(
            [incidence, scipy.sparse.csr_matrix((len(noise), self._first - self._strategies))]
        )
        differences = np.asarray(self._lengths @ table[:, 1:].ravel())
        equal = scipy.sparse.hstack(
            [
                scipy.sparse.vstack([weights, self._sums]),
                np.concatenate([noise[:, 0] - table[:, 0], differences])[:, None],
            ]
        )
        right = np.concatenate([noise[:, 0], np.zeros(count * len(noise))])
        inner = self._responses[:, : self._first]
        inner = scipy.sparse.hstack([inner, scipy.sparse.csr_matrix((inner.shape[0], 1))])
        cost = np.zeros(self._first + 1)
        cost[-1] = -1
        bounds = [*self._bounds[: self._first], (0, 2)]
        found = linprog(
            cost, inner.tocsr(), np.zeros(inner.shape[0]), equal.tocsr(), right, bounds=bounds, method="highs"
        )
        return float(found.x[-1]) if found.status == 0 else 0.0
