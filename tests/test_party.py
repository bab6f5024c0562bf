"""One box's algebra, in projectors and in unitaries: its product and adjoint are those of every measurement.

The oracle is evaluation: letters become random projective measurements and their Fourier transforms, and a product of
words has to become the product of matrices. Beside it stand the laws of a *-algebra, exactly: associativity, the
adjoint as an anti-automorphism, idempotent projectors, unitary group words, reduced results, complete and orthogonal
effects.
"""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.party import CyclicGroup, Projectors, words_of_length
from tests.operators import (
    combination,
    group_letters,
    linear_product,
    party_operator,
    projector_letters,
    random_measurements,
)

OUTCOMES = [(2, 2), (3, 2), (1, 2), (2, 1, 3), (4,), (5, 2, 3)]
PARTIES = [kind(outcomes) for outcomes in OUTCOMES for kind in (Projectors, CyclicGroup)]
every_party = pytest.mark.parametrize("party", PARTIES, ids=str)
DIM = 7


def letter_operators(party, seed=0):
    measurements = random_measurements(seed, party.outcomes, DIM)
    return projector_letters(measurements) if isinstance(party, Projectors) else group_letters(measurements)


def short_words(party, longest):
    return [word for length in range(longest + 1) for word in words_of_length(party, length)]


def is_reduced(party, word):
    return set(word) <= set(party.letters()) and all(v[0] != w[0] for v, w in pairwise(word))


def close(left, right):
    return np.abs(left - right).max() < 1e-9


@st.composite
def parties_with_words(draw, count, kinds=PARTIES):
    """A party and some of its reduced words, of up to six letters."""
    party = draw(st.sampled_from(kinds))
    letters = st.sampled_from(list(party.letters()))

    def reduced(word):
        return tuple(letter for k, letter in enumerate(word) if not k or word[k - 1][0] != letter[0])

    words = st.lists(letters, max_size=6).map(reduced).filter(lambda word: is_reduced(party, word))
    return party, [draw(words) for _ in range(count)]


@every_party
def test_letters_number_the_free_parameters_of_the_settings(party):
    letters = list(party.letters())
    assert len(set(letters)) == len(letters) == sum(d - 1 for d in party.outcomes)
    assert all(0 <= x < len(party.outcomes) for x, _ in letters)


@every_party
@pytest.mark.parametrize("length", [0, 1, 2, 3])
def test_words_of_a_length_are_the_reduced_ones_of_all_sequences(party, length):
    sequences = product(sorted(party.letters()), repeat=length)
    assert words_of_length(party, length) == [word for word in sequences if is_reduced(party, word)]


@every_party
def test_products_of_short_words_are_matrix_products(party):
    letters = letter_operators(party)
    operators = {word: party_operator(word, letters) for word in short_words(party, 4)}
    words = short_words(party, 2)
    for v, w in product(words, repeat=2):
        assert close(combination(party.product(v, w), operators.get), operators[v] @ operators[w])


@every_party
def test_adjoints_of_short_words_are_adjoint_matrices(party):
    letters = letter_operators(party)
    for word in short_words(party, 3):
        assert close(party_operator(party.adjoint(word), letters), party_operator(word, letters).conj().T)


@given(parties_with_words(2), st.integers(0, 10**6))
@settings(deadline=None, max_examples=200)
def test_products_of_long_words_are_matrix_products(drawn, seed):
    party, (v, w) = drawn
    letters = letter_operators(party, seed)
    both = party_operator(v, letters) @ party_operator(w, letters)
    assert close(combination(party.product(v, w), lambda word: party_operator(word, letters)), both)


@given(parties_with_words(3))
@settings(deadline=None, max_examples=300)
def test_product_is_associative(drawn):
    party, (u, v, w) = drawn
    left = linear_product(party.product, party.product(u, v), {w: 1})
    assert left == linear_product(party.product, {u: 1}, party.product(v, w))


@given(parties_with_words(2))
@settings(deadline=None, max_examples=300)
def test_adjoint_reverses_products_and_is_an_involution(drawn):
    party, (v, w) = drawn
    adjoint_of_product = {party.adjoint(word): c for word, c in party.product(v, w).items()}
    assert adjoint_of_product == party.product(party.adjoint(w), party.adjoint(v))
    assert party.adjoint(party.adjoint(v)) == v


@given(parties_with_words(2))
@settings(deadline=None, max_examples=300)
def test_products_are_zero_or_one_reduced_word(drawn):
    party, (v, w) = drawn
    result = party.product(v, w)
    assert len(result) <= 1 and set(result.values()) <= {1}
    assert all(is_reduced(party, word) for word in result)
    assert is_reduced(party, party.adjoint(v))


@given(parties_with_words(1))
@settings(deadline=None, max_examples=100)
def test_the_empty_word_is_the_unit(drawn):
    party, (v,) = drawn
    assert party.product((), v) == party.product(v, ()) == {v: 1}


@given(parties_with_words(1, [p for p in PARTIES if isinstance(p, CyclicGroup)]))
@settings(deadline=None, max_examples=200)
def test_group_words_are_unitary(drawn):
    party, (v,) = drawn
    assert party.product(party.adjoint(v), v) == party.product(v, party.adjoint(v)) == {(): 1}


@pytest.mark.parametrize("outcomes", OUTCOMES, ids=str)
def test_letters_of_one_setting_are_a_cyclic_group(outcomes):
    party = CyclicGroup(outcomes)

    def power(x, k):
        return ((x, k % outcomes[x]),) if k % outcomes[x] else ()

    for x, d in enumerate(outcomes):
        for j, k in product(range(d), repeat=2):
            assert party.product(power(x, j), power(x, k)) == {power(x, j + k): 1}


@pytest.mark.parametrize("outcomes", OUTCOMES, ids=str)
def test_effects_are_complete_orthogonal_projectors(outcomes):
    party = Projectors(outcomes)
    for x, d in enumerate(outcomes):
        effects = [party.effect(x, a) for a in range(d)]
        words = set().union(*effects)
        total = {word: sum(effect.get(word, 0) for effect in effects) for word in words}
        assert {word: c for word, c in total.items() if c} == {(): 1}
        for a, b in product(range(d), repeat=2):
            both = linear_product(party.product, effects[a], effects[b])
            assert both == (dict(effects[a]) if a == b else {})


@pytest.mark.parametrize("outcomes", OUTCOMES, ids=str)
def test_effects_are_the_measured_projectors(outcomes):
    party = Projectors(outcomes)
    measured = projector_letters(random_measurements(1, outcomes, DIM))
    for (x, a), projector in measured.items():
        assert close(combination(party.effect(x, a), lambda word: party_operator(word, measured)), projector)
