"""The integer product structure: class sums, representatives and corrections, against exact algebra and brute force.

Class sums equal the exact ones of certificates, for random Hermitian integers and in every kind of scenario. Every
monomial has a representative whose product is that monomial alone, found again by multiplying; adjoints are those of
the algebra; corrections reach the wanted sums, stay Hermitian and touch representatives only. Words that are not
closed under deleting letters raise LevelError where representatives are needed.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.level import level_words
from steeralg.algebra.word import is_observable, products, projector_algebra
from steeralg.certificates.certificate import class_sums
from steeralg.errors import LevelError
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.objects.scenario import Scenario
from steeralg.sdp.products import product_structure
from tests.strategies import KINDS

CASES = [
    (Scenario.of([(2, 2)], 2), 3),
    (Scenario.of([(3, 2), (1, 2)], 2), "1+AB+AAB"),
    (Scenario.of([(2, 2), (3,), (2, 2)], 1), "almost quantum"),
    (Scenario.of([(4,), (1,)], 3), 1),
    (Scenario.of([(2, 2)], 2, 2), "AAB"),
    (Scenario.of([(2, 2)], 2, 2), "ABB"),
    *((kind, 1 if len(kind.black_boxes) == 1 else "almost quantum") for kind in KINDS.values()),
]
STRUCTURES = {
    (scenario, level): product_structure(
        projector_algebra(scenario), level_words(projector_algebra(scenario), level), scenario.dim
    )
    for scenario, level in CASES
}
every_case = pytest.mark.parametrize("case", list(STRUCTURES), ids=lambda case: f"{case[0]} {case[1]}")
cases = st.sampled_from(list(STRUCTURES))


def integers(structure, seed, hermitian=True, size=10**6):
    """The planes of a random matrix of integers, Hermitian or not."""
    rng, n = np.random.default_rng(seed), structure.order
    re, im = (rng.integers(-size, size, (n, n)) for _ in range(2))
    return (np.tril(re) + np.tril(re, -1).T, np.tril(im, -1) - np.tril(im, -1).T) if hermitian else (re, im)


def exact(re, im):
    n = len(re)
    return Matrix(RATIONALS, n, n, (tuple(re.ravel().tolist()), tuple(im.ravel().tolist())))


def table(structure, sums):
    return {word: tuple(s.ravel().tolist()) for word, s in zip(structure.monomials, sums, strict=True)}


@given(cases, st.integers(0, 10**6), st.booleans())
@settings(deadline=None, max_examples=60)
def test_class_sums_are_the_exact_ones(case, seed, hermitian):
    scenario, structure = case[0], STRUCTURES[case]
    re, im = integers(structure, seed, hermitian)
    found = [table(structure, structure.class_sums(plane)) for plane in (re, im)]
    expected = class_sums(scenario, structure.words, exact(re, im))
    assert set(found[0]) == set(expected)
    for word, matrix in expected.items():
        assert matrix.denominator == 1
        assert (found[0][word], found[1][word]) == matrix.planes


@every_case
def test_terms_are_the_products_of_the_algebra(case):
    scenario, structure = case[0], STRUCTURES[case]
    expected = {
        (v * len(structure.words) + w, word, c)
        for word, terms in products(projector_algebra(scenario), structure.words).items()
        for v, w, c in terms
    }
    columns = zip(structure.position.tolist(), structure.monomial.tolist(), structure.coefficient.tolist(), strict=True)
    found = [(p, structure.monomials[m], c) for p, m, c in columns]
    assert len(found) == len(set(found)) and set(found) == expected
    assert len(set(structure.monomials)) == len(structure.monomials)


@every_case
def test_observable_monomials_are_numbered_as_they_stand(case):
    structure = STRUCTURES[case]
    assert dict(structure.numbers) == {w: k for k, w in enumerate(structure.monomials) if is_observable(w)}
    assert structure.order == len(structure.words) * case[0].dim


@every_case
def test_representatives_are_positions_of_one_monomial_alone_diagonal_where_possible(case):
    scenario, structure = case[0], STRUCTURES[case]
    algebra, words = projector_algebra(scenario), structure.words
    squares = {
        word
        for v in words
        for word, c in algebra.product(algebra.adjoint(v), v).items()
        if len(algebra.product(algebra.adjoint(v), v)) == 1 and c == 1
    }
    for monomial, v, w in zip(structure.monomials, *structure.representative, strict=True):
        assert algebra.product(algebra.adjoint(words[v]), words[w]) == {monomial: 1}
        assert (v == w) == (monomial in squares)


@every_case
def test_adjoints_are_those_of_the_algebra(case):
    algebra, structure = projector_algebra(case[0]), STRUCTURES[case]
    for number, adjoint in enumerate(structure.adjoint.tolist()):
        assert structure.monomials[adjoint] == algebra.adjoint(structure.monomials[number])


def wanted_sums(structure, seed):
    """Class sums of another random Hermitian matrix: any Hermitian family."""
    return tuple(structure.class_sums(plane) for plane in integers(structure, seed, size=1000))


@given(cases, st.integers(0, 10**6), st.integers(0, 10**6))
@settings(deadline=None, max_examples=60)
def test_corrections_reach_the_wanted_sums_and_keep_the_matrix_hermitian(case, seed, other):
    structure = STRUCTURES[case]
    re, im = integers(structure, seed)
    wanted = wanted_sums(structure, other)
    found_re, found_im, factor = structure.corrected(re, im, wanted)
    assert factor in (1, 2) and found_re.dtype.kind == found_im.dtype.kind == "i"
    assert np.array_equal(found_re, found_re.T) and np.array_equal(found_im, -found_im.T)
    for plane, goal in zip((found_re, found_im), wanted, strict=True):
        assert np.array_equal(structure.class_sums(plane), factor * goal)


@given(cases, st.integers(0, 10**6), st.integers(0, 10**6))
@settings(deadline=None, max_examples=30)
def test_corrections_change_representatives_and_their_mirror_images_only(case, seed, other):
    structure = STRUCTURES[case]
    n, d = len(structure.words), case[0].dim
    re, im = integers(structure, seed)
    before = [plane.copy() for plane in (re, im)]
    *found, factor = structure.corrected(re, im, wanted_sums(structure, other))
    assert all(np.array_equal(a, b) for a, b in zip((re, im), before, strict=True))
    allowed = np.zeros((n, n), bool)
    v, w = structure.representative
    allowed[v, w] = allowed[w, v] = True
    for plane, old in zip(found, before, strict=True):
        changed = (plane != factor * old).reshape(n, d, n, d).any(axis=(1, 3))
        assert not np.any(changed & ~allowed)


@every_case
def test_what_is_right_already_is_not_corrected(case):
    structure = STRUCTURES[case]
    re, im = integers(structure, 5)
    found_re, found_im, factor = structure.corrected(re, im, tuple(map(structure.class_sums, (re, im))))
    assert factor == 1 and np.array_equal(found_re, re) and np.array_equal(found_im, im)


def test_halves_appear_only_for_self_adjoint_classes_without_a_diagonal_position():
    """With the words 1, A, B of two boxes the class of A B is self-adjoint and at (A, B) and (B, A) only."""
    scenario = Scenario.of([(2,), (2,)], 1)
    structure = product_structure(projector_algebra(scenario), level_words(projector_algebra(scenario), 1), 1)
    zero = np.zeros((3, 3), np.int64)
    for amount, expected in ((1, 2), (2, 1)):
        sums = np.zeros((len(structure.monomials), 1, 1), np.int64)
        sums[structure.numbers[((0, 0),), ((0, 0),)]] = amount
        re, _, factor = structure.corrected(zero, zero, (sums, np.zeros_like(sums)))
        assert factor == expected
        assert re.tolist() == [[0, 0, 0], [0, 0, amount * factor // 2], [0, amount * factor // 2, 0]]


OPEN = {
    "a word without the empty one": (Scenario.of([(2, 2)], 1), [(((0, 0), (1, 0)),)]),
    "a matrix unit without its setting's others": (Scenario.of([(2,)], 2, 2), [((), ((0, 1),))]),
    "no empty word": (Scenario.of([(2,)], 2, 2), [((), ((0, 0),)), ((), ((0, 1),))]),
    "one of several last units": (Scenario.of([(2,)], 2, 2), [((), ()), ((), ((0, 1),))]),
}


REFUSED = ["a matrix unit without its setting's others", "no empty word", "one of several last units"]


@pytest.mark.parametrize("name", REFUSED)
def test_words_that_are_not_closed_are_refused_where_representatives_are_needed(name):
    """e_01* e_01 = e_11 = 1 - e_00, and e_00 or 1 is no product alone."""
    scenario, words = OPEN[name]
    structure = product_structure(projector_algebra(scenario), words, scenario.dim)
    zero = np.zeros((structure.order,) * 2, np.int64)
    sums = structure.class_sums(zero)
    for attempt in (lambda: structure.representative, lambda: structure.corrected(zero, zero, (sums, sums))):
        with pytest.raises(LevelError, match="closed under deleting letters"):
            attempt()


def test_any_words_have_class_sums_closed_or_not():
    for scenario, words in OPEN.values():
        structure = product_structure(projector_algebra(scenario), words, scenario.dim)
        re, im = integers(structure, 3)
        expected = class_sums(scenario, words, exact(re, im))
        found = [table(structure, structure.class_sums(plane)) for plane in (re, im)]
        assert all((found[0][word], found[1][word]) == matrix.planes for word, matrix in expected.items())


@every_case
def test_class_sums_are_those_of_explicit_blocks(case):
    """By the definition: sum over (v, w) of the coefficient of the monomial in v*w times the block Z_vw."""
    scenario, structure = case[0], STRUCTURES[case]
    algebra, d = projector_algebra(scenario), scenario.dim
    re, _ = integers(structure, 9)
    expected = {word: np.zeros((d, d), np.int64) for word in structure.monomials}
    for (i, v), (j, w) in product(enumerate(structure.words), repeat=2):
        for word, c in algebra.product(algebra.adjoint(v), w).items():
            expected[word] += c * re[i * d : (i + 1) * d, j * d : (j + 1) * d]
    assert all(
        np.array_equal(s, expected[word]) for word, s in zip(structure.monomials, structure.class_sums(re), strict=True)
    )
