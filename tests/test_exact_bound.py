"""Exact minima of a level: published ones in closed form, least eigenvalues, and nothing where there is no short form.

What is proved is a certificate whose bound no realisation undercuts and that no larger bound shares. Minima scale with
the functional; the least eigenvalue of a matrix of order 3 without rational factors is neither rational nor quadratic.
"""

import re
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
import sympy
from hypothesis import given, settings

from steeralg.certificates.bounds import level_bracket
from steeralg.certificates.certificate import BoundCertificate
from steeralg.certificates.exact_bound import exact_minimum
from steeralg.constructions import s26
from steeralg.errors import LevelError, VerificationError
from steeralg.exact.convert import number_to_sympy
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.objects.behaviour import bell_functional
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.verdict import Proved, Undecided
from tests.strategies import models
from tests.test_bounds import bb84_game, chsh, i3322

ROOT = sympy.sqrt(2)


def minimum(functional, *level):
    """The exact minimum as a sympy number, and the certificate's verification anew."""
    verdict = exact_minimum(functional, *level)
    assert isinstance(verdict, Proved), verdict
    certificate = verdict.witness
    certificate.verify()
    assert certificate.functional == functional
    assert isinstance(certificate.bound, Fraction) or not certificate.bound.is_rational
    return number_to_sympy(as_number(certificate.bound))


def correlators(settings_count, signs):
    """The Bell functional sum of signs[x, y] <A_x B_y>."""
    boxes = [(2,) * settings_count] * 2
    return bell_functional(boxes, {(a, x): signs.get(x, 0) * (-1) ** sum(a) for a, x in Scenario.of(boxes).labels()})


CHAIN = correlators(3, {(0, 0): 1, (1, 0): 1, (1, 1): 1, (2, 1): 1, (2, 2): 1, (0, 2): -1})
"""The chained inequality of Braunstein and Caves (1990) with three settings: 6 cos(pi/6)."""


@pytest.mark.parametrize("level", [1, "1+AB", "almost quantum"])
@pytest.mark.parametrize("dim", [1, 2])
def test_chsh_is_minus_two_root_two(dim, level):
    """Tsirelson (1980)."""
    assert minimum(chsh(dim), level) == -2 * ROOT


def test_guess_your_neighbours_input_is_minus_one():
    """Almeida et al. (2010): the almost-quantum minimum is the classical one."""
    assert minimum(s26.guess_your_neighbours_input(), "almost quantum") == -1


def test_the_bb84_monogamy_game():
    """Tomamichel, Fehr, Kaniewski, Wehner (2013): won with probability cos^2(pi/8) = (2 + sqrt2)/4."""
    assert sympy.simplify(minimum(bb84_game()) + (2 + ROOT) / 4) == 0


def test_the_chained_inequality_of_three_settings():
    assert minimum(CHAIN, 1) == -3 * sympy.sqrt(3)


def test_level_1_of_i3322_is_minus_three_eighths():
    """The published figure of level 1 is 0.375."""
    assert minimum(i3322(), 1) == sympy.Rational(-3, 8)


def test_irrational_functionals():
    """Over the field of their minimum."""
    lifted = {label: (1 + ROOT) * m.sympy() for label, m in chsh().elements.items()}
    assert sympy.expand(minimum(Functional.of(chsh().scenario, lifted), 1) + 4 + 2 * ROOT) == 0


@pytest.mark.parametrize("factor", [Fraction(1, 4), 3, -1])
def test_minima_scale_with_the_functional(factor):
    """And minus CHSH is CHSH with outcomes renamed."""
    assert minimum(chsh().scale(factor), 1) == -2 * ROOT * sympy.Rational(str(abs(factor)))


SINGLE = Scenario.of([(1,)], 2)


@pytest.mark.parametrize(("p", "q"), [(p, q) for p, q in product(range(-1, 3), range(3)) if p or q])
@pytest.mark.parametrize("phase", [1, sympy.I], ids=["real", "imaginary"])
def test_a_single_operator_has_its_least_eigenvalue(p, q, phase):
    """p/2 - sqrt(p^2/4 + q^2) for the matrix with rows (p, q z), (q z*, 0)."""
    rows = [[p, q * phase], [q * sympy.conjugate(phase), 0]]
    functional = Functional.of(SINGLE, {((0,), (0,)): rows})
    assert sympy.expand(minimum(functional) - sympy.Rational(p, 2) + sympy.sqrt(sympy.Rational(p * p, 4) + q * q)) == 0


@pytest.mark.parametrize("seed", range(4))
def test_deterministic_functionals_have_rational_minima(seed):
    """One box with two settings: the least value is that of the best answers."""
    values = [(3 * seed + 5 * k * k) % 7 - 3 for k in range(4)]
    table = {((a,), (x,)): [[Fraction(values[2 * x + a], 2)]] for x in (0, 1) for a in (0, 1)}
    functional = Functional(Scenario.of([(2, 2)]), {label: Matrix.rational(rows) for label, rows in table.items()})
    assert minimum(functional) == sympy.Rational(min(values[:2]) + min(values[2:]), 2)


def test_a_minimum_of_degree_three_is_not_recognised():
    """The least eigenvalue of a matrix with irreducible characteristic polynomial: undecided, with the figure."""
    rows = sympy.Matrix([[0, 1, 0], [1, 0, 1], [0, 1, 1]])
    polynomial = sympy.Poly(rows.charpoly().as_expr())
    assert polynomial.is_irreducible and polynomial.degree() == 3
    verdict = exact_minimum(Functional.of(Scenario.of([(1,)], 3), {((0,), (0,)): rows}))
    assert isinstance(verdict, Undecided)
    figure = Fraction(re.search(r"is about (-[0-9.]+)", verdict.reason).group(1))
    assert abs(figure - Fraction(str(min(polynomial.nroots(), key=sympy.re)))) < Fraction(1, 10**5)


@pytest.mark.parametrize(
    ("functional", "level"),
    [(chsh(), 1), (bb84_game(), "1+AB"), (CHAIN, 1)],
    ids=["CHSH", "BB84", "chain"],
)
def test_exact_minima_are_in_the_proved_brackets_of_the_level(functional, level):
    bound = as_number(exact_minimum(functional, level).witness.bound)
    bracket = level_bracket(functional, level)
    assert not bound < as_number(bracket.lower) and not bracket.upper < bound


@given(models(Scenario.of([(2, 2)] * 2, 2)))
@settings(deadline=None, max_examples=15)
def test_no_realisation_is_below_an_exact_minimum(model):
    functional = bb84_game()
    assert not functional.value(model.assemblage) < as_number(BB84.bound)


BB84 = exact_minimum(bb84_game()).witness


@pytest.mark.parametrize("change", [Fraction(1, 10**30), Fraction(-1, 10**30)], ids=["above", "below"])
def test_the_certificate_is_of_this_bound_alone(change):
    moved = as_number(BB84.bound) + Number.of(change)
    with pytest.raises(VerificationError):
        BoundCertificate.verified(BB84.functional, moved, BB84.blocks)
    with pytest.raises(VerificationError):
        replace(BB84, functional=BB84.functional.scale(2)).verify()


def test_a_level_that_does_not_reach_the_functional_is_refused():
    for level in (0, 1):
        with pytest.raises(LevelError):
            exact_minimum(s26.guess_your_neighbours_input(), level)
