"""One party's algebra in certificate letters: its product and adjoint are those of every realisation.

The oracle is evaluation: letters become projective measurements or matrix units U*(e_ij (x) 1)U, random in floats and
exact from rational unitaries, and a product of words has to become the product of matrices. Beside it stand the laws
of a *-algebra, exactly: associativity, the adjoint as an anti-automorphism, reduced results, complete and orthogonal
projectors, the multiplication table of matrix units. One setting is the matrix algebra itself.
"""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.party import MatrixUnits, Projectors, count_words, words_of_length
from steeralg.exact.matrix import Matrix
from steeralg.exact.tensor import kron
from tests import strategies as own
from tests.operators import (
    combination,
    exact_word,
    linear_product,
    party_operator,
    projector_letters,
    random_matrix_units,
    random_measurements,
)

OUTCOMES = [(2, 2), (3, 2), (1, 2), (2, 1, 3), (4,), (5, 2, 3)]
BOXES = [Projectors(outcomes) for outcomes in OUTCOMES]
UNITS = [MatrixUnits(2, 2), MatrixUnits(3, 2), MatrixUnits(2, 3), MatrixUnits(2, 1), MatrixUnits(4, 1)]
TRIVIAL = [MatrixUnits(1, 3)]
PARTIES = BOXES + UNITS
every_party = pytest.mark.parametrize("party", PARTIES + TRIVIAL, ids=str)
every_box = pytest.mark.parametrize("party", BOXES, ids=str)
every_unit_party = pytest.mark.parametrize("party", UNITS + TRIVIAL, ids=str)
DIM = 7


def letter_operators(party, seed=0):
    if isinstance(party, Projectors):
        return projector_letters(random_measurements(seed, party.outcomes, DIM))
    return projector_letters(random_matrix_units(seed, party.dim, party.settings))


def basis(party):
    """Every basis element (x, k), the last one of every setting included."""
    return [(x, k) for x, size in enumerate(party.sizes()) for k in range(size)]


def short_words(party, longest):
    return [word for length in range(longest + 1) for word in words_of_length(party, length)]


def few(words, count=40):
    return words[:: max(1, len(words) // count)]


def is_reduced(party, word):
    return set(word) <= set(party.letters()) and all(v[0] != w[0] for v, w in pairwise(word))


def close(left, right):
    return np.abs(left - right).max() < 1e-9


@st.composite
def parties_with_words(draw, count, parties=PARTIES, last=False):
    """A party and some of its words, of up to five letters, reduced or with last basis elements among them."""
    party = draw(st.sampled_from(parties))
    letters = st.sampled_from(basis(party) if last else list(party.letters()))

    def reduced(word):
        kept = []
        for letter in word:
            if not kept or kept[-1][0] != letter[0]:
                kept.append(letter)
        return tuple(kept)

    words = st.lists(letters, max_size=5).map(reduced)
    return party, [draw(words) for _ in range(count)]


@every_party
def test_letters_number_the_free_parameters_of_the_settings(party):
    letters = list(party.letters())
    sizes = party.outcomes if isinstance(party, Projectors) else (party.dim**2,) * party.settings
    assert len(set(letters)) == len(letters) == sum(d - 1 for d in sizes)
    assert set(letters) == {(x, k) for x, d in enumerate(sizes) for k in range(d - 1)}


@every_party
@pytest.mark.parametrize("length", [0, 1, 2, 3])
def test_words_of_a_length_are_the_reduced_ones_of_all_sequences(party, length):
    if len(list(party.letters())) ** length > 5000:
        assert count_words(party, length) == len(words_of_length(party, length))
        return
    sequences = [word for word in product(sorted(party.letters()), repeat=length) if is_reduced(party, word)]
    assert words_of_length(party, length) == sequences
    assert count_words(party, length) == len(sequences)


@every_party
def test_products_of_short_words_are_matrix_products(party):
    letters = letter_operators(party)
    words = few(short_words(party, 2))
    for v, w in product(words, repeat=2):
        both = party_operator(v, letters) @ party_operator(w, letters)
        assert close(combination(party.product(v, w), lambda word: party_operator(word, letters)), both)


@every_party
def test_adjoints_of_short_words_are_adjoint_matrices(party):
    letters = letter_operators(party)
    for word in few(short_words(party, 3), 200):
        assert close(party_operator(party.adjoint(word), letters), party_operator(word, letters).conj().T)


@given(parties_with_words(2, last=True), st.integers(0, 10**6))
@settings(deadline=None, max_examples=200)
def test_products_of_long_words_are_matrix_products(drawn, seed):
    party, (v, w) = drawn
    letters = letter_operators(party, seed)
    both = party_operator(v, letters) @ party_operator(w, letters)
    assert close(combination(party.product(v, w), lambda word: party_operator(word, letters)), both)


@st.composite
def exact_elements(draw, party):
    """Exact basis elements: rational projective measurements, or matrix units turned by rational unitaries."""
    if isinstance(party, Projectors):
        return [list(draw(own.projective_measurements(2, d)).effects) for d in party.outcomes]
    d = party.dim
    turns = [draw(own.unitaries(2 * d)) for _ in range(party.settings)]
    pair = Matrix.identity(2)
    return [[u.adjoint @ kron(Matrix.unit(d, i, j), pair) @ u for i in range(d) for j in range(d)] for u in turns]


@given(
    parties_with_words(2, [*BOXES[:3], MatrixUnits(2, 2)], last=True).flatmap(
        lambda drawn: st.tuples(st.just(drawn), exact_elements(drawn[0]))
    )
)
@settings(deadline=None, max_examples=40)
def test_products_and_adjoints_are_exactly_those_of_rational_matrices(pair):
    (party, (v, w)), elements = pair
    left, right = exact_word((v,), [elements]), exact_word((w,), [elements])
    found = Matrix.zero(left.rows, left.rows)
    for word, c in party.product(v, w).items():
        found = found + exact_word((word,), [elements]).scale(c)
    assert found == left @ right
    assert exact_word((party.adjoint(v),), [elements]) == left.adjoint


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


@given(parties_with_words(2, last=True))
@settings(deadline=None, max_examples=300)
def test_products_are_combinations_of_reduced_words_with_coefficients_that_do_not_vanish(drawn):
    party, (v, w) = drawn
    result = party.product(v, w)
    assert all(is_reduced(party, word) and type(c) is int and c for word, c in result.items())


@given(parties_with_words(2, BOXES))
@settings(deadline=None, max_examples=200)
def test_products_of_a_boxs_words_are_zero_or_one_word(drawn):
    party, (v, w) = drawn
    result = party.product(v, w)
    assert len(result) <= 1 and set(result.values()) <= {1}


@given(parties_with_words(1, last=True))
@settings(deadline=None, max_examples=100)
def test_the_empty_word_is_the_unit(drawn):
    party, (v,) = drawn
    assert party.product((), v) == party.product(v, ())
    if is_reduced(party, v):
        assert party.product((), v) == {v: 1}


@every_party
def test_words_are_existing_letters_with_neighbours_of_different_settings(party):
    letters = basis(party)
    for word in few([(v, w) for v, w in product(letters, repeat=2)], 300):
        assert party.is_word(word) == (word[0][0] != word[1][0])
    sizes = party.sizes()
    for alien in [(len(sizes), 0), (-1, 0), (0, sizes[0]), (0, -1)]:
        assert not party.is_word((alien,))
    assert party.is_word(()) and all(party.is_word((letter,)) for letter in letters)


def summed(elements):
    words = set().union(*elements)
    table = {word: sum(element.get(word, 0) for element in elements) for word in words}
    return {word: c for word, c in table.items() if c}


@every_box
def test_effects_are_complete_orthogonal_projectors(party):
    for x, d in enumerate(party.outcomes):
        effects = [party.element(x, a) for a in range(d)]
        assert summed(effects) == {(): 1}
        for a, b in product(range(d), repeat=2):
            both = linear_product(party.product, effects[a], effects[b])
            assert both == (dict(effects[a]) if a == b else {})


@every_unit_party
def test_matrix_units_have_their_multiplication_table(party):
    d = party.dim
    for y in range(party.settings):
        unit = {(i, j): party.element(y, i * d + j) for i, j in product(range(d), repeat=2)}
        assert summed([unit[i, i] for i in range(d)]) == {(): 1}
        for (i, j), (k, m) in product(unit, repeat=2):
            both = linear_product(party.product, unit[i, j], unit[k, m])
            assert both == (dict(unit[i, m]) if j == k else {})
            adjoint = {party.adjoint(word): c for word, c in unit[i, j].items()}
            assert adjoint == dict(unit[j, i])


@every_party
def test_elements_are_the_realised_ones(party):
    letters = letter_operators(party, 1)
    for (x, k), operator in letters.items():
        assert close(combination(party.element(x, k), lambda word: party_operator(word, letters)), operator)


@pytest.mark.parametrize("dim", [1, 2, 3])
def test_with_one_setting_the_words_are_the_matrix_algebra(dim):
    """Every product lies in the span of 1 and the letters, and multiplies as matrices of order D do."""
    party = MatrixUnits(dim, 1)
    assert len(short_words(party, 3)) == dim * dim
    units = {(0, i * dim + j): np.eye(dim)[:, [i]] @ np.eye(dim)[[j], :] for i, j in product(range(dim), repeat=2)}
    letters = {(0, k): units[0, k] for k in range(dim * dim)}
    words = short_words(party, 1)
    operators = {word: party_operator(word, letters) for word in words}
    assert np.linalg.matrix_rank(np.array([m.ravel() for m in operators.values()])) == dim * dim
    for v, w in product(words, repeat=2):
        assert close(combination(party.product(v, w), operators.get), operators[v] @ operators[w])


@pytest.mark.parametrize("settings_", [1, 2, 3])
def test_a_trusted_party_of_dimension_one_has_no_letters(settings_):
    party = MatrixUnits(1, settings_)
    assert list(party.letters()) == []
    assert all(party.element(y, 0) == {(): 1} for y in range(settings_))
