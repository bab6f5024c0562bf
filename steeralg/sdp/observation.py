"""Which combinations of observable monomials the data fix: the only place of this layer where scenarios differ.

Above: relaxations. Below: algebra, objects. An independent observed element, with a basis operator of its view, is an
integer combination of observable monomials (x) matrix units; these combinations are the columns of the injection. For
one trusted party, with or without input, the injection is a permutation: every observable moment is known. For several
trusted parties and for instrumental data it has fewer columns than rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product
from typing import Any

import numpy as np
import scipy.sparse
from scipy.linalg import null_space, orth
from scipy.sparse.csgraph import connected_components

from steeralg.algebra.observed import expansion, observed_element
from steeralg.algebra.word import Word
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.objects.family import marginal
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label, Partial, Scenario
from steeralg.sdp.basis import to_array
from steeralg.sdp.moments import Complex, Integers


@dataclass(frozen=True, eq=False)
class Observation:
    """Independent observed elements of a scenario against the observable monomials, in the order of `words`.

    Row (w, i, j) of the injection is the monomial w (x) e_ij, flat; column c is the element `parts[c]` with the
    operator that has a 1 at `units[c]` = (i, j), or the identity where units[c] is None.
    """

    scenario: Scenario
    words: tuple[Word, ...]
    parts: tuple[Partial, ...]
    units: tuple[tuple[int, int] | None, ...]
    injection: scipy.sparse.csr_matrix

    @property
    def is_complete(self) -> bool:
        """Whether every observable moment is known."""
        return bool(self.injection.shape[0] == self.injection.shape[1])

    @cached_property
    def fit(self) -> scipy.sparse.csr_matrix:
        """The pseudo-inverse of the injection, block by block."""
        # Mostly a permutation matrix, which is inverted exactly.
        permutation = self.is_complete and self.injection.nnz == self.injection.shape[0]
        return self.injection.T.tocsr() if permutation else pseudo_inverse(self.injection)

    def moments(self, elements: Mapping[Label, Matrix]) -> Complex:
        """Return observable moments L(w (x) e_ij), flat, that agree with the data; the least-norm ones if free."""
        sums: dict[Partial, Complex] = {}
        data = np.zeros(len(self.parts), np.complex128)
        for c, (part, unit) in enumerate(zip(self.parts, self.units, strict=True)):
            if part not in sums:
                sums[part] = to_array(marginal(self.scenario, elements, part))
            # tr(e_ij sigma) = sigma_ji
            data[c] = sums[part].trace() if unit is None else sums[part][unit[::-1]]
        return np.asarray(self.fit.T @ data, dtype=np.complex128)

    def coefficients(self, functional: Functional) -> Complex:
        """Return a functional's coefficients of the observable monomials (x) matrix units, flat."""
        dim = self.scenario.dim
        result = np.zeros((len(self.words), dim, dim), np.complex128)
        place = {word: k for k, word in enumerate(self.words)}
        for word, matrix in expansion(functional).items():
            result[place[word]] = to_array(matrix)
        return result.ravel()

    def functional(self, re: Integers, im: Integers, denominator: int) -> Functional:
        """Return the functional with integer coordinates over a denominator, one for each column."""
        table: dict[Partial, dict[tuple[int, int], list[int]]] = {}
        for part, unit, x, y in zip(self.parts, self.units, re.tolist(), im.tolist(), strict=True):
            order = self.scenario.order(part)
            places = [unit] if unit is not None else [(i, i) for i in range(order)]
            for place in places:
                entry = table.setdefault(part, {}).setdefault(place, [0, 0])
                entry[0] += x
                entry[1] += y
        return Functional.from_marginals(
            self.scenario, {part: self._matrix(part, entries, denominator) for part, entries in table.items()}
        )

    def _matrix(self, part: Partial, entries: Mapping[tuple[int, int], Sequence[int]], denominator: int) -> Matrix:
        order = self.scenario.order(part)
        planes = [[0] * (order * order) for _ in range(2)]
        for (i, j), values in entries.items():
            for plane, value in zip(planes, values, strict=True):
                plane[i * order + j] = value
        return Matrix(RATIONALS, order, order, tuple(map(tuple, planes)), denominator)

    def orthonormal(self, basis: scipy.sparse.csr_matrix) -> scipy.sparse.csc_matrix:
        """Return an orthonormal basis of the span of some columns, block by block."""
        found = []
        for r, c in components(basis):
            found.append((r, orth(basis[r][:, c].toarray())))
        return _assembled(found, basis.shape[0])

    def free_directions(self, basis: scipy.sparse.csr_matrix) -> scipy.sparse.csc_matrix:
        """Return an orthonormal basis of the real null space of a complex map (rows), block by block."""
        real = scipy.sparse.vstack([basis.real, basis.imag]).tocsr()
        found = [(c, null_space(real[r][:, c].toarray()) if len(r) else np.eye(len(c))) for r, c in components(real)]
        return _assembled(found, basis.shape[1])


def _assembled(blocks: Sequence[tuple[Integers, Any]], height: int) -> scipy.sparse.csc_matrix:
    """Put dense blocks of columns side by side, each in its rows."""
    rows, columns, values, start = [], [], [], 0
    for r, block in blocks:
        rows.append(np.repeat(r, block.shape[1]))
        columns.append(np.tile(np.arange(start, start + block.shape[1]), len(r)))
        values.append(block.ravel())
        start += block.shape[1]
    place = np.concatenate(rows), np.concatenate(columns)
    return scipy.sparse.csc_matrix((np.concatenate(values), place), shape=(height, start))


def pseudo_inverse(matrix: scipy.sparse.csr_matrix) -> scipy.sparse.csr_matrix:
    """Return the pseudo-inverse of a sparse matrix, block by block."""
    rows, columns, values = [], [], []
    for r, c in components(matrix):
        inverse = np.linalg.pinv(matrix[r][:, c].toarray())
        place = np.nonzero(np.abs(inverse) > 1e-12)
        rows.append(c[place[0]])
        columns.append(r[place[1]])
        values.append(inverse[place])
    index = np.concatenate(rows), np.concatenate(columns)
    return scipy.sparse.csr_matrix((np.concatenate(values), index), shape=matrix.shape[::-1])


def components(matrix: scipy.sparse.csr_matrix) -> Iterator[tuple[Integers, Integers]]:
    """Yield the rows and columns of every connected block."""
    n = matrix.shape[0]
    graph = scipy.sparse.bmat([[None, abs(matrix)], [abs(matrix).T, None]])
    count, label = connected_components(graph, directed=False)
    order = np.argsort(label, kind="stable")
    for block in np.split(order, np.searchsorted(label[order], np.arange(1, count))):
        rows, columns = block[block < n], block[block >= n] - n
        if len(columns):
            yield rows, columns


def observation(scenario: Scenario, words: Sequence[Word]) -> Observation:
    """Return the observed elements of a scenario in terms of the observable monomials."""
    dim = scenario.dim
    place = {word: k for k, word in enumerate(words)}
    parts: list[Partial] = []
    units: list[tuple[int, int] | None] = []
    rows, columns, values = [], [], []
    for part, unit in _independent(scenario):
        order = scenario.order(part)
        operator = Matrix.identity(order) if unit is None else Matrix.unit(order, *unit)
        for word, matrix in observed_element(scenario, part, operator).items():
            for flat, value in enumerate(matrix.planes[0]):
                if value:
                    rows.append(place[word] * dim * dim + flat)
                    columns.append(len(parts))
                    values.append(value)
        parts.append(part)
        units.append(unit)
    shape = len(words) * dim * dim, len(parts)
    injection = scipy.sparse.csr_matrix((values, (rows, columns)), shape=shape, dtype=np.int64)
    return Observation(scenario, tuple(words), tuple(parts), tuple(units), injection)


def _independent(scenario: Scenario) -> Iterator[tuple[Partial, tuple[int, int] | None]]:
    """Yield linearly independent observed elements: all others follow from no-signalling and equal traces."""
    boxes = scenario.black_boxes
    if scenario.instrumental:
        trivial = [x for x, d in enumerate(boxes[0].outcomes) if d == 1]
        for a, x, *_ in scenario.labels():
            if x[0] in trivial[1:]:
                # With one outcome E[0|x] = 1: all such settings show the same element.
                continue
            # The sum of E[a|x] is the same 1 for every x.
            spare = x[0] > 0 and a[0] == boxes[0].outcomes[x[0]] - 1
            yield from (((a, x), unit) for unit in _units(scenario.views[0], spare))
        return
    choices: list[list[tuple[int | None, int | None]]] = [
        [(None, None), *((a, x) for x, d in enumerate(box.outcomes) for a in range(d - 1))] for box in boxes
    ]
    for choice in product(*choices):
        outcomes, settings = tuple(c[0] for c in choice), tuple(c[1] for c in choice)
        for view, order in enumerate(scenario.views):
            part: Partial = (outcomes, settings, view) if scenario.has_views else (outcomes, settings)
            # The traces of all views are one number.
            yield from ((part, unit) for unit in _units(order, view > 0 or scenario.has_input))
            if view == 0 and scenario.has_input:
                yield part, None


def _units(order: int, without_last: bool) -> list[tuple[int, int]]:
    """List the positions of a matrix, without the last diagonal one if that is spare."""
    every = [(i, j) for i in range(order) for j in range(order)]
    return every[:-1] if without_last else every


def integer_columns(matrix: scipy.sparse.csr_matrix) -> tuple[list[dict[int, int]], list[list[int]]]:
    """Return the columns of an integer matrix as {row: entry}, and the columns that share rows, in groups."""
    columns = matrix.tocsc()
    ends = columns.indptr.tolist()
    table = [
        dict(zip(columns.indices[a:b].tolist(), map(int, columns.data[a:b]), strict=True)) for a, b in pairwise(ends)
    ]
    return table, [found.tolist() for _, found in components(matrix)]
