"""The moment structure of a level against brute force: every product multiplied out, word by word.

Two positions carry the same number iff their products are the same word; the twist is the phase of the product; the
transposed position carries the adjoint; the observable numbers are those of the words with at most one letter per
party. Once more for the full matrix with the trusted system's matrix units, and for explicit quantum states, whose
entries divided by their phases depend on the number alone.
"""

from collections import defaultdict
from fractions import Fraction
from functools import cache
from itertools import product

import numpy as np
import pytest

from steeralg.algebra.level import level_words
from steeralg.algebra.word import group_algebra, is_observable
from steeralg.objects.scenario import Scenario
from steeralg.sdp.moments import moment_structure
from steeralg.sdp.relaxation import Relaxation
from tests.operators import moment_matrix, random_parties, turned_adjoint, turned_product
from tests.strategies import KINDS

CASES = [
    (Scenario.of([(2, 2)], 2), 3),
    (Scenario.of([(3, 2)], 2), 2),
    (Scenario.of([(2, 2), (2, 2)], 1), 2),
    (Scenario.of([(2, 2), (2, 2)], 2), "1+AB"),
    (Scenario.of([(3, 2), (1, 2)], 2), "1+AB+AAB"),
    (Scenario.of([(3, 3), (2,)], 1), "AAB"),
    (Scenario.of([(4,), (1,)], 3), 1),
    (Scenario.of([(2, 2), (3,), (2, 2)], 1), "almost quantum"),
    (Scenario.of([(2,)], 2, 2), "ABB"),
    (Scenario.of([(3,)], 3, 2), 1),
    (Scenario.of([(2,)], 4, 1), 1),
    *((kind, 1 if kind.has_input else "almost quantum") for kind in KINDS.values() if len(kind.black_boxes) == 1),
    (KINDS["input, two boxes"], "almost quantum"),
]
every_case = pytest.mark.parametrize(("scenario", "level"), CASES, ids=str)


@cache
def structure_and_products(scenario, level):
    """The structure, its algebra, and the word and turn of every product."""
    algebra = group_algebra(scenario)
    words = level_words(algebra, level)
    products = {}
    for (i, v), (j, w) in product(enumerate(words), repeat=2):
        adjoint, start = turned_adjoint(algebra, v)
        word, turn = turned_product(algebra, adjoint, w)
        products[i, j] = word, (start + turn) % 1
    return moment_structure(algebra, words, scenario.dim), algebra, products


def numbers_of(products, monomial):
    numbers = defaultdict(set)
    for position, (word, _) in products.items():
        numbers[word].add(int(monomial[position]))
    return numbers


@every_case
def test_numbers_are_equal_iff_the_products_are(scenario, level):
    structure, _, products = structure_and_products(scenario, level)
    assert structure.monomial.shape == (len(structure.words),) * 2
    numbers = numbers_of(products, structure.monomial)
    assert all(len(found) == 1 for found in numbers.values())
    assert len(set().union(*numbers.values())) == len(numbers)
    assert structure.monomial.min() >= 0


@every_case
def test_twists_are_the_phases_of_the_products(scenario, level):
    structure, _, products = structure_and_products(scenario, level)
    for position, (_, turn) in products.items():
        assert Fraction(int(structure.twist[position]), structure.period) == turn
    d = scenario.dim
    wanted = np.exp(2j * np.pi * structure.twist / structure.period)
    assert np.abs(structure.phase - np.kron(wanted, np.ones((d, d)))).max() < 1e-12


@every_case
def test_the_transposed_position_carries_the_adjoint(scenario, level):
    structure, algebra, products = structure_and_products(scenario, level)
    number = {word: found.pop() for word, found in numbers_of(products, structure.monomial).items()}
    for (i, j), (word, turn) in products.items():
        adjoint, star = turned_adjoint(algebra, word)
        assert structure.monomial[j, i] == number[adjoint]
        assert products[j, i] == (adjoint, (star - turn) % 1)


@every_case
def test_observable_numbers_are_those_of_words_with_at_most_one_letter_per_party(scenario, level):
    structure, _, products = structure_and_products(scenario, level)
    number = {word: found.pop() for word, found in numbers_of(products, structure.monomial).items()}
    assert dict(structure.numbers) == {w: m for w, m in number.items() if is_observable(w)}


@every_case
def test_the_full_matrix_numbers_monomials_with_matrix_units(scenario, level):
    structure, algebra, products = structure_and_products(scenario, level)
    dim = scenario.dim
    assert structure.order == len(structure.words) * dim
    number = {}
    for (v, w), (word, _) in products.items():
        for i, j in product(range(dim), repeat=2):
            found = int(structure.element[v * dim + i, w * dim + j])
            assert number.setdefault((word, i, j), found) == found
    assert len(set(number.values())) == len(number) and min(number.values()) >= 0
    transposed = dict(zip(structure.element.ravel().tolist(), structure.element.T.ravel().tolist(), strict=True))
    for (word, i, j), found in number.items():
        assert transposed[found] == number[turned_adjoint(algebra, word)[0], j, i]
    observable = [number[word, i, j] for word in structure.numbers for i, j in product(range(dim), repeat=2)]
    assert structure.observable.tolist() == observable


@every_case
def test_unitary_words_have_the_identity_on_the_diagonal(scenario, level):
    structure, _, products = structure_and_products(scenario, level)
    one = ((),) * len(group_algebra(scenario).parties)
    assert all(products[i, i] == (one, 0) for i in range(len(structure.words)))
    assert set(structure.monomial.diagonal().tolist()) == {structure.numbers[one]}


@every_case
def test_in_explicit_states_entries_without_their_phases_depend_on_the_number_alone(scenario, level):
    relaxation = Relaxation.build(scenario, level)
    parties = random_parties(scenario, seed=3, local=3)
    size = int(np.prod([len(party[0][0]) for party in parties])) * scenario.dim
    rng = np.random.default_rng(1)
    root = rng.normal(size=(size, 2)) + 1j * rng.normal(size=(size, 2))
    rho = root @ root.conj().T / np.linalg.norm(root) ** 2
    matrix = moment_matrix(relaxation, parties, rho)
    assert np.linalg.eigvalsh(matrix)[0] > -1e-9
    plain = (matrix / relaxation.group.phase).ravel()
    _, first, index = np.unique(relaxation.group.element.ravel(), return_index=True, return_inverse=True)
    assert np.abs(plain - plain[first][index]).max() < 1e-9
