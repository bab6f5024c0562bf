"""Words of a whole scenario: one party word for each black box; the boxes commute.

Above: levels, moment matrices, certificates. Below: party algebras.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from types import MappingProxyType

from steeralg.algebra.party import CyclicGroup, PartyAlgebra, PartyWord, Projectors
from steeralg.objects.scenario import Label, Scenario

Word = tuple[PartyWord, ...]


@dataclass(frozen=True)
class Algebra:
    """The tensor product of the parties' algebras; products and adjoints go party by party."""

    parties: tuple[PartyAlgebra, ...]

    @property
    def one(self) -> Word:
        """The empty word."""
        return ((),) * len(self.parties)

    def product(self, left: Word, right: Word) -> Mapping[Word, int]:
        """Multiply two words: an integer combination of words, empty for zero."""
        factors = [p.product(v, w).items() for p, v, w in zip(self.parties, left, right, strict=True)]
        result: dict[Word, int] = {}
        for combination in product(*factors):
            word, coefficient = tuple(w for w, _ in combination), 1
            for _, c in combination:
                coefficient *= c
            result[word] = result.get(word, 0) + coefficient
        return result

    def adjoint(self, word: Word) -> Word:
        """Return the adjoint of a word."""
        return tuple(p.adjoint(w) for p, w in zip(self.parties, word, strict=True))


@lru_cache(maxsize=16)
def products(algebra: Algebra, words: tuple[Word, ...]) -> Mapping[Word, list[tuple[int, int, int]]]:
    """Group the positions (v, w) by the reduced words of v*w, with coefficients."""
    positions: dict[Word, list[tuple[int, int, int]]] = {}
    for i, v in enumerate(words):
        adjoint = algebra.adjoint(v)
        for j, w in enumerate(words):
            for word, coefficient in algebra.product(adjoint, w).items():
                positions.setdefault(word, []).append((i, j, coefficient))
    return MappingProxyType(positions)


def projector_algebra(scenario: Scenario) -> Algebra:
    """Return the scenario's algebra in projector letters: the one certificates are written in."""
    return Algebra(tuple(Projectors(box.outcomes) for box in scenario.black_boxes))


def group_algebra(scenario: Scenario) -> Algebra:
    """Return the scenario's algebra in unitary letters: the one relaxations are solved in."""
    return Algebra(tuple(CyclicGroup(box.outcomes) for box in scenario.black_boxes))


def observed_word(label: Label, scenario: Scenario) -> Mapping[Word, int]:
    """Write E[a1|x1] E[a2|x2] ... in projector words, last outcomes expanded."""
    a, x = label
    factors = [
        Projectors(box.outcomes).effect(s, o).items() for box, o, s in zip(scenario.black_boxes, a, x, strict=True)
    ]
    result: dict[Word, int] = {}
    for combination in product(*factors):
        coefficient = 1
        for _, c in combination:
            coefficient *= c
        result[tuple(w for w, _ in combination)] = coefficient
    return result


def is_observed(word: Word) -> bool:
    """Whether a word has at most one letter per party, so that its moments are observed."""
    return all(len(w) <= 1 for w in word)


def is_word(word: Word, scenario: Scenario) -> bool:
    """Whether a value is a projector word of a scenario: existing letters, neighbours of different settings.

    Last outcomes are allowed as letters; products expand them.
    """
    boxes = scenario.black_boxes
    return len(word) == len(boxes) and all(
        all(0 <= x < len(box.outcomes) and 0 <= a < box.outcomes[x] for x, a in part)
        and all(left[0] != right[0] for left, right in pairwise(part))
        for box, part in zip(boxes, word, strict=True)
    )


def format_word(word: Word) -> list[str]:
    """Write a projector word as in proof files: for every box its letters `a|x`, separated by spaces."""
    return [" ".join(f"{a}|{x}" for x, a in part) for part in word]
