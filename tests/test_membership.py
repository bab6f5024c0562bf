"""Certifying assemblages: whatever is well outside the quantum set is proved postquantum, nothing quantum ever is.

Completeness: noisy PR boxes (two and three outcomes, relabelled, embedded in larger scenarios, next to a third box)
beyond the Tsirelson bound, and Breuer-Hall with noise, are proved; the proof's value is negative, its bound 0, both
exact. Soundness: quantum and deterministic assemblages are undecided, "not refuted". The verdict does not depend on
the names of boxes, settings and outcomes, on the trusted party's basis, or on complex conjugation.
"""

from fractions import Fraction
from itertools import product

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.certificates.membership import certify
from steeralg.certificates.rounding import violated_certificate
from steeralg.constructions import saphs18, sbcsv15
from steeralg.errors import LevelError
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.scenario import Scenario
from steeralg.sdp.solve import Attempt
from steeralg.sdp.suggest import Suggestion
from steeralg.verdict import Undecided
from tests.strategies import deterministic_elements, pr_boxes, quantum_assemblages, states, unitaries

TRUSTED = Matrix.rational([[Fraction(2, 3), Fraction(1, 3)], [Fraction(1, 3), Fraction(1, 3)]])
PR, PR3 = pr_boxes(2, TRUSTED), pr_boxes(3, TRUSTED)


def noisy(assemblage, weight):
    return assemblage.mix(white_noise(assemblage.scenario), weight)


def embedded(outcomes, trusted):
    """The PR box inside a larger scenario: whatever it does not ask for is answered with 0."""
    scenario = Scenario.of(outcomes, trusted.rows)
    elements = {label: Matrix.zero(trusted.rows, trusted.rows) for label in scenario.labels()}
    for x in scenario.settings():
        inputs = [s if s < 2 else 0 for s in x[:2]]
        for first in (0, 1):
            answers = (first, (inputs[0] * inputs[1] - first) % 2)
            a = tuple(o if s < 2 else 0 for o, s in zip(answers, x[:2], strict=True)) + (0,) * (len(x) - 2)
            elements[a, x] = elements[a, x] + trusted.scale(Fraction(1, 2))
    return Assemblage(scenario, elements)


def deterministic(scenario, strategy, trusted):
    zero = Matrix.zero(scenario.dim, scenario.dim)
    return Assemblage(
        scenario,
        {
            (a, x): trusted if all(s[y] == o for s, y, o in zip(strategy, x, a, strict=True)) else zero
            for a, x in scenario.labels()
        },
    )


def renamed(assemblage, boxes, settings_of, outcomes_of):
    """Box k becomes boxes[k]-th; its setting x becomes settings_of[k][x], outcome a there outcomes_of[k][x][a]."""
    old = [box.outcomes for box in assemblage.scenario.black_boxes]
    shape = [[0] * len(box) for box in old]
    for k, box in enumerate(old):
        shape[boxes[k]] = [0] * len(box)
        for x, d in enumerate(box):
            shape[boxes[k]][settings_of[k][x]] = d
    elements = {}
    for (a, x), matrix in assemblage.elements.items():
        outcomes, inputs = [0] * len(a), [0] * len(a)
        for k, (o, s) in enumerate(zip(a, x, strict=True)):
            outcomes[boxes[k]], inputs[boxes[k]] = outcomes_of[k][s][o], settings_of[k][s]
        elements[tuple(outcomes), tuple(inputs)] = matrix
    return Assemblage(Scenario.of(shape, assemblage.scenario.dim), elements)


@st.composite
def renamings(draw, assemblage):
    boxes = [box.outcomes for box in assemblage.scenario.black_boxes]
    order = draw(st.permutations(range(len(boxes))))
    inputs = [draw(st.permutations(range(len(box)))) for box in boxes]
    return renamed(assemblage, order, inputs, [[draw(st.permutations(range(d))) for d in box] for box in boxes])


def proved(assemblage, level="1+AB"):
    """Certify, and check that the proof says what it should: exactly, and independently of how it was found."""
    verdict = certify(assemblage, level)
    assert verdict.is_proved, verdict
    found = verdict.witness
    found.certificate.verify()
    assert found.assemblage is assemblage and found.level == level
    assert found.certificate.bound == 0 and found.bound == sympy.Integer(0)
    assert found.exact_value == found.certificate.functional.value(assemblage)
    assert found.exact_value.sign() == -1 and (found.value < 0) == sympy.true
    return found


def not_refuted(assemblage, level="1+AB"):
    verdict = certify(assemblage, level)
    assert isinstance(verdict, Undecided), verdict
    assert verdict.reason.startswith(f"not refuted at level {level}")


@given(st.sampled_from([2, 3]), states((2,)), st.integers(0, 2), st.data())
@settings(deadline=None, max_examples=60)
def test_noisy_pr_boxes_are_proved_under_any_names(outcomes, state, eighths, data):
    box = noisy(pr_boxes(outcomes, state.matrix), Fraction(eighths, 8))
    proved(data.draw(renamings(box)))


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_pr_boxes_mixed_with_an_eighth_of_anything_quantum_are_proved(data):
    box = data.draw(st.sampled_from([PR, PR3, embedded([(3, 2), (2, 3)], TRUSTED)]))
    other = data.draw(quantum_assemblages(box.scenario))
    proved(box.mix(other, Fraction(1, 8)))


@pytest.mark.parametrize(
    "outcomes", [[(3, 2), (2, 2)], [(2, 4), (3, 2)], [(2, 2, 2), (2, 3)], [(2, 2, 1), (2, 2)]], ids=str
)
def test_pr_boxes_in_scenarios_of_unequal_size_are_proved(outcomes):
    proved(noisy(embedded(outcomes, TRUSTED), Fraction(1, 4)))


@pytest.mark.parametrize(
    ("outcomes", "level"), [([(2, 2), (2, 2), (2, 2)], "almost quantum"), ([(2, 2), (2, 2), (2,)], 2)]
)
def test_a_pr_box_shared_by_two_of_three_boxes_is_proved(outcomes, level):
    proved(noisy(embedded(outcomes, TRUSTED), Fraction(1, 4)), level)


@given(states((3,), max_rank=3))
@settings(deadline=None, max_examples=20)
def test_the_trusted_state_of_a_pr_box_may_be_any(state):
    proved(pr_boxes(2, state.matrix))


@pytest.mark.parametrize("dim", [1, 2, 3])
def test_pr_boxes_with_white_noise_are_decided_up_to_the_tsirelson_bound(dim):
    """CHSH 4 (1 - w) exceeds 2 sqrt2 iff w < 1 - 1/sqrt2 = 0.292893..; from there on the box is quantum."""
    box = pr_boxes(2, Matrix.identity(dim).scale(Fraction(1, dim)))
    proved(noisy(box, Fraction("0.29289")))
    not_refuted(noisy(box, Fraction("0.29290")))


@pytest.mark.parametrize("weight", ["0", "1/50", "1/25", "9/200"])
def test_breuer_hall_with_white_noise_below_its_robustness_is_proved(weight):
    proved(noisy(saphs18.breuer_hall(), Fraction(weight)))


def test_table_1_of_sbcsv15_is_proved():
    proved(sbcsv15.table_1())


@given(st.data())
@settings(deadline=None, max_examples=40)
def test_quantum_assemblages_are_not_refuted(data):
    outcomes, dim = data.draw(st.sampled_from([([(2, 2), (2, 2)], 2), ([(3, 2), (1, 2)], 2), ([(2, 3)], 3)]))
    not_refuted(data.draw(quantum_assemblages(Scenario.of(outcomes, dim))), "1+A" if len(outcomes) == 1 else "1+AB")


@given(st.data())
@settings(deadline=None, max_examples=25)
def test_deterministic_assemblages_are_not_refuted(data):
    scenario = Scenario.of(data.draw(st.sampled_from([[(2, 2), (2, 2)], [(3, 2), (2,)], [(3,), (3, 1)]])), 2)
    strategy = data.draw(st.sampled_from(list(deterministic_elements(scenario))))
    not_refuted(deterministic(scenario, strategy, data.draw(states((2,))).matrix))


def test_three_quantum_boxes_are_not_refuted():
    scenario = Scenario.of([(2, 2), (2, 2), (2,)], 2)
    not_refuted(deterministic(scenario, ((0, 1), (1, 1), (0,)), TRUSTED), "almost quantum")
    not_refuted(white_noise(scenario), 2)


def test_any_assemblage_of_one_box_is_not_refuted():
    """Bipartite assemblages are all quantum: take the second box's half of PR and Table I away."""
    for assemblage in (PR, sbcsv15.table_1()):
        elements = {((a,), (x,)): assemblage.marginal(((a, None), (x, None))) for a, x in product((0, 1), repeat=2)}
        not_refuted(Assemblage(Scenario.of([(2, 2)], 2), elements), 2)


BASES = {
    "postquantum, Table I": (sbcsv15.table_1(), True),
    "postquantum, unequal": (noisy(embedded([(3, 2), (2, 2)], TRUSTED), Fraction(1, 4)), True),
    "quantum": (noisy(PR, Fraction(1, 2)), False),
}


def same_verdict(assemblage, is_postquantum):
    return proved(assemblage) if is_postquantum else not_refuted(assemblage)


@pytest.mark.parametrize("name", BASES)
@given(data=st.data())
@settings(deadline=None, max_examples=20)
def test_the_verdict_does_not_depend_on_names(name, data):
    assemblage, expected = BASES[name]
    same_verdict(data.draw(renamings(assemblage)), expected)


@pytest.mark.parametrize("name", BASES)
@given(u=unitaries(2))
@settings(deadline=None, max_examples=20)
def test_the_verdict_does_not_depend_on_the_trusted_basis_or_conjugation(name, u):
    assemblage, expected = BASES[name]
    turned = {label: u @ matrix @ u.adjoint for label, matrix in assemblage.elements.items()}
    same_verdict(Assemblage(assemblage.scenario, turned), expected)
    conjugated = {label: matrix.conjugate for label, matrix in turned.items()}
    same_verdict(Assemblage(assemblage.scenario, conjugated), expected)


def test_a_value_of_exactly_zero_proves_nothing():
    certificate = proved(PR).certificate
    (block,), functional, noise = certificate.blocks, certificate.functional, white_noise(PR.scenario)
    low, high = (functional.value(assemblage).fraction() for assemblage in (PR, noise))
    boundary = PR.mix(noise, low / (low - high))
    assert functional.value(boundary).is_zero
    bits = block.gram.denominator.bit_length() - 1
    suggestion = Suggestion(block.gram.rows, bits, *block.gram.planes, functional)
    assert violated_certificate(block.words, suggestion, PR) is not None
    assert violated_certificate(block.words, suggestion, boundary) is None


def test_a_level_that_does_not_reach_the_data_is_refused():
    with pytest.raises(LevelError):
        certify(embedded([(2, 2), (2, 2), (2,)], TRUSTED), 1)


@pytest.mark.parametrize("chain", [(), (Attempt("scs", 1e-9, 1),), (Attempt("cvxpy:CLARABEL", 1e-9, 1),)], ids=str)
def test_solvers_that_fail_leave_the_question_undecided(chain):
    verdict = certify(noisy(PR, Fraction(1, 2)), chain=chain)
    assert isinstance(verdict, Undecided) and verdict.reason.startswith("not refuted at level almost quantum")
