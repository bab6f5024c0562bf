"""Candidates for certificates: what leaves the float layer are integers with exact properties, whatever came before.

The shift is the identity of the unitary basis in certificate words: exactly `sum u* u` = (number of words) * 1, and
positive definite. Gram matrices on the grid are Hermitian, their class sums are exactly those of a functional, and
they are near what was rounded. Changing words and back is the identity; projecting is orthogonal and reaches the wanted
class sums. Suggested factors prove positivity wherever there is room for it. All of it in every kind of scenario.
"""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.observed import expansion
from steeralg.algebra.word import group_algebra, is_observable, projector_algebra
from steeralg.certificates.certificate import class_sums
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.psd import Factor, decide_psd
from steeralg.objects.scenario import Scenario
from steeralg.sdp.basis import to_array
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.suggest import MAX_GRID_BITS, suggest_factor
from tests import operators
from tests.strategies import KINDS, functionals, hermitian, models, quantum_assemblages

CASES = [
    (Scenario.of([(2, 2)], 2), 3),
    (Scenario.of([(3, 2)], 2), 2),
    (Scenario.of([(5,)], 1), 1),
    (Scenario.of([(2, 2), (2, 2)], 2), "1+AB"),
    (Scenario.of([(2, 2), (2, 2)], 1), 2),
    (Scenario.of([(3, 2), (1, 2)], 2), "1+AB+AAB"),
    (Scenario.of([(2, 2), (3,), (2,)], 1), "almost quantum"),
    (Scenario.of([(2,)], 2, 2), "ABB"),
    *((kind, "almost quantum") for kind in KINDS.values()),
]
RELAXATIONS = [Relaxation.build(scenario, level) for scenario, level in CASES]
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


def certificate_sums(relaxation, candidate):
    return class_sums(relaxation.scenario, relaxation.projector.words, exact(candidate))


def coefficients(relaxation, functional):
    """The coefficients of unitary words, flat and by word."""
    flat = relaxation.observable_coefficients(relaxation.observation.coefficients(functional))
    return flat, dict(zip(relaxation.group.numbers, flat.reshape(-1, *(relaxation.scenario.dim,) * 2), strict=True))


def moments(relaxation, assemblage):
    return relaxation.observable_moments(relaxation.observation.moments(assemblage.elements))


def observed_part(relaxation, sums):
    """The orthogonal projection of class sums of unitary words onto the observed combinations."""
    injection = relaxation.observation.injection.toarray().astype(complex)
    columns = np.array([relaxation.observable_coefficients(column) for column in injection.T]).T
    flat = np.concatenate([sums[word].ravel() for word in relaxation.group.numbers])
    basis = np.linalg.qr(columns)[0]
    return basis @ (basis.conj().T @ flat), flat


def observed_combinations(relaxation, sums):
    """Whether exact class sums are those of some functional: unobservable ones zero, the others observed."""
    if any(not matrix.is_zero for word, matrix in sums.items() if not is_observable(word)):
        return False
    flat = np.concatenate([to_array(sums[word]).ravel() for word in relaxation.projector.numbers])
    injection = relaxation.observation.injection.toarray()
    rest = flat - injection @ np.linalg.lstsq(injection, flat, rcond=None)[0]
    return np.abs(rest).max() < 1e-9 * (1 + np.abs(flat).max())


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
def test_on_the_grid_class_sums_are_observed_exactly(relaxation, seed, bits, real):
    candidate = relaxation.grid(random_gram(relaxation, seed, real), bits, real, None)
    gram = exact(candidate)
    assert candidate.bits in (bits, bits + 1) and gram.is_hermitian and (gram.is_real or not real)
    sums = certificate_sums(relaxation, candidate)
    assert observed_combinations(relaxation, sums)
    functional = relaxation.observation.functional(*relaxation.observed_coordinates(candidate), 1 << candidate.bits)
    wanted = expansion(functional)
    assert {w: m for w, m in sums.items() if not m.is_zero} == {w: m for w, m in wanted.items() if not m.is_zero}


@every_relaxation
def test_class_sums_are_observed_exactly_on_the_finest_grid_that_is_tried(relaxation):
    candidate = relaxation.grid(random_gram(relaxation, seed=1), MAX_GRID_BITS, False, None)
    sums = certificate_sums(relaxation, candidate)
    assert all(matrix.is_zero for word, matrix in sums.items() if not is_observable(word))
    # Coordinates are found in floats; where they are no permutation the last bits are not.
    bits = MAX_GRID_BITS if relaxation.observation.is_complete else 36
    candidate = relaxation.grid(random_gram(relaxation, seed=1), bits, False, None)
    functional = relaxation.observation.functional(*relaxation.observed_coordinates(candidate), 1 << candidate.bits)
    wanted, sums = expansion(functional), certificate_sums(relaxation, candidate)
    assert {w: m for w, m in sums.items() if not m.is_zero} == {w: m for w, m in wanted.items() if not m.is_zero}


@given(
    cases.flatmap(lambda r: st.tuples(st.just(r), functionals(r.scenario))), st.integers(0, 10**6), st.integers(0, 20)
)
@settings(deadline=None, max_examples=30)
def test_on_the_grid_class_sums_are_a_given_functional_minus_a_bound_exactly(drawn, seed, bits):
    relaxation, functional = drawn
    target = relaxation.certificate_target(relaxation.observation.coefficients(functional), -3.0)
    candidate = relaxation.grid(random_gram(relaxation, seed), bits, False, target)
    wanted = expansion(functional)
    one = projector_algebra(relaxation.scenario).one
    three = Matrix.identity(relaxation.scenario.dim).scale(3)
    wanted[one] = wanted[one] + three if one in wanted else three
    sums = certificate_sums(relaxation, candidate)
    assert {w: m for w, m in sums.items() if not m.is_zero} == {w: m for w, m in wanted.items() if not m.is_zero}


@given(cases, st.integers(0, 10**6), st.integers(20, 40))
@settings(deadline=None, max_examples=30)
def test_the_grid_is_near_a_gram_matrix_whose_unobserved_sums_vanish(relaxation, seed, bits):
    gram = relaxation.project(random_gram(relaxation, seed), None)
    candidate = relaxation.grid(gram, bits, False, None)
    found = (candidate.re + 1j * candidate.im) / 2.0**candidate.bits
    assert np.abs(found - relaxation.carry(gram)).max() < len(found) ** 2 * 2.0**-bits + 1e-9
    least = float(np.linalg.eigvalsh(relaxation.carry_back(found))[0])
    assert candidate.least == pytest.approx(least, abs=1e-9)


@given(cases, st.integers(0, 10**6), st.integers(-50, 50))
@settings(deadline=None, max_examples=30)
def test_shifting_moves_the_coefficient_of_one_exactly_and_no_other(relaxation, seed, amount):
    words = relaxation.projector.words
    candidate = relaxation.grid(random_gram(relaxation, seed), 8, False, None)
    bits = candidate.bits
    before = certificate_sums(relaxation, candidate)
    shifted = relaxation.shifted(candidate, amount)
    after = certificate_sums(relaxation, shifted)
    moved = Matrix.identity(relaxation.scenario.dim).scale(Fraction(amount * len(words), 1 << bits))
    assert after.pop(words[0]) == before.pop(words[0]) + moved
    assert after == before
    assert shifted.least == pytest.approx(candidate.least + amount / 2**bits)


@given(cases, st.integers(0, 10**6))
@settings(deadline=None, max_examples=30)
def test_projecting_keeps_the_observed_part_of_the_sums_and_clears_the_rest(relaxation, seed):
    gram = random_gram(relaxation, seed)
    before, after = group_sums(relaxation, gram), group_sums(relaxation, relaxation.project(gram, None))
    assert all(close(after[word], 0) for word in before if not is_observable(word))
    part, whole = observed_part(relaxation, before)
    assert close(observed_part(relaxation, after)[1], part)
    if relaxation.observation.is_complete:
        assert close(part, whole)


@given(cases, st.integers(0, 10**6))
@settings(deadline=None, max_examples=20)
def test_projecting_twice_is_projecting_once_and_orthogonal_where_everything_is_observed(relaxation, seed):
    gram = random_gram(relaxation, seed)
    found = relaxation.project(gram, None)
    assert close(found, found.conj().T)
    assert close(relaxation.project(found, None), found)
    other = relaxation.project(random_gram(relaxation, seed + 1), None)
    assert not relaxation.observation.is_complete or abs(np.vdot(gram - found, other - found)) < 1e-8


@given(cases.flatmap(lambda r: st.tuples(st.just(r), functionals(r.scenario))), st.integers(0, 10**6))
@settings(deadline=None, max_examples=30)
def test_with_bound_reaches_the_functional_minus_the_bound(drawn, seed):
    relaxation, functional = drawn
    flat, terms = coefficients(relaxation, functional)
    gram = relaxation.with_bound(random_gram(relaxation, seed), flat, -2.5)
    assert close(gram, gram.conj().T)
    for word, found in group_sums(relaxation, gram).items():
        wanted = terms.get(word, 0) + (2.5 * np.eye(relaxation.scenario.dim) if not any(word) else 0)
        assert close(found, wanted)


@given(cases.flatmap(lambda r: st.tuples(st.just(r), quantum_assemblages(r.scenario))), st.integers(0, 10**6))
@settings(deadline=None, max_examples=30)
def test_pairing_sums_the_moments_of_all_products(drawn, seed):
    relaxation, assemblage = drawn
    data = moments(relaxation, assemblage)
    gram = relaxation.project(random_gram(relaxation, seed), None)
    sums = group_sums(relaxation, gram)
    tables = zip(relaxation.group.numbers, data.reshape(-1, *(relaxation.scenario.dim,) * 2), strict=True)
    expected = sum(np.sum(sums[word] * table).real for word, table in tables)
    assert relaxation.pairing(gram, data) == pytest.approx(expected, abs=1e-9)


@given(cases.flatmap(lambda r: st.tuples(st.just(r), models(r.scenario, projective=True))))
@settings(deadline=None, max_examples=30)
def test_moment_matrices_are_carried_to_those_of_certificate_words(drawn):
    relaxation, model = drawn
    parties = [[[to_array(m) for m in setting] for setting in party] for party in model.effects]
    rho, dim = to_array(model.state.matrix), relaxation.scenario.dim
    found = relaxation.carry_moments(operators.moment_matrix(relaxation, parties, rho))
    tables = operators.letter_tables(relaxation.scenario, parties)
    letters = np.array([operators.word_operator(word, tables) for word in relaxation.projector.words])
    size = letters.shape[1]
    split = rho.reshape(size, dim, size, dim)
    values = np.einsum("vlk,wlm,mjki->viwj", letters.conj(), letters, split, optimize=True)
    assert close(found, values.reshape(found.shape))


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
