"""Which combinations of observable moments the data fix, against brute force over all labels.

The columns of the injection are linearly independent and span exactly what all labels and matrix units span; they are
a permutation where all observable moments are data: one view, or an input without instrumental restrictions.
Functionals and coordinates, data and moments go back and forth; free moments leave all values alone.
"""

from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.level import level_words
from steeralg.algebra.observed import observed_element
from steeralg.algebra.word import projector_algebra
from steeralg.exact.matrix import Matrix
from steeralg.objects.scenario import Scenario
from steeralg.sdp.basis import to_array
from steeralg.sdp.observation import observation
from tests import strategies as own
from tests.operators import letter_tables, word_operator
from tests.strategies import KINDS, functionals, models

SCENARIOS = KINDS | {
    "instrumental, qutrit": Scenario.of([(3, 2)], 3, 3, True),
    "instrumental, more settings": Scenario.of([(2, 2, 2)], 2, 4, True),
    "instrumental, two trivial settings": Scenario.of([(1, 1, 2)], 2, 2, True),
    "instrumental, dimension one, two outcomes": Scenario.of([(2, 2)], 1, 2, True),
    "several trusted, dimension one among them": Scenario.of([(2, 2), (2,)], [1, 2]),
    "three boxes": Scenario.of([(2,), (2, 3), (2,)], 2),
}
every_scenario = pytest.mark.parametrize("name", SCENARIOS)
fast = settings(deadline=None, max_examples=40)


@cache
def observed(name):
    scenario = SCENARIOS[name]
    return observation(scenario, level_words(projector_algebra(scenario), "almost quantum"))


def vector(found, terms):
    """Words with D x D coefficients as one flat column."""
    dim = found.scenario.dim
    column = np.zeros((len(found.words), dim, dim), complex)
    for word, matrix in terms.items():
        column[found.words.index(word)] = to_array(matrix)
    return column.ravel()


@cache
def every_column(name):
    """The observed elements of all labels and all matrix units."""
    found = observed(name)
    columns = []
    for label in found.scenario.labels():
        order = found.scenario.order(label)
        for i, j in product(range(order), repeat=2):
            columns.append(vector(found, observed_element(found.scenario, label, Matrix.unit(order, i, j))))
    return np.array(columns).T


@every_scenario
def test_the_columns_are_independent_and_span_what_all_labels_span(name):
    injection = observed(name).injection.toarray()
    brute = every_column(name)
    rank = np.linalg.matrix_rank(brute)
    assert np.linalg.matrix_rank(np.hstack([injection, brute])) == rank
    assert np.linalg.matrix_rank(injection) == rank
    assert injection.shape[1] == rank


@every_scenario
def test_all_moments_are_data_iff_nothing_is_restricted(name):
    found = observed(name)
    scenario = found.scenario
    rank = np.linalg.matrix_rank(every_column(name))
    assert found.is_complete == (rank == len(found.words) * scenario.dim**2)
    if not scenario.instrumental and len(scenario.trusted) == 1:
        assert found.is_complete


@every_scenario
def test_the_injection_is_a_permutation_iff_one_view_or_an_input_is_observed_in_full(name):
    found = observed(name)
    scenario, matrix = found.scenario, found.injection.toarray()
    square = matrix.shape[0] == matrix.shape[1]
    is_permutation = square and np.array_equal(matrix @ matrix.T, np.eye(len(matrix))) and matrix.min() >= 0
    assert is_permutation == (not scenario.instrumental and len(scenario.trusted) == 1)


@every_scenario
def test_columns_are_the_named_elements(name):
    found = observed(name)
    for c, (part, unit) in enumerate(zip(found.parts, found.units, strict=True)):
        order = found.scenario.order(part)
        operator = Matrix.identity(order) if unit is None else Matrix.unit(order, *unit)
        expected = vector(found, observed_element(found.scenario, part, operator))
        assert np.array_equal(found.injection[:, [c]].toarray().ravel(), expected)


@every_scenario
def test_the_fit_is_the_inverse_on_observed_elements(name):
    found = observed(name)
    columns = found.injection.shape[1]
    assert np.abs((found.fit @ found.injection).toarray() - np.eye(columns)).max() < 1e-9


def hermitian_coordinates(found, seed):
    """Random integers for every column, conjugate for conjugate units."""
    rng = np.random.default_rng(seed)
    place = {key: c for c, key in enumerate(zip(found.parts, found.units, strict=True))}
    re, im = rng.integers(-1000, 1000, len(place)), rng.integers(-1000, 1000, len(place))
    for (part, unit), c in place.items():
        if unit is None or unit[0] == unit[1]:
            im[c] = 0
        elif unit[0] > unit[1]:
            other = place[part, unit[::-1]]
            re[c], im[c] = re[other], -im[other]
    return re, im


@every_scenario
@given(seed=st.integers(0, 10**6), denominator=st.integers(1, 1000))
@settings(deadline=None, max_examples=4)
def test_coordinates_make_the_functional_whose_coefficients_they_are(name, seed, denominator):
    found = observed(name)
    re, im = hermitian_coordinates(found, seed)
    functional = found.functional(re, im, denominator)
    wanted = found.injection @ (re + 1j * im) / denominator
    assert np.abs(found.coefficients(functional) - wanted).max() < 1e-9


@given(st.sampled_from(list(SCENARIOS)).flatmap(lambda n: st.tuples(st.just(n), functionals(SCENARIOS[n]))))
@fast
def test_coefficients_of_any_functional_are_observed_and_its_coordinates_give_it_back(drawn):
    name, functional = drawn
    found = observed(name)
    terms = found.coefficients(functional)
    coordinates = found.fit @ terms
    assert np.abs(found.injection @ coordinates - terms).max() < 1e-8
    rounded = np.rint(coordinates)
    assert np.abs(coordinates - rounded).max() < 1e-6
    again = found.functional(rounded.real.astype(np.int64), rounded.imag.astype(np.int64), 1)
    assert np.abs(found.coefficients(again) - terms).max() < 1e-8


@st.composite
def models_and_functionals(draw):
    name = draw(st.sampled_from(list(SCENARIOS)))
    return name, draw(models(SCENARIOS[name], projective=True)), draw(functionals(SCENARIOS[name]))


@given(models_and_functionals())
@fast
def test_moments_that_agree_with_the_data_give_every_functional_its_value(drawn):
    name, model, functional = drawn
    found, sigma = observed(name), model.assemblage
    value = found.coefficients(functional) @ found.moments(sigma.elements)
    assert abs(value - float(functional.value(sigma).fraction())) < 1e-7


@given(models_and_functionals())
@fast
def test_moments_of_the_data_are_those_of_the_realisation_as_far_as_they_are_observed(drawn):
    name, model, _ = drawn
    found, dim = observed(name), SCENARIOS[name].dim
    parties = [[[to_array(m) for m in setting] for setting in party] for party in model.effects]
    tables, rho = letter_tables(model.scenario, parties), to_array(model.state.matrix)
    true = np.array(
        [
            np.einsum("lm,mjli->ij", op, rho.reshape(len(op), dim, len(op), dim))
            for op in (word_operator(w, tables) for w in found.words)
        ]
    ).ravel()
    moments = found.moments(model.assemblage.elements)
    assert np.abs(found.injection.T @ (moments - true)).max() < 1e-9
    if found.is_complete:
        assert np.abs(moments - true).max() < 1e-9


@every_scenario
def test_the_free_moments_are_the_least_ones(name):
    """They have no part that no observed element sees."""
    found = observed(name)
    noise = own.Assemblage(found.scenario, own_noise(found.scenario))
    moments = found.moments(noise.elements)
    injection = found.injection.toarray()
    seen = injection @ np.linalg.pinv(injection)
    assert np.abs(seen @ moments - moments).max() < 1e-9


def own_noise(scenario):
    return {
        label: Matrix.identity(scenario.order(label)).scale(
            own.Fraction(1, scenario.order(label) * len(list(scenario.outcomes(label[1]))))
        )
        for label in scenario.labels()
    }


@every_scenario
def test_orthonormal_columns_span_the_same(name):
    found = observed(name)
    basis = found.injection.astype(complex).tocsr()
    q = found.orthonormal(basis).toarray()
    assert np.abs(q.conj().T @ q - np.eye(q.shape[1])).max() < 1e-9
    assert q.shape[1] == np.linalg.matrix_rank(basis.toarray())
    assert np.linalg.matrix_rank(np.hstack([q, basis.toarray()])) == q.shape[1]


@every_scenario
def test_free_directions_are_an_orthonormal_basis_of_the_real_null_space(name):
    found = observed(name)
    turned = found.injection.T.tocsr() * (1 + 2j)
    free = found.free_directions(turned).toarray()
    rank = np.linalg.matrix_rank(np.vstack([turned.toarray().real, turned.toarray().imag]))
    assert free.shape == (turned.shape[1], turned.shape[1] - rank)
    if free.size:
        assert np.abs(turned @ free).max() < 1e-9
        assert np.abs(free.T @ free - np.eye(free.shape[1])).max() < 1e-9
