"""The moment structure of a level against brute force: every product multiplied out, word by word.

Two positions carry the same number iff their products are the same word, -1 iff the product vanishes; the transposed
position carries the adjoint; the observed numbers are those of the words with at most one letter per box. All of it in
both sets of letters, and once more for the full matrix with the trusted system's matrix units.
"""

from collections import defaultdict
from itertools import product

import numpy as np
import pytest

from steeralg.algebra.level import level_words
from steeralg.algebra.party import Projectors
from steeralg.algebra.word import Algebra, group_algebra, is_observed, projector_algebra
from steeralg.objects.scenario import Scenario
from steeralg.sdp.moments import moment_structure

CASES = [
    ([(2, 2)], 2, 3),
    ([(3, 2)], 2, 2),
    ([(2, 2), (2, 2)], 1, 2),
    ([(2, 2), (2, 2)], 2, "1+AB"),
    ([(3, 2), (1, 2)], 2, "1+AB+AAB"),
    ([(3, 3), (2,)], 1, "AAB"),
    ([(4,), (1,)], 3, 1),
    ([(2, 2), (3,), (2, 2)], 1, "almost quantum"),
    ([(2, 2), (2, 2), (2,)], 2, 2),
]
every_case = pytest.mark.parametrize(("outcomes", "dim", "level"), CASES, ids=str)
every_basis = pytest.mark.parametrize("algebra_of", [group_algebra, projector_algebra])


def structure_and_products(outcomes, dim, level, algebra_of):
    """The structure, its algebra, and the word of every product (None where it vanishes)."""
    algebra = algebra_of(Scenario.of(outcomes, dim))
    words = level_words(algebra, level)
    products = {}
    for (i, v), (j, w) in product(enumerate(words), repeat=2):
        result = algebra.product(algebra.adjoint(v), w)
        products[i, j] = next(iter(result)) if result else None
    return moment_structure(algebra, words, dim), algebra, products


def numbers_of(products, monomial):
    numbers = defaultdict(set)
    for position, word in products.items():
        numbers[word].add(int(monomial[position]))
    return numbers


@every_case
@every_basis
def test_numbers_are_equal_iff_the_products_are(outcomes, dim, level, algebra_of):
    structure, _, products = structure_and_products(outcomes, dim, level, algebra_of)
    assert structure.monomial.shape == (len(structure.words),) * 2
    numbers = numbers_of(products, structure.monomial)
    assert all(len(found) == 1 for found in numbers.values())
    assert len(set().union(*numbers.values())) == len(numbers)
    assert numbers.pop(None, {-1}) == {-1}
    assert min(min(found) for found in numbers.values()) >= 0


@every_case
@every_basis
def test_the_transposed_position_carries_the_adjoint(outcomes, dim, level, algebra_of):
    structure, algebra, products = structure_and_products(outcomes, dim, level, algebra_of)
    number = {word: found.pop() for word, found in numbers_of(products, structure.monomial).items()}
    for (i, j), word in products.items():
        adjoint = None if word is None else algebra.adjoint(word)
        assert structure.monomial[j, i] == number[adjoint]


@every_case
@every_basis
def test_observed_numbers_are_those_of_words_with_at_most_one_letter_per_box(outcomes, dim, level, algebra_of):
    structure, _, products = structure_and_products(outcomes, dim, level, algebra_of)
    number = {word: found.pop() for word, found in numbers_of(products, structure.monomial).items()}
    assert dict(structure.numbers) == {w: m for w, m in number.items() if w is not None and is_observed(w)}


@every_case
@every_basis
def test_the_full_matrix_numbers_monomials_with_matrix_units(outcomes, dim, level, algebra_of):
    structure, algebra, products = structure_and_products(outcomes, dim, level, algebra_of)
    assert structure.order == len(structure.words) * dim
    number = {}
    for (v, w), word in products.items():
        for i, j in product(range(dim), repeat=2):
            found = int(structure.element[v * dim + i, w * dim + j])
            key = None if word is None else (word, i, j)
            assert number.setdefault(key, found) == found
            assert structure.observed[v * dim + i, w * dim + j] == (word is not None and is_observed(word))
    assert len(set(number.values())) == len(number)
    assert number.pop(None, -1) == -1 and min(number.values()) >= 0
    for (word, i, j), found in number.items():
        where = np.argwhere(structure.element == found)
        assert {int(structure.element[q, p]) for p, q in where} == {number[algebra.adjoint(word), j, i]}
        if is_observed(word):
            assert structure.element_number(word)[i, j] == found


@every_case
def test_group_products_never_vanish(outcomes, dim, level):
    structure, _, _ = structure_and_products(outcomes, dim, level, group_algebra)
    assert structure.monomial.min() >= 0
    assert len(set(structure.monomial.diagonal().tolist())) == 1


def test_products_that_are_no_single_words_are_refused():
    class Doubled(Projectors):
        def product(self, left, right):
            return dict(super().product(left, right)) | {((9, 9),): 1}

    with pytest.raises(ValueError, match="single words"):
        moment_structure(Algebra((Doubled((2, 2)),)), [((),), (((0, 0),),)], 1)
