"""A group of automorphisms on the monomials of a level: its elements by number, products looked up.

Above: blocks, symmetric relaxations. Below: invariant moments, automorphisms. An element permutes the letters and Weyl
operators times powers of zeta; where it takes a few of them tells it from all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from steeralg.algebra.automorphism import Automorphism
from steeralg.algebra.group_basis import GroupBasis
from steeralg.errors import InputError
from steeralg.sdp.invariant import Action, Numbering
from steeralg.sdp.moments import Integers

MAX_ELEMENTS = 20_000
_SEED = 20260


@dataclass(frozen=True, eq=False)
class Symmetries:
    """The group that automorphisms generate, the identity first: actions, and the generators they are products of.

    `points[k]` is the permutation of letters and Weyl operators times powers of zeta by element k.
    """

    numbering: Numbering
    elements: tuple[Action, ...]
    origins: tuple[tuple[int, ...], ...]
    points: Integers
    _letters: _Letters

    @classmethod
    def of(cls, numbering: Numbering, generators: Sequence[Automorphism]) -> Symmetries:
        """Generate the group. Raises LevelError if the level is not symmetric, InputError for too large a group."""
        basis, letters = numbering.basis, _Letters(numbering.basis)
        one = Automorphism.identity(basis)
        steps = [(letters.permutation(g), Action.of(numbering, g)) for g in generators]
        points, elements = [letters.permutation(one)], [Action.of(numbering, one)]
        origins = list[tuple[int, ...]]([()])
        known = {points[0][letters.base].tobytes()}
        for element, (permutation, origin) in enumerate(zip(points, origins, strict=False)):
            for k, (step, action) in enumerate(steps):
                key = step[permutation[letters.base]].tobytes()
                if key not in known:
                    if len(known) >= MAX_ELEMENTS:
                        raise InputError(f"the symmetries generate more than {MAX_ELEMENTS} elements; give fewer")
                    known.add(key)
                    points.append(step[permutation])
                    elements.append(elements[element].then(action, basis.order))
                    origins.append((*origin, k))
        return cls(numbering, tuple(elements), tuple(origins), np.array(points), letters)

    @property
    def basis(self) -> GroupBasis:
        """The group basis."""
        return self.numbering.basis

    @cached_property
    def _sums(self) -> tuple[Integers, Integers]:
        """Random numbers that add up to a different sum for every element."""
        weights = np.random.default_rng(_SEED).integers(1 << 62, size=len(self._letters.base))
        return weights, self.points[:, self._letters.base] @ weights

    @cached_property
    def _ascending(self) -> tuple[Integers, Integers]:
        order = np.argsort(self._sums[1])
        return order, self._sums[1][order]

    def times(self, a: Integers | int, b: Integers | int) -> Integers:
        """Return the elements a followed by b, number by number (arrays are broadcast)."""
        weights, (order, sums) = self._sums[0], self._ascending
        starts = self.points[np.asarray(a)[..., None], self._letters.base]
        return np.asarray(order[np.searchsorted(sums, self.points[np.asarray(b)[..., None], starts] @ weights)])

    def closure(self, generators: Sequence[int], up_to_diagonal: bool = False) -> Integers:
        """Return the subgroup that elements generate, ascending; or the first element of each of its cosets."""
        found, new = np.zeros(len(self.elements), bool), np.zeros(1, np.int64)
        found[0] = True
        while len(new) and len(generators):
            images = self.times(new[:, None], np.array(generators)).ravel()
            images = self.cosets[images] if up_to_diagonal else images
            new = np.unique(images[~found[images]])
            found[new] = True
        return np.flatnonzero(found)

    def powers(self, element: int) -> list[int]:
        """Return the powers of an element, the first one first, up to one that is diagonal."""
        found = [element]
        while self.cosets[found[-1]]:
            found.append(int(self.times(found[-1], element)))
        return found

    @cached_property
    def inverses(self) -> Integers:
        """The numbers of the inverses."""
        weights, (order, sums) = self._sums[0], self._ascending
        return np.asarray(order[np.searchsorted(sums, np.argsort(self.points)[:, self._letters.base] @ weights)])

    @cached_property
    def cosets(self) -> Integers:
        """For every element the first one of its coset of the diagonal subgroup: the same but for powers of zeta."""
        underlying = self.points[:, self._letters.base] // self.basis.order
        _, first, index = np.unique(underlying, axis=0, return_index=True, return_inverse=True)
        return np.asarray(first[index.ravel()])

    @cached_property
    def representatives(self) -> Integers:
        """One element of every coset of the diagonal subgroup, the first one."""
        return np.unique(self.cosets)

    @cached_property
    def antiunitary(self) -> Integers:
        """Whether elements are antiunitary."""
        return np.array([element.antiunitary for element in self.elements])

    def orbit(self, row: int) -> tuple[Integers, Integers]:
        """Return the images of a monomial under all elements, and their powers of zeta."""
        places = self.numbering.split(np.array([row]))
        found = [element.apply(places) for element in self.elements]
        images = self.numbering.joined([np.concatenate(place) for place in zip(*(m for m, _ in found), strict=True)])
        return images, np.concatenate([turn for _, turn in found]) % self.basis.order


class _Letters:
    """Numbers for letters and Weyl operators times powers of zeta; two more tell antiunitary elements from others."""

    def __init__(self, basis: GroupBasis) -> None:
        self.basis = basis
        # A setting with one outcome has no letter; its number only tells where it goes.
        self.first: dict[tuple[int, int, int], int] = {}
        for k, box in enumerate(basis.boxes):
            for x, d in enumerate(box.outcomes):
                for c in range(1, d) if d > 1 else (0,):
                    self.first[k, x, c] = len(self.first) * basis.order
        count = len(self.first)
        self.weyl = {w: (count + i) * basis.order for i, w in enumerate(basis.weyl_operators())}
        self.flag = (count + len(self.weyl)) * basis.order
        size = 2 * len(basis.primes)
        units = [tuple(int(i == j) for j in range(size)) for i in range(size)]
        first = [number for (_, _, c), number in self.first.items() if c < 2]
        self.base = np.array([*first, *(self.weyl[unit] for unit in units), self.flag])

    def permutation(self, automorphism: Automorphism) -> Integers:
        """Return the permutation of an automorphism."""
        order, sign = self.basis.order, -1 if automorphism.antiunitary else 1
        result = np.empty(self.flag + 2 * order, np.int64)
        turns = sign * np.arange(order)
        for (k, x, c), start in self.first.items():
            to, _, t = automorphism.letters[k][x]
            word, turn = automorphism.word_image(self.basis, k, ((x, c),)) if c else (((to, 0),), t)
            goal = self.first[automorphism.boxes[k], to, word[0][1]]
            result[start : start + order] = goal + (turn + turns) % order
        for weyl, start in self.weyl.items():
            moved, turn = automorphism.weyl_image(self.basis, weyl)
            result[start : start + order] = self.weyl[moved] + (turn + turns) % order
        flipped = order if automorphism.antiunitary else 0
        result[self.flag :] = self.flag + (np.arange(2 * order) + flipped) % (2 * order)
        return result
