"""Robustness to noise, both ends proved: published figures, known thresholds, and what each end says exactly.

The lower end: the mixture, and every mixture with less noise, violates a verified certificate. The upper end: the
mixture has a parent, or an exact moment matrix of the level with the data as its moments. Membership in a level is
proved for mixtures of explicit realisations with white noise in every kind of scenario, refuted for PR boxes.
"""

from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.certificates.families import Parent, find_parent
from steeralg.certificates.membership import certify
from steeralg.certificates.robustness import InLevel, RobustnessBracket, in_level, robustness
from steeralg.constructions import s26, saphs18, shsa20
from steeralg.errors import InputError, LevelError, ScenarioError, VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.scenario import Scenario
from steeralg.verdict import Proved, Refuted
from tests.strategies import KINDS, kinds, models, pr_boxes, random_functional
from tests.test_families import monogamy

every_kind = pytest.mark.parametrize("name", KINDS)
QUARTER = Fraction(1, 4)
PR = pr_boxes(2, Matrix.identity(1))
NOISES = {"white": white_noise, "GHZ": s26.ghz_noise, "W": s26.w_noise}


def checked(sigma, noise, *level, digits=4):
    """A bracket, and what it says, independently of how it was found."""
    bracket = robustness(sigma, noise, *level, digits=digits)
    below, above = bracket.below, bracket.above
    if below is not None:
        below.certificate.verify()
        functional, bound = below.certificate.functional, Number.of(below.certificate.bound)
        assert below.assemblage == sigma.mix(noise, bracket.lower)
        assert below.exact_value == functional.value(below.assemblage) < bound
        # The noise is in the set, so the value rises with the weight: less noise violates the bound, too.
        assert not functional.value(noise) < bound and functional.value(sigma) < bound
    if above is not None:
        assert above.assemblage == sigma.mix(noise, bracket.upper)
        if isinstance(above, Parent):
            assert find_parent(above.assemblage).is_proved and above.proves_quantum
        else:
            above.matrix.verify()
            above.matrix.verify_data(above.assemblage)
    assert bracket.lower is None or bracket.upper is None or bracket.lower < bracket.upper
    return bracket


@cache
def example_9(noise):
    return checked(s26.example_9(), NOISES[noise](s26.QUBITS))


# ---- published figures -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("noise", "printed"), [("white", "0.0147"), ("GHZ", "0.0167"), ("W", "0.0139")])
def test_example_9_of_s26(noise, printed):
    """S26, Sec. 6: the printed robustness is within the last digit of both ends."""
    bracket = example_9(noise)
    assert isinstance(bracket.above, Parent)
    assert bracket.upper - bracket.lower < Fraction(1, 10**4)
    assert abs(bracket.lower - Fraction(printed)) < Fraction(1, 10**4)
    assert abs(bracket.upper - Fraction(printed)) < Fraction(1, 10**4)


def test_example_9_and_w_noise_more_closely():
    """0.0139 is rounded up: with 0.01386 of W noise there is a parent already, with 0.01384 there is none."""
    bracket = checked(s26.example_9(), s26.w_noise(), 1, digits=5)
    assert Fraction("0.01384") <= bracket.lower < bracket.upper <= Fraction("0.01386")


def test_breuer_hall():
    """SAPHS18 Sec. 5.2: the assemblage is over Q(sqrt2, i), the bracket rational."""
    sigma = saphs18.breuer_hall()
    bracket = checked(sigma, white_noise(sigma.scenario), "1+AB")
    assert Fraction("0.0458") < bracket.lower < bracket.upper < Fraction("0.0460")
    assert isinstance(bracket.above, InLevel)


GUISES = {
    "PR": PR,
    "PR beside a qubit": pr_boxes(2, Matrix.identity(2).scale(Fraction(1, 2))),
    "input": shsa20.pr(),
    "several trusted": s26.example_5(),
    "monogamy": monogamy(),
}


@pytest.mark.parametrize("name", GUISES)
def test_thresholds_at_one_minus_the_inverse_root_of_two(name):
    """Tsirelson's bound for PR boxes in four guises, phase-covariant cloning for monogamy."""
    sigma = GUISES[name]
    bracket = checked(sigma, white_noise(sigma.scenario))
    assert (1 - bracket.lower) ** 2 > Fraction(1, 2) > (1 - bracket.upper) ** 2
    assert bracket.upper - bracket.lower < Fraction(1, 10**4)
    assert isinstance(bracket.above, Parent) == (name == "monogamy")


def test_more_digits_are_closer():
    widths = []
    for digits in (2, 4, 6):
        bracket = checked(PR, white_noise(PR.scenario), digits=digits)
        widths.append(bracket.upper - bracket.lower)
        assert widths[-1] < Fraction(2, 10**digits)
    assert widths[0] > widths[1] > widths[2]


# ---- what the ends say -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("noise", NOISES)
def test_other_ways_of_deciding_agree_with_the_ends(noise):
    sigma, sound, bracket = s26.example_9(), NOISES[noise](s26.QUBITS), example_9(noise)
    step = bracket.lower / 3
    for weight in (bracket.lower, bracket.lower - step):
        assert certify(sigma.mix(sound, weight), 1).is_proved
        assert find_parent(sigma.mix(sound, weight)).is_refuted
    for weight in (bracket.upper, 20 * step):
        assert find_parent(sigma.mix(sound, weight)).is_proved
        assert not certify(sigma.mix(sound, weight), 1).is_proved


@given(models(Scenario.of([(2, 2)], [2, 2])))
@settings(deadline=None, max_examples=5)
def test_quantum_data_have_no_lower_end(model):
    sigma = model.assemblage.mix(white_noise(model.scenario), QUARTER)
    bracket = checked(sigma, white_noise(model.scenario))
    assert bracket.below is None and bracket.lower is None
    assert bracket.upper < Fraction(1, 10**4) and isinstance(bracket.above, Parent)


@pytest.mark.parametrize("sigma", [shsa20.transposed(), shsa20.instrumental()], ids=["input", "instrumental"])
def test_examples_with_input_have_a_bracket(sigma):
    bracket = checked(sigma, white_noise(sigma.scenario), digits=3)
    assert 0 < bracket.lower < bracket.upper < bracket.lower + Fraction(1, 10**3)
    assert isinstance(bracket.above, InLevel)


def test_noise_that_never_helps_leaves_the_upper_end_open():
    """GHZ noise has no correlations of the Bobs with X: with any weight below 1 the rest is monogamous still."""
    bracket = checked(monogamy(), s26.ghz_noise(), digits=3)
    assert bracket.lower > Fraction(9, 10)


def test_what_is_printed_is_proved():
    bracket = example_9("white")
    assert str(bracket).startswith("r in [0.0146") and "and quantum at 0.0147" in str(bracket)
    low, high = (Fraction(end) for end in str(bracket).split("[")[1].split("]")[0].split(", "))
    assert low <= bracket.lower and bracket.upper <= high
    pr = checked(PR, white_noise(PR.scenario))
    assert "not refuted at level almost quantum" in str(pr) and "and quantum" not in str(pr)


def test_a_missing_end_is_the_trivial_one():
    assert str(RobustnessBracket(1, None, None, None, None)) == "r in [0, 1]: nothing proved"


def test_noise_digits_and_levels_that_do_not_fit_are_refused():
    noise = white_noise(PR.scenario)
    with pytest.raises(ScenarioError):
        robustness(PR, white_noise(KINDS["two boxes"]))
    for digits in (0, 10, -1):
        with pytest.raises(InputError):
            robustness(PR, noise, digits=digits)
    for decide in (lambda level: robustness(PR, noise, level), lambda level: in_level(PR, level)):
        with pytest.raises(LevelError):
            decide(0)


# ---- membership in a level -------------------------------------------------------------------------------------------
@every_kind
def test_realisations_with_white_noise_are_in_the_level(name):
    """The moments of observed elements are exactly the data, so every functional has the same value on both."""
    scenario = KINDS[name]
    functionals = [random_functional(scenario, seed) for seed in (0, 1)]

    @given(models(scenario))
    @settings(deadline=None, max_examples=3)
    def check(model):
        sigma = model.assemblage.mix(white_noise(scenario), QUARTER)
        verdict = in_level(sigma)
        assert isinstance(verdict, Proved), verdict
        matrix = verdict.witness.matrix
        matrix.verify()
        matrix.verify_data(sigma)
        assert all(matrix.value(functional) == functional.value(sigma) for functional in functionals)
        with pytest.raises(VerificationError):
            matrix.verify_data(sigma.mix(other_than(sigma), Fraction(1, 10**9)))

    check()


def other_than(sigma):
    """An assemblage that is not the given one: all boxes answer 0, and the trusted systems are in the state 0."""
    scenario = sigma.scenario
    pure = Assemblage(
        scenario,
        {label: Matrix.unit(scenario.order(label), 0, 0).scale(int(not any(label[0]))) for label in scenario.labels()},
    )
    return pure if pure != sigma else white_noise(scenario)


@given(kinds.flatmap(models))
@settings(deadline=None, max_examples=12)
def test_realisations_are_never_outside_the_level(model):
    assert not in_level(model.assemblage).is_refuted


OUTSIDE = {
    "PR": PR,
    "three outcomes": pr_boxes(3, Matrix.identity(1)),
    "beside a qubit": pr_boxes(2, Matrix.identity(2).scale(Fraction(1, 2))),
    "Breuer-Hall": saphs18.breuer_hall(),
    "input": shsa20.transposed(),
    "instrumental": shsa20.instrumental(),
    "several trusted": monogamy(),
    "several trusted, two boxes": s26.example_5(),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_postquantum_assemblages_are_outside_the_level(name):
    verdict = in_level(OUTSIDE[name])
    assert isinstance(verdict, Refuted), verdict
    found = verdict.witness
    found.certificate.verify()
    assert found.assemblage is OUTSIDE[name]
    assert found.exact_value == found.certificate.functional.value(OUTSIDE[name])
    assert found.exact_value < Number.of(found.certificate.bound)


@given(st.integers(1, 200))
@settings(deadline=None, max_examples=10)
def test_a_noisy_pr_box_is_in_the_level_exactly_from_the_tsirelson_bound_on(thousandths):
    weight = Fraction(thousandths, 1000) + Fraction(1, 5)
    verdict = in_level(PR.mix(white_noise(PR.scenario), weight))
    assert verdict.is_proved == ((1 - weight) ** 2 < Fraction(1, 2))
    assert verdict.is_refuted == ((1 - weight) ** 2 > Fraction(1, 2))
