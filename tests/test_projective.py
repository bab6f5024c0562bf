"""Locality for all projective measurements: models recomputed by hand, their behaviours measured, and what they refute.

A model's sums are the traces and responses of the assemblage; measuring any directions gives the assemblage's own Bell
behaviour, by an explicit local model. Inequalities bound every deterministic strategy, counted one by one. Table I of
SBCSV15: the octagon of its App. B fails on the printed digits, exactly; 7 and 8 directions have the visibilities 1.0017
and 1.0087, five chosen ones suffice. What is no model, inequality or bracket is a typed error.
"""

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import product

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.constructions import pauli
from steeralg.constructions.sbcsv15 import (
    pr_box,
    table_1,
    table_1_directions,
)
from steeralg.errors import InputError, PositivityError, ScenarioError, ShapeError, VerificationError
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.maps.linear import LinearMap
from steeralg.models.lhs import SteeringInequality
from steeralg.models.projective import (
    DirectionInequality,
    DirectionViolation,
    ProjectiveModel,
    VisibilityBracket,
    bell_scenario,
)
from steeralg.models.projective_locality import decide_projective_local, projective_visibility
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.directions import as_directions, circumscribed, covers, polygon
from steeralg.objects.functional import Functional
from steeralg.objects.local_model import HiddenState, LocalModel
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from steeralg.verdict import Proved, Refuted, Undecided
from tests.strategies import KINDS, deterministic_elements, matrices

CHSH = Scenario.of([(2, 2), (2, 2)], 2)
TABLE_1 = table_1()
OCTAGON = as_directions([(0, 0, "13/12"), ("119/156", 0, "10/13"), ("13/12", 0, 0), ("119/156", 0, "-10/13")])
ROOT = sympy.sqrt(2)
PAULI = as_matrices([pauli.X, pauli.Y, pauli.Z])
COMPLEX = State((2,), as_matrices([[[Fraction(2, 3), sympy.I / 3], [-sympy.I / 3, Fraction(1, 3)]]])[0])
SINGLET = State.pure([1 / ROOT, 0, 0, 1 / ROOT], (2, 2))
SMALL = (
    Scenario.of([(2, 2)], 2),
    CHSH,
    Scenario.of([(3, 2), (1, 2)], 2),
)


def answers(entry, a, x):
    return all(box[s] == o for box, s, o in zip(entry.outcomes, x, a, strict=True))


def recomputed(model, sigma):
    """Every sum of the model against traces with Pauli matrices."""
    for (a, x), matrix in sigma.elements.items():
        here = [e for e in model.entries if answers(e, a, x)]
        trace = matrix.trace()
        assert sum((e.weight for e in here), Number.of(0)) == trace
        for k, v in enumerate(model.directions):
            along = trace
            for p, c in zip(PAULI, v, strict=True):
                along = along + p.inner(matrix) * Number.of(c)
            found = sum((e.responses[k] for e in here), Number.of(0))
            assert (found + found - along).is_zero
    for e in model.entries:
        assert all(q.sign() >= 0 and (e.weight - q).sign() >= 0 for q in e.responses)
    assert covers(model.directions)


def projective(direction):
    """The measurement of a rational unit vector, + first."""
    along = Matrix.identity(2)
    for p, c in zip(PAULI, direction, strict=True):
        along = along + p.scale(c)
    plus = along.scale(Fraction(1, 2))
    return POVM((plus, Matrix.identity(2) - plus))


def proved(sigma, directions=None):
    verdict = decide_projective_local(sigma, directions)
    assert isinstance(verdict, Proved), verdict
    recomputed(verdict.witness, sigma)
    return verdict.witness


@st.composite
def noisy(draw, scenario, real, weight):
    """Local assemblages with a few pure hidden states, mixed with white noise."""
    strategies = list(deterministic_elements(scenario))
    entries = []
    for _ in range(3):
        k = draw(matrices(2, 1).map(lambda m: m.real if real else m).filter(lambda m: not m.is_zero))
        entries.append((draw(st.sampled_from(strategies)), k @ k.adjoint))
    total = sum((m.trace() for _, m in entries), Number.of(0)).inverse()
    model = LocalModel(tuple(HiddenState(chosen, (m.scale(total),)) for chosen, m in entries))
    return model.assemblage(scenario).mix(white_noise(scenario), weight)


@given(st.sampled_from(SMALL).flatmap(lambda scenario: noisy(scenario, True, Fraction(1, 4))))
@settings(deadline=None, max_examples=6)
def test_noisy_local_assemblages_of_real_states_have_models(sigma):
    model = proved(sigma)
    chosen = as_directions([("3/5", 0, "-4/5"), ("-5/13", 0, "12/13")])
    found = model.local_model(chosen).assemblage(bell_scenario(sigma.scenario, 2))
    assert found.agrees_with(sigma.behaviour([projective(n) for n in chosen]))


@given(st.sampled_from(SMALL[:2]).flatmap(lambda scenario: noisy(scenario, False, Fraction(2, 5))))
@settings(deadline=None, max_examples=5)
def test_noisy_local_assemblages_of_complex_states_have_models(sigma):
    model = proved(sigma)
    chosen = as_directions([("2/7", "-3/7", "6/7"), ("1/3", "2/3", "-2/3"), (0, 1, 0)])
    found = model.local_model(chosen).assemblage(bell_scenario(sigma.scenario, 3))
    assert found.agrees_with(sigma.behaviour([projective(n) for n in chosen]))


def test_table_1_has_a_short_model_with_five_directions():
    model = proved(TABLE_1, table_1_directions())
    assert len(model.directions) == 5
    numbers = [x.fraction() for e in model.entries for x in (e.weight, *e.responses)]
    assert len(numbers) <= 96 and all(10**7 % x.denominator == 0 for x in numbers)


def test_table_1_has_a_model_with_the_polygon_of_eight_directions():
    proved(TABLE_1, circumscribed(polygon(8)))
    assert len(proved(TABLE_1).directions) == 8


def test_the_model_of_table_1_gives_its_behaviours():
    """Seven measurements at once, one of them out of the plane, where only the x and z parts count."""
    model = proved(TABLE_1, table_1_directions())
    angles = [(0, 0, 1), (1, 0, 0), ("3/5", 0, "4/5"), ("-3/5", 0, "4/5"), ("20/29", 0, "21/29"), (0, 1, 0)]
    chosen = as_directions([*angles, ("2/3", "1/3", "-2/3")])
    found = model.local_model(chosen).assemblage(bell_scenario(CHSH, len(chosen)))
    assert found.agrees_with(TABLE_1.behaviour([projective(n) for n in chosen]))


def strategy_value(functional, chosen):
    value = Fraction(0)
    for (a, x), matrix in functional.elements.items():
        if all(box[s] == o for box, s, o in zip(chosen, x, a, strict=True)):
            value += matrix.entry(0, 0).fraction()
    return value


def test_the_octagon_fails_on_table_1_exactly():
    """A rational octagon within 0.001 of the regular one: a Bell inequality with coefficients 1 and bound 0."""
    verdict = decide_projective_local(TABLE_1, OCTAGON)
    assert isinstance(verdict, Undecided) and "does not refute" in verdict.reason
    bracket = verdict.bracket
    assert Fraction("0.9624") <= bracket.lower < bracket.upper < Fraction("0.9626")
    inequality = bracket.above
    assert inequality.bound == 0 and inequality.value(TABLE_1).fraction() < 0
    violation = DirectionViolation(TABLE_1, inequality)
    assert not violation.is_physical
    least = min(strategy_value(inequality.functional, s) for s in deterministic_elements(bell_scenario(CHSH, 4)))
    assert least == 0
    assert SteeringInequality(inequality.functional, Fraction(0)).bound == 0


def test_the_regular_octagon_of_the_paper_fails_on_the_printed_digits():
    """Clauser-Horne, by hand, for the octagon's directions Z and K = (X - Z)/sqrt2: all local responses have
    p(01-|00Z) + p(10-|00Z) + p(11-|00Z) - p(11-|01Z) + p(11+|10Z) - p(11+|10K) + p(11+|11K) >= 0,
    Table I un-noised by mu = cos(pi/8) has -0.0144.
    """
    terms = {"01-00Z": 1, "10-00Z": 1, "11-00Z": 1, "11-01Z": -1, "11+10Z": 1, "11+10K": -1, "11+11K": 1}
    values = []
    for b, c, *third in product(product("01", repeat=2), product("01", repeat=2), "+-", "+-"):
        answer = dict(zip("ZK", third, strict=True))
        met = (b[int(t[3])] == t[0] and c[int(t[4])] == t[1] and answer[t[5]] == t[2] for t in terms)
        values.append(sum(sign * hit for sign, hit in zip(terms.values(), met, strict=True)))
    assert min(values) == 0
    along = {"Z": pauli.Z, "K": (pauli.X - pauli.Z) / ROOT}
    value = 0
    for t, sign in terms.items():
        effect = (pauli.ONE + (1 if t[2] == "+" else -1) * along[t[5]] / sympy.cos(sympy.pi / 8)) / 2
        value += sign * (effect * TABLE_1[(int(t[0]), int(t[1])), (int(t[3]), int(t[4]))]).trace()
    root = sympy.sqrt(4 - 2 * ROOT)
    exact = sympy.Rational(6499, 20000) - root * (sympy.Rational(351, 2000) + ROOT * sympy.Rational(781, 8000))
    assert sympy.simplify(value - exact) == 0
    assert -0.01445 < exact < -0.0144


@pytest.mark.parametrize(
    ("count", "turned", "low", "high"),
    [(7, True, "1.0016", "1.0018"), (7, False, "1.0004", "1.0006"), (8, False, "1.0086", "1.0088")],
)
def test_visibilities_of_table_1(count, turned, low, high):
    """Seven directions starting from x have 1.0017, starting from z 1.0005; eight have 1.0087."""
    chosen = circumscribed(polygon(count, 10**4), 10**4)
    if turned:
        chosen = tuple((z, y, x) for x, y, z in chosen)
    bracket = projective_visibility(TABLE_1, chosen, digits=5)
    assert Fraction(low) <= bracket.lower <= bracket.upper <= Fraction(high)
    assert bracket.upper - bracket.lower < Fraction(1, 10**4)
    assert str(bracket).startswith("visibility in [1.00")


def quaternion_rotation(a, b, c, d):
    """The rational unitary a - i(bX + cY + dZ) over its length (a rational number here), and its rotation."""
    length = sympy.sqrt(a * a + b * b + c * c + d * d)
    assert length.is_Rational
    unitary = (a * pauli.ONE - sympy.I * (b * pauli.X + c * pauli.Y + d * pauli.Z)) / length
    columns = []
    for p in (pauli.X, pauli.Y, pauli.Z):
        image = unitary * p * unitary.H
        columns.append([sympy.simplify((image * q).trace() / 2) for q in (pauli.X, pauli.Y, pauli.Z)])
    return unitary, columns


def test_table_1_turned_out_of_the_plane():
    """A complex assemblage: the turned polygon with two far poles is a polyhedron around the ball."""
    unitary, columns = quaternion_rotation(4, 2, 2, 1)
    exact = as_matrices([unitary])[0]
    sigma = TABLE_1.apply(LinearMap.from_action(2, lambda m: exact @ m @ exact.adjoint))
    assert not sigma.is_real
    turned = as_directions(
        [
            [sum(v[j] * Fraction(str(columns[j][i])) for j in range(3)) for i in range(3)]
            for v in (*table_1_directions(), as_directions([(0, 100, 0)])[0])
        ]
    )
    model = proved(sigma, turned)
    chosen = as_directions([(0, 1, 0), ("2/3", "1/3", "-2/3")])
    found = model.local_model(chosen).assemblage(bell_scenario(CHSH, 2))
    assert found.agrees_with(sigma.behaviour([projective(n) for n in chosen]))
    with pytest.raises(InputError, match="real"):
        decide_projective_local(sigma, table_1_directions())


def test_noisy_table_1_turned_out_of_the_plane_has_a_model_by_a_polyhedron():
    exact = as_matrices([quaternion_rotation(4, 2, 2, 1)[0]])[0]
    sigma = TABLE_1.mix(white_noise(CHSH), Fraction(1, 10))
    proved(sigma.apply(LinearMap.from_action(2, lambda m: exact @ m @ exact.adjoint)))


def test_data_in_a_number_field():
    """A Werner state of visibility 2/3 under two settings with sqrt2, and one that is nonlocal."""
    measurements = [[POVM.observable((pauli.X + pauli.Z) / ROOT), POVM.observable((pauli.Z - pauli.X) / ROOT)]]
    sigma = Assemblage.from_state(SINGLET, measurements)
    assert not sigma.field.is_rational
    proved(sigma.mix(white_noise(sigma.scenario), Fraction(1, 3)))
    verdict = decide_projective_local(sigma)
    assert isinstance(verdict, Refuted) and verdict.witness.is_physical


def test_pure_elements_on_the_boundary_need_exact_zeros():
    """|0> whatever the box does: the square with vertices (+-1, +-1) touches the disc there, all responses are sure."""
    zero = Matrix.unit(2, 0, 0)
    scenario = Scenario.of([(2, 3)], 2)
    sigma = Assemblage(
        scenario,
        {(a, x): zero.scale(Fraction(1, scenario.black_boxes[0].outcomes[x[0]])) for a, x in scenario.labels()},
    )
    model = proved(sigma, [(1, 0, 1), (1, 0, -1)])
    assert all(e.responses == (e.weight, Number.of(0)) for e in model.entries)


@pytest.mark.parametrize(
    "sigma",
    [
        pr_box(State((2,), Matrix.identity(2).scale(Fraction(1, 2)))),
        pr_box(COMPLEX),
        Assemblage.from_state(SINGLET, [[POVM.observable(pauli.X), POVM.observable(pauli.Z)]]),
    ],
    ids=["PR box", "complex PR box", "singlet"],
)
def test_nonlocal_assemblages_violate_a_bell_inequality(sigma):
    verdict = decide_projective_local(sigma)
    assert isinstance(verdict, Refuted)
    violation = verdict.witness
    assert violation.is_physical
    behaviour = sigma.behaviour([projective(v) for v in violation.inequality.directions])
    value = violation.inequality.functional.value(behaviour)
    assert value == violation.value and value < Number.of(violation.inequality.bound)


def test_white_noise_is_local_for_everything():
    sigma = white_noise(CHSH)
    assert len(proved(sigma).directions) == 4
    bracket = projective_visibility(sigma, OCTAGON)
    assert bracket.upper is None and "at least 1.9" in str(bracket)


@pytest.mark.parametrize("name", [name for name in KINDS if KINDS[name].views != (2,)])
def test_other_scenarios_are_refused(name):
    sigma = white_noise(KINDS[name])
    with pytest.raises(ScenarioError):
        decide_projective_local(sigma)
    with pytest.raises(ScenarioError):
        projective_visibility(sigma, OCTAGON)


def test_wrong_directions_are_refused():
    with pytest.raises(InputError, match="circumscribed"):
        decide_projective_local(TABLE_1, polygon(8))
    with pytest.raises(ShapeError):
        decide_projective_local(TABLE_1, [(0, 1)])
    with pytest.raises(InputError, match="digits"):
        projective_visibility(TABLE_1, OCTAGON, digits=0)


TINY = Number.of(Fraction(1, 10**30))


@lru_cache
def good():
    return decide_projective_local(TABLE_1, table_1_directions()).witness


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda e: replace(e, responses=(e.weight + TINY, *e.responses[1:])), PositivityError),
        (lambda e: replace(e, responses=(-TINY, *e.responses[1:])), PositivityError),
        (lambda e: replace(e, responses=e.responses[1:]), ShapeError),
        (lambda e: replace(e, weight=-e.weight, responses=(Number.of(0),) * 5), PositivityError),
    ],
    ids=["above", "below", "few", "negative"],
)
def test_an_entry_that_is_no_response_is_refused_by_number(change, error):
    with pytest.raises(error, match="entry 1"):
        ProjectiveModel(good().directions, (good().entries[0], change(good().entries[1])))


def test_directions_that_do_not_cover_are_refused():
    with pytest.raises(VerificationError, match="unit ball"):
        ProjectiveModel(tuple((x * Fraction(99, 100), y, z) for x, y, z in good().directions), good().entries)
    with pytest.raises(VerificationError, match="unit ball"):
        ProjectiveModel((*good().directions[:4], (Fraction(0), Fraction(1), Fraction(0))), good().entries)


FORGED = {
    "another weight": lambda e: replace(e, weight=e.weight + TINY),
    "another response": lambda e: replace(e, responses=(*e.responses[:-1], e.weight * Number.of(Fraction(1, 3)))),
    "another strategy": lambda e: replace(e, outcomes=((1, 1), (1, 1))),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_model_of_other_data_is_refused(name):
    first, *others = good().entries
    forged = ProjectiveModel(good().directions, (FORGED[name](first), *others))
    with pytest.raises(VerificationError, match="do not sum"):
        forged.verify(TABLE_1)


def test_a_model_is_of_its_assemblage_only():
    good().verify(TABLE_1)
    with pytest.raises(VerificationError):
        good().verify(TABLE_1, Fraction(999, 1000))
    with pytest.raises(VerificationError):
        good().verify(white_noise(CHSH))
    with pytest.raises(VerificationError, match="real"):
        good().verify(pr_box(COMPLEX))
    with pytest.raises(ScenarioError):
        good().verify(white_noise(Scenario.of([(2, 2)], 2)))
    with pytest.raises(ScenarioError):
        ProjectiveModel(good().directions, (replace(good().entries[0], outcomes=((0, 2), (0, 0))),)).verify(TABLE_1)
    with pytest.raises(InputError, match="longer"):
        good().responses(as_directions([(1, 0, "1/10")])[0])


def test_a_bound_above_some_strategy_is_refused():
    inequality = projective_visibility(TABLE_1, OCTAGON).above
    with pytest.raises(VerificationError, match="strategy"):
        replace(inequality, bound=Fraction(1, 10**9))
    with pytest.raises(ScenarioError):
        replace(inequality, directions=OCTAGON[:3])
    with pytest.raises(ScenarioError):
        inequality.value(white_noise(Scenario.of([(2, 2)], 2)))
    with pytest.raises(VerificationError, match="does not violate"):
        DirectionViolation(white_noise(CHSH), inequality)


@st.composite
def inequalities(draw):
    """Any functional on a box and two directions, with the least value that a strategy of the test's own gives."""
    scenario = bell_scenario(Scenario.of([(2, 3)], 2), 2)
    functional = Functional(scenario, {k: Matrix.rational([[draw(st.integers(-3, 3))]]) for k in scenario.labels()})
    return functional, min(strategy_value(functional, s) for s in deterministic_elements(scenario))


@given(inequalities())
@settings(deadline=None, max_examples=20)
def test_local_bounds_are_the_least_values_of_strategies(pair):
    functional, least = pair
    chosen = as_directions([(1, 0, 1), (1, 0, -1)])
    assert DirectionInequality(chosen, functional, least).bound == least
    with pytest.raises(VerificationError):
        DirectionInequality(chosen, functional, least + Fraction(1, 10**6))


def test_forged_brackets_are_refused():
    bracket = projective_visibility(TABLE_1, OCTAGON)
    for change in (
        {"lower": bracket.lower + Fraction(1, 10**6)},
        {"upper": bracket.upper - Fraction(1, 10**4)},
        {"lower": None},
        {"above": None},
        {"directions": table_1_directions()},
    ):
        with pytest.raises(VerificationError):
            replace(bracket, **change)
    VisibilityBracket(TABLE_1, OCTAGON, None, None, bracket.upper, bracket.above)
