"""Whole families of positive operators as conic problems: no-signalling assemblages, parents, extensions.

Above: certificates. Below: observation, conic problems. The unknowns are the independent elements of a *home* scenario,
the constraints that all its elements are positive semidefinite: one cone for each element. The data are what another
scenario with the same algebra observes of the family: itself, the marginals of a joint assemblage, or y = a. The dual
is a positive operator for each element, that is a functional's dual certificate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy.sparse

from steeralg.algebra.level import ALMOST_QUANTUM, level_words
from steeralg.algebra.observed import observed_element
from steeralg.algebra.word import projector_algebra
from steeralg.exact.matrix import Matrix
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label, Scenario
from steeralg.sdp.moments import Complex, Integers
from steeralg.sdp.observation import Observation, integer_columns, observation, pseudo_inverse
from steeralg.sdp.problem import ConicProblem, Floats


@dataclass(frozen=True, eq=False)
class Families:
    """The families of `home`, seen from `scenario`."""

    scenario: Scenario
    home: Scenario

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """The labels of the home scenario, in the order of the cones."""
        return tuple(self.home.labels())

    @cached_property
    def whole(self) -> Observation:
        """The independent elements of the home scenario: the unknowns."""
        words = level_words(projector_algebra(self.home), ALMOST_QUANTUM)
        return observation(self.home, words)

    @cached_property
    def seen(self) -> Observation:
        """The independent elements that are observed."""
        return observation(self.scenario, self.whole.words)

    @cached_property
    def restriction(self) -> scipy.sparse.csr_matrix:
        """The observed independent elements (columns) as integer combinations of the unknowns (rows)."""
        return _integers(self.whole.fit @ self.seen.injection)

    @cached_property
    def restriction_fit(self) -> scipy.sparse.csr_matrix:
        """The pseudo-inverse of the restriction."""
        return pseudo_inverse(self.restriction)

    @cached_property
    def observed_columns(self) -> tuple[list[dict[int, int]], list[list[int]]]:
        """The columns of the restriction: every observed independent element as integer multiples of unknowns; and the
        columns that share unknowns, in groups.
        """
        return integer_columns(self.restriction)

    @cached_property
    def elements(self) -> scipy.sparse.csr_matrix:
        """Every entry L(element (x) e_ij) of every element, flat, as an integer combination of the unknowns."""
        dim = self.home.dim
        place = {word: k for k, word in enumerate(self.whole.words)}
        rows, columns, values, count = [], [], [], 0
        for label in self.labels:
            order = self.home.order(label)
            for i in range(order):
                for j in range(order):
                    for word, matrix in observed_element(self.home, label, Matrix.unit(order, i, j)).items():
                        for flat, value in enumerate(matrix.planes[0]):
                            if value:
                                rows.append(count)
                                columns.append(place[word] * dim * dim + flat)
                                values.append(value)
                    count += 1
        shape = count, len(place) * dim * dim
        expanded = scipy.sparse.csr_matrix((values, (rows, columns)), shape=shape)
        return _integers(expanded @ self.whole.fit.T)

    @cached_property
    def element_rows(self) -> list[dict[int, int]]:
        """Every entry of every element, flat, as integer multiples of unknowns."""
        return integer_columns(self.elements.T.tocsr())[0]

    @cached_property
    def parameters(self) -> scipy.sparse.csr_matrix:
        """The unknowns, complex, as combinations of real parameters: an entry and its mirror image are conjugate."""
        place = {key: c for c, key in enumerate(zip(self.whole.parts, self.whole.units, strict=True))}
        rows, columns, values, count = [], [], [], 0
        for (part, unit), c in place.items():
            if unit is None or unit[0] == unit[1]:
                rows.append(c)
                columns.append(count)
                values.append(1 + 0j)
                count += 1
            elif unit[0] < unit[1]:
                mirror = place[part, (unit[1], unit[0])]
                rows += [c, mirror, c, mirror]
                columns += [count, count, count + 1, count + 1]
                values += [1, 1, 1j, -1j]
                count += 2
        return scipy.sparse.csr_matrix((values, (rows, columns)), shape=(len(place), count))

    @cached_property
    def orders(self) -> tuple[int, ...]:
        """The order of every element."""
        return tuple(self.home.order(label) for label in self.labels)

    @cached_property
    def offsets(self) -> Integers:
        """Where the entries of every element begin, flat, and where the last one ends."""
        return np.concatenate(([0], np.cumsum([d * d for d in self.orders])))

    def _conic(self, chosen: list[int], link: scipy.sparse.csr_matrix, fixed: Complex) -> ConicProblem:
        """Return the cones of some elements, with unknowns = link . x + fixed and nothing to minimise."""
        rows, columns, entries, start = [], [], [], 0
        for k in chosen:
            d = self.orders[k]
            c, r = np.triu_indices(d)
            rows.append(r + start)
            columns.append(c + start)
            entries.append(self.offsets[k] + r * d + c)
            start += d
        picked = self.elements[np.concatenate(entries)]
        return ConicProblem(
            start,
            np.concatenate(rows),
            np.concatenate(columns),
            np.asarray(picked @ fixed, dtype=np.complex128),
            (picked @ link).tocsr(),
            None,
            np.zeros(link.shape[1]),
            None,
            tuple(self.orders[k] for k in chosen),
        )

    def bound(self, functional: Functional) -> ConicProblem:
        """The least value of a functional on the families; the multiplier of the normalisation is the optimum."""
        target = self.seen.fit @ self.seen.coefficients(functional)
        problem = self._conic(list(range(len(self.labels))), self.parameters, np.zeros(self.parameters.shape[0]))
        cost = np.asarray(((self.restriction @ target) @ self.parameters).real).ravel()
        first = [k for k, label in enumerate(self.labels) if not any(label[1]) and not any(label[2:])]
        diagonal = [self.offsets[k] + i * (self.orders[k] + 1) for k in first for i in range(self.orders[k])]
        trace = np.asarray((self.elements[diagonal] @ self.parameters).sum(axis=0)).ravel().real
        return replace(problem, cost=cost, equality=trace)

    def membership(self, moments: Complex) -> tuple[ConicProblem | None, list[int], Floats, scipy.sparse.csc_matrix]:
        """The largest t such that some family with the observed moments has elements >= t.

        Elements that the data fix have no cone. Returns the problem (None without cones), the elements that have cones,
        and the parameters of all such families: a point and directions.
        """
        data = self.seen.injection.T @ moments
        constraints = (self.restriction.T @ self.parameters).tocsr()
        free = self.whole.free_directions(constraints)
        stacked = scipy.sparse.vstack([constraints.real, constraints.imag]).toarray()
        point = np.linalg.lstsq(stacked, np.concatenate([data.real, data.imag]), rcond=None)[0]
        moving = abs(self.elements @ self.parameters @ free).sum(axis=1)
        ends = zip(self.offsets[:-1], self.offsets[1:], strict=True)
        chosen = [k for k, (start, end) in enumerate(ends) if float(moving[start:end].sum()) > 1e-9]
        link = self.parameters @ free
        if not chosen:
            return None, chosen, point, free
        with_t = scipy.sparse.hstack([link, np.zeros((link.shape[0], 1))]).tocsr()
        problem = self._conic(chosen, with_t, self.parameters @ point)
        cost = np.zeros(link.shape[1] + 1)
        cost[-1] = -1.0
        return replace(problem, cost=cost, shift=len(cost) - 1), chosen, point, free


def _integers(matrix: scipy.sparse.spmatrix) -> scipy.sparse.csr_matrix:
    """Round a matrix whose entries are integers but for floating-point noise."""
    result = scipy.sparse.csr_matrix(matrix, dtype=np.float64)
    result.data = np.rint(result.data)
    result.eliminate_zeros()
    return result
