"""Local hidden state models and steering inequalities, both with witnesses, against definitions written out again.

Whatever is made up of hidden states is decided local, in every kind of scenario; so is whatever separable states give.
Noisy spin measurements on a pair of qubits along orthogonal axes are local if and only if the squared visibilities sum
to 1 at most (hidden states on the sphere, and the triangle inequality); pure elements of two bases are local if and
only if the bases are the same. Inequalities hold for every strategy and are tight up to their grid. Forged ones, and
data there is no decision about, are typed errors.
"""

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.local_system import LocalSystem
from steeralg.constructions import s26, sbcsv15, shsa20
from steeralg.errors import NumberError, ScenarioError, ShapeError, VerificationError
from steeralg.exact.convert import numbers_from_sympy
from steeralg.exact.echelon import rank
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number, as_number
from steeralg.exact.tensor import kron
from steeralg.models.hidden import hidden_spaces
from steeralg.models.lhs import SteeringInequality, SteeringViolation, inequality_of, violation_of
from steeralg.models.local import decide_local
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.deterministic import strategies, strategy_count, strategy_operators
from steeralg.objects.functional import Functional
from steeralg.objects.local_model import HiddenState, LocalModel
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from steeralg.positivity.face import joined
from tests.local_oracles import X, Y, Z, assert_inequality, assert_model, assert_violation, met, steered, value
from tests.strategies import (
    KINDS,
    deterministic_elements,
    functionals,
    models,
    povms,
    random_functional,
    states,
    unitaries,
)

every_kind = pytest.mark.parametrize("name", KINDS)
TINY = Fraction(1, 10**9)


@st.composite
def local_models(draw, scenario, most=4):
    """Some strategies with any states and weights; the weights add up to 1."""
    chosen = list(deterministic_elements(scenario))
    shares = draw(st.lists(st.integers(0, 3), min_size=1, max_size=most).filter(any))
    entries = []
    for share in shares:
        hidden = tuple(draw(states((d,))).matrix.scale(Fraction(share, sum(shares))) for d in scenario.views)
        entries.append(HiddenState(draw(st.sampled_from(chosen)), hidden))
    return LocalModel(tuple(entries))


# ---- strategies and the linear system --------------------------------------------------------------------------------
@every_kind
def test_operators_of_strategies_are_the_sums_over_the_settings(name):
    scenario = KINDS[name]
    functional = random_functional(scenario, 1)
    found = list(strategy_operators(functional))
    assert list(strategies(scenario)) == list(deterministic_elements(scenario))
    assert len(found) == strategy_count(scenario)
    for strategy, operators in zip(deterministic_elements(scenario), found, strict=True):
        for view, operator in enumerate(operators):
            terms = [m for label, m in functional.elements.items() if met(scenario, strategy, label, view)]
            assert operator == total([Matrix.zero(operator.rows, operator.rows), *terms])


@every_kind
def test_the_coordinates_of_a_model_are_those_of_its_data(name):
    scenario = KINDS[name]

    @given(local_models(scenario), st.data())
    @settings(deadline=None, max_examples=2)
    def check(model, data):
        sigma = model.assemblage(scenario)
        system = LocalSystem.of(sigma, is_real=False)
        rest = system.data()
        values = [Number.of(data.draw(st.integers(-3, 3))) for _ in rest]
        functional = system.functional(system.pairing(values))
        paired = sum((x * y for x, y in zip(values, rest, strict=True)), Number.of(0))
        assert (functional.value(sigma) - paired).is_zero
        for entry in model.entries:
            for k, x in system.column(entry.outcomes, entry.states).items():
                rest[k] = rest[k] - x
        assert all(x.is_zero for x in rest)

    check()


@every_kind
def test_spaces_of_hidden_states_hold_those_of_every_model(name):
    scenario = KINDS[name]

    @given(local_models(scenario))
    @settings(deadline=None, max_examples=2)
    def check(model):
        sigma = model.assemblage(scenario)
        spaces = dict(hidden_spaces(sigma, list(strategies(scenario))))
        for entry in model.entries:
            if entry.states[0].is_zero:
                continue
            for state, space in zip(entry.states, spaces[entry.outcomes], strict=True):
                if space is not None:
                    assert rank(joined([space, state])) == space.columns

    check()


# ---- local -----------------------------------------------------------------------------------------------------------
@every_kind
def test_what_is_made_up_of_hidden_states_is_local(name):
    scenario = KINDS[name]

    @given(local_models(scenario))
    @settings(deadline=None, max_examples=4)
    def check(model):
        sigma = model.assemblage(scenario)
        verdict = decide_local(sigma)
        assert verdict.is_proved
        assert_model(verdict.witness, sigma)

    check()


@every_kind
def test_white_noise_is_local(name):
    noise = white_noise(KINDS[name])
    assert_model(decide_local(noise).witness, noise)


@st.composite
def separable(draw):
    """A mixture of product states of a qubit and a qubit or qutrit, under any two or three measurements."""
    dim = draw(st.integers(2, 3))
    shares = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    parts = [
        kron(draw(states((2,))).matrix, draw(states((dim,))).matrix).scale(Fraction(share, sum(shares)))
        for share in shares
    ]
    return Assemblage.from_state(State((2, dim), total(parts)), [[draw(povms(2, 2)) for _ in range(3)]])


@given(separable(), st.integers(0, 1))
@settings(deadline=None, max_examples=15)
def test_separable_states_give_local_assemblages(sigma, tenths):
    mixed = sigma.mix(white_noise(sigma.scenario), Fraction(tenths, 10))
    verdict = decide_local(mixed)
    # Without noise these may lie on the very boundary of the local set.
    assert verdict.is_proved or (not tenths and not verdict.is_refuted)
    if verdict.is_proved:
        assert_model(verdict.witness, mixed)


# ---- both ways -------------------------------------------------------------------------------------------------------
@given(st.tuples(st.integers(0, 20), st.integers(0, 20)))
@settings(deadline=None, max_examples=15)
def test_two_orthogonal_spins_are_local_on_the_disc(parts):
    """The boundary is decided, too: where the squares sum to 1 exactly, 3/5 and 4/5 say."""
    check_disc([X, Z], parts, 20)


@given(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)))
@settings(deadline=None, max_examples=12)
def test_three_orthogonal_spins_are_local_on_the_ball(parts):
    check_disc([X, Y, Z], parts, 9)


@pytest.mark.parametrize("parts", [(12, 16), (16, 12), (0, 20), (3, 6, 6), (1, 4, 8), (8, 4, 1), (9, 0, 0)])
def test_the_boundary_is_local(parts):
    size = 20 if len(parts) == 2 else 9
    check_disc([X, Y, Z] if len(parts) == 3 else [X, Z], parts, size)


def check_disc(observables, parts, size):
    sigma = steered(observables, [Fraction(p, size) for p in parts])
    verdict = decide_local(sigma)
    if sum(p * p for p in parts) <= size * size:
        assert_model(verdict.witness, sigma)
    else:
        assert_violation(verdict.witness, sigma)


@pytest.mark.parametrize("count", [2, 3])
def test_werner_states_are_decided_close_to_the_threshold(count):
    """Visibility 1/sqrt2 for two Pauli measurements and 1/sqrt3 for three (Cavalcanti et al., PRA 80, 032112, 2009)."""
    observables = [X, Z, Y][:count]
    for digits in (2, 4, 6):
        low = Fraction(int((10 ** (2 * digits) / Fraction(count)) ** Fraction(1, 2)), 10**digits)
        assert count * low**2 <= 1 < count * (low + Fraction(2, 10**digits)) ** 2
        below, above = (steered(observables, [v] * count) for v in (low, low + Fraction(2, 10**digits)))
        assert_model(decide_local(below).witness, below)
        assert_violation(decide_local(above).witness, above)


def turned_bases(u):
    """Half of the pure states of two bases, the second turned by u."""
    scenario, half = Scenario.of([(2, 2)], 2), Fraction(1, 2)
    pure = {((a,), (0,)): Matrix.unit(2, a, a).scale(half) for a in (0, 1)}
    pure |= {((a,), (1,)): (u @ Matrix.unit(2, a, a) @ u.adjoint).scale(half) for a in (0, 1)}
    return Assemblage(scenario, pure)


@given(unitaries(2))
@settings(deadline=None, max_examples=15)
def test_pure_elements_of_two_bases_are_local_only_if_the_bases_agree(u):
    sigma = turned_bases(u)
    same = u.entry(0, 0).is_zero or u.entry(0, 1).is_zero
    verdict = decide_local(sigma)
    if same:
        assert_model(verdict.witness, sigma)
        assert len(verdict.witness.entries) == 2
    else:
        assert_violation(verdict.witness, sigma)


@pytest.mark.parametrize("digits", [3, 12, 30])
def test_pure_elements_that_hardly_differ_are_told_apart(digits):
    """Bases turned against each other by an angle that no float sees."""
    t = Fraction(1, 10**digits)
    c, s = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
    sigma = turned_bases(Matrix.rational([[c, -s], [s, c]]))
    assert_violation(decide_local(sigma).witness, sigma)


KNOWN = {
    "PR box, several trusted (S26 Ex. 5)": s26.example_5,
    "S26 Ex. 10": s26.example_10,
    "PR box, input (SHSA20 eq. (5))": shsa20.pr,
    "transpose, input (SHSA20 eq. (6))": shsa20.transposed,
    "instrumental (SHSA20, four settings)": shsa20.instrumental,
    "SBCSV15 Table I": sbcsv15.table_1,
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_steering_is_refuted(name):
    sigma = KNOWN[name]()
    assert_violation(decide_local(sigma).witness, sigma)


def test_prop_16_of_s26_is_local():
    sigma = s26.prop_16()
    assert_model(decide_local(sigma).witness, sigma)


def test_nothing_is_both_local_and_refuted_across_kinds():
    """Quantum data of any kind: whatever the verdict, its witness holds."""
    seen = set()
    for name in ("one box", "two boxes", "input", "instrumental", "several trusted"):

        @given(models(KINDS[name], projective=True))
        @settings(deadline=None, max_examples=5)
        def check(model):
            sigma = model.assemblage
            verdict = decide_local(sigma)
            seen.add(type(verdict).__name__)
            if verdict.is_proved:
                assert_model(verdict.witness, sigma)
            elif verdict.is_refuted:
                assert_violation(verdict.witness, sigma)

        check()
    assert "Proved" in seen


def isotropic(visibility, seed_unitaries):
    """A noisy maximally entangled pair of qutrits; the boxes find it in one direction or not, for every setting."""
    scenario = Scenario.of([(2,) * len(seed_unitaries)], 3)
    one, table = Matrix.identity(3).scale(Fraction(1, 3)), {}
    for x, u in enumerate(seed_unitaries):
        pure = (u @ Matrix.unit(3, 0, 0) @ u.adjoint).scale(Fraction(1, 3))
        table[(0,), (x,)] = pure.scale(visibility) + one.scale((1 - visibility) / 3)
        table[(1,), (x,)] = one - table[(0,), (x,)]
    return Assemblage(scenario, table)


def directions():
    """Six rational unitaries: reflections 1 - 2 |v><v|/<v|v>."""
    i = Number(Z.field, (0,), (1,))
    one, zero = Number.of(1), Number.of(0)
    vectors = [(one, one, zero), (one, i, zero), (one, zero, one), (one, one, one), (one, i, one), (one, -one, i)]
    found = []
    for vector in vectors:
        v = Matrix.from_numbers([[x] for x in vector], Z.field)
        size = (v.adjoint @ v).entry(0, 0).fraction()
        found.append(Matrix.identity(3) - (v @ v.adjoint).scale(2 / size))
    return found


@pytest.mark.parametrize(("visibility", "local"), [("3/10", True), ("9/10", False)])
def test_six_settings_of_a_qutrit(visibility, local):
    sigma = isotropic(Fraction(visibility), directions())
    verdict = decide_local(sigma)
    if local:
        assert_model(verdict.witness, sigma)
    else:
        assert_violation(verdict.witness, sigma)


def test_data_over_a_number_field():
    (root,) = numbers_from_sympy([sympy.sqrt(2) / 2])
    for weight, local in ((root, True), (root + Number.of(TINY), False)):
        sigma = steered([X, Z], [weight, weight])
        verdict = decide_local(sigma)
        if local:
            assert_model(verdict.witness, sigma)
        else:
            assert_violation(verdict.witness, sigma)


# ---- inequalities ----------------------------------------------------------------------------------------------------
@every_kind
def test_bounds_of_functionals_hold_and_are_tight(name):
    scenario = KINDS[name]

    @given(functionals(scenario), local_models(scenario))
    @settings(deadline=None, max_examples=2)
    def check(functional, model):
        inequality = inequality_of(functional)
        assert_inequality(inequality)
        bound = as_number(inequality.bound)
        assert not functional.value(model.assemblage(scenario)) < bound
        best = [inequality_of(functional, bound + Number.of(gap)) for gap in (Fraction(-1), TINY)]
        assert best[0] is not None and best[1] is None
        assert_inequality(best[0])

    check()


CHSH = Functional(
    Scenario.of([(2, 2), (2, 2)], 2),
    {
        label: Matrix.identity(2).scale(-((-1) ** (sum(label[0]) + label[1][0] * label[1][1])))
        for label in Scenario.of([(2, 2), (2, 2)], 2).labels()
    },
)


def test_forged_inequalities_are_refused():
    SteeringInequality(CHSH, Fraction(-2)).verify()
    with pytest.raises(VerificationError, match="strategy"):
        SteeringInequality(CHSH, -2 + TINY)
    with pytest.raises(NumberError):
        SteeringInequality(CHSH, Number(Z.field, (0,), (1,)))
    several = random_functional(KINDS["several trusted"], 0)
    found = inequality_of(several)
    with pytest.raises(ScenarioError, match="share"):
        SteeringInequality(several, found.bound)
    with pytest.raises(ShapeError, match="shares"):
        SteeringInequality(several, found.bound, found.shares[1:])
    with pytest.raises(VerificationError, match="do not reach"):
        SteeringInequality(several, as_number(found.bound).fraction() + 100, found.shares)
    raised = ((found.shares[0][0] + 100, found.shares[0][1] - 100), *found.shares[1:])
    with pytest.raises(VerificationError, match="view 0"):
        SteeringInequality(several, found.bound, raised)


def test_forged_violations_are_refused():
    sigma = steered([X, Z], [1, 1])
    violation = decide_local(sigma).witness
    violation.verify()
    with pytest.raises(VerificationError, match="value"):
        replace(violation, value=violation.value - Number.of(TINY))
    with pytest.raises(VerificationError, match="not below"):
        SteeringViolation.of(white_noise(sigma.scenario), violation.inequality)
    with pytest.raises(ScenarioError):
        SteeringViolation.of(white_noise(CHSH.scenario), violation.inequality)
    assert violation_of(white_noise(sigma.scenario), violation.inequality.functional) is None


def test_scenarios_without_a_decision_are_typed_errors():
    with pytest.raises(ScenarioError, match="strategies"):
        decide_local(white_noise(Scenario.of([(2,) * 17], 2)))
    with pytest.raises(ScenarioError, match="sequential"):
        decide_local(white_noise(Scenario.of([(2, 2), (2,)], 2, sequential=True)))


def test_values_are_sums_over_all_entries():
    sigma = sbcsv15.table_1()
    functional = random_functional(sigma.scenario, 3)
    assert (value(functional, sigma) - functional.value(sigma)).is_zero
