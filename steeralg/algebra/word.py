"""Words of a whole scenario: one word for each black box, then one for a trusted party with input; parties commute.

Above: observed elements, levels, moment matrices, certificates. Below: the parties. Trusted parties without input have
no letters: they are the coefficients, D x D matrices, of the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from types import MappingProxyType

from steeralg.algebra.party import MatrixUnits, PartyAlgebra, PartyWord, Projectors
from steeralg.algebra.unitary import CyclicGroup, UnitaryParty, WeylGroup
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
        return self.combine([p.product(v, w) for p, v, w in zip(self.parties, left, right, strict=True)])

    @staticmethod
    def combine(factors: list[Mapping[PartyWord, int]]) -> dict[Word, int]:
        """Return the tensor product of one combination of words for each party."""
        result: dict[Word, int] = {}
        for combination in product(*(factor.items() for factor in factors)):
            coefficient = 1
            for _, c in combination:
                coefficient *= c
            result[tuple(w for w, _ in combination)] = coefficient
        return result

    def adjoint(self, word: Word) -> Word:
        """Return the adjoint of a word."""
        return tuple(p.adjoint(w) for p, w in zip(self.parties, word, strict=True))


@dataclass(frozen=True)
class UnitaryAlgebra:
    """The same tensor product by unitary letters."""

    parties: tuple[UnitaryParty, ...]


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
    """Return the scenario's algebra in projectors and matrix units: the one certificates are written in.

    Raises ScenarioError for a sequential scenario: its rounds do not commute.
    """
    scenario.require_simultaneous("words, levels and bounds")
    boxes: list[PartyAlgebra] = [Projectors(box.outcomes) for box in scenario.black_boxes]
    trusted = scenario.trusted[0]
    return Algebra((*boxes, MatrixUnits(trusted.dim, trusted.settings)) if scenario.has_input else tuple(boxes))


def group_algebra(scenario: Scenario) -> UnitaryAlgebra:
    """Return the scenario's algebra in unitary letters: the one relaxations are solved in. Raises ScenarioError."""
    scenario.require_simultaneous("words, levels and bounds")
    boxes: list[UnitaryParty] = [CyclicGroup(box.outcomes) for box in scenario.black_boxes]
    trusted = scenario.trusted[0]
    return UnitaryAlgebra((*boxes, WeylGroup(trusted.dim, trusted.settings)) if scenario.has_input else tuple(boxes))


def element_word(label: Label) -> Word:
    """Return the word E[a1|x1] E[a2|x2] ... of an element, last outcomes as they are."""
    return tuple(((x, a),) for a, x in zip(label[0], label[1], strict=True))


def is_observable(word: Word) -> bool:
    """Whether a word has at most one letter per party: only of such words observed elements are made."""
    return all(len(w) <= 1 for w in word)


def is_word(word: Word, scenario: Scenario) -> bool:
    """Whether a value is a word of a scenario: existing letters, neighbours of different settings.

    Last outcomes and last matrix units are allowed as letters; products expand them.
    """
    parties = projector_algebra(scenario).parties
    return len(word) == len(parties) and all(p.is_word(w) for p, w in zip(parties, word, strict=True))


def format_word(word: Word, scenario: Scenario) -> list[str]:
    """Write a word as in proof files: for every party its letters, separated by spaces."""
    parties = projector_algebra(scenario).parties
    return [" ".join(map(party.text, part)) for party, part in zip(parties, word, strict=True)]
