"""The least value of a functional on no-signalling assemblages: published minima, and brackets whose ends are attained
and obeyed in every kind of scenario.

The upper end is the value of the returned assemblage, the lower end a verified certificate below the value of every
no-signalling assemblage: explicit realisations, PR boxes, white noise. The three sets are nested, and so are their
minima; where one box steers one trusted party the outer two agree.
"""

from fractions import Fraction
from functools import cache

import pytest
import sympy
from hypothesis import given, settings

from steeralg.certificates.bounds import best_bound
from steeralg.certificates.no_signalling import NoSignallingBracket, no_signalling_bracket
from steeralg.certificates.strategy import best_strategy
from steeralg.constructions import s26, shsa20
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from tests.strategies import KINDS, deterministic_elements, models, pr_boxes, random_functional
from tests.test_bounds import bb84_game, chsh

every_kind = pytest.mark.parametrize("name", KINDS)
TRUSTED = Matrix.rational([[Fraction(2, 3), Fraction(1, 3)], [Fraction(1, 3), Fraction(1, 3)]])


def proved(functional, digits=6):
    """A bracket, and what it says, exactly and independently of how it was found."""
    bracket = no_signalling_bracket(functional, digits=digits)
    assert bracket.certificate is not None and bracket.assemblage is not None
    bracket.certificate.verify()
    assert bracket.certificate.functional == functional and bracket.lower == bracket.certificate.bound
    assert bracket.assemblage.scenario == functional.scenario
    assert functional.value(bracket.assemblage) == bracket.upper
    assert not bracket.upper < as_number(bracket.lower)
    assert bracket.width == bracket.upper - as_number(bracket.lower)
    return bracket


@cache
def of_kind(name, seed):
    return proved(random_functional(KINDS[name], seed), digits=3)


def contains(bracket, value, width):
    """Whether an exact real number is between the ends, which are close."""
    low, high = as_number(bracket.lower).enclosure(256)[0], bracket.upper.enclosure(256)[1]
    exact = sympy.nsimplify(value)
    ends = [sympy.Rational(end.numerator, end.denominator) for end in (low, high)]
    return bool(ends[0] <= exact) and bool(exact <= ends[1]) and high - low < Fraction(width)


# ---- published minima ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("dim", [1, 2])
def test_chsh_is_minus_four(dim):
    """Popescu and Rohrlich (1994)."""
    assert contains(proved(chsh(dim)), -4, "1e-6")


def test_guess_your_neighbours_input_is_minus_four_thirds():
    """Almeida et al., Phys. Rev. Lett. 104, 230404 (2010): 4/3 for three parties, where quantum theory reaches 1."""
    assert contains(proved(s26.guess_your_neighbours_input(), digits=5), sympy.Rational(-4, 3), "1e-5")


def test_the_bb84_monogamy_game_is_not_won_more_often_by_no_signalling():
    """Johnston, Mittal, Russo, Watrous (2016): the no-signalling value is cos^2(pi/8), like the quantum one."""
    assert contains(proved(bb84_game()), -(2 + sympy.sqrt(2)) / 4, "1e-6")


def test_general_instrumental_data_obey_pearls_inequality():
    """Pearl (1995): p(0 0|0) + p(0 1|1) <= 1, although positivity and the traces alone allow 2."""
    scenario = Scenario.of([(2, 2)], 2, 2, True)
    functional = Functional(scenario, {((0,), (x,)): -Matrix.unit(2, x, x) for x in (0, 1)})
    assert contains(proved(functional), -1, "1e-6")


def test_equation_5_of_shsa20_reaches_the_no_signalling_minimum():
    """CHSH with the trusted party's input as the second box: it is -4, and eq. (5) is a PR box."""
    scenario = Scenario.of([(2, 2)], 2, 2)
    z = Matrix.rational([[1, 0], [0, -1]])
    functional = Functional(
        scenario, {(a, x, y): z.scale(-((-1) ** (a[0] + x[0] * y))) for a, x, y in scenario.labels()}
    )
    assert functional.value(shsa20.pr()).fraction() == -4
    assert contains(proved(functional), -4, "1e-6")


@pytest.mark.parametrize(
    "rows", [[[1, 2], [2, 4]], [[0, 1], [1, 0]], [[1, 1], [1, 0]], [[0, -sympy.I], [sympy.I, 0]], [[2, 0], [0, 2]]]
)
def test_a_single_operator_has_its_least_eigenvalue(rows):
    functional = Functional.of(Scenario.of([(1,)], 2), {((0,), (0,)): rows})
    least = min(sympy.Matrix(rows).eigenvals(), key=lambda value: float(value))
    assert contains(proved(functional), least, "1e-6")


def test_irrational_functionals_have_irrational_minima():
    scenario = Scenario.of([(2, 2)] * 2)
    elements = {label: m.sympy() * sympy.sqrt(2) for label, m in chsh().elements.items()}
    assert contains(proved(Functional.of(scenario, elements)), -4 * sympy.sqrt(2), "1e-6")


# ---- every kind of scenario ------------------------------------------------------------------------------------------
@every_kind
@pytest.mark.parametrize("seed", [1, 2])
def test_both_ends_are_proved_and_close(name, seed):
    assert of_kind(name, seed).width < Number.of(Fraction(1, 100))


@every_kind
def test_no_realisation_is_below_the_lower_end(name):
    functional, bracket = random_functional(KINDS[name], 1), of_kind(name, 1)
    lower = as_number(bracket.lower)
    assert not functional.value(white_noise(KINDS[name])) < lower

    @given(models(KINDS[name]))
    @settings(deadline=None, max_examples=5)
    def check(model):
        assert not functional.value(model.assemblage) < lower

    check()


@every_kind
def test_minima_are_nested(name):
    """No quantum strategy is below the no-signalling minimum, and the lower ends are ordered as the sets are."""
    functional, bracket = random_functional(KINDS[name], 1), of_kind(name, 1)
    assert not best_strategy(functional, starts=2).value < as_number(bracket.lower)
    quantum = best_bound(functional, digits=4).witness.bound
    assert as_number(bracket.lower) < Number.of(quantum + Fraction(2, 10**4))


@pytest.mark.parametrize("seed", range(4))
def test_one_box_and_one_trusted_party_are_always_quantum(seed):
    """Gisin; Hughston, Jozsa, Wootters: a level-1 certificate reaches the no-signalling minimum, and not more."""
    functional = random_functional(Scenario.of([(2, 3)], 2), seed)
    bracket, quantum = proved(functional), best_bound(functional, 1, digits=6).witness.bound
    assert not bracket.upper < Number.of(quantum)
    assert bracket.upper.enclosure(64)[1] - quantum < Fraction(1, 10**5)


@pytest.mark.parametrize("seed", range(3))
def test_pr_boxes_are_not_below_the_lower_end(seed):
    functional = random_functional(Scenario.of([(2, 2)] * 2, 2), seed)
    lower = as_number(proved(functional, digits=3).lower)
    box = pr_boxes(2, TRUSTED)
    for flip, x in ((0, 0), (0, 1), (1, 0), (1, 1)):
        moved = {((a[0] ^ flip, a[1]), (s[0] ^ x, s[1])): m for (a, s), m in box.elements.items()}
        assert not functional.value(Assemblage(box.scenario, moved)) < lower


def test_the_three_minima_of_chsh_are_strictly_ordered():
    functional = chsh()
    bracket, quantum = proved(functional), best_bound(functional).witness.bound
    local = []
    for strategy in deterministic_elements(functional.scenario):
        table = {
            (a, x): Matrix.rational([[int(all(f[s] == o for f, s, o in zip(strategy, x, a, strict=True)))]])
            for a, x in functional.scenario.labels()
        }
        local.append(functional.value(Assemblage(functional.scenario, table)).fraction())
    assert min(local) == -2
    assert bracket.upper < Number.of(quantum) and quantum < -2


def test_minima_scale_with_the_functional_and_move_with_constants():
    functional, scenario = random_functional(KINDS["two boxes"], 7), KINDS["two boxes"]
    constant = {(a, x): Matrix.identity(2).scale(5) for a, x in scenario.labels() if x == (0, 0)}
    moved = {
        label: m.scale(3) + constant[label] if label in constant else m.scale(3)
        for label, m in functional.elements.items()
    }
    ends = [bracket.upper.fraction() for bracket in (proved(functional, 3), proved(Functional(scenario, moved), 3))]
    assert abs(ends[1] - 3 * ends[0] - 5) < Fraction(1, 100)


@pytest.mark.parametrize("name", ["two boxes", "instrumental", "several trusted"])
def test_what_is_printed_is_proved_too(name):
    """Rounded outwards."""
    bracket = of_kind(name, 1)
    low, high = (Fraction(end) for end in str(bracket).split("[")[1].split("]")[0].split(", "))
    assert low <= bracket.lower and bracket.upper.fraction() <= high
    assert high - low < bracket.width.fraction() + Fraction(1, 10**9)


def test_a_bracket_without_ends_is_the_whole_line():
    empty = NoSignallingBracket(None, None, None)
    assert empty.lower is None and empty.width is None and "[-inf, inf]" in str(empty)
