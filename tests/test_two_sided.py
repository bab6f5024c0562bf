"""Quantum minima from both sides: closed brackets where the minimum is known, ordered ones everywhere, and proofs of
both ends that hold for the library and for the independent checker.
"""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
import sympy
from hypothesis import given, settings

from steeralg.certificates.no_signalling import no_signalling_bracket
from steeralg.certificates.proof import read_proof
from steeralg.certificates.strategy import Strategy
from steeralg.certificates.two_sided import bracket_proof, closed_strategy, quantum_bracket
from steeralg.checker import load_checker
from steeralg.constructions import s26
from steeralg.errors import LevelError, ScenarioError, VerificationError
from steeralg.exact.convert import number_to_sympy
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.objects.functional import Functional
from steeralg.objects.measurement import POVM
from steeralg.objects.realisation import Realisation
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from steeralg.sdp.seesaw import see_saw
from tests.strategies import KINDS, models, random_functional
from tests.test_bounds import bb84_game, chsh
from tests.test_exact_bound import CHAIN

every_kind = pytest.mark.parametrize("name", KINDS)
ROOT = sympy.sqrt(2)
CLOSED = {
    "CHSH": (chsh(), -2 * ROOT),
    "CHSH beside a qubit": (chsh(2), -2 * ROOT),
    "BB84": (bb84_game(), -(2 + ROOT) / 4),
    "GYNI": (s26.guess_your_neighbours_input(), -1),
    "chain": (CHAIN, -3 * sympy.sqrt(3)),
}
"""Tsirelson (1980); Tomamichel, Fehr, Kaniewski, Wehner (2013); Almeida et al. (2010); Braunstein, Caves (1990)."""


@cache
def closed(name):
    functional = CLOSED[name][0]
    return quantum_bracket(functional, 1 if name == "chain" else "almost quantum", exact=True)


@cache
def of_kind(name):
    return quantum_bracket(random_functional(KINDS[name], 1), digits=3, starts=2)


def ordered(bracket):
    """Lower end, upper end: what they say, independently of how they were found."""
    functional, realisation = bracket.functional, bracket.strategy.realisation
    bracket.certificate.verify()
    assert bracket.certificate.functional == functional and bracket.lower == bracket.certificate.bound
    assert functional.value(realisation.assemblage(functional.scenario)) == bracket.upper == bracket.strategy.value
    assert not bracket.upper < as_number(bracket.lower)
    assert bracket.is_closed == (bracket.upper == as_number(bracket.lower))


def judged(proof):
    """The proof holds for both judges and reads back to the same bytes."""
    data = proof.to_bytes()
    load_checker().check_bytes(data)
    again = read_proof(data)
    again.verify()
    assert again.to_bytes() == data
    return again


@pytest.mark.parametrize("name", CLOSED)
def test_known_minima_are_reached_exactly(name):
    bracket = closed(name)
    ordered(bracket)
    assert bracket.is_closed
    assert sympy.simplify(number_to_sympy(bracket.upper) - CLOSED[name][1]) == 0


@pytest.mark.parametrize("name", CLOSED)
def test_without_exactness_the_same_minimum_is_enclosed(name):
    bracket = quantum_bracket(CLOSED[name][0], 1 if name == "chain" else "almost quantum", starts=4)
    ordered(bracket)
    low, high = bracket.lower, bracket.upper.fraction()
    assert low <= CLOSED[name][1] <= high and high - low < Fraction(1, 10**4)


def test_a_classical_minimum_needs_no_entanglement():
    """Strategies without entanglement come first: one-dimensional boxes reach the minimum of GYNI and of BB84."""
    for name in ("GYNI", "BB84"):
        realisation = closed(name).strategy.realisation
        assert realisation.state.dims[: len(realisation.measurements)] == (1,) * len(realisation.measurements)
    assert closed("CHSH").strategy.realisation.state.dims[:2] == (2, 2)


@every_kind
def test_brackets_of_every_kind_are_ordered(name):
    bracket = of_kind(name)
    ordered(bracket)
    lower = as_number(bracket.lower)

    @given(models(KINDS[name]))
    @settings(deadline=None, max_examples=3)
    def quantum_values_are_not_below(model):
        assert not bracket.functional.value(model.assemblage) < lower

    quantum_values_are_not_below()


@pytest.mark.parametrize("name", ["one box", "two boxes", "bell", "input", "instrumental", "several trusted"])
def test_see_saw_and_level_meet_where_little_is_asked_for(name):
    bracket = of_kind(name)
    assert bracket.upper - as_number(bracket.lower) < Number.of(Fraction(1, 100))


@pytest.mark.parametrize("name", ["two boxes", "input", "instrumental", "several trusted"])
def test_no_strategy_is_below_the_no_signalling_minimum(name):
    outer = no_signalling_bracket(of_kind(name).functional, digits=3)
    assert not of_kind(name).upper < as_number(outer.lower)


def test_dimensions_limit_the_upper_end():
    """Without entanglement CHSH is -2, with qubits -2 sqrt2."""
    classical, quantum = (quantum_bracket(chsh(), dims=dims) for dims in ((1, 1), (2, 2)))
    assert classical.upper.fraction() == -2 and quantum.upper < Number.of(Fraction("-2.8284"))
    assert not classical.is_closed and not quantum.is_closed
    with pytest.raises(ScenarioError):
        quantum_bracket(chsh(), dims=(2, 2, 2, 2))


def test_a_level_that_does_not_reach_the_functional_is_refused():
    for exact in (False, True):
        with pytest.raises(LevelError):
            quantum_bracket(s26.guess_your_neighbours_input(), 1, exact=exact)


@pytest.mark.parametrize("name", ["CHSH", "BB84", "GYNI"])
def test_a_strategy_is_recognised_for_its_own_value_only(name):
    functional, bracket = CLOSED[name][0], closed(name)
    suggestion = see_saw(
        functional, dims=bracket.strategy.realisation.state.dims[: len(functional.scenario.black_boxes)]
    )
    target = as_number(bracket.lower)
    found = closed_strategy(functional, suggestion, target)
    assert found is not None and found.value == target
    assert closed_strategy(functional, suggestion, target + Number.of(Fraction(1, 10**12))) is None


def test_what_is_printed_is_proved():
    assert str(closed("BB84")) == "the quantum minimum is -1/2 - sqrt(2)/4 = -0.8535533906, proved from both sides"
    bracket = of_kind("two boxes")
    low, high = (Fraction(end) for end in str(bracket).split("[")[1].split("]")[0].split(", "))
    ends = as_number(bracket.lower).enclosure(128)[0], bracket.upper.enclosure(128)[1]
    assert low <= ends[0] and ends[1] <= high and high - low < ends[1] - ends[0] + Fraction(1, 10**9)


# ---- proofs ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["CHSH", "BB84", "GYNI"])
def test_the_proof_of_a_closed_bracket_states_both_ends(name):
    bracket = closed(name)
    proof = judged(bracket_proof("both", "a test", bracket))
    stated = {s.rule: s for s in proof.statements}
    assert set(stated) == {"bound", "quantum", "violation"} and len(proof.statements) == 3
    assert as_number(stated["bound"].bound) == as_number(bracket.lower)
    for label, m in bracket.functional.elements.items():
        assert (proof.objects["F"].elements[label] - m).is_zero
    assert proof.value(stated["violation"]) == bracket.upper
    gap = as_number(stated["violation"].bound) - bracket.upper
    assert Number.of(0) < gap < Number.of(Fraction(1, 10**9))


@every_kind
def test_the_proof_of_a_bracket_of_every_kind_holds(name):
    proof = judged(bracket_proof("both", "a test", of_kind(name)))
    assert [s.rule for s in proof.statements] == ["bound", "quantum", "violation"]


def test_a_bracket_without_lower_end_is_a_proof_of_the_strategy():
    bracket = replace(of_kind("two boxes"), certificate=None)
    assert bracket.lower is None and not bracket.is_closed and "[-inf, " in str(bracket)
    assert [s.rule for s in judged(bracket_proof("n", "s", bracket)).statements] == ["quantum", "violation"]


def test_a_bracket_of_another_functional_is_no_proof():
    bracket = closed("CHSH")
    with pytest.raises(VerificationError):
        bracket_proof("n", "s", replace(bracket, functional=bracket.functional.scale(2))).verify()


def test_a_strategy_of_ones_own_will_do():
    """Both boxes answer 0 whatever is asked: CHSH is at least -2 for that, here +2."""
    functional = chsh()
    trivial = POVM((Matrix.identity(1), Matrix.zero(1, 1)))
    own = Realisation(State((1, 1), Matrix.identity(1)), ((trivial, trivial),) * 2)
    bracket = replace(closed("CHSH"), strategy=Strategy.of(functional, own))
    ordered(bracket)
    assert bracket.upper.fraction() == 2 and not bracket.is_closed
    judged(bracket_proof("n", "s", bracket))


def test_a_single_operator_has_its_least_eigenvalue_from_both_sides():
    functional = Functional.of(Scenario.of([(1,)], 2), {((0,), (0,)): [[1, sympy.I], [-sympy.I, 0]]})
    bracket = quantum_bracket(functional, exact=True)
    assert bracket.is_closed and sympy.expand(number_to_sympy(bracket.upper) - (1 - sympy.sqrt(5)) / 2) == 0
