"""Blocks of a symmetric relaxation: rows that a character of a subgroup picks.

Above: symmetric relaxations. Below: symmetries, invariant moments. For a group H of pairs (h, s) a block has the
entries M_ij = sum_H zeta^-s L(w_i* h(w_j)), one row w_i for every orbit of H on the rows it belongs to. It holds a part
of every irreducible representation that restricts to the character; of all blocks those are kept whose eigenvalues, at
a random point, are all eigenvalues there are: then every irreducible representation occurs. Small blocks are kept
first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import scipy.sparse

from steeralg.algebra.group_basis import Monomial
from steeralg.sdp.entries import Entries
from steeralg.sdp.invariant import orbits
from steeralg.sdp.moments import Integers
from steeralg.sdp.problem import Floats
from steeralg.sdp.symmetries import Symmetries

_SEED, _SAME, _TRIALS, _LARGE = 20260, 1e-7, 60, 200
_Pairs = tuple[tuple[int, int], ...]
"""Numbers of elements, each with a power of zeta: what generates H."""


@dataclass(frozen=True, eq=False)
class SymmetricBlock:
    """Rows (monomials) and the elements of the group, with their powers, that generate H; `size` is the order of H."""

    rows: tuple[Monomial, ...]
    characters: _Pairs
    size: int
    numbers: Integers
    """w_i* h(w_j) for i >= j, column by column, and h in H: an array positions x size of numbers of monomials."""
    turns: Integers
    """The powers of zeta that belong to them."""
    weights: Floats
    """sqrt of the number of elements of H that fix a row, for every row: dividing by them makes rows orthonormal."""
    real_form: scipy.sparse.csr_matrix
    """A unitary T, at most two entries in a column: T* M T is real in every invariant state if T is not 1."""


def blocks(symmetries: Symmetries) -> list[SymmetricBlock]:
    """Return blocks that together hold every irreducible representation of the group on the rows of its level."""
    candidates = list[_Candidate]()
    for numbers in _charged_rows(symmetries):
        rows = _Rows(symmetries, numbers)
        table = _Table.of(rows)
        pairs = [*rows.characters(_abelian(table)), *_best_on_one_orbit(table)]
        candidates += rows.candidates(dict.fromkeys(pairs))
    return [candidate.block() for candidate in _pruned(symmetries, candidates)]


def _charged_rows(symmetries: Symmetries) -> Iterator[Integers]:
    """Yield the rows (numbers of monomials) that diagonal symmetries multiply by the same powers of zeta.

    Charges need one representative if they differ by that of a Weyl operator W, since p -> W p changes no p* q, or if a
    symmetry takes rows of one to rows of the other.
    """
    numbering, order = symmetries.numbering, symmetries.basis.order
    diagonal = [symmetries.elements[k] for k in np.flatnonzero(symmetries.cosets == 0)]
    weyl = np.arange(len(numbering.weyl))
    nothing = [np.zeros(len(weyl), np.int64)] * len(numbering.tables)
    shifts = np.stack([a.apply([*nothing, weyl])[1] % order for a in diagonal], axis=1)
    words = [
        np.repeat([table[word[k]] for word in numbering.words], len(weyl)) for k, table in enumerate(numbering.tables)
    ]
    places = [*words, np.tile(weyl, len(numbering.words))]
    numbers = numbering.joined(places)
    charges = np.stack([a.apply(places)[1] % order for a in diagonal], axis=1)
    ascending = np.argsort(numbers)
    covered: set[tuple[int, ...]] = set()
    for charge in sorted(map(tuple, np.unique(charges, axis=0).tolist())):
        if charge not in covered:
            rows = np.sort(numbers[(charges == np.array(charge)).all(axis=1)])
            images = ascending[np.searchsorted(numbers, symmetries.orbit(int(rows[0]))[0], sorter=ascending)]
            for image in np.unique(charges[images], axis=0):
                covered |= set(map(tuple, ((image + shifts) % order).tolist()))
            yield rows


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows of one charge, or some orbits of them, and their images."""

    symmetries: Symmetries
    numbers: Integers

    @cached_property
    def places(self) -> list[Integers]:
        return self.symmetries.numbering.split(self.numbers)

    @cached_property
    def _images(self) -> dict[int, tuple[list[Integers], Integers, Integers]]:
        return {}

    def image(self, element: int) -> tuple[list[Integers], Integers, Integers]:
        """Return the images of all rows, place by place and as numbers, and their powers of zeta."""
        if element not in self._images:
            moved, turn = self.symmetries.elements[element].apply(self.places)
            self._images[element] = moved, self.symmetries.numbering.joined(moved), turn
        return self._images[element]

    def characters(self, generators: Sequence[int]) -> Iterator[_Pairs]:
        """Yield powers of zeta for some elements, as far as each of them alone allows."""
        order, options = self.symmetries.basis.order, []
        for k in generators:
            powers = self.symmetries.powers(k)
            turn = int(self.image(powers[-1])[2][0])
            options.append([t for t in range(order) if (t * len(powers) - turn) % order == 0])
        for turns in product(*options):
            yield tuple(zip(generators, turns, strict=True))

    def candidates(self, characters: Iterable[_Pairs]) -> Iterator[_Candidate]:
        """Yield the blocks of characters, where they have rows."""
        order = self.symmetries.basis.order
        for pairs in characters:
            subgroup = self._subgroup(pairs)
            least, fixed = self.numbers.copy(), np.zeros(len(self.numbers), np.int64)
            consistent = np.ones(len(self.numbers), bool)
            for k, s in subgroup:
                _, image, turn = self.image(k)
                least, same = np.minimum(least, image), image == self.numbers
                fixed += same
                consistent &= ~same | ((turn - s) % order == 0)
            chosen = np.flatnonzero((least == self.numbers) & consistent)
            if len(chosen):
                yield _Candidate(self, pairs, subgroup, chosen, np.sqrt(fixed[chosen]))

    def _subgroup(self, pairs: _Pairs) -> list[tuple[int, int]]:
        """List the group that pairs of elements and powers of zeta generate."""
        order = self.symmetries.basis.order
        generators, turns = np.array(pairs, np.int64).reshape(-1, 2).T
        found = new = np.zeros(1, np.int64)
        while len(new) and len(pairs):
            element, turn = np.divmod(new[:, None], order)
            images = self.symmetries.times(element, generators) * order + (turn + turns) % order
            new = np.setdiff1d(images, found)
            found = np.union1d(found, new)
        return [divmod(code, order) for code in found.tolist()]


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A block before it is chosen: the group H, the numbers of the rows among those of their charge, their weights."""

    rows: _Rows
    pairs: _Pairs
    subgroup: list[tuple[int, int]]
    chosen: Integers
    weights: Floats

    @cached_property
    def entries(self) -> tuple[Integers, Integers]:
        """The numbers and powers of zeta of w_i* h(w_j) for i >= j, column by column."""
        numbering, order = self.rows.symmetries.numbering, self.rows.symmetries.basis.order
        columns, lower = np.triu_indices(len(self.chosen))
        numbers = np.empty((len(columns), len(self.subgroup)), np.int64)
        turns = np.empty_like(numbers)
        weyl, weyl_turns = numbering.weyl_products
        left = [place[self.chosen][lower] for place in self.rows.places]
        for h, (k, s) in enumerate(self.subgroup):
            moved, _, turn = self.rows.image(k)
            right = [place[self.chosen][columns] for place in moved]
            joined = [table[a, b] for table, a, b in zip(numbering.products, left, right, strict=False)]
            numbers[:, h] = numbering.joined([*joined, weyl[left[-1], right[-1]]])
            turns[:, h] = (turn[self.chosen][columns] - s + weyl_turns[left[-1], right[-1]]) % order
        return numbers, turns

    def block(self) -> SymmetricBlock:
        """Return the block."""
        numbers = self.rows.numbers[self.chosen]
        monomials = tuple(self.rows.symmetries.numbering.monomial(int(k)) for k in numbers)
        own = _Rows(self.rows.symmetries, numbers)
        real_form = _real_form(own, self.pairs, self.subgroup)
        return SymmetricBlock(monomials, self.pairs, len(self.subgroup), *self.entries, self.weights, real_form)


@dataclass(frozen=True, eq=False)
class _Table:
    """The linear symmetries that keep the rows of one charge, up to diagonal ones.

    `members` are representatives, the identity first; `turns` are the powers of zeta that every element of the group
    multiplies the first row by, which is any row if the element is diagonal.
    """

    rows: _Rows
    members: Integers
    turns: Integers

    @classmethod
    def of(cls, rows: _Rows) -> _Table:
        symmetries = rows.symmetries
        images, turns = symmetries.orbit(int(rows.numbers[0]))
        # A symmetry takes rows of one charge to rows of one charge, so one row shows whether it keeps them.
        representatives = symmetries.representatives
        keeps = np.isin(images[representatives], rows.numbers) & ~symmetries.antiunitary[representatives]
        return cls(rows, representatives[keeps], turns)

    @cached_property
    def usable(self) -> Integers:
        """Members, but for the identity, that have as many characters, powers of zeta, as their order on the rows."""
        order, found = self.rows.symmetries.basis.order, []
        for k in self.members[1:].tolist():
            powers = self.rows.symmetries.powers(k)
            if order % len(powers) == 0 and self.turns[powers[-1]] % len(powers) == 0:
                found.append(k)
        return np.array(found, np.int64)

    def commuting(self, element: int, others: Integers) -> Integers:
        """Return those of some elements that commute with an element on the rows."""
        symmetries = self.rows.symmetries
        there, back = symmetries.times(element, others), symmetries.times(others, element)
        alike = (symmetries.cosets[there] == symmetries.cosets[back]) & (self.turns[there] == self.turns[back])
        return np.asarray(others[alike])

    @cached_property
    def after(self) -> Integers:
        """The number, among the members, of member h followed by member g, in row g and column h."""
        symmetries = self.rows.symmetries
        products = symmetries.cosets[symmetries.times(self.members, self.members[:, None])]
        return np.searchsorted(self.members, products)

    @cached_property
    def conjugates(self) -> Integers:
        """The number of g^-1, then h, then g in row g and column h."""
        return np.take_along_axis(self.after, self.after[:, self.after.argmin(axis=1)].T, axis=1)

    def lifted(self, generators: Sequence[int]) -> list[int]:
        """Choose, up to diagonal elements, elements that generate a small group: less to sum for whoever checks."""
        symmetries, chosen = self.rows.symmetries, list[int]()
        for generator in generators:
            least = len(symmetries.closure([*chosen, generator], up_to_diagonal=True))
            sizes: dict[int, int] = {}
            for lift in np.flatnonzero(symmetries.cosets == generator).tolist():
                sizes[lift] = len(symmetries.closure([*chosen, lift]))
                if sizes[lift] == least:
                    break
            chosen.append(min(sizes, key=sizes.__getitem__))
        return chosen


def _abelian(table: _Table) -> list[int]:
    """Find generators of a large abelian subgroup: all its characters together hold all representations.

    Its elements commute on the rows, and each of its generators has all its characters.
    """
    random, symmetries = np.random.default_rng(_SEED), table.rows.symmetries
    best: tuple[int, list[int]] = 1, []
    for start in random.permutation(table.usable)[:_TRIALS].tolist():
        generators, members = list[int](), np.zeros(1, np.int64)
        left = np.concatenate([[start], random.permutation(table.usable)])
        while len(left := left[~np.isin(left, members)]):
            generators.append(int(left[0]))
            members = symmetries.closure(generators, up_to_diagonal=True)
            left = table.commuting(generators[-1], left)
        if len(members) > best[0]:
            best = len(members), generators
    return table.lifted(best[1])


def _best_on_one_orbit(table: _Table) -> list[_Pairs]:
    """Find the characters of subgroups with up to three generators that serve best on one large orbit of rows."""
    if len(table.members) > _LARGE:
        return []
    rows = table.rows
    images = np.stack([rows.image(k)[1] for k in table.members.tolist()])
    sizes = (np.diff(np.sort(images, axis=0), axis=0) != 0).sum(axis=0)
    orbit = _Rows(rows.symmetries, np.unique(images[:, int(np.argmax(sizes))]))
    found = [
        candidate
        for generators in _subgroups(table)
        for candidate in orbit.candidates(orbit.characters(table.lifted(generators)))
    ]
    return [candidate.pairs for candidate in _pruned(rows.symmetries, found)]


def _subgroups(table: _Table) -> Iterator[tuple[int, ...]]:
    """Yield generators, up to three, of subgroups: of all that are conjugate, which serve alike, one."""
    after, members = table.after.tolist(), table.members.tolist()
    known: set[frozenset[int]] = set()
    below: list[tuple[int, ...]] = [()]
    for _ in range(4):
        found = []
        for generators in below:
            own, waiting = {0}, [0]
            for h in waiting:
                new = {after[g][h] for g in generators} - own
                own |= new
                waiting += new
            if frozenset(own) not in known:
                known.update(map(frozenset, table.conjugates[:, waiting].tolist()))
                found.append((generators, own))
                yield tuple(members[k] for k in generators)
        below = [(*generators, k) for generators, own in found for k in range(1, len(members)) if k not in own]


def _real_form(rows: _Rows, pairs: _Pairs, subgroup: Sequence[tuple[int, int]]) -> scipy.sparse.csr_matrix:
    """Find an antiunitary symmetry of the block with square 1, and the basis that it fixes; 1 if there is none."""
    symmetries, order, members = rows.symmetries, rows.symmetries.basis.order, set(subgroup)
    sources = {}
    for h, s in subgroup:
        _, image, turn = rows.image(h)
        for j, (number, t) in enumerate(zip(image.tolist(), turn.tolist(), strict=True)):
            # With p_j = sum_H zeta^-s h(w_j): the sum of zeta^t m = h(w_j) is zeta^s p_j.
            sources[number] = j, s - t
    for k in symmetries.representatives[symmetries.antiunitary[symmetries.representatives]].tolist():
        back = int(symmetries.inverses[k])
        conjugated = ((int(symmetries.times(symmetries.times(back, h), k)), -s % order) for h, s in pairs)
        if not members.issuperset(conjugated):
            continue
        _, moved, turn = rows.image(k)
        images = [sources.get(number) for number in moved.tolist()]
        found = [(image[0], (t + image[1]) % order) for image, t in zip(images, turn.tolist(), strict=True) if image]
        if len(found) == len(moved) and all(j == i or found[j] == (i, u) for i, (j, u) in enumerate(found)):
            return _fixed_basis([(j, np.exp(2j * np.pi * u / order)) for j, u in found])
    return scipy.sparse.identity(len(rows.numbers), np.complex128, "csr")


def _fixed_basis(images: Sequence[tuple[int, complex]]) -> scipy.sparse.csr_matrix:
    """Return an orthonormal basis of vectors that the conjugate-linear map e_i -> c_i e_j(i), an involution, fixes."""
    entries: list[tuple[complex, int, int]] = []
    for i, (j, c) in enumerate(images):
        if i == j:
            entries.append((np.sqrt(c), i, i))
        elif i < j:
            half = np.sqrt(0.5)
            entries += [(half, i, i), (half * c, j, i), (1j * half, i, j), (-1j * half * c, j, j)]
    values, rows, columns = zip(*entries, strict=True)
    return scipy.sparse.csr_matrix((values, (rows, columns)), shape=(len(images), len(images)))


def _pruned(symmetries: Symmetries, candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Keep blocks that together have all eigenvalues at a random invariant point; large ones are left out first."""
    numbers = np.unique(np.concatenate([np.zeros(1, np.int64), *(np.unique(c.entries[0]) for c in candidates)]))
    elements = [symmetries.elements[k] for k in symmetries.representatives]
    entries = Entries(symmetries.basis.order, orbits(symmetries.numbering, numbers, elements))
    point = np.random.default_rng(_SEED).normal(size=entries.parameters)
    values = entries.rows(numbers, np.zeros_like(numbers)) @ point
    roots = np.exp(2j * np.pi * np.arange(symmetries.basis.order) / symmetries.basis.order)
    spectra = []
    for candidate in candidates:
        order, (found, turns) = len(candidate.chosen), candidate.entries
        matrix = np.zeros((order, order), np.complex128)
        columns, rows = np.triu_indices(order)
        matrix[rows, columns] = (values[np.searchsorted(numbers, found)] * roots[turns]).sum(axis=1)
        spectra.append(np.linalg.eigvalsh(matrix / np.outer(candidate.weights, candidate.weights)))
    # Numbers for the different eigenvalues.
    every = np.concatenate(spectra)
    ranks = np.empty(len(every), np.int64)
    ascending = np.argsort(every)
    gaps = np.diff(every[ascending]) > _SAME * max(1.0, float(np.abs(every).max()))
    ranks[ascending] = np.concatenate([[0], np.cumsum(gaps)])
    labels = [np.unique(own) for own in np.split(ranks, np.cumsum([len(spectrum) for spectrum in spectra])[:-1])]
    cover = np.bincount(np.concatenate(labels))
    kept = sorted(range(len(candidates)), key=lambda k: len(candidates[k].chosen))
    for k in reversed(list(kept)):
        if (cover[labels[k]] > 1).all():
            cover[labels[k]] -= 1
            kept.remove(k)
    return [candidates[k] for k in kept]
