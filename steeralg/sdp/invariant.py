"""Monomials by number, automorphisms as actions on the numbers, and the orbits that they fall into.

Above: symmetries, blocks, symmetric relaxations. Below: automorphisms. The rows of the moment matrix are monomials; a
state that no symmetry changes has the same value, up to a power of zeta, on all monomials of an orbit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from steeralg.algebra.automorphism import Automorphism
from steeralg.algebra.group_basis import GroupBasis, Monomial
from steeralg.algebra.party import PartyWord
from steeralg.algebra.word import Word
from steeralg.errors import LevelError
from steeralg.sdp.moments import Integers


@dataclass(frozen=True, eq=False)
class Numbering:
    """Numbers for the words of every box that products of a level's words need, and for the Weyl operators.

    A monomial is a row of numbers, one for each box and one for the Weyl operator. `star[k]` and `times[k]` hold
    adjoints and products v* w (of words of the level: -1 elsewhere), `turns` the powers of zeta of the Weyl operators.
    """

    basis: GroupBasis
    words: tuple[Word, ...]

    @cached_property
    def level_words(self) -> list[list[PartyWord]]:
        """The different words of each box in the level."""
        return [list(dict.fromkeys(word[k] for word in self.words)) for k in range(len(self.basis.boxes))]

    @cached_property
    def tables(self) -> list[dict[PartyWord, int]]:
        """The numbers of the words of each box: those of the level first."""
        tables = []
        for box, level in zip(self.basis.boxes, self.level_words, strict=True):
            table = {word: i for i, word in enumerate(level)}
            for v in level:
                adjoint = box.adjoint(v)[0]
                for w in level:
                    table.setdefault(box.product(adjoint, w)[0], len(table))
            tables.append(table)
        return tables

    @cached_property
    def products(self) -> list[Integers]:
        """The numbers of v* w for the words of the level, box by box."""
        found = []
        for box, level, table in zip(self.basis.boxes, self.level_words, self.tables, strict=True):
            adjoints = [box.adjoint(v)[0] for v in level]
            found.append(np.array([[table[box.product(v, w)[0]] for w in level] for v in adjoints]))
        return found

    @cached_property
    def weyl(self) -> dict[tuple[int, ...], int]:
        """The numbers of the Weyl operators."""
        return {weyl: i for i, weyl in enumerate(self.basis.weyl_operators())}

    @cached_property
    def weyl_products(self) -> tuple[Integers, Integers]:
        """V* W, and its power of zeta, for all Weyl operators."""
        count, basis = len(self.weyl), self.basis
        numbers, turns = np.empty((2, count, count), np.int64)
        for i, v in enumerate(self.weyl):
            adjoint, start = basis.weyl_adjoint(v)
            for j, w in enumerate(self.weyl):
                found, turn = basis.weyl_product(adjoint, w)
                numbers[i, j], turns[i, j] = self.weyl[found], (start + turn) % basis.order
        return numbers, turns

    @cached_property
    def sizes(self) -> list[int]:
        """How many numbers there are in every place."""
        return [*map(len, self.tables), len(self.weyl)]

    @cached_property
    def adjoints(self) -> tuple[list[Integers], Integers]:
        """The numbers of adjoints in every place, and the powers of zeta of the Weyl operators'."""
        found = [
            np.array([table[box.adjoint(word)[0]] for word in table])
            for box, table in zip(self.basis.boxes, self.tables, strict=True)
        ]
        weyl = [self.basis.weyl_adjoint(w) for w in self.weyl]
        return [*found, np.array([self.weyl[w] for w, _ in weyl])], np.array([turn for _, turn in weyl])

    def joined(self, places: Sequence[Integers]) -> Integers:
        """Return one number for every monomial (mixed radix)."""
        result = np.zeros(np.broadcast_shapes(*(p.shape for p in places)), np.int64)
        for size, place in zip(self.sizes, places, strict=True):
            result = result * size + place
        return result

    def split(self, numbers: Integers) -> list[Integers]:
        """Undo `joined`."""
        places = []
        for size in reversed(self.sizes):
            numbers, place = np.divmod(numbers, size)
            places.append(place)
        return places[::-1]

    def monomial(self, number: int) -> Monomial:
        """Undo `number`."""
        *words, weyl = (int(place[0]) for place in self.split(np.array([number])))
        return tuple(names[i] for names, i in zip(self._names, words, strict=True)), self._weyl_names[weyl]

    @cached_property
    def _names(self) -> list[list[PartyWord]]:
        return [list(table) for table in self.tables]

    @cached_property
    def _weyl_names(self) -> list[tuple[int, ...]]:
        return list(self.weyl)

    def number(self, monomial: Monomial) -> int:
        """Return the number of a monomial. Raises LevelError if no product of the level's words has its words."""
        result = 0
        for table, word in zip(self.tables, monomial[0], strict=True):
            if word not in table:
                raise LevelError("the level does not reach the functional; take a higher one")
            result = result * len(table) + table[word]
        return result * len(self.weyl) + self.weyl[monomial[1]]


@dataclass(frozen=True, eq=False)
class Action:
    """An automorphism on numbers: place k goes to place boxes[k], number i there to images[k][i], with turns[k][i]."""

    boxes: tuple[int, ...]
    images: list[Integers]
    turns: list[Integers]
    antiunitary: bool

    @classmethod
    def of(cls, numbering: Numbering, automorphism: Automorphism) -> Action:
        """Return the action of an automorphism. Raises LevelError if it leaves the level."""
        basis, images, turns = numbering.basis, [], []
        for k, table in enumerate(numbering.tables):
            target = numbering.tables[automorphism.boxes[k]]
            found = [automorphism.word_image(basis, k, word) for word in table]
            level = numbering.level_words
            if {word for word, _ in found[: len(level[k])]} != set(level[automorphism.boxes[k]]):
                raise LevelError("the level is not symmetric: it treats boxes differently that a symmetry exchanges")
            images.append(np.array([target[word] for word, _ in found]))
            turns.append(np.array([turn for _, turn in found]))
        weyl = [automorphism.weyl_image(basis, w) for w in numbering.weyl]
        images.append(np.array([numbering.weyl[w] for w, _ in weyl]))
        turns.append(np.array([turn for _, turn in weyl]))
        return cls((*automorphism.boxes, len(automorphism.boxes)), images, turns, automorphism.antiunitary)

    def apply(self, places: Sequence[Integers]) -> tuple[list[Integers], Integers]:
        """Return the images of monomials, place by place, and their powers of zeta (not reduced)."""
        moved: list[Integers] = [np.zeros(0, np.int64)] * len(places)
        turn = np.zeros(places[0].shape, np.int64)
        for k, to in enumerate(self.boxes):
            moved[to] = self.images[k][places[k]]
            turn = turn + self.turns[k][places[k]]
        return moved, turn

    def then(self, other: Action, order: int) -> Action:
        """Return this action followed by another one."""
        images: list[Integers] = []
        turns: list[Integers] = []
        sign = -1 if other.antiunitary else 1
        for k, to in enumerate(self.boxes):
            images.append(other.images[to][self.images[k]])
            turns.append((sign * self.turns[k] + other.turns[to][self.images[k]]) % order)
        boxes = tuple(other.boxes[k] for k in self.boxes)
        return Action(boxes, images, turns, self.antiunitary != other.antiunitary)


@dataclass(frozen=True, eq=False)
class Orbits:
    """Monomials by orbits: L(m) = zeta^power L(r), or its conjugate, with r = representatives[index].

    `phases[r]` is the exponent e of L(r) = zeta^e conj L(r) if a symmetry says so, -1 if none does, -2 if L(r) = 0.
    """

    numbers: Integers
    index: Integers
    power: Integers
    conjugated: NDArray[np.bool_]
    representatives: Integers
    phases: Integers


def orbits(numbering: Numbering, numbers: Integers, elements: Sequence[Action]) -> Orbits:
    """Sort monomials (distinct numbers) into orbits of a group, and of the adjoint."""
    order = numbering.basis.order
    best, power = numbers.copy(), np.zeros_like(numbers)
    conjugated = np.zeros(len(numbers), bool)
    for found, turn, flip in _images(numbering, numbers, elements):
        better = found < best
        best[better], power[better], conjugated[better] = found[better], turn[better] % order, flip
    representatives, index = np.unique(best, return_inverse=True)
    phases = np.full(len(representatives), -1)
    for found, turn, flip in _images(numbering, representatives, elements):
        same, turn = found == representatives, turn % order
        if flip:
            differs = same & (phases >= 0) & (phases != turn)
            phases[same & (phases == -1)] = turn[same & (phases == -1)]
            phases[differs] = -2
        else:
            phases[same & (turn != 0)] = -2
    return Orbits(numbers, index, power, conjugated, representatives, phases)


def _images(
    numbering: Numbering, numbers: Integers, elements: Sequence[Action]
) -> Iterator[tuple[Integers, Integers, bool]]:
    """Yield (number of m', t, c) with L(m) = zeta^t L(m'), conjugated if c, for all elements and their adjoints."""
    places = numbering.split(numbers)
    adjoint, weyl_turn = numbering.adjoints
    for element in elements:
        moved, turn = element.apply(places)
        starred = [table[place] for table, place in zip(adjoint, moved, strict=True)]
        back = weyl_turn[moved[-1]]
        if element.antiunitary:
            yield numbering.joined(moved), -turn, True
            yield numbering.joined(starred), back - turn, False
        else:
            yield numbering.joined(moved), turn, False
            yield numbering.joined(starred), turn - back, True
