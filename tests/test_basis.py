"""From exact elements to floats in unitary words, and from unitary words to certificate words.

The defining identities: moments are values of the state on words, coefficients write the functional in words, so that
their pairing is the functional's value; unitary words are linear combinations of certificate words in every
realisation. Exact matrices become the nearest floats in the right embedding.
"""

from fractions import Fraction
from functools import cache
from itertools import product

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.level import level_words
from steeralg.algebra.word import group_algebra, is_observable, projector_algebra
from steeralg.exact.convert import field_of_root, matrices_from_sympy, matrix_to_sympy
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.sdp.basis import to_array, to_projectors
from steeralg.sdp.relaxation import Relaxation
from tests.operators import functional_operator, letter_tables, random_parties, unitary_observables, word_operator
from tests.strategies import KINDS, functionals, kinds, matrices, models, quantum_assemblages, scenarios

CASES = [
    (Scenario.of([(2, 2)], 1), 3),
    (Scenario.of([(3, 2)], 1), 2),
    (Scenario.of([(4, 3)], 1), 1),
    (Scenario.of([(2, 2), (2, 2)], 1), "1+AB"),
    (Scenario.of([(3, 2), (1, 2)], 1), "1+AB+AAB"),
    (Scenario.of([(2, 2), (3,), (2,)], 1), "almost quantum"),
    (Scenario.of([(2,)], 2, 2), "ABB"),
    (Scenario.of([(3,)], 3, 2), "AB"),
    (Scenario.of([(2,)], 4, 2), 1),
    (KINDS["input, three outcomes"], "AAB"),
    (KINDS["input, two boxes"], "almost quantum"),
    (KINDS["input, dimension one"], 2),
]
every_case = pytest.mark.parametrize(("scenario", "level"), CASES, ids=str)


@cache
def relaxation(scenario):
    return Relaxation.build(scenario, "almost quantum")


def moments(sigma):
    """Unitary moments by word: the matrix of L(w (x) e_ij) at [i, j]."""
    found = relaxation(sigma.scenario)
    flat = found.observable_moments(found.observation.moments(sigma.elements))
    return dict(zip(found.group.numbers, flat.reshape(-1, *(sigma.scenario.dim,) * 2), strict=True))


def coefficients(functional):
    """Coefficients of unitary words."""
    found = relaxation(functional.scenario)
    flat = found.observable_coefficients(found.observation.coefficients(functional))
    return dict(zip(found.group.numbers, flat.reshape(-1, *(functional.scenario.dim,) * 2), strict=True))


def close(left, right, scale=1.0):
    return np.abs(np.asarray(left) - np.asarray(right)).max() <= 1e-9 * scale


@st.composite
def functionals_with_assemblages(draw):
    scenario = draw(scenarios | kinds)
    functional = draw(functionals(scenario))
    kept = [label for label in functional.elements if draw(st.integers(0, 3))]
    return Functional(scenario, {k: functional.elements[k] for k in kept}), draw(quantum_assemblages(scenario))


@given(functionals_with_assemblages())
@settings(deadline=None, max_examples=60)
def test_coefficients_paired_with_moments_give_the_value(drawn):
    functional, assemblage = drawn
    data, terms = moments(assemblage), coefficients(functional)
    value = sum(np.sum(table * data[word]) for word, table in terms.items())
    assert close(value, complex(functional.value(assemblage).fraction()), 1e3)


@given(scenarios.flatmap(quantum_assemblages))
@settings(deadline=None, max_examples=30)
def test_moments_are_sums_of_elements_with_roots_of_unity(assemblage):
    scenario = assemblage.scenario
    data = moments(assemblage)
    assert set(data) == unitary_observables(scenario)
    for x in scenario.settings():
        dims = [box.outcomes[s] for box, s in zip(scenario.black_boxes, x, strict=True)]
        for powers in scenario.outcomes(x):
            expected = np.zeros((scenario.dim,) * 2, complex)
            for a in scenario.outcomes(x):
                phase = sum(Fraction(k * o, d) for k, o, d in zip(powers, a, dims, strict=True))
                expected += np.exp(2j * np.pi * (phase % 1)) * to_array(assemblage.elements[a, x]).T
            word = tuple(((s, k),) if k else () for s, k in zip(x, powers, strict=True))
            assert close(data[word], expected)


@given(kinds.filter(lambda s: not s.instrumental and len(s.trusted) == 1).flatmap(lambda s: models(s, projective=True)))
@settings(deadline=None, max_examples=30)
def test_moments_are_those_of_the_realisation_where_everything_is_observed(model):
    scenario, dim = model.scenario, model.scenario.dim
    parties = [[[to_array(m) for m in setting] for setting in party] for party in model.effects]
    tables, rho = letter_tables(scenario, parties, unitary=True), to_array(model.state.matrix)
    data = moments(model.assemblage)
    assert set(data) == unitary_observables(scenario)
    for word, table in data.items():
        operator = word_operator(word, tables)
        size = len(operator)
        # L(w (x) e_ij) = tr[(w (x) |i><j|) rho]
        assert close(table, np.einsum("lm,mjli->ij", operator, rho.reshape(size, dim, size, dim)))


@given((scenarios | kinds).flatmap(functionals), st.integers(0, 10**6))
@settings(deadline=None, max_examples=40)
def test_coefficients_write_the_functional_in_unitary_words(functional, seed):
    """In every realisation sum_m m (x) F_m is the operator sum E[a|x] (x) F[a|x]."""
    scenario = functional.scenario
    parties = random_parties(scenario, seed)
    tables = letter_tables(scenario, parties, unitary=True)
    terms = coefficients(functional)
    assert set(terms) == unitary_observables(scenario)
    found = sum(np.kron(word_operator(word, tables), table) for word, table in terms.items())
    assert close(found, functional_operator(functional, parties), 1e3)


def test_coefficients_of_the_zero_functional_are_zero():
    assert not any(np.any(m) for m in coefficients(Functional(Scenario.of([(2, 3)], 2), {})).values())


@every_case
def test_unitary_words_are_combinations_of_certificate_words(scenario, level):
    group, projectors = (level_words(of(scenario), level) for of in (group_algebra, projector_algebra))
    transform = to_projectors(scenario, tuple(group), tuple(projectors))
    for seed in range(3):
        parties = random_parties(scenario, seed)
        left = [word_operator(word, letter_tables(scenario, parties, True)) for word in group]
        right = [word_operator(word, letter_tables(scenario, parties)) for word in projectors]
        assert close(left, np.tensordot(transform, np.array(right), axes=(1, 0)))


@every_case
def test_the_change_of_words_is_invertible_and_keeps_observable_words_observable(scenario, level):
    group, projectors = (level_words(of(scenario), level) for of in (group_algebra, projector_algebra))
    transform = to_projectors(scenario, tuple(group), tuple(projectors))
    assert np.linalg.matrix_rank(transform) == len(group) == len(projectors)
    few = [[is_observable(word) for word in words] for words in (group, projectors)]
    assert not np.any(transform[np.ix_(few[0], [not v for v in few[1]])])


@given(matrices(3, 2), st.integers(1, 10**30))
@settings(deadline=None, max_examples=50)
def test_rational_matrices_become_the_nearest_floats(matrix, denominator):
    scaled = matrix.scale(Fraction(1, denominator))
    found = to_array(scaled)
    for i, j in product(range(3), range(2)):
        exact = scaled.entry(i, j)
        assert found[i, j].real == float(Fraction(exact.re[0], exact.denominator))
        assert found[i, j].imag == float(Fraction(exact.im[0], exact.denominator))


@pytest.mark.parametrize("sign", [1, -1])
def test_the_embedding_decides_what_theta_is_in_floats(sign):
    interval = tuple(sorted((Fraction(sign), Fraction(3, 2) * sign)))
    theta = Matrix(Field((-2, 0, 1), interval), 1, 1, ((0,), (3,), (0,), (-1,)), 2)
    assert to_array(theta)[0, 0] == pytest.approx(sign * np.sqrt(2) * (1.5 - 0.5j), rel=1e-15)


@pytest.mark.parametrize(
    "number",
    [sympy.sqrt(2) + sympy.I * sympy.sqrt(3), sympy.cos(sympy.pi / 8), sympy.sqrt(2 + sympy.sqrt(5)) - 2 * sympy.I],
    ids=str,
)
def test_algebraic_matrices_become_close_floats(number):
    matrix = matrices_from_sympy([[[number, 1 / number], [0, number**3]]])[0]
    expected = np.array([[complex(sympy.N(x)) for x in row] for row in matrix_to_sympy(matrix).tolist()])
    assert close(to_array(matrix), expected)


def test_large_generators_keep_their_precision():
    root = sympy.sqrt(10**40 + 1)
    field = field_of_root([-(10**40) - 1, 0, 1], root)
    matrix = Matrix(field, 1, 1, ((1,), (1,), (0,), (0,)), 10**20)
    assert to_array(matrix)[0, 0].real == pytest.approx(float(sympy.N((1 + root) / 10**20)), rel=1e-15)
