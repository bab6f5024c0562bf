"""Werner states: what they are, and their published thresholds, from both sides."""

from fractions import Fraction

import pytest
import sympy

import steeralg as sa
from steeralg.constructions.pauli import X, Y, Z
from steeralg.constructions.werner import werner
from steeralg.errors import InputError, PositivityError

VISIBILITIES = {2: ("0.7071", "0.7072"), 3: ("0.5773", "0.5774")}


@pytest.mark.parametrize("settings", [2, 3])
@pytest.mark.parametrize("visibility", [0, "1/3", -1, 1])
def test_they_are_measurements_of_a_noisy_singlet(settings, visibility):
    singlet = sympy.Matrix([0, 1, -1, 0]) * sympy.Matrix([[0, 1, -1, 0]]) / 2
    v = Fraction(visibility)
    weight = sympy.Rational(v.numerator, v.denominator)
    rho = weight * singlet + (1 - weight) * sympy.eye(4) / 4
    sigma = werner(settings, visibility)
    for x, observable in enumerate((X, Z, Y)[:settings]):
        for a in (0, 1):
            effect = sympy.kronecker_product((sympy.eye(2) + (-1) ** a * observable) / 2, sympy.eye(2))
            joint = effect * rho
            traced = sympy.Matrix(2, 2, lambda i, j, m=joint: sum(m[2 * k + i, 2 * k + j] for k in (0, 1)))
            assert sympy.simplify(sigma[(a,), (x,)] - traced) == sympy.zeros(2, 2)


@pytest.mark.parametrize("settings", [2, 3])
def test_thresholds_are_the_published_ones(settings):
    """Cavalcanti, Jones, Wiseman, Reid (2009): steerable iff the visibility is above 1/sqrt(settings)."""
    low, high = VISIBILITIES[settings]
    assert sa.decide_local(werner(settings, low)).is_proved and sa.decide_local(werner(settings, high)).is_refuted
    data = werner(settings)
    bracket = sa.local_threshold(data, sa.white_noise(data.scenario))
    assert bracket.is_closed and bracket.upper.sympy() == 1 - 1 / sympy.sqrt(settings)
    proof = sa.local_threshold_proof("werner", "a test", bracket)
    proof.verify()
    assert [statement.rule for statement in proof.statements] == ["local-threshold"]


def test_other_numbers_of_settings_and_visibilities_are_refused():
    with pytest.raises(InputError):
        werner(4)
    with pytest.raises(PositivityError):
        werner(2, 2)
