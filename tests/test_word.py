"""Words of a whole scenario: the tensor product of its parties' algebras, in both sets of letters.

Evaluation by random measurements and matrix units on different tensor factors is the oracle for products and
adjoints, phases included. Exactly: the laws of a *-algebra, commuting parties, observable words, words of files.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.level import level_words
from steeralg.algebra.party import words_of_length
from steeralg.algebra.word import (
    format_word,
    group_algebra,
    is_observable,
    is_word,
    products,
    projector_algebra,
)
from steeralg.certificates.encode import word_from_json
from steeralg.objects.scenario import Scenario
from tests.operators import (
    combination,
    letter_tables,
    linear_product,
    phase,
    random_parties,
    turned_adjoint,
    turned_product,
    word_operator,
)
from tests.strategies import KINDS

SCENARIOS = [Scenario.of([(3, 2), (1, 2)], 2), Scenario.of([(2, 2), (3,), (2, 2)], 1), *KINDS.values()]
every_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=str)


def evaluation(scenario, unitary, seed=0):
    """A function from words to operators: three levels for every box, two copies of the trusted party with input."""
    tables = letter_tables(scenario, random_parties(scenario, seed), unitary)
    return lambda word: word_operator(word, tables)


def close(left, right):
    return np.abs(left - right).max() < 1e-9


@st.composite
def scenarios_with_words(draw, count, algebra_of, longest=3):
    scenario = draw(st.sampled_from(SCENARIOS))
    parts = [
        st.integers(0, longest).flatmap(lambda n, p=party: st.sampled_from(words_of_length(p, n) or [()]))
        for party in algebra_of(scenario).parties
    ]
    return scenario, [tuple(draw(part) for part in parts) for _ in range(count)]


def some_words(algebra):
    words = level_words(algebra, 1)
    return words[:: max(1, len(words) // 12)]


@every_scenario
def test_products_and_adjoints_of_short_words_are_those_of_matrices(scenario):
    algebra, operator = projector_algebra(scenario), evaluation(scenario, unitary=False)
    for v, w in product(some_words(algebra), repeat=2):
        assert close(combination(algebra.product(v, w), operator), operator(v) @ operator(w))
        assert close(operator(algebra.adjoint(v)), operator(v).conj().T)


@every_scenario
def test_products_and_adjoints_of_short_unitary_words_are_those_of_matrices(scenario):
    algebra, operator = group_algebra(scenario), evaluation(scenario, unitary=True)
    for v, w in product(some_words(algebra), repeat=2):
        word, turn = turned_product(algebra, v, w)
        assert close(phase(turn) * operator(word), operator(v) @ operator(w))
        word, turn = turned_adjoint(algebra, v)
        assert close(phase(turn) * operator(word), operator(v).conj().T)


@given(scenarios_with_words(2, projector_algebra), st.integers(0, 10**6))
@settings(deadline=None, max_examples=60)
def test_products_and_adjoints_of_long_words_are_those_of_matrices(drawn, seed):
    scenario, (v, w) = drawn
    algebra, operator = projector_algebra(scenario), evaluation(scenario, False, seed)
    assert close(combination(algebra.product(v, w), operator), operator(v) @ operator(w))
    assert close(operator(algebra.adjoint(v)), operator(v).conj().T)


@given(scenarios_with_words(2, group_algebra), st.integers(0, 10**6))
@settings(deadline=None, max_examples=60)
def test_products_and_adjoints_of_long_unitary_words_are_those_of_matrices(drawn, seed):
    scenario, (v, w) = drawn
    algebra, operator = group_algebra(scenario), evaluation(scenario, True, seed)
    word, turn = turned_product(algebra, v, w)
    assert close(phase(turn) * operator(word), operator(v) @ operator(w))
    word, turn = turned_adjoint(algebra, v)
    assert close(phase(turn) * operator(word), operator(v).conj().T)


@given(scenarios_with_words(3, projector_algebra))
@settings(deadline=None, max_examples=150)
def test_product_is_associative_and_the_adjoint_reverses_it(drawn):
    scenario, (u, v, w) = drawn
    algebra = projector_algebra(scenario)
    left = linear_product(algebra.product, algebra.product(u, v), {w: 1})
    assert left == linear_product(algebra.product, {u: 1}, algebra.product(v, w))
    adjoint = {algebra.adjoint(word): c for word, c in algebra.product(u, v).items()}
    assert adjoint == algebra.product(algebra.adjoint(v), algebra.adjoint(u))


@given(scenarios_with_words(1, projector_algebra))
@settings(deadline=None, max_examples=100)
def test_a_word_is_the_product_of_its_parties_parts_in_any_order(drawn):
    scenario, (v,) = drawn
    algebra = projector_algebra(scenario)
    assert algebra.product(algebra.one, v) == algebra.product(v, algebra.one) == {v: 1}
    parts = [{(*algebra.one[:k], part, *algebra.one[k + 1 :]): 1} for k, part in enumerate(v)]
    for order in (parts, parts[::-1]):
        result = {algebra.one: 1}
        for part in order:
            result = linear_product(algebra.product, result, part)
        assert result == {v: 1}


@every_scenario
def test_parties_are_the_boxes_and_a_trusted_party_only_if_it_has_an_input(scenario):
    boxes = len(scenario.black_boxes)
    for algebra in (projector_algebra(scenario), group_algebra(scenario)):
        assert len(algebra.parties) == boxes + scenario.has_input
    assert projector_algebra(scenario).one == ((),) * (boxes + scenario.has_input)


@every_scenario
def test_the_table_of_products_is_every_product_once(scenario):
    algebra = projector_algebra(scenario)
    words = tuple(some_words(algebra))
    expected = {}
    for (i, v), (j, w) in product(enumerate(words), repeat=2):
        for word, c in algebra.product(algebra.adjoint(v), w).items():
            expected.setdefault(word, []).append((i, j, c))
    assert dict(products(algebra, words)) == expected


@every_scenario
def test_a_word_is_observable_iff_no_party_has_two_letters(scenario):
    for algebra in (group_algebra(scenario), projector_algebra(scenario)):
        few = set(level_words(algebra, "almost quantum"))
        assert all(is_observable(word) == (word in few) for word in level_words(algebra, 2))


def last_ones_too(scenario):
    """Words of one letter for a party, last basis elements included, and of two letters of one setting."""
    algebra = projector_algebra(scenario)
    for k, party in enumerate(algebra.parties):
        for x, size in enumerate(party.sizes()):
            for index in range(size):
                yield (*algebra.one[:k], ((x, index),), *algebra.one[k + 1 :]), True
                yield (*algebra.one[:k], ((x, index), (x, 0)), *algebra.one[k + 1 :]), False
            yield (*algebra.one[:k], ((x, size),), *algebra.one[k + 1 :]), False


@every_scenario
def test_words_of_files_are_existing_letters_last_ones_included(scenario):
    for word, expected in last_ones_too(scenario):
        assert is_word(word, scenario) == expected
    one = projector_algebra(scenario).one
    assert not is_word((*one, ()), scenario) and not is_word(one[1:], scenario)


@every_scenario
def test_written_words_read_back(scenario):
    words = level_words(projector_algebra(scenario), 2)
    for word in [*words[:: max(1, len(words) // 300)], *(w for w, valid in last_ones_too(scenario) if valid)]:
        assert word_from_json(format_word(word, scenario), scenario) == word


@pytest.mark.parametrize("outcomes", [[(3, 2), (1, 2)], [(2, 2), (3,), (2, 2)]], ids=str)
def test_letters_of_boxes_are_written_outcome_first(outcomes):
    scenario = Scenario.of(outcomes, 1)
    for word in level_words(projector_algebra(scenario), 3):
        written = format_word(word, scenario)
        read = [[tuple(map(int, letter.split("|")))[::-1] for letter in strand.split()] for strand in written]
        assert tuple(map(tuple, read)) == word
