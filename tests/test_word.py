"""Words of several boxes: the tensor product of their algebras, in both sets of letters.

Evaluation by random projective measurements on different tensor factors is the oracle for products, adjoints and
observed words. Exactly: the laws of a *-algebra, commuting boxes, and observed words that are orthogonal projectors
summing to one and to each other's marginals.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.level import level_words
from steeralg.algebra.party import words_of_length
from steeralg.algebra.word import format_word, group_algebra, is_observed, observed_word, projector_algebra
from steeralg.objects.scenario import Scenario
from tests.operators import (
    combination,
    group_letters,
    linear_product,
    projector_letters,
    random_measurements,
    word_operator,
)

SCENARIOS = [
    Scenario.of([(3, 2)], 1),
    Scenario.of([(3, 2), (1, 2)], 2),
    Scenario.of([(2, 2), (2, 2)], 1),
    Scenario.of([(2, 2), (3,), (2, 2)], 1),
]
BASES = [(group_algebra, group_letters), (projector_algebra, projector_letters)]
every_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
every_basis = pytest.mark.parametrize(("algebra_of", "letters_of"), BASES, ids=["group", "projectors"])


def evaluation(scenario, letters_of, seed=0):
    """A function from words to operators: three levels for every box."""
    tables = [letters_of(random_measurements(seed + k, box.outcomes, 3)) for k, box in enumerate(scenario.black_boxes)]
    return lambda word: word_operator(word, tables)


def close(left, right):
    return np.abs(left - right).max() < 1e-9


@st.composite
def algebras_with_words(draw, count):
    scenario, (algebra_of, letters_of) = draw(st.sampled_from(SCENARIOS)), draw(st.sampled_from(BASES))
    algebra = algebra_of(scenario)
    parts = [
        st.sampled_from([w for length in range(4) for w in words_of_length(party, length)]) for party in algebra.parties
    ]
    return scenario, letters_of, algebra, [tuple(draw(part) for part in parts) for _ in range(count)]


@every_scenario
@every_basis
def test_products_and_adjoints_of_short_words_are_those_of_matrices(scenario, algebra_of, letters_of):
    algebra, operator = algebra_of(scenario), evaluation(scenario, letters_of)
    words = level_words(algebra, 1)
    for v, w in product(words, repeat=2):
        assert close(combination(algebra.product(v, w), operator), operator(v) @ operator(w))
        assert close(combination({algebra.adjoint(v): 1}, operator), operator(v).conj().T)


@given(algebras_with_words(2), st.integers(0, 10**6))
@settings(deadline=None, max_examples=100)
def test_products_and_adjoints_of_long_words_are_those_of_matrices(drawn, seed):
    scenario, letters_of, algebra, (v, w) = drawn
    operator = evaluation(scenario, letters_of, seed)
    assert close(combination(algebra.product(v, w), operator), operator(v) @ operator(w))
    assert close(operator(algebra.adjoint(v)), operator(v).conj().T)


@given(algebras_with_words(3))
@settings(deadline=None, max_examples=200)
def test_product_is_associative_and_the_adjoint_reverses_it(drawn):
    _, _, algebra, (u, v, w) = drawn
    left = linear_product(algebra.product, algebra.product(u, v), {w: 1})
    assert left == linear_product(algebra.product, {u: 1}, algebra.product(v, w))
    adjoint = {algebra.adjoint(word): c for word, c in algebra.product(u, v).items()}
    assert adjoint == algebra.product(algebra.adjoint(v), algebra.adjoint(u))


@given(algebras_with_words(1))
@settings(deadline=None, max_examples=100)
def test_the_empty_word_is_the_unit(drawn):
    _, _, algebra, (v,) = drawn
    assert algebra.product(algebra.one, v) == algebra.product(v, algebra.one) == {v: 1}


@given(algebras_with_words(1))
@settings(deadline=None, max_examples=100)
def test_a_word_is_the_product_of_its_boxes_parts_in_any_order(drawn):
    _, _, algebra, (v,) = drawn
    parts = [{(*algebra.one[:k], part, *algebra.one[k + 1 :]): 1} for k, part in enumerate(v)]
    for order in (parts, parts[::-1]):
        result = {algebra.one: 1}
        for part in order:
            result = linear_product(algebra.product, result, part)
        assert result == {v: 1}


@every_scenario
def test_observed_words_are_the_measured_projectors(scenario):
    operator = evaluation(scenario, projector_letters, seed=5)
    for a, x in scenario.labels():
        measured = tuple((letter,) for letter in zip(x, a, strict=True))
        assert close(combination(observed_word((a, x), scenario), operator), operator(measured))


@every_scenario
def test_observed_words_of_one_joint_setting_are_orthogonal_projectors_summing_to_one(scenario):
    algebra = projector_algebra(scenario)
    for x in scenario.settings():
        effects = {a: observed_word((a, x), scenario) for a in scenario.outcomes(x)}
        for a, b in product(effects, repeat=2):
            both = linear_product(algebra.product, effects[a], effects[b])
            assert both == (dict(effects[a]) if a == b else {})
        words = set().union(*effects.values())
        total = {word: sum(effect.get(word, 0) for effect in effects.values()) for word in words}
        assert {word: c for word, c in total.items() if c} == {algebra.one: 1}


@every_scenario
def test_observed_words_expand_into_observed_words_only(scenario):
    words = {word for label in scenario.labels() for word in observed_word(label, scenario)}
    algebra = projector_algebra(scenario)
    assert words == set(level_words(algebra, "almost quantum"))
    assert all(is_observed(word) for word in words)


@every_scenario
def test_a_word_is_observed_iff_no_box_has_two_letters(scenario):
    for algebra in (group_algebra(scenario), projector_algebra(scenario)):
        few = set(level_words(algebra, "almost quantum"))
        assert all(is_observed(word) == (word in few) for word in level_words(algebra, 3))


@every_scenario
def test_written_words_read_back(scenario):
    for word in level_words(projector_algebra(scenario), 3):
        written = format_word(word)
        read = [[tuple(map(int, letter.split("|")))[::-1] for letter in strand.split()] for strand in written]
        assert tuple(map(tuple, read)) == word
