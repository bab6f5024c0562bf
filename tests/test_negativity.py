"""The steering negativity (SAPHS18 Sec. 7), both ends proved: known values, and what each end says exactly.

The lower end: F between two proved bounds, and <F, sigma> below them. The upper end: an operator and devices that show
the assemblage, and N >= 0 with W + N >= 0. Known values: (sqrt2 - 1)/2 for the PR box and (1 - w)/sqrt2 - 1/2 for it
with white noise of weight w (Tsirelson), a closed formula for the witnesses of product bases, 0 for whatever has a
quantum model. Convexity (Thm 9). Forged ends are refused.
"""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.certificates.certificate import BoundCertificate
from steeralg.certificates.negativity import NegativityBracket, negativity
from steeralg.certificates.negativity_lower import NegativityAtLeast, lower_end
from steeralg.certificates.negativity_search import operator_for
from steeralg.certificates.negativity_upper import NegativityAtMost, negative_part
from steeralg.certificates.robustness import robustness
from steeralg.constructions import saphs18
from steeralg.constructions.negativity import nonnegative, pr_box_negativity, upb_negativity
from steeralg.constructions.product_bases import SHIFTS, qubit_bases
from steeralg.errors import InputError, LevelError, PositivityError, ScenarioError, VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import kron
from steeralg.maps.library import choi
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.functional import Functional
from steeralg.objects.mixture import mixed_realisation
from steeralg.objects.pseudo import hermitian_realisation
from tests.strategies import KINDS, models, pr_boxes, small, unitaries

PR = pr_boxes(2, Matrix.identity(1))
NOISE = white_noise(PR.scenario)
HALF = Matrix.identity(2).scale(Fraction(1, 2))
MILLI = Number.of(Fraction(1, 1000))
OPEN = NegativityBracket(PR, None, None)


def checked(sigma, *level, digits=3, **options):
    """A bracket, and what it says, by other means than those that found or verify it."""
    bracket = negativity(sigma, *level, digits=digits, **options)
    bracket.verify()
    if bracket.below is not None:
        below = bracket.below
        low, high = below.low.bound, -below.high.bound
        values = [
            sum(
                (below.low.functional.elements[k].inner(sigma.elements[k]) for k in below.low.functional.elements),
                Number.of(0),
            )
        ]
        values.append(-below.high.functional.value(sigma))
        assert values[0] == values[1]
        assert bracket.lower * Number.of(high - low) == Number.of(low) - values[0] and bracket.lower.sign() > 0
    above = bracket.above
    assert above is not None and bracket.upper == above.negative.trace()
    assert decide_psd(above.negative).is_proved
    assert not bracket.upper < bracket.lower
    return bracket


def below_root_of_two(number, scale=1, shift=1):
    """The sign of sqrt2 - (scale number + shift), for a positive scale and value."""
    value = number * Number.of(scale) + Number.of(shift)
    return (Number.of(2) - value * value).sign()


# ---- known values ----------------------------------------------------------------------------------------------------
def test_the_pr_box():
    """(2 nu + 1)^2 = 2; what is printed is rounded outwards."""
    bracket = checked(PR)
    assert below_root_of_two(bracket.lower, 2) > 0 > below_root_of_two(bracket.upper, 2)
    assert bracket.upper - bracket.lower < MILLI
    low, high = (Fraction(end) for end in str(bracket).split("[")[1].split("]")[0].split(", "))
    assert not bracket.lower < Number.of(low) and not Number.of(high) < bracket.upper


def test_the_pr_box_beside_a_qubit_is_no_different_and_more_digits_are_closer():
    bracket = checked(pr_boxes(2, HALF), digits=4, starts=1)
    assert bracket.upper - bracket.lower < Number.of(Fraction(1, 10**4))
    assert below_root_of_two(bracket.lower, 2) > 0 > below_root_of_two(bracket.upper, 2)


@pytest.mark.parametrize("weight", [Fraction(1, 10), Fraction(1, 4)])
def test_the_pr_box_with_white_noise(weight):
    """2 nu + 1 = (1 - w) sqrt2."""
    bracket = checked(PR.mix(NOISE, weight))
    scale, shift = 2 / (1 - weight), 1 / (1 - weight)
    assert below_root_of_two(bracket.lower, scale, shift) > 0 > below_root_of_two(bracket.upper, scale, shift)
    assert bracket.upper - bracket.lower < MILLI


def test_the_pr_box_in_closed_form():
    bracket = pr_box_negativity()
    bracket.verify()
    assert bracket.is_closed and below_root_of_two(bracket.upper, 2) == 0
    assert bracket.assemblage.agrees_with(PR)
    assert str(bracket) == "negativity = -1/2 + sqrt(2)/2, proved from both sides"


@pytest.mark.parametrize("eps", ["2/25", "1/100"])
def test_witnesses_of_product_bases_in_closed_form(eps):
    """nu = (D - |S|) eps/(|S| - D eps), and the bracket that is found for the same data contains it."""
    bracket = upb_negativity(SHIFTS, qubit_bases(3), eps)
    bracket.verify()
    exact = 4 * Fraction(eps) / (4 - 8 * Fraction(eps))
    assert bracket.is_closed and bracket.upper == Number.of(exact)
    found = checked(bracket.assemblage, starts=1)
    assert not Number.of(exact) < found.lower and not found.upper < Number.of(exact)
    assert found.upper - found.lower < MILLI


def test_a_start_that_is_optimal_is_kept():
    exact = upb_negativity(SHIFTS, qubit_bases(3), "2/25")
    found = checked(exact.assemblage, start=(exact.above.operator, exact.above.devices))
    assert found.upper == exact.upper == Number.of(Fraction(2, 21))


# ---- quantum assemblages ---------------------------------------------------------------------------------------------
@given(st.sampled_from(["two boxes", "bell"]).flatmap(lambda name: models(KINDS[name])))
@settings(deadline=None, max_examples=3)
def test_quantum_assemblages_have_no_lower_end_and_a_model_closes_the_bracket(model):
    devices = Devices.of(model.measurements)
    bracket = checked(model.assemblage, start=(Operator(model.state.dims, model.state.matrix), devices))
    assert bracket.below is None and bracket.lower.is_zero
    assert bracket.is_closed and bracket.above.is_quantum
    assert str(bracket) == "negativity = 0, proved from both sides"


@given(models(KINDS["two boxes"]))
@settings(deadline=None, max_examples=2)
def test_the_search_finds_quantum_models_inside_the_set(model):
    sigma = model.assemblage.mix(white_noise(model.scenario), Fraction(1, 2))
    assert checked(sigma).upper < MILLI


@given(models(KINDS["one box"]))
@settings(deadline=None, max_examples=4)
def test_one_box_is_quantum(model):
    assert checked(model.assemblage).is_closed


# ---- laws ------------------------------------------------------------------------------------------------------------
IMAGE = Assemblage.from_state(saphs18.choi_state(), saphs18.breuer_hall_measurements(), choi())


@cache
def choi_bracket():
    return checked(IMAGE, digits=4, blocks=1, starts=1)


@pytest.mark.slow
def test_an_image_under_the_choi_map():
    """Not more than white noise allows: r noise + (1 - r) sigma in the level gives r/(1 - r) for what the level proves.

    A start is never made worse: the image of the state is an operator that shows the image of the assemblage.
    """
    bracket = choi_bracket()
    assert bracket.lower.sign() > 0
    noisy = robustness(IMAGE, white_noise(IMAGE.scenario), digits=3).upper
    assert bracket.lower < Number.of(noisy / (1 - noisy))
    state = saphs18.choi_state()
    devices = Devices.of(saphs18.breuer_hall_measurements())
    image = Operator(state.dims, choi().on(state.matrix, state.dims, 2))
    given_one = NegativityAtMost.verified(IMAGE, image, devices, negative_part(image))
    assert bracket.upper < given_one.value


@pytest.mark.slow
def test_more_blocks_are_closer():
    assert checked(IMAGE, blocks=2, starts=1).upper < choi_bracket().upper


@given(st.integers(0, 4))
@settings(deadline=None, max_examples=3)
def test_convexity(quarters):
    """Thm 9: the mixture's operator has the mixed negative part, and no lower end of the mixture is above that."""
    weight = Fraction(quarters, 4)
    one, other = pr_box_negativity(), flipped_bracket()
    first, second = ((b.above.operator, b.above.devices) for b in (one, other))
    mixture = one.assemblage.mix(other.assemblage, weight)
    operator, devices = mixed_realisation(first, second, weight)
    bound = one.upper * Number.of(1 - weight) + other.upper * Number.of(weight)
    # The negative parts are mixed as the operators are: as those of realisations on the same boxes.
    n, _ = mixed_realisation(
        (Operator(first[0].dims, one.above.negative), first[1]),
        (Operator(second[0].dims, other.above.negative), second[1]),
        weight,
    )
    mixed = NegativityAtMost.verified(mixture, operator, devices, n.matrix)
    assert mixed.value == bound
    below = lower_end(mixture, "almost quantum", Fraction(1, 100), lambda _: None)
    assert below is None or not bound < below.value


@cache
def flipped_bracket():
    return checked(flipped(), digits=2, starts=1)


def flipped():
    """The PR box with the other sign at the last setting: a1 + a2 = x1 x2 + x1."""
    return Assemblage(PR.scenario, {(a, x): PR.elements[((a[0] + x[0]) % 2, a[1]), x] for a, x in PR.scenario.labels()})


@given(st.lists(small, min_size=3, max_size=3), unitaries(3))
@settings(deadline=None, max_examples=15)
def test_the_negative_part_of_a_known_spectrum(values, unitary):
    """Fractional eigenvalues come out exactly; irrational ones (here of a sum with a neighbour) within the digits."""
    exact = Fraction(-sum(min(v, 0) for v in values))
    matrix = (
        unitary @ Matrix.rational([[v * int(i == j) for j in range(3)] for i, v in enumerate(values)]) @ unitary.adjoint
    )
    found = negative_part(Operator((3,), matrix), 6)
    assert decide_psd(found).is_proved and decide_psd(matrix + found).is_proved
    assert found.trace() == Number.of(exact)
    # Beside |0><0| + 2 |1><1| the eigenvalues are v and 2v: still exact, in blocks or not.
    wide = kron(Matrix.rational([[1, 0], [0, 2]]), matrix)
    assert negative_part(Operator((6,), wide), 6).trace() == Number.of(3 * exact)


@given(st.integers(-3, 3), st.integers(1, 3), st.integers(1, 8))
@settings(deadline=None, max_examples=15)
def test_the_negative_part_of_irrational_eigenvalues(a, b, digits):
    """[[a, b], [b, 0]] has the eigenvalues (a -+ sqrt(a^2 + 4 b^2))/2: twice the trace minus |a| off is the root."""
    matrix = Matrix.rational([[a, b], [b, 0]])
    found = negative_part(Operator((2,), matrix), digits)
    assert decide_psd(found).is_proved and decide_psd(matrix + found).is_proved
    root = found.trace() * Number.of(2) + Number.of(a)
    square = Number.of(a * a + 4 * b * b)
    less = root - Number.of(Fraction(2, 10**digits))
    assert not root * root < square and (less.sign() < 0 or not square < less * less)


def test_the_operator_of_theorem_6_is_an_upper_bound():
    operator, devices = hermitian_realisation(PR)
    bound = NegativityAtMost.verified(PR, operator, devices, negative_part(operator))
    assert bound.value == Number.of(1)
    assert checked(PR, start=(operator, devices), digits=2, starts=1).upper < Number.of(Fraction(22, 100))


def test_povms_that_cannot_show_the_data_give_nothing():
    """One and the same measurement for both settings."""
    povm = pr_box_negativity().above.devices.measurements[0][0]
    assert operator_for(PR, [[[povm, povm]], [[povm, povm]]], Fraction(1, 100)) is None


# ---- what is refused -------------------------------------------------------------------------------------------------
def test_forged_upper_ends_are_refused():
    above = pr_box_negativity().above
    for negative in (above.negative.scale(Fraction(99, 100)), -above.negative, Matrix.zero(4, 4)):
        with pytest.raises(PositivityError):
            replace(above, negative=negative).verify()
    with pytest.raises(VerificationError):
        replace(above, assemblage=flipped()).verify()
    state = Operator(above.operator.dims, Matrix.identity(4).scale(Fraction(1, 4)))
    with pytest.raises(VerificationError):
        replace(above, operator=state, negative=Matrix.zero(4, 4)).verify()


def test_forged_lower_ends_are_refused():
    below = pr_box_negativity().below
    bolder = BoundCertificate(below.low.functional, Fraction(-28, 10), below.low.blocks)
    for forged in (
        replace(below, low=bolder),
        replace(below, high=below.low),
        replace(below, high=replace(below.high, bound=Fraction(-2))),
        replace(below, low=below.high),
    ):
        with pytest.raises(VerificationError):
            forged.verify()
    with pytest.raises(ScenarioError):
        replace(below, assemblage=pr_boxes(2, HALF)).verify()


def test_bounds_without_a_gap_are_refused():
    """0 >= 0 and -0 >= 0 would divide by zero."""
    none = nonnegative(Functional(PR.scenario, {}))
    with pytest.raises(VerificationError):
        NegativityAtLeast.verified(PR, none, none)


def test_ends_about_other_data_are_refused():
    exact = pr_box_negativity()
    with pytest.raises(VerificationError):
        NegativityBracket(flipped(), exact.below, None).verify()
    with pytest.raises(VerificationError):
        NegativityBracket(flipped(), None, exact.above).verify()


def test_missing_ends_are_the_trivial_ones():
    OPEN.verify()
    assert OPEN.lower.is_zero and OPEN.upper is None and not OPEN.is_closed
    assert str(OPEN) == "negativity in [0.0000000000, inf]: nothing proved"


@pytest.mark.parametrize("kind", ["input", "instrumental", "several trusted"])
def test_other_scenarios_are_refused(kind):
    scenario = KINDS[kind]
    with pytest.raises(ScenarioError):
        negativity(white_noise(scenario))


def test_arguments_out_of_range_are_refused():
    for options in ({"digits": 0}, {"digits": 10}, {"blocks": 0}, {"starts": 0}):
        with pytest.raises(InputError):
            negativity(PR, **options)
    with pytest.raises(LevelError):
        negativity(PR, 0)
    for digits in (0, 10):
        with pytest.raises(InputError):
            negative_part(Operator((1,), Matrix.identity(1)), digits)
    operator, devices = hermitian_realisation(flipped())
    with pytest.raises(VerificationError):
        negativity(PR, start=(operator, devices))
