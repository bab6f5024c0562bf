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
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from steeralg.algebra.observed import expansion, observed_words
from steeralg.algebra.party import PartyWord
from steeralg.algebra.word import Algebra, Word, projector_algebra
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.objects.family import completions, independent_parts
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label, Partial, Scenario
from steeralg.sdp.basis import to_array, to_arrays
from steeralg.sdp.moments import Complex, Integers

Unit = tuple[int, int] | None
"""A place in the matrix of an observed element; None for its trace."""


@dataclass(frozen=True, eq=False)
class Observation:
    """Independent observed elements of a scenario against the observable monomials, in the order of `words`.

    Row (w, i, j) of the injection is the monomial w (x) e_ij, flat; column c is the element `parts[c]` with the
    operator that has a 1 at `units[c]` = (i, j), or the identity where units[c] is None.
    """

    scenario: Scenario
    words: tuple[Word, ...]
    parts: tuple[Partial, ...]
    units: tuple[Unit, ...]
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
        elements = {label: elements[label] for part in self._distinct for label in completions(self.scenario, part)}
        arrays = dict(zip(elements, self._padded(list(elements.values())), strict=True))
        sums = np.array([sum(arrays[label] for label in completions(self.scenario, p)) for p in self._distinct])
        which = np.array([self._distinct[part] for part in self.parts])
        rows, columns = np.array([unit or (0, 0) for unit in self.units]).T
        # tr(e_ij sigma) = sigma_ji
        data = sums[which, columns, rows]
        traced = np.array([unit is None for unit in self.units])
        data[traced] = np.trace(sums[which[traced]], axis1=1, axis2=2)
        return np.asarray(self.fit.T @ data, dtype=np.complex128)

    @cached_property
    def _distinct(self) -> dict[Partial, int]:
        """The parts and their numbers."""
        return {part: k for k, part in enumerate(dict.fromkeys(self.parts))}

    def _padded(self, matrices: Sequence[Matrix]) -> Complex:
        """Return exact matrices, of the orders of views, as arrays of one order."""
        most = max(self.scenario.views)
        result = np.zeros((len(matrices), most, most), np.complex128)
        kinds: dict[tuple[int, Any], list[int]] = {}
        for k, matrix in enumerate(matrices):
            kinds.setdefault((matrix.rows, matrix.field), []).append(k)
        for (order, _), places in kinds.items():
            result[places, :order, :order] = to_arrays([matrices[k] for k in places])
        return result

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
        for rows, _, dense in blocks(basis):
            vectors, values, _ = np.linalg.svd(dense, full_matrices=False)
            found.append((rows, vectors.swapaxes(1, 2), _significant(values, dense)))
        return _assembled(found, basis.shape[0])

    def free_directions(self, basis: scipy.sparse.csr_matrix) -> scipy.sparse.csc_matrix:
        """Return an orthonormal basis of the real null space of a complex map (rows), block by block."""
        found = []
        for _, columns, dense in blocks(scipy.sparse.vstack([basis.real, basis.imag])):
            if dense.size:
                _, values, vectors = np.linalg.svd(dense)
                rank = _significant(values, dense).sum(axis=1)
            else:
                vectors, rank = np.ones((len(columns), 1, 1)), np.zeros(len(columns), np.int64)
            found.append((columns, vectors, np.arange(vectors.shape[1]) >= rank[:, None]))
        return _assembled(found, basis.shape[1])


def _significant(values: NDArray[np.float64], dense: Any) -> NDArray[np.bool_]:
    """Which singular values of some matrices of one shape are not rounding errors."""
    return np.asarray(values > values.max(axis=1, keepdims=True) * max(dense.shape[1:]) * np.finfo(np.float64).eps)


def _assembled(found: Sequence[tuple[Integers, Any, NDArray[np.bool_]]], height: int) -> scipy.sparse.csc_matrix:
    """Make columns of the chosen vectors (block, number, entry) of blocks with given rows."""
    rows, values, sizes = [np.zeros(0, np.int64)], [np.zeros(0)], [np.zeros(1, np.int64)]
    for places, vectors, chosen in found:
        rows.append(np.broadcast_to(places[:, None, :], vectors.shape)[chosen].ravel())
        values.append(vectors[chosen].ravel())
        sizes.append(np.full(int(chosen.sum()), vectors.shape[2]))
    ends = np.cumsum(np.concatenate(sizes))
    return scipy.sparse.csc_matrix((np.concatenate(values), np.concatenate(rows), ends), shape=(height, len(ends) - 1))


def pseudo_inverse(matrix: scipy.sparse.csr_matrix) -> scipy.sparse.csr_matrix:
    """Return the pseudo-inverse of a sparse matrix, block by block."""
    rows, columns, values = [], [], []
    for r, c, dense in blocks(matrix):
        inverse = np.linalg.pinv(dense)
        block, i, j = np.nonzero(np.abs(inverse) > 1e-12)
        rows.append(c[block, i])
        columns.append(r[block, j])
        values.append(inverse[block, i, j])
    index = np.concatenate(rows), np.concatenate(columns)
    return scipy.sparse.csr_matrix((np.concatenate(values), index), shape=matrix.shape[::-1])


def blocks(matrix: scipy.sparse.spmatrix) -> Iterator[tuple[Integers, Integers, Any]]:
    """Yield the connected blocks that have columns, all of one shape together: their rows (block, place), their columns
    (block, place), and their entries (block, row, column).
    """
    entries = matrix.tocoo()
    row_of, column_of = _labels(entries)
    count = max(row_of.max(initial=-1), column_of.max(initial=-1)) + 1
    (height, rows, i), (width, columns, j) = (_sorted(labels, count) for labels in (row_of, column_of))
    block = row_of[entries.row]
    for r, c in sorted(set(zip(height.tolist(), width.tolist(), strict=True))):
        chosen = (height == r) & (width == c)
        if c:
            number = np.cumsum(chosen) - 1
            inside = chosen[block]
            dense = np.zeros((int(chosen.sum()), r, c), entries.dtype)
            dense[number[block[inside]], i[entries.row[inside]], j[entries.col[inside]]] = entries.data[inside]
            of_rows, of_columns = rows[chosen[row_of[rows]]], columns[chosen[column_of[columns]]]
            yield of_rows.reshape(len(dense), r), of_columns.reshape(len(dense), c), dense


def _labels(entries: scipy.sparse.coo_matrix) -> tuple[Integers, Integers]:
    """Return the number of the connected block of every row and of every column."""
    n, size = entries.shape[0], sum(entries.shape)
    links = np.ones(entries.nnz, np.int8), (entries.row, entries.col + n)
    _, label = connected_components(scipy.sparse.coo_matrix(links, shape=(size, size)), directed=False)
    return label[:n], label[n:]


def _sorted(labels: Integers, count: int) -> tuple[Integers, Integers, Integers]:
    """Return how many members each block has, all members block by block, and each one's place in its block."""
    sizes = np.bincount(labels, minlength=count)
    order = np.argsort(labels, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return sizes, order, place


def components(matrix: scipy.sparse.spmatrix) -> Iterator[tuple[Integers, Integers]]:
    """Yield the rows and columns of every connected block that has columns."""
    for rows, columns, _ in blocks(matrix):
        yield from zip(rows, columns, strict=True)


def observation(scenario: Scenario, words: Sequence[Word]) -> Observation:
    """Return the observed elements of a scenario in terms of the observable monomials."""
    place = {word: k for k, word in enumerate(words)}
    parts: list[Partial] = []
    units: list[Unit] = []
    rows, columns, values = [], [], []
    for part, found in _independent(scenario):
        terms = _input_terms(scenario, part, found) if scenario.has_input else _terms(scenario, part, found)
        for word, sign, number, flat in terms:
            rows.append(place[word] * scenario.dim**2 + flat)
            columns.append(len(parts) + number)
            values.append(np.full(len(flat), sign))
        parts += [part] * len(found)
        units += found
    shape = len(words) * scenario.dim**2, len(parts)
    index = np.concatenate(rows), np.concatenate(columns)
    injection = scipy.sparse.csr_matrix((np.concatenate(values), index), shape=shape, dtype=np.int64)
    return Observation(scenario, tuple(words), tuple(parts), tuple(units), injection)


Terms = Iterator[tuple[Word, int, Integers, Integers]]
"""A word, its coefficient, and where it stands: numbers among the units of an element, places in its D x D matrix."""


def _terms(scenario: Scenario, part: Partial, units: Sequence[Unit]) -> Terms:
    """Write the units of an observed element in words: E[a|x] (x) 1 (x) e_ij (x) 1."""
    view, dims = scenario.view(part), scenario.views
    # The rows of D that belong to row i of the view, for each basis vector of the others.
    lines = np.arange(scenario.dim).reshape(prod(dims[:view]), dims[view], -1).swapaxes(0, 1).reshape(dims[view], -1)
    i, j = np.array(units).T
    flat = (lines[i] * scenario.dim + lines[j]).ravel()
    number = np.repeat(np.arange(len(units)), lines.shape[1])
    for word, sign in Algebra.combine(observed_words(scenario, part)).items():
        yield word, sign, number, flat


def _input_terms(scenario: Scenario, part: Partial, units: Sequence[Unit]) -> Terms:
    """The same for a trusted party with input: E[a|x] e^y_ij, or E[a|x] for the trace."""
    boxes, party = observed_words(scenario, part), projector_algebra(scenario).parties[-1]
    view, order = scenario.view(part), scenario.order(part)
    for number, unit in enumerate(units):
        letter: Mapping[PartyWord, int] = {(): 1} if unit is None else party.element(view, unit[0] * order + unit[1])
        for word, sign in Algebra.combine([*boxes, letter]).items():
            yield word, sign, np.array([number]), np.zeros(1, np.int64)


def _independent(scenario: Scenario) -> Iterator[tuple[Partial, list[Unit]]]:
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
            yield (a, x), _units(scenario.views[0], spare)
        return
    for outcomes, settings in independent_parts(boxes):
        for view, order in enumerate(scenario.views):
            part: Partial = (outcomes, settings, view) if scenario.has_views else (outcomes, settings)
            # The traces of all views are one number.
            found = _units(order, view > 0 or scenario.has_input)
            if view == 0 and scenario.has_input:
                found.append(None)
            if found:
                yield part, found


def _units(order: int, without_last: bool) -> list[Unit]:
    """List the positions of a matrix, without the last diagonal one if that is spare."""
    every: list[Unit] = [(i, j) for i in range(order) for j in range(order)]
    return every[:-1] if without_last else every


def integer_columns(matrix: scipy.sparse.csr_matrix) -> tuple[list[dict[int, int]], list[list[int]]]:
    """Return the columns of an integer matrix as {row: entry}, and the columns that share rows, in groups."""
    columns = matrix.tocsc()
    ends = columns.indptr.tolist()
    table = [
        dict(zip(columns.indices[a:b].tolist(), map(int, columns.data[a:b]), strict=True)) for a, b in pairwise(ends)
    ]
    return table, [found.tolist() for _, found in components(matrix)]
