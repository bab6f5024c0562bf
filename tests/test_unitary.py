"""One party's algebra in unitary letters: products and adjoints with their phases are those of every realisation.

Letters become Fourier transforms of random projective measurements, and Weyl operators made of random matrix units.
Exactly: phases are associative and undone by the adjoint, words are unitary, the letters of one setting are a cyclic
group or the Weyl group with the phases of X^p Z^q as explicit matrices of order D.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.party import words_of_length
from steeralg.algebra.unitary import CyclicGroup, WeylGroup
from tests.operators import group_letters, party_operator, random_matrix_units, random_measurements, weyl_letters
from tests.test_party import OUTCOMES, close, few, is_reduced, short_words

BOXES = [CyclicGroup(outcomes) for outcomes in OUTCOMES]
INPUTS = [WeylGroup(2, 2), WeylGroup(3, 2), WeylGroup(2, 3), WeylGroup(3, 1), WeylGroup(4, 2), WeylGroup(6, 1)]
PARTIES = BOXES + INPUTS
every_party = pytest.mark.parametrize("party", [*PARTIES, WeylGroup(1, 2)], ids=str)


def letter_operators(party, seed=0):
    if isinstance(party, CyclicGroup):
        return group_letters(random_measurements(seed, party.outcomes, 7))
    return weyl_letters(random_matrix_units(seed, party.dim, party.settings, 2))


def turned(party, power):
    return np.exp(2j * np.pi * power / party.period)


@st.composite
def parties_with_words(draw, count):
    party = draw(st.sampled_from(PARTIES))
    letters = st.sampled_from(list(party.letters()))

    def reduced(word):
        kept = []
        for letter in word:
            if not kept or kept[-1][0] != letter[0]:
                kept.append(letter)
        return tuple(kept)

    return party, [draw(st.lists(letters, max_size=5).map(reduced)) for _ in range(count)]


def times(party, *words):
    """The product of several words, phases added up."""
    result, power = (), 0
    for word in words:
        result, turn = party.product(result, word)
        power += turn
    return result, power % party.period


@every_party
def test_letters_number_the_free_parameters_of_the_settings(party):
    letters = list(party.letters())
    sizes = party.outcomes if isinstance(party, CyclicGroup) else (party.dim**2,) * party.settings
    assert sorted(letters) == [(x, k) for x, d in enumerate(sizes) for k in range(1, d)]
    assert len(short_words(party, 1)) == 1 + len(letters) == 1 + len(words_of_length(party, 1))


@every_party
def test_products_of_short_words_are_matrix_products(party):
    letters = letter_operators(party)
    for v, w in product(few(short_words(party, 2)), repeat=2):
        word, power = party.product(v, w)
        both = party_operator(v, letters) @ party_operator(w, letters)
        assert close(turned(party, power) * party_operator(word, letters), both)


@given(parties_with_words(2), st.integers(0, 10**6))
@settings(deadline=None, max_examples=150)
def test_products_and_adjoints_of_long_words_are_those_of_matrices(drawn, seed):
    party, (v, w) = drawn
    letters = letter_operators(party, seed)
    left, right = party_operator(v, letters), party_operator(w, letters)
    word, power = party.product(v, w)
    assert is_reduced(party, word) and 0 <= power < party.period
    assert close(turned(party, power) * party_operator(word, letters), left @ right)
    word, power = party.adjoint(v)
    assert is_reduced(party, word) and 0 <= power < party.period
    assert close(turned(party, power) * party_operator(word, letters), left.conj().T)


@given(parties_with_words(3))
@settings(deadline=None, max_examples=300)
def test_product_is_associative_phases_included(drawn):
    party, (u, v, w) = drawn
    inner, power = party.product(v, w)
    outer, turn = party.product(u, inner)
    assert times(party, u, v, w) == (outer, (power + turn) % party.period)


@given(parties_with_words(2))
@settings(deadline=None, max_examples=300)
def test_adjoint_reverses_products_and_is_an_involution_phases_included(drawn):
    """(p v w)* = conj(p) w* v*: the phase of a word is conjugated, that of its adjoint added."""
    party, (v, w) = drawn
    word, power = party.product(v, w)
    star, turn = party.adjoint(word)
    (left, a), (right, b) = party.adjoint(w), party.adjoint(v)
    both, c = party.product(left, right)
    assert (star, (turn - power) % party.period) == (both, (a + b + c) % party.period)
    again, back = party.adjoint(party.adjoint(v)[0])
    assert (again, (back - party.adjoint(v)[1]) % party.period) == (v, 0)


@given(parties_with_words(1))
@settings(deadline=None, max_examples=200)
def test_words_are_unitary(drawn):
    party, (v,) = drawn
    adjoint, start = party.adjoint(v)
    for left, right in ((adjoint, v), (v, adjoint)):
        word, power = party.product(left, right)
        assert word == () and (start + power) % party.period == 0
    assert party.product((), v) == party.product(v, ()) == (v, 0)


@pytest.mark.parametrize("outcomes", OUTCOMES, ids=str)
def test_letters_of_one_setting_of_a_box_are_a_cyclic_group(outcomes):
    party = CyclicGroup(outcomes)

    def power(x, k):
        return ((x, k % outcomes[x]),) if k % outcomes[x] else ()

    for x, d in enumerate(outcomes):
        for j, k in product(range(d), repeat=2):
            assert party.product(power(x, j), power(x, k)) == (power(x, j + k), 0)


@pytest.mark.parametrize("dim", [1, 2, 3, 4])
def test_letters_of_one_setting_of_an_input_are_the_weyl_operators_of_order_d(dim):
    party = WeylGroup(dim, 2)
    shift = np.roll(np.eye(dim), 1, axis=0)
    clock = np.diag(np.exp(2j * np.pi * np.arange(dim) / dim))
    operator = [
        np.linalg.matrix_power(shift, p) @ np.linalg.matrix_power(clock, q) for p, q in product(range(dim), repeat=2)
    ]
    for y, left, right in product(range(2), range(dim * dim), range(dim * dim)):
        index, power = party.times(y, left, right)
        assert close(turned(party, power) * operator[index], operator[left] @ operator[right])
        index, power = party.inverse(y, left)
        assert close(turned(party, power) * operator[index], operator[left].conj().T)
