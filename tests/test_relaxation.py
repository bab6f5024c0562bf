"""Candidates for certificates: what leaves the float layer are integers with exact properties, whatever came before.

The shift is the identity of the group basis in projector words: exactly `sum u* u` = (number of words) * 1, and
positive definite. Gram matrices on the grid are Hermitian, their unobserved class sums vanish exactly, and they are
near what was rounded. Changing words and back is the identity; projecting reaches the wanted class sums. Suggested
factors prove positivity wherever there is room for it.
"""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.word import group_algebra, is_observed
from steeralg.certificates.certificate import class_sums
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.psd import Factor, decide_psd
from steeralg.objects.scenario import Scenario
from steeralg.sdp.basis import coefficients, moments
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.suggest import MAX_GRID_BITS, suggest_factor
from tests import operators
from tests.strategies import functionals, hermitian, quantum_assemblages

CASES = [
    ([(2, 2)], 2, 3),
    ([(3, 2)], 2, 2),
    ([(5,)], 1, 1),
    ([(2, 2), (2, 2)], 2, "1+AB"),
    ([(2, 2), (2, 2)], 1, 2),
    ([(3, 2), (1, 2)], 2, "1+AB+AAB"),
    ([(2, 2), (3,), (2,)], 1, "almost quantum"),
]
RELAXATIONS = [Relaxation.build(Scenario.of(outcomes, dim), level) for outcomes, dim, level in CASES]
every_relaxation = pytest.mark.parametrize("relaxation", RELAXATIONS, ids=[str(case) for case in CASES])
cases = st.sampled_from(RELAXATIONS)


def random_gram(relaxation, seed, real=False):
    rng, n = np.random.default_rng(seed), relaxation.group.order
    root = rng.normal(size=(n, n)) + (0 if real else 1j) * rng.normal(size=(n, n))
    return root @ root.conj().T / n


def exact(candidate):
    n = len(candidate.re)
    return Matrix(
        RATIONALS, n, n, (tuple(candidate.re.ravel().tolist()), tuple(candidate.im.ravel().tolist())), 2**candidate.bits
    )


def group_sums(relaxation, gram):
    return operators.class_sums(group_algebra(relaxation.scenario), relaxation.group.words, gram)


def close(left, right):
    return np.abs(left - right).max() < 1e-9


@every_relaxation
def test_the_shift_is_exactly_the_number_of_words_times_one(relaxation):
    scenario, dim = relaxation.scenario, relaxation.scenario.dim
    table = np.kron(relaxation.shift, np.eye(dim, dtype=np.int64))
    words = relaxation.projector.words
    sums = class_sums(scenario, words, Matrix.rational(table.tolist()))
    assert sums.pop(words[0]) == Matrix.identity(dim).scale(len(words))
    assert all(matrix.is_zero for matrix in sums.values())


@every_relaxation
def test_the_shift_is_the_positive_definite_identity_of_the_group_basis(relaxation):
    pivots = decide_psd(Matrix.rational(relaxation.shift.tolist())).witness.pivots
    assert len(pivots) == len(relaxation.group.words)
    carried = relaxation.carry(np.eye(relaxation.group.order, dtype=complex))
    assert close(carried, np.kron(relaxation.shift, np.eye(relaxation.scenario.dim)))


@given(cases, st.integers(0, 10**6))
@settings(deadline=None, max_examples=20)
def test_carrying_to_projector_words_and_back_is_the_identity(relaxation, seed):
    gram = random_gram(relaxation, seed)
    assert close(relaxation.carry_back(relaxation.carry(gram)), gram)


@given(cases, st.integers(0, 10**6), st.integers(0, 40), st.booleans())
@settings(deadline=None, max_examples=60)
def test_on_the_grid_unobserved_class_sums_vanish_exactly(relaxation, seed, bits, real):
    candidate = relaxation.grid(random_gram(relaxation, seed, real), bits, real)
    gram = exact(candidate)
    assert candidate.bits == bits and gram.is_hermitian and (gram.is_real or not real)
    sums = class_sums(relaxation.scenario, relaxation.projector.words, gram)
    assert all(matrix.is_zero for word, matrix in sums.items() if not is_observed(word))


@every_relaxation
def test_unobserved_class_sums_vanish_exactly_on_the_finest_grid_that_is_tried(relaxation):
    candidate = relaxation.grid(random_gram(relaxation, seed=1), MAX_GRID_BITS, real=False)
    sums = class_sums(relaxation.scenario, relaxation.projector.words, exact(candidate))
    assert all(matrix.is_zero for word, matrix in sums.items() if not is_observed(word))


@given(cases, st.integers(0, 10**6), st.integers(20, 40))
@settings(deadline=None, max_examples=30)
def test_the_grid_is_near_a_gram_matrix_whose_unobserved_sums_vanish(relaxation, seed, bits):
    gram = relaxation.project(random_gram(relaxation, seed), None)
    candidate = relaxation.grid(gram, bits, real=False)
    found = (candidate.re + 1j * candidate.im) / 2.0**bits
    assert np.abs(found - relaxation.carry(gram)).max() < len(found) ** 2 * 2.0**-bits + 1e-9
    least = float(np.linalg.eigvalsh(relaxation.carry_back(found))[0])
    assert candidate.least == pytest.approx(least, abs=1e-9)


@given(cases, st.integers(0, 10**6), st.integers(-50, 50))
@settings(deadline=None, max_examples=30)
def test_shifting_moves_the_coefficient_of_one_exactly_and_no_other(relaxation, seed, amount):
    words, bits = relaxation.projector.words, 8
    candidate = relaxation.grid(random_gram(relaxation, seed), bits, real=False)
    before = class_sums(relaxation.scenario, words, exact(candidate))
    shifted = relaxation.shifted(candidate, amount)
    after = class_sums(relaxation.scenario, words, exact(shifted))
    moved = Matrix.identity(relaxation.scenario.dim).scale(Fraction(amount * len(words), 1 << bits))
    assert after.pop(words[0]) == before.pop(words[0]) + moved
    assert after == before
    assert shifted.least == pytest.approx(candidate.least + amount / 2**bits)


@given(cases, st.integers(0, 10**6))
@settings(deadline=None, max_examples=20)
def test_projecting_keeps_observed_sums_and_clears_the_others(relaxation, seed):
    gram = random_gram(relaxation, seed)
    before, after = group_sums(relaxation, gram), group_sums(relaxation, relaxation.project(gram, None))
    assert all(close(after[word], before[word] if is_observed(word) else 0) for word in before)


@given(cases.flatmap(lambda r: st.tuples(st.just(r), functionals(r.scenario))), st.integers(0, 10**6))
@settings(deadline=None, max_examples=20)
def test_with_bound_reaches_the_functional_minus_the_bound(drawn, seed):
    relaxation, functional = drawn
    terms = coefficients(functional.scenario, functional.elements)
    gram = relaxation.with_bound(random_gram(relaxation, seed), terms, -2.5)
    assert close(gram, gram.conj().T)
    for word, found in group_sums(relaxation, gram).items():
        wanted = terms.get(word, 0) + (2.5 * np.eye(relaxation.scenario.dim) if not any(word) else 0)
        assert close(found, wanted)


@given(cases.flatmap(lambda r: st.tuples(st.just(r), quantum_assemblages(r.scenario))), st.integers(0, 10**6))
@settings(deadline=None, max_examples=20)
def test_pairing_sums_the_moments_of_all_products(drawn, seed):
    relaxation, assemblage = drawn
    data = moments(assemblage.scenario, assemblage.elements)
    gram = relaxation.project(random_gram(relaxation, seed), None)
    sums = group_sums(relaxation, gram)
    expected = sum(np.sum(sums[word] * table).real for word, table in data.items() if word in sums)
    assert relaxation.pairing(gram, data) == pytest.approx(expected, abs=1e-9)


@given(st.integers(1, 6).flatmap(hermitian), st.integers(1, 10**6))
@settings(deadline=None, max_examples=50)
def test_suggested_factors_prove_matrices_with_room(matrix, denominator):
    positive = matrix @ matrix.adjoint + Matrix.identity(matrix.rows).scale(Fraction(1, 10))
    scaled = positive.scale(Fraction(1, denominator))
    exponent, re, im = suggest_factor(scaled)
    assert Factor(exponent, scaled.rows, re, im).verify(scaled)


@given(st.integers(1, 6).flatmap(hermitian))
@settings(deadline=None, max_examples=50)
def test_no_factor_is_suggested_for_matrices_that_are_not_positive(matrix):
    negative = -(matrix @ matrix.adjoint) - Matrix.identity(matrix.rows)
    assert suggest_factor(negative) is None
