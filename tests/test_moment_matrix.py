"""Moment matrices: the uniform moments are a trace and positive; brackets are proved at both ends and hold what they
enclose.
"""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import steeralg as sa
from steeralg.algebra.level import level_words
from steeralg.algebra.trace import party_moment, uniform_moment
from steeralg.algebra.word import observed_word, projector_algebra
from steeralg.certificates.bounds import level_bracket
from steeralg.errors import VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.objects.scenario import Scenario
from tests.strategies import functionals, quantum_assemblages

SCENARIOS = [Scenario.of([(2, 2)], 1), Scenario.of([(3, 2), (2,)], 1), Scenario.of([(2, 2), (3, 1)], 1)]
CHSH = sa.bell_functional(
    [(2, 2), (2, 2)], {((a, b), (x, y)): (-1) ** (a + b + x * y) for a, b, x, y in product((0, 1), repeat=4)}
)


def trace(scenario, combination):
    return sum((c * uniform_moment(scenario, word) for word, c in combination.items()), Fraction(0))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_uniform_moments_are_a_normalised_trace(scenario):
    algebra = projector_algebra(scenario)
    words = level_words(algebra, 2)
    assert uniform_moment(scenario, algebra.one) == 1
    for v, w in product(words, repeat=2):
        assert trace(scenario, algebra.product(v, w)) == trace(scenario, algebra.product(w, v))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_uniform_moments_are_uniform_on_data_and_positive(scenario):
    algebra = projector_algebra(scenario)
    for a, x in scenario.labels():
        expected = Fraction(1)
        for box, setting in zip(scenario.black_boxes, x, strict=True):
            expected /= box.outcomes[setting]
        assert trace(scenario, observed_word((a, x), scenario)) == expected
    words = level_words(algebra, 2)
    gram = [[trace(scenario, algebra.product(algebra.adjoint(v), w)) for w in words] for v in words]
    verdict = decide_psd(Matrix.rational(gram))
    assert verdict.is_proved and len(verdict.witness.pivots) == len(words)


@given(st.lists(st.sampled_from([0, 1, 2]), max_size=6))
def test_words_of_observables_have_trace_zero(settings_in_order):
    """(2E - 1) for alternating settings, multiplied out: freeness."""
    alternating = [x for k, x in enumerate(settings_in_order) if k == 0 or settings_in_order[k - 1] != x]
    total = Fraction(0)
    for kept in product((0, 1), repeat=len(alternating)):
        letters = [(x, 0) for x, keep in zip(alternating, kept, strict=True) if keep]
        merged = tuple(letter for k, letter in enumerate(letters) if k == 0 or letters[k - 1] != letter)
        total += 2 ** len(letters) * (-1) ** (len(alternating) - len(letters)) * party_moment((2, 2, 2), merged)
    assert total == (0 if alternating else 1)


def test_chsh_bracket_holds_two_sqrt_two():
    bracket = level_bracket(CHSH, digits=8)
    assert bracket.lower**2 >= 8 >= bracket.upper.fraction() ** 2
    assert bracket.upper.fraction() - bracket.lower < Fraction(1, 10**7)


@given(functionals(Scenario.of([(2, 2), (3,)], 2)), quantum_assemblages(Scenario.of([(2, 2), (3,)], 2)))
@settings(deadline=None, max_examples=8)
def test_brackets_are_ordered_and_bound_quantum_values(functional, assemblage):
    bracket = level_bracket(functional, digits=3)
    assert Number.of(bracket.lower) < bracket.upper
    assert not functional.value(assemblage) < Number.of(bracket.lower)
    assert (bracket.upper.fraction() - bracket.lower) < Fraction(1, 50)


def test_tampered_moment_matrices_are_refused():
    point = level_bracket(CHSH, digits=4).point
    point.verify()
    word = next(w for w in point.moments if any(len(part) > 1 for part in w))
    one = projector_algebra(point.scenario).one
    shifted = point.moments[word] + Matrix.rational([[Fraction(1, 10)]])
    for changes in ({word: shifted}, {one: point.moments[one].scale(2)}):
        with pytest.raises(VerificationError):
            replace(point, moments=dict(point.moments) | changes).verify()
    extreme = {w: m.scale(Fraction(11, 10)) if w != one else m for w, m in point.moments.items()}
    with pytest.raises(VerificationError, match="positive"):
        replace(point, moments=extreme).verify()
