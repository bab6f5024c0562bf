"""The uniform moments: the tracial state under which every outcome is uniform and settings are free of each other.

Above: moment matrices. Below: words. It is a quantum state of the algebra, and the one that is furthest from the
boundary: in group words its moments are 1 at the empty word and 0 elsewhere, so its moment matrix is the identity. In
projector words they are rational.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from steeralg.algebra.party import PartyWord
from steeralg.algebra.word import Word
from steeralg.objects.scenario import Scenario


def uniform_moment(scenario: Scenario, word: Word) -> Fraction:
    """Return the moment of a projector word, the product over the black boxes."""
    result = Fraction(1)
    for box, part in zip(scenario.black_boxes, word, strict=True):
        result *= party_moment(box.outcomes, part)
    return result


def party_moment(outcomes: Sequence[int], word: PartyWord) -> Fraction:
    """Return the trace of a word of one box, by expanding it in centred letters c = E - 1/d.

    The trace of a reduced word of centred letters is 0 (freeness), so only the coefficient of the empty word counts.
    """
    terms: dict[PartyWord, Fraction] = {(): Fraction(1)}
    for x, a in word:
        mean = Fraction(1, outcomes[x])
        expanded: dict[PartyWord, Fraction] = {}
        for left, coefficient in terms.items():
            # Next to a centred letter of the same setting: c_b E_a = (delta_ab - 1/d) E_a.
            if left and left[-1][0] == x:
                coefficient *= (left[-1][1] == a) - mean
                left = left[:-1]
            for longer, share in (((*left, (x, a)), coefficient), (left, coefficient * mean)):
                expanded[longer] = expanded.get(longer, Fraction(0)) + share
        terms = expanded
    return terms.get((), Fraction(0))
