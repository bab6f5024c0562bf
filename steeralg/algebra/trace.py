"""The uniform moments: the tracial state under which every outcome is uniform and settings are free of each other.

Above: moment matrices. Below: words. It is a quantum state of the algebra, and the one that is furthest from the
boundary: in unitary words its moments are 1 at the empty word and 0 elsewhere, so its moment matrix is the identity.
In certificate words they are rational.
"""

from __future__ import annotations

from fractions import Fraction

from steeralg.algebra.party import PartyAlgebra, PartyWord
from steeralg.algebra.word import Word, projector_algebra
from steeralg.objects.scenario import Scenario


def uniform_moment(scenario: Scenario, word: Word) -> Fraction:
    """Return the moment of a word, the product over the parties."""
    result = Fraction(1)
    for party, part in zip(projector_algebra(scenario).parties, word, strict=True):
        result *= party_moment(party, part)
    return result


def party_moment(party: PartyAlgebra, word: PartyWord) -> Fraction:
    """Return the trace of a word of one party, by expanding it in centred letters c_k = k - tr(k).

    The trace of a reduced word of centred letters is 0 (freeness), so only the coefficient of the empty word counts.
    """
    terms: dict[PartyWord, Fraction] = {(): Fraction(1)}
    for x, k in word:
        expanded: dict[PartyWord, Fraction] = {}

        def add(longer: PartyWord, share: Fraction, found: dict[PartyWord, Fraction] = expanded) -> None:
            found[longer] = found.get(longer, Fraction(0)) + share

        for left, coefficient in terms.items():
            if not left or left[-1][0] != x:
                add((*left, (x, k)), coefficient)
                add(left, coefficient * _mean(party, x, k))
                continue
            # Next to a centred letter of the same setting: c_j k = (jk) - tr(j) k, each centred again.
            base, j = left[:-1], left[-1][1]
            joined, mean = party.times(x, j, k), _mean(party, x, j)
            for index, share in ((joined, coefficient), (k, -coefficient * mean)):
                if index is not None:
                    add((*base, (x, index)), share)
                    add(base, share * _mean(party, x, index))
        terms = expanded
    return terms.get((), Fraction(0))


def _mean(party: PartyAlgebra, setting: int, index: int) -> Fraction:
    """Return the trace of a basis element: those that sum to 1 share it."""
    unit = party.unit(setting)
    return Fraction(int(index in unit), len(unit))
