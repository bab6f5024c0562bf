"""Moment matrices: the uniform moments are a trace and positive, in every kind of scenario; brackets are proved at both
ends and hold what they enclose.
"""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import steeralg as sa
from steeralg.algebra.level import level_words
from steeralg.algebra.observed import observed_element
from steeralg.algebra.party import MatrixUnits, Projectors
from steeralg.algebra.trace import party_moment, uniform_moment
from steeralg.algebra.word import projector_algebra
from steeralg.certificates.bounds import level_bracket
from steeralg.errors import VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.objects.scenario import Scenario
from tests.strategies import KINDS, functionals, models, quantum_assemblages, random_functional

SCENARIOS = [
    Scenario.of([(2, 2)], 1),
    Scenario.of([(3, 2), (2,)], 1),
    Scenario.of([(2, 2), (3, 1)], 1),
    *KINDS.values(),
]
CHSH = sa.bell_functional(
    [(2, 2), (2, 2)], {((a, b), (x, y)): (-1) ** (a + b + x * y) for a, b, x, y in product((0, 1), repeat=4)}
)


def trace(scenario, combination):
    return sum((c * uniform_moment(scenario, word) for word, c in combination.items()), Fraction(0))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_uniform_moments_are_a_normalised_trace(scenario):
    algebra = projector_algebra(scenario)
    words = few_words(algebra)
    assert uniform_moment(scenario, algebra.one) == 1
    for v, w in product(words, repeat=2):
        assert trace(scenario, algebra.product(v, w)) == trace(scenario, algebra.product(w, v))


def few_words(algebra, most=40):
    """The words of level 2, or of level 1 where those are many."""
    words = level_words(algebra, 2)
    return words if len(words) <= most else level_words(algebra, 1)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_uniform_moments_are_uniform_on_data_and_positive(scenario):
    algebra = projector_algebra(scenario)
    for label in scenario.labels():
        order, uniform = scenario.order(label), prod_outcomes(scenario, label)
        for i, j in product(range(order), repeat=2):
            found = sum(
                (
                    uniform_moment(scenario, word) * matrix.trace().fraction() / scenario.dim
                    for word, matrix in observed_element(scenario, label, Matrix.unit(order, i, j)).items()
                ),
                Fraction(0),
            )
            assert found == (uniform / order if i == j else 0)
    words = few_words(algebra)
    gram = [[trace(scenario, algebra.product(algebra.adjoint(v), w)) for w in words] for v in words]
    verdict = decide_psd(Matrix.rational(gram))
    assert verdict.is_proved and len(verdict.witness.pivots) == len(words)


def prod_outcomes(scenario, label):
    expected = Fraction(1)
    for box, setting in zip(scenario.black_boxes, label[1], strict=True):
        expected /= box.outcomes[setting]
    return expected


@pytest.mark.parametrize("dim", [2, 3])
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 8)), max_size=5))
def test_words_of_traceless_operators_of_alternating_settings_have_trace_zero(dim, letters):
    """e_ij for i != j, and e_ii - 1/D, multiplied out: freeness of the copies of the matrix algebra."""
    party = MatrixUnits(dim, 2)
    alternating = [(y, k % dim**2) for n, (y, k) in enumerate(letters) if n == 0 or letters[n - 1][0] != y]
    total = Fraction(0)
    for kept in product((0, 1), repeat=len(alternating)):
        coefficient, word = Fraction(1), {(): 1}
        for (y, k), keep in zip(alternating, kept, strict=True):
            factor = party.element(y, k) if keep else {(): 1}
            coefficient *= 1 if keep else -Fraction(int(k in party.unit(y)), dim)
            longer = {}
            for (v, a), (w, b) in product(word.items(), factor.items()):
                for u, c in party.product(v, w).items():
                    longer[u] = longer.get(u, 0) + a * b * c
            word = longer
        total += coefficient * sum(c * party_moment(party, w) for w, c in word.items())
    assert total == (0 if alternating else 1)


@given(st.lists(st.sampled_from([0, 1, 2]), max_size=6))
def test_words_of_observables_have_trace_zero(settings_in_order):
    """(2E - 1) for alternating settings, multiplied out: freeness."""
    alternating = [x for k, x in enumerate(settings_in_order) if k == 0 or settings_in_order[k - 1] != x]
    total = Fraction(0)
    for kept in product((0, 1), repeat=len(alternating)):
        letters = [(x, 0) for x, keep in zip(alternating, kept, strict=True) if keep]
        merged = tuple(letter for k, letter in enumerate(letters) if k == 0 or letters[k - 1] != letter)
        total += (
            2 ** len(letters) * (-1) ** (len(alternating) - len(letters)) * party_moment(Projectors((2, 2, 2)), merged)
        )
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


BRACKETED = ["input", "instrumental", "several trusted", "several trusted, two boxes", "input, dimension one"]


@pytest.mark.parametrize("name", BRACKETED)
def test_brackets_of_every_kind_are_tight_and_bound_quantum_values(name):
    scenario = KINDS[name]
    functional = random_functional(scenario, 5)
    bracket = level_bracket(functional, digits=3)
    bracket.point.verify()
    assert bracket.point.value(functional) == bracket.upper
    assert 0 < bracket.upper.fraction() - bracket.lower < Fraction(1, 50)

    @given(models(scenario))
    @settings(deadline=None, max_examples=10)
    def quantum_values_are_not_below(model):
        assert not functional.value(model.assemblage) < Number.of(bracket.lower)

    quantum_values_are_not_below()


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
