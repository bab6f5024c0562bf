"""Thresholds of local models: brackets with both ends proved, and exact ones where they are algebraic.

Orthogonal spin measurements with visibilities v_x on a maximally entangled pair of qubits and white noise:
1 - 1/|v| (two Pauli settings: 1 - 1/sqrt2, three: 1 - 1/sqrt3). PR boxes: 1/2. At the upper end there is a model, just
below the lower end a violation; forged brackets are refused. Mixtures may have irrational weights.
"""

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.constructions import s26, shsa20
from steeralg.errors import InputError, NumberError, ScenarioError, VerificationError
from steeralg.exact.convert import numbers_from_sympy
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.models.closing import least_eigenvalue
from steeralg.models.threshold import local_threshold
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from tests.local_oracles import X, Y, Z, assert_inequality, assert_model, assert_violation, steered, value
from tests.strategies import FIELDS, algebraic_matrices, hermitian, pr_boxes

SQRT2, SQRT3 = (numbers_from_sympy([sympy.sqrt(k)])[0] for k in (2, 3))
BELL = pr_boxes(2, Matrix.identity(1))
THOUSANDTH = Fraction(1, 1000)


def checked(bracket):
    """Both ends by definitions written out again."""
    data, noise = bracket.data, bracket.noise
    assert_model(bracket.above, data.mix(noise, bracket.upper))
    lower = as_number(bracket.lower)
    assert not as_number(bracket.upper) < lower
    if bracket.below is None:
        assert lower.is_zero
        return bracket
    assert_inequality(bracket.below)
    bound, functional = as_number(bracket.below.bound), bracket.below.functional
    assert value(functional, data) < bound
    assert not bound < value(functional, data.mix(noise, bracket.lower))
    less = lower * Number.of(1 - THOUSANDTH)
    assert_violation(bracket.violation(less), data.mix(noise, less))
    return bracket


def is_closed_at(bracket, weight):
    return checked(bracket).is_closed and (as_number(bracket.upper) - weight).is_zero


@pytest.mark.parametrize(("observables", "root"), [([X, Z], SQRT2), ([X, Y, Z], SQRT3)], ids=["two", "three"])
def test_werner_states_with_pauli_settings(observables, root):
    """Visibilities 1/sqrt2 and 1/sqrt3 (Cavalcanti et al., PRA 80, 032112, 2009)."""
    sigma = steered(observables, [1] * len(observables))
    bracket = local_threshold(sigma, white_noise(sigma.scenario))
    assert is_closed_at(bracket, Number.of(1) - root.inverse())
    assert "exactly" in str(bracket)
    bracket.verify()


@given(st.lists(st.integers(6, 10), min_size=2, max_size=3))
@settings(deadline=None, max_examples=6)
def test_orthogonal_settings_of_any_visibility(tenths):
    sigma = steered([X, Z, Y][: len(tenths)], [Fraction(t, 10) for t in tenths])
    bracket = checked(local_threshold(sigma, white_noise(sigma.scenario)))
    norm = sum(t * t for t in tenths)
    if norm <= 100:
        assert bracket.is_closed and bracket.upper == 0
    else:
        (weight,) = numbers_from_sympy([1 - 10 / sympy.sqrt(norm)])
        low, high = (as_number(end).enclosure(80)[0] for end in (bracket.lower, bracket.upper))
        exact = weight.enclosure(80)[0]
        assert low <= exact + Fraction(1, 10**12) and exact <= high + Fraction(1, 10**12)
        assert high - low < Fraction(1, 10**3)


def test_pr_boxes():
    """CHSH: visibility 1/2; with one or two trusted systems, too."""
    half = Number.of(Fraction(1, 2))
    for sigma in (BELL, pr_boxes(2, Matrix.identity(2).scale(Fraction(1, 2))), s26.example_5(), shsa20.pr()):
        assert is_closed_at(local_threshold(sigma, white_noise(sigma.scenario)), half)


def test_the_transpose_of_three_axes():
    """SHSA20 eq. (6) with white noise is local where its one half is: at 1/sqrt3."""
    sigma = shsa20.transposed()
    assert is_closed_at(local_threshold(sigma, white_noise(sigma.scenario)), Number.of(1) - SQRT3.inverse())


@pytest.mark.parametrize("digits", [2, 5])
def test_brackets_are_as_narrow_as_asked_for(digits):
    sigma = steered([X, Z], [1, 1])
    bracket = checked(local_threshold(sigma, white_noise(sigma.scenario), digits=digits, exact=False))
    exact = (Number.of(1) - SQRT2.inverse()).enclosure(80)[0]
    assert not bracket.is_closed and bracket.lower <= exact <= bracket.upper
    assert bracket.upper - bracket.lower <= Fraction(1, 10**digits)
    assert "both ends proved" in str(bracket)


@pytest.mark.parametrize(
    "sigma", [s26.example_10(), shsa20.instrumental_printed()], ids=["several trusted", "instrumental"]
)
def test_brackets_of_several_views(sigma):
    bracket = checked(local_threshold(sigma, white_noise(sigma.scenario), digits=3))
    assert Fraction(1, 20) < bracket.lower and bracket.upper - bracket.lower <= Fraction(1, 1000)


def test_local_data_have_threshold_zero():
    sigma = steered([X, Z], [Fraction(3, 5), Fraction(4, 5)])
    bracket = checked(local_threshold(sigma, white_noise(sigma.scenario)))
    assert bracket.is_closed and bracket.upper == 0 and bracket.below is None
    with pytest.raises(VerificationError, match="without noise"):
        bracket.violation(Fraction(0))


def test_noise_on_a_facet_has_to_replace_the_data():
    """A deterministic behaviour that reaches CHSH = 2 helps a PR box no less and no more than completely."""
    table = {label: Matrix.rational([[int(not any(label[0]))]]) for label in BELL.scenario.labels()}
    noise = replace(BELL, elements=table)
    assert is_closed_at(local_threshold(BELL, noise), Number.of(1))


def test_irrational_data():
    """CHSH at the quantum maximum: the visibility of the PR box is 1/sqrt2, and 1/2 of it is local."""
    noise = white_noise(BELL.scenario)
    quantum = BELL.mix(noise, Number.of(1) - SQRT2.inverse())
    assert is_closed_at(local_threshold(quantum, noise), Number.of(1) - SQRT2.inverse())


def test_data_and_noise_of_different_fields():
    noise = white_noise(BELL.scenario)
    table = {label: Matrix.rational([[int(not any(label[0]))]]) for label in BELL.scenario.labels()}
    other = noise.mix(replace(BELL, elements=table), SQRT3.inverse())
    bracket = checked(local_threshold(BELL.mix(noise, Number.of(1) - SQRT2.inverse()), other))
    assert bracket.is_closed and as_number(bracket.upper).field.degree == 4


def test_noise_has_to_be_local_and_of_the_scenario():
    sigma = steered([X, Z], [1, 1])
    with pytest.raises(InputError, match="not proved local"):
        local_threshold(sigma, sigma)
    with pytest.raises(ScenarioError):
        local_threshold(sigma, white_noise(BELL.scenario))
    with pytest.raises(InputError, match="digits"):
        local_threshold(sigma, white_noise(sigma.scenario), digits=0)


def test_forged_brackets_are_refused():
    bracket = local_threshold(BELL, white_noise(BELL.scenario))
    with pytest.raises(VerificationError, match="model"):
        replace(bracket, upper=bracket.upper + THOUSANDTH)
    with pytest.raises(VerificationError, match="exceeds"):
        replace(bracket, lower=bracket.lower + THOUSANDTH)
    with pytest.raises(VerificationError, match="inequality"):
        replace(bracket, below=None)
    with pytest.raises(VerificationError, match="violate"):
        replace(bracket, data=bracket.noise, upper=Fraction(1), above=_model(bracket.noise))


def _model(noise):
    return local_threshold(noise, noise).above


# ---- what it stands on -----------------------------------------------------------------------------------------------
@given(hermitian(2))
@settings(deadline=None, max_examples=30)
def test_least_eigenvalues_of_qubit_operators(matrix):
    """(t - sqrt(t^2 - 4 det))/2."""
    least = least_eigenvalue(matrix)
    rest = matrix - Matrix.identity(2).scale(least)
    assert (rest.entry(0, 0) * rest.entry(1, 1) - rest.entry(0, 1) * rest.entry(1, 0)).is_zero
    assert rest.trace().sign() >= 0


@given(st.sampled_from(FIELDS[1:3]).flatmap(lambda field: algebraic_matrices(field, 2, 2)))
@settings(deadline=None, max_examples=6)
def test_least_eigenvalues_over_number_fields(m):
    matrix = m + m.adjoint
    least = least_eigenvalue(matrix)
    assert least is not None
    other = matrix.trace().decimal(12), matrix.inner(matrix).decimal(12)
    t, square = map(Fraction, other)
    low = least.enclosure(80)[0]
    # The sum of the eigenvalues and that of their squares.
    assert abs((t - low) ** 2 + low**2 - square) < Fraction(1, 10**6) and 2 * low <= t + Fraction(1, 10**6)


def test_eigenvalues_of_higher_degree_are_not_looked_for():
    assert least_eigenvalue(Matrix.rational([[0, 1, 0], [1, 0, 1], [0, 1, 1]])) is None
    assert least_eigenvalue(Matrix.rational([[2, 1, 0], [1, 2, 0], [0, 0, 5]])) == Number.of(1)


@pytest.mark.parametrize("weight", [Fraction(1, 3), "1/3", SQRT2.inverse()])
def test_mixtures_with_exact_weights(weight):
    noise = white_noise(BELL.scenario)
    mixed = BELL.mix(noise, weight)
    share = weight if isinstance(weight, Number) else Number.of(Fraction(weight))
    for label, matrix in mixed.elements.items():
        one, other = (s.elements[label].entry(0, 0) for s in (BELL, noise))
        assert (matrix.entry(0, 0) - (one - share * one + share * other)).is_zero


def test_mixtures_of_different_fields():
    one, other = (steered([X, Z], [v, v]) for v in (SQRT2.inverse(), SQRT3.inverse()))
    mixed = one.mix(other, SQRT2 - Number.of(1))
    assert mixed.field.degree == 4
    (expected,) = numbers_from_sympy(
        [(1 + (2 - sympy.sqrt(2)) / sympy.sqrt(2) + (sympy.sqrt(2) - 1) / sympy.sqrt(3)) / 4]
    )
    assert mixed.elements[(0,), (1,)].entry(0, 0).decimal(20) == expected.decimal(20)


@pytest.mark.parametrize("weight", [Fraction(-1, 2), SQRT2, Number(SQRT2.field, (0, 0), (1, 0))])
def test_weights_are_real_numbers_between_0_and_1(weight):
    with pytest.raises(NumberError):
        BELL.mix(white_noise(BELL.scenario), weight)
    with pytest.raises(ScenarioError):
        BELL.mix(white_noise(Scenario.of([(2, 2)], 1)), Fraction(1, 2))


@pytest.mark.parametrize(("count", "least"), [(3, Fraction(2, 5)), (4, 1 - 1 / sympy.sqrt(3))])
def test_tetrahedral_directions(count, least):
    """A singlet measured along axes of a tetrahedron: data over Q(sqrt3), an inequality that coarse points hide."""
    axes = [(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)][:count]
    observables = [sympy.Matrix([[c, a - sympy.I * b], [a + sympy.I * b, -c]]) / sympy.sqrt(3) for a, b, c in axes]
    singlet = State.pure([0, 1, -1, 0], (2, 2))
    data = Assemblage.from_state(singlet, [[POVM.observable(observable) for observable in observables]])
    bracket = local_threshold(data, white_noise(data.scenario))
    assert bracket.is_closed and sympy.simplify(as_number(bracket.upper).sympy() - sympy.sympify(least)) == 0
