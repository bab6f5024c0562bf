"""Curves: both ends proved at every point, few points solved, and what is carried over is no less of a proof.

Known curves: PR boxes with white noise (robustness r with (1 - w)(1 - r) = 1/sqrt2, negativity (1 - w)/sqrt2 - 1/2),
the SHIFTS witnesses (eps/(1 - 2 eps)), one black box (0). Laws: mixing in the noise the robustness is measured against
is an affine law for 1/(1 - r), negativity is convex on segments, a curve does not depend on the order of its
parameters, and a point of a curve encloses what it encloses alone. Every point is verified, and its proof accepted by
the checker, which states exactly the point's ends about exactly the family's member. Forged points are refused.
"""

import json
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations

import pytest

from steeralg.certificates.curves import MAX_POINTS, curve, curve_label, curve_to_json, evenly_spaced
from steeralg.certificates.families import Parent
from steeralg.certificates.proof import read_proof
from steeralg.certificates.quantities import Negativity, Robustness
from steeralg.certificates.robustness import InLevel, RobustnessBracket, robustness
from steeralg.checker import load_checker
from steeralg.constructions import s26, shsa20
from steeralg.constructions.assemblage_families import FAMILIES
from steeralg.constructions.sbcsv15 import table_1
from steeralg.errors import InputError, LevelError, NumberError, ScenarioError, VerificationError
from steeralg.exact.convert import numbers_from_sympy
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.objects.assemblage import white_noise
from steeralg.objects.parse import parse_number
from steeralg.objects.scenario import Scenario
from tests.strategies import pr_boxes

PR = pr_boxes(2, Matrix.identity(1))
NOISE = white_noise(PR.scenario)
GRID = evenly_spaced(0, "2/5", 9)
ONE = Fraction(1)


def noisy_pr(w):
    return PR.mix(NOISE, w)


@cache
def pr_curve(quantity):
    return curve(noisy_pr, {"robustness": Robustness(digits=3), "negativity": Negativity(digits=2)}[quantity], GRID)


@cache
def shifts_curve(quantity):
    return curve(FAMILIES["shifts"], {"robustness": Robustness(), "negativity": Negativity()}[quantity], SHIFTS_GRID)


SHIFTS_GRID = evenly_spaced("1/100", "2/25", 6)
CURVES = [(run, quantity) for run in (pr_curve, shifts_curve) for quantity in ("robustness", "negativity")]
every_curve = pytest.mark.parametrize(("run", "quantity"), CURVES, ids=lambda x: getattr(x, "__name__", x))


def ends(point):
    return as_number(point.lower), as_number(point.upper)


# ---- known curves ----------------------------------------------------------------------------------------------------
def test_the_robustness_of_noisy_pr_boxes():
    for point in pr_curve("robustness"):
        low, high = (((1 - point.parameter) * (1 - Fraction(end))) ** 2 for end in (point.lower, point.upper))
        assert high <= Fraction(1, 2) and (low > Fraction(1, 2) or point.lower == 0)
        assert point.upper - point.lower <= Fraction(2, 1000)


def test_the_negativity_of_noisy_pr_boxes():
    """nu = (1 - w)/sqrt2 - 1/2, or 0: (nu + 1/2)^2 = (1 - w)^2/2."""
    for point in pr_curve("negativity"):
        known = Number.of((1 - point.parameter) ** 2 / 2)
        low, high = ((end + Number.of(Fraction(1, 2))) for end in ends(point))
        assert not high * high < known and not (as_number(point.lower).sign() > 0 and known < low * low)


def test_the_negativity_of_the_shifts_witnesses():
    for point in shifts_curve("negativity"):
        known = Number.of(point.parameter / (1 - 2 * point.parameter))
        low, high = ends(point)
        assert not known < low and not high < known
        assert high - low < Number.of(Fraction(1, 1000))


@pytest.mark.parametrize("quantity", [Robustness(), Negativity()], ids=["robustness", "negativity"])
def test_one_black_box_is_quantum_all_along(quantity):
    for point in curve(FAMILIES["werner-2"], quantity, evenly_spaced(0, 1, 5)):
        assert as_number(point.lower).is_zero and as_number(point.upper).is_zero
        point.verify()
    assert curve_label([point]) in ("robustness", "negativity")


# ---- laws ------------------------------------------------------------------------------------------------------------
def test_noise_that_is_mixed_in_obeys_an_affine_law():
    """(1 - r(w))(1 - w) = 1 - r(0) as long as r(w) > 0: brackets at any two weights overlap after rescaling."""
    for one, other in combinations([p for p in pr_curve("robustness") if p.lower > 0], 2):
        rescaled = [(1 - Fraction(end)) * (1 - p.parameter) for p in (one, other) for end in (p.lower, p.upper)]
        assert rescaled[1] <= rescaled[2] and rescaled[3] <= rescaled[0]


@every_curve
def test_the_quantities_are_convex_on_segments(run, quantity):
    """No lower end is above the chord of two upper ends; for the robustness that is 1/(1 - r), and for witnesses the
    segment is run through by eps/(1 - 2 eps).
    """
    points = run(quantity)
    place = (lambda t: t / (1 - 2 * t)) if run is shifts_curve else (lambda t: t)
    one = Number.of(1)
    convex = (lambda r: one / (one - r)) if quantity == "robustness" else (lambda nu: nu)
    for a, b, c in combinations(points, 3):
        s = (place(b.parameter) - place(a.parameter)) / (place(c.parameter) - place(a.parameter))
        chord = convex(ends(a)[1]) * Number.of(1 - s) + convex(ends(c)[1]) * Number.of(s)
        assert not chord < convex(ends(b)[0])


@every_curve
def test_ends_are_ordered_verified_and_within_the_tolerance(run, quantity):
    points = run(quantity)
    for point in points:
        low, high = ends(point)
        assert not high < low and low.sign() >= 0
        assert point.is_solved or not point.is_wide
        point.verify()
    assert points[0].is_solved and points[-1].is_solved
    assert sum(point.is_solved for point in points) <= 4
    assert [point.parameter for point in points] == sorted(point.parameter for point in points)


def test_a_point_of_a_curve_encloses_what_it_encloses_alone():
    for point in pr_curve("robustness")[1:-1:3]:
        alone = robustness(point.assemblage, NOISE, digits=3)
        assert point.lower <= alone.upper and (alone.lower or 0) <= point.upper
        assert not point.is_solved


def test_the_order_of_the_parameters_is_of_no_importance():
    one, other = (curve(noisy_pr, Robustness(digits=3), grid) for grid in (GRID, GRID[::-1]))
    assert [(p.parameter, p.lower, p.upper) for p in one] == [(p.parameter, p.lower, p.upper) for p in other]


def test_curved_families_are_solved_where_nothing_carries_over():
    """Upper ends off every segment: the weights of two boxes run along a parabola."""
    other = pr_boxes(2, Matrix.identity(1)).mix(NOISE, Fraction(0))
    flipped = replace(other, elements={(a, (1 - x[0], x[1])): m for (a, x), m in other.elements.items()})

    def family(t):
        return PR.mix(flipped, t * t).mix(NOISE, t / 2)

    points = curve(family, Robustness(digits=3), evenly_spaced("1/10", "2/5", 4))
    assert all(point.is_solved for point in points)
    for point in points:
        point.verify()


def test_several_trusted_parties_are_quantum_above():
    """S26, Sec. 6: 0.0147 for white noise. Upper ends are parents, mixed ones between the ends."""
    points = curve(FAMILIES["s26-example-9"], Robustness(digits=3), evenly_spaced(0, "1/50", 4))
    assert [point.is_solved for point in points] == [True, False, False, True]
    assert all(isinstance(point.bracket.above, Parent) for point in points)
    assert points[0].lower <= Fraction("0.0147") <= points[0].upper + Fraction(1, 10**4)
    assert curve_label(points) == "robustness"
    for point in points:
        point.verify()
        assert_proof(point)


def test_a_trusted_party_with_input():
    points = curve(lambda w: shsa20.pr().mix(white_noise(shsa20.pr().scenario), w), Robustness(digits=3), GRID[::4])
    for point in points:
        point.verify()
        low, high = (((1 - point.parameter) * (1 - Fraction(end))) ** 2 for end in (point.lower, point.upper))
        assert high <= Fraction(1, 2) and (low > Fraction(1, 2) or point.lower == 0)


# ---- proofs and data -------------------------------------------------------------------------------------------------
def assert_proof(point):
    """The proof file states the point's ends, about the point's assemblage, and the checker accepts it."""
    proof = point.proof("point", "a test")
    if proof is None:
        assert point.bracket.below is None and isinstance(point.bracket.above, InLevel)
        return
    load_checker().check_bytes(proof.to_bytes())
    proof.verify()
    assert proof.objects["sigma"].agrees_with(point.assemblage)
    read = read_proof(proof.to_bytes())
    stated = {(s.rule, s.assemblage): s for s in read.statements}
    if isinstance(point.bracket, RobustnessBracket):
        if point.bracket.below is not None:
            assert ("postquantum", "low") in stated and stated["mixture", "low"].weight == point.lower
        if isinstance(point.bracket.above, Parent):
            assert ("quantum", "high") in stated and stated["mixture", "high"].weight == point.upper
    else:
        assert stated["negativity-at-most", "sigma"].bound == point.upper.fraction()
        if as_number(point.lower).sign() > 0:
            assert (as_number(stated["negativity-at-least", "sigma"].bound) - as_number(point.lower)).is_zero


@every_curve
def test_every_point_has_a_proof_that_the_checker_accepts(run, quantity):
    for point in run(quantity):
        assert_proof(point)


@every_curve
def test_data_are_exact(run, quantity):
    points = run(quantity)
    table = json.loads(json.dumps(curve_to_json(points, "mine", "w")))
    assert table["format"] == "steeralg-curve/1" and table["quantity"] == curve_label(points)
    assert (table["family"], table["parameter"]) == ("mine", "w")
    for row, point in zip(table["points"], points, strict=True):
        assert Fraction(row["parameter"]) == point.parameter and row["solved"] == point.is_solved
        for key, end in zip(("lower", "upper"), ends(point), strict=True):
            (found,) = numbers_from_sympy([parse_number(row[key])])
            assert (found - end).is_zero


def test_an_upper_end_that_is_missing_stays_missing():
    point = pr_curve("robustness")[0]
    open_point = replace(point, bracket=RobustnessBracket(1, None, None, None, None))
    assert open_point.lower == 0 and open_point.upper is None and open_point.is_wide
    assert set(open_point.json()) == {"parameter", "lower", "solved"} and open_point.proof("x", "y") is None


# ---- forged points ---------------------------------------------------------------------------------------------------
def test_forged_robustness():
    first, second = pr_curve("robustness")[:2]
    good, step = first.bracket, Fraction(1, 100)
    forged = [
        replace(good, lower=good.lower + step),
        replace(good, upper=good.upper - step),
        replace(good, lower=None),
        replace(good, above=None),
        second.bracket,
        replace(good, above=replace(good.above, assemblage=second.assemblage)),
        replace(good, above=replace(good.above, matrix=second.bracket.above.matrix, assemblage=noisy_pr(Fraction(0)))),
    ]
    mixture = noisy_pr(good.upper)
    forged += [
        replace(good, below=replace(good.below, assemblage=mixture), lower=good.upper),
        replace(good, above=replace(good.above, assemblage=noisy_pr(ONE)), upper=ONE),
        replace(good, above=Parent(mixture, mixture)),
    ]
    first.verify()
    for bracket in forged:
        with pytest.raises(VerificationError):
            replace(first, bracket=bracket).verify()


def test_forged_negativity():
    first, second = pr_curve("negativity")[:2]
    for bracket in (second.bracket, replace(first.bracket, above=second.bracket.above)):
        with pytest.raises(VerificationError):
            replace(first, bracket=bracket).verify()


# ---- errors ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("family", "quantity", "parameters", "error", "reason"),
    [
        (noisy_pr, Robustness(), [], InputError, "0 parameters"),
        (noisy_pr, Robustness(), range(MAX_POINTS + 1), InputError, "between 1 and 10000 points"),
        (noisy_pr, Robustness(), ["1/2", "0.5"], InputError, "the parameter 1/2 appears twice"),
        (noisy_pr, Robustness(), [0.5], NumberError, "not an exact rational"),
        (noisy_pr, Robustness(), [2], NumberError, "not between 0 and 1"),
        (noisy_pr, Robustness(digits=0), [0], InputError, "digits = 0"),
        (noisy_pr, Robustness(level=0), [0], LevelError, "level"),
        (noisy_pr, Robustness(white_noise(Scenario.of([(2, 2)]))), [0], ScenarioError, "the noise is for 1 black box"),
        (noisy_pr, Robustness(PR), [0], InputError, "the noise is postquantum itself"),
        (noisy_pr, Negativity(digits=10), [0], InputError, "digits = 10"),
        (noisy_pr, Negativity(blocks=0), [0], InputError, "blocks = 0"),
        (noisy_pr, Negativity(level=0), [0], LevelError, "level"),
        (FAMILIES["s26-example-9"], Negativity(), [0], ScenarioError, "one trusted party without input"),
        (
            lambda t: white_noise(Scenario.of([(2, 2)], 2 + int(t))),
            Robustness(),
            [0, 1],
            ScenarioError,
            "but for 1 black box with outcomes .* of dimension 3 at 1",
        ),
    ],
)
def test_what_makes_no_curve(family, quantity, parameters, error, reason):
    with pytest.raises(error, match=reason):
        curve(family, quantity, parameters)


def test_noise_of_a_scenario_is_checked_for_real_data():
    with pytest.raises(ScenarioError):
        curve(lambda _: table_1(), Robustness(white_noise(s26.QUBITS)), [0])


def test_evenly_spaced():
    assert evenly_spaced(0, "1/2", 3) == [0, Fraction(1, 4), Fraction(1, 2)] and evenly_spaced("0.1", 1, 1) == [
        Fraction(1, 10)
    ]
    for arguments, reason in (((0, 0, 3), "from 0 to 0"), ((1, 0, 3), "from 1 to 0"), ((0, 1, 0), "count = 0")):
        with pytest.raises(InputError, match=reason):
            evenly_spaced(*arguments)
    with pytest.raises(NumberError):
        evenly_spaced(0, 0.5, 3)
    with pytest.raises(InputError, match="a curve without points"):
        curve_label([])
