"""From exact elements to floats in the group basis: Fourier transforms over outcomes, and back to projector words.

The defining identities: moments are values of the state on words, coefficients write the functional in words, so that
their pairing is the functional's value; group words are linear combinations of projector words under every
measurement. Exact matrices become the nearest floats in the right embedding.
"""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.level import level_words
from steeralg.algebra.word import group_algebra, is_observed, projector_algebra
from steeralg.exact.convert import field_of_root, matrices_from_sympy, matrix_to_sympy
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.sdp.basis import coefficients, moments, to_array, to_projectors
from tests.operators import group_letters, projector_letters, random_measurements, word_operator
from tests.strategies import functionals, matrices, quantum_assemblages, scenarios

CASES = [
    ([(2, 2)], 3),
    ([(3, 2)], 2),
    ([(4, 3)], 1),
    ([(2, 2), (2, 2)], "1+AB"),
    ([(3, 2), (1, 2)], "1+AB+AAB"),
    ([(2, 2), (3,), (2,)], "almost quantum"),
]
every_case = pytest.mark.parametrize(("outcomes", "level"), CASES, ids=str)


def close(left, right, scale=1.0):
    return np.abs(np.asarray(left) - np.asarray(right)).max() <= 1e-9 * scale


def observed_words(scenario):
    return set(level_words(group_algebra(scenario), "almost quantum"))


@st.composite
def functionals_with_assemblages(draw):
    scenario = draw(scenarios)
    functional = draw(functionals(scenario))
    kept = [label for label in functional.elements if draw(st.integers(0, 3))]
    return Functional(scenario, {k: functional.elements[k] for k in kept}), draw(quantum_assemblages(scenario))


@given(functionals_with_assemblages())
@settings(deadline=None, max_examples=60)
def test_coefficients_paired_with_moments_give_the_value(drawn):
    functional, assemblage = drawn
    data = moments(assemblage.scenario, assemblage.elements)
    terms = coefficients(functional.scenario, functional.elements)
    value = sum(np.sum(table * data[word]) for word, table in terms.items())
    assert close(value, complex(functional.value(assemblage).fraction()), 1e3)


@given(scenarios.flatmap(quantum_assemblages))
@settings(deadline=None, max_examples=30)
def test_moments_are_sums_of_elements_with_roots_of_unity(assemblage):
    scenario = assemblage.scenario
    data = moments(scenario, assemblage.elements)
    assert set(data) == observed_words(scenario)
    for x in scenario.settings():
        dims = [box.outcomes[s] for box, s in zip(scenario.black_boxes, x, strict=True)]
        for powers in scenario.outcomes(x):
            expected = np.zeros((scenario.dim,) * 2, complex)
            for a in scenario.outcomes(x):
                phase = sum(Fraction(k * o, d) for k, o, d in zip(powers, a, dims, strict=True))
                expected += np.exp(2j * np.pi * (phase % 1)) * to_array(assemblage.elements[a, x]).T
            word = tuple(((s, k),) if k else () for s, k in zip(x, powers, strict=True))
            assert close(data[word], expected)


@given(scenarios.flatmap(functionals), st.integers(0, 10**6))
@settings(deadline=None, max_examples=30)
def test_coefficients_write_the_functional_in_group_words(functional, seed):
    """Under every measurement sum_m m (x) F_m is the operator sum E[a|x] (x) F[a|x]."""
    scenario = functional.scenario
    boxes = [random_measurements(seed + k, box.outcomes, 3) for k, box in enumerate(scenario.black_boxes)]
    group, effects = [group_letters(box) for box in boxes], [projector_letters(box) for box in boxes]
    operator = sum(
        np.kron(word_operator(tuple((letter,) for letter in zip(x, a, strict=True)), effects), to_array(matrix))
        for (a, x), matrix in functional.elements.items()
    )
    terms = coefficients(scenario, functional.elements)
    assert set(terms) <= observed_words(scenario)
    assert close(sum(np.kron(word_operator(word, group), table) for word, table in terms.items()), operator, 1e3)


def test_coefficients_of_the_zero_functional_are_none():
    assert coefficients(Scenario.of([(2, 3)], 2), {}) == {}


@every_case
def test_group_words_are_combinations_of_projector_words(outcomes, level):
    scenario = Scenario.of(outcomes, 1)
    group, projectors = (level_words(of(scenario), level) for of in (group_algebra, projector_algebra))
    transform = to_projectors(scenario, tuple(group), tuple(projectors))
    for seed in range(3):
        boxes = [random_measurements(seed + 10 * k, box, 3) for k, box in enumerate(outcomes)]
        left = [word_operator(word, [group_letters(box) for box in boxes]) for word in group]
        right = [word_operator(word, [projector_letters(box) for box in boxes]) for word in projectors]
        assert close(left, np.tensordot(transform, np.array(right), axes=(1, 0)))


@every_case
def test_the_change_of_words_is_invertible_and_keeps_observed_words_observed(outcomes, level):
    scenario = Scenario.of(outcomes, 1)
    group, projectors = (level_words(of(scenario), level) for of in (group_algebra, projector_algebra))
    transform = to_projectors(scenario, tuple(group), tuple(projectors))
    assert np.linalg.matrix_rank(transform) == len(group) == len(projectors)
    for (i, u), (j, v) in product(enumerate(group), enumerate(projectors)):
        assert not (is_observed(u) and not is_observed(v)) or transform[i, j] == 0


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
