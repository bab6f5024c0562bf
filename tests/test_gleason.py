"""Local orthogonality and Gleason assemblages: the inequality's sum of squares, its violation by the witnesses of
unextendible product bases in closed form, and eq. (26) of SAPHS18 from a formula of the tests' own.
"""

from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.constructions import s26
from steeralg.constructions.gleason import (
    boxes_alone,
    example_7,
    gleason_assemblage,
    upb_assemblage,
    upb_bound,
    upb_violation,
)
from steeralg.constructions.local_orthogonality import (
    guess_your_neighbours_input,
    local_orthogonality,
    local_orthogonality_bound,
    steered_local_orthogonality,
)
from steeralg.constructions.product_bases import (
    FOUR_QUBITS,
    HADAMARD,
    SHIFTS,
    THREE_OUTCOME_BASES,
    THREE_OUTCOMES,
    extendible_event_set,
    qubit_bases,
)
from steeralg.errors import InputError, PositivityError, ScenarioError, ShapeError
from steeralg.exact.matrix import Matrix
from steeralg.exact.tensor import kron, partial_trace
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.events import are_orthogonal, enlarged, is_maximal, letters
from steeralg.objects.local_bases import LocalBases, product_basis_of
from steeralg.objects.product_basis import decide_unextendible, witness_operator
from steeralg.objects.scenario import Scenario
from tests.strategies import hermitian, povms, quantum_assemblages, states, unitaries

QUBITS = [(2, 2)] * 3
EPS = Fraction(2, 25)
FAMILY = {
    "shifts": (SHIFTS, qubit_bases(3), EPS),
    "other bases": (SHIFTS, LocalBases.of([[((1, 0), (0, 1)), ((2, 1), (1, -2))]] * 3), Fraction(1, 200)),
    "neighbours of 3": (guess_your_neighbours_input(3), qubit_bases(3), EPS),
    "neighbours of 4": (guess_your_neighbours_input(4), qubit_bases(4), Fraction(1, 25)),
    "neighbours of 5": (guess_your_neighbours_input(5), qubit_bases(5), Fraction(1, 50)),
    "four qubits": (FOUR_QUBITS, qubit_bases(4, ((1, 1), (1, -1)), ((1, 2), (2, -1))), Fraction(1, 250)),
    "three outcomes": (THREE_OUTCOMES, THREE_OUTCOME_BASES, Fraction(3, 40)),
}
"""Events, bases, and an eps below the least value of the projector on product vectors (that one numerically)."""
family = pytest.mark.parametrize("name", FAMILY)


def relabellings(parties=3):
    """All permutations of parties, settings and outcomes of a scenario with two settings of two outcomes each."""
    flips = ((0, 1), (1, 0))
    for order in permutations(range(parties)):
        for s in product(flips, repeat=parties):
            for o in product(product(flips, repeat=2), repeat=parties):

                def move(event, order=order, s=s, o=o):
                    pairs = [letters(event)[k] for k in order]
                    moved = [(s[k][x], o[k][x][a]) for k, (x, a) in enumerate(pairs)]
                    return tuple(a for _, a in moved), tuple(x for x, _ in moved)

                yield move


@pytest.mark.parametrize("n", range(3, 9))
def test_the_events_of_the_game(n):
    """Everybody outputs the neighbour's input, half of all inputs occur, and none with its complement."""
    events = guess_your_neighbours_input(n)
    inputs = {x for _, x in events}
    assert len(events) == len(inputs) == 2 ** (n - 1)
    assert all(a[k] == x[(k + 1) % n] for a, x in events for k in range(n))
    assert all(tuple(1 - s for s in x) not in inputs for x in inputs)
    assert all(are_orthogonal(e, f) for i, e in enumerate(events) for f in events[:i])
    assert n > 6 or is_maximal([(2, 2)] * n, events)


def test_three_neighbours_are_shifts_up_to_relabelling():
    events = guess_your_neighbours_input(3)
    assert any({move(e) for e in events} == set(s26.UPB) for move in relabellings())
    assert decide_unextendible(product_basis_of(events, qubit_bases(3))).is_proved


@pytest.mark.parametrize("n", [4, 5])
def test_more_neighbours_give_unextendible_bases_too(n):
    basis = product_basis_of(guess_your_neighbours_input(n), qubit_bases(n))
    verdict = decide_unextendible(basis)
    assert basis.is_orthogonal and verdict.is_proved and verdict.witness.verify(basis)


def test_the_game_needs_three_parties():
    with pytest.raises(InputError):
        guess_your_neighbours_input(2)


@family
def test_the_bound_is_a_verified_sum_of_squares_of_rank_one(name):
    events, bases, _ = FAMILY[name]
    certificate = local_orthogonality_bound(bases.outcomes, events)
    (block,) = certificate.blocks
    assert certificate.bound == -1 and certificate.functional == local_orthogonality(bases.outcomes, events)
    signs = Matrix.rational([[1] + [-1] * len(events)])
    assert block.gram == signs.transpose @ signs and len(block.words) == len(events) + 1
    certificate.verify()


def test_deterministic_strategies_reach_the_bound():
    functional = local_orthogonality(QUBITS, SHIFTS)
    values = set()
    for outputs in product(product((0, 1), repeat=2), repeat=3):
        table = {
            (a, x): Matrix.rational([[int(all(outputs[k][x[k]] == a[k] for k in range(3)))]])
            for a, x in Scenario.of(QUBITS, 1).labels()
        }
        values.add(functional.value(Assemblage(functional.scenario, table)).fraction())
    assert values == {0, -1}


@settings(max_examples=15, deadline=None)
@given(quantum_assemblages(Scenario.of(QUBITS, 1)), st.randoms(use_true_random=False))
def test_quantum_behaviours_obey_every_inequality(behaviour, random):
    order = list(behaviour.scenario.labels())
    random.shuffle(order)
    events = enlarged(QUBITS, order=order)
    assert not local_orthogonality(QUBITS, events).value(behaviour).fraction() < -1
    assert local_orthogonality_bound(QUBITS, events).bound == -1


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_the_steered_inequality_is_the_one_of_the_measured_bases(data):
    """Any assemblage of two boxes: <F, sigma> is the Bell value after measuring, and at least -1."""
    sigma = data.draw(quantum_assemblages(Scenario.of([(2, 2)] * 2, 2)))
    trusted = LocalBases.of([[data.draw(unitaries(2)), data.draw(unitaries(2))]])
    certificate = steered_local_orthogonality(QUBITS, SHIFTS, trusted)
    value = certificate.functional.value(sigma)
    assert value == local_orthogonality(QUBITS, SHIFTS).value(sigma.behaviour(trusted.measurements[0]))
    assert certificate.bound == -1 and not value.fraction() < -1


@pytest.mark.parametrize("trusted", [1, 2])
@family
def test_steered_inequalities_of_one_or_two_parties_are_proved(name, trusted):
    events, bases, _ = FAMILY[name]
    certificate = upb_bound(events, bases, trusted)
    dims = bases.dims[-trusted:]
    assert certificate.functional.scenario.views == (2**trusted,) == (dims[0] ** trusted,)
    certificate.verify()


def test_events_that_share_the_labels_of_the_boxes_are_summed():
    """A complete basis of the trusted party: the functional is minus the probability of its label."""
    events = [((0, 0), (0, 0)), ((0, 1), (0, 0)), ((1, 0), (0, 1))]
    certificate = upb_bound(events, qubit_bases(2))
    assert certificate.functional.elements[(0,), (0,)] == -Matrix.identity(2)
    assert len(certificate.blocks[0].words) == 3


@family
def test_the_family_violates_the_inequality_by_the_closed_form(name):
    events, bases, eps = FAMILY[name]
    size, dim = len(events), product_basis_of(events, bases).dim
    expected = upb_violation(size, dim, eps)
    assert expected == size * (1 - eps) / (size - dim * eps) and expected > 1
    sigma = upb_assemblage(events, bases, eps)
    certificate = upb_bound(events, bases)
    value = certificate.functional.value(sigma).fraction()
    assert value == -expected < certificate.bound
    behaviour = sigma.behaviour(bases.measurements[-1])
    assert behaviour.agrees_with(upb_assemblage(events, bases, eps, trusted=0))
    probabilities = [behaviour.elements[e].trace().fraction() for e in events]
    assert set(probabilities) == {(1 - eps) / (size - dim * eps)}


@pytest.mark.parametrize("eps", [0, Fraction(1, 100), EPS])
def test_the_violation_grows_from_one(eps):
    values = [upb_violation(4, 8, Fraction(k, 100)) for k in range(20)]
    assert values[0] == 1 and values == sorted(values)
    assert -local_orthogonality(QUBITS, SHIFTS).value(
        upb_assemblage(SHIFTS, qubit_bases(3), eps, trusted=0)
    ).fraction() == upb_violation(4, 8, eps)


def test_an_extendible_basis_gives_nothing_for_any_eps():
    """Some product vector is orthogonal to all members: W is negative there, and measuring it shows this."""
    bases = LocalBases.of([[((1, 0, 0), (0, 1, 0), (0, 0, 1)), ((1, 2, 2), (2, 1, -2), (2, -2, 1))]] * 3)
    basis = product_basis_of(extendible_event_set(), bases)
    factors = decide_unextendible(basis).witness.factors
    w = witness_operator(basis, Fraction(1, 1000))
    vector = kron(*factors)
    assert (vector.adjoint @ w @ vector).entry(0, 0).sign() < 0


@settings(max_examples=15, deadline=None)
@given(states((2, 2, 3)), st.data())
def test_equation_26(state, data):
    """Elements by full Kronecker products and a partial trace, for a state and any POVMs."""
    measured = [[data.draw(povms(2, d)) for d in (2, 3)], [data.draw(povms(2, 2))]]
    sigma = gleason_assemblage(state.matrix, state.dims, measured)
    for a, x, *_ in sigma.scenario.labels():
        effects = [measured[k][x[k]].effects[a[k]] for k in range(2)]
        operator = kron(*effects, Matrix.identity(3)) @ state.matrix
        assert sigma.elements[a, x] == partial_trace(operator, state.dims, [0, 1])
    assert sigma.agrees_with(Assemblage.from_state(state, measured))


def test_example_7_of_the_formalism_paper():
    """Eqs. (25), (26) with |e> = |+>: elements from the four vectors written out."""
    sigma = example_7(EPS)
    assert sigma.scenario == Scenario.of([(2, 2)] * 2, 2)
    zero, one = Matrix.rational([[1, 0], [0, 0]]), Matrix.rational([[0, 0], [0, 1]])
    plus = Matrix.rational([[1, 1], [1, 1]]).scale(Fraction(1, 2))
    minus = Matrix.identity(2) - plus
    effects = [[zero, one], [plus, minus]]
    members = [(zero, zero, zero), (one, minus, plus), (plus, one, minus), (minus, plus, one)]
    for a, x, *_ in sigma.scenario.labels():
        m, n = effects[x[0]][a[0]], effects[x[1]][a[1]]
        expected = Matrix.identity(2).scale(-EPS)
        for first, second, third in members:
            expected = expected + third.scale(m.inner(first) * n.inner(second))
        assert sigma.elements[a, x] == expected.scale(1 / (4 - 8 * EPS))
    assert upb_bound(SHIFTS, qubit_bases(3)).functional.value(sigma).fraction() == -4 * (1 - EPS) / (4 - 8 * EPS)


def test_several_trusted_parties_show_their_marginals_and_agree_with_the_multi_party_paper():
    sigma = upb_assemblage(SHIFTS, qubit_bases(3), EPS, trusted=2)
    assert sigma.agrees_with(s26.example_7(EPS))
    assert upb_assemblage(SHIFTS, qubit_bases(3), EPS, trusted=0).agrees_with(s26.example_7_correlations(EPS))


def test_as_one_party_two_trusted_ones_are_steered_to_operators_that_are_not_positive():
    """An eigenvalue is -0.0243: block positive only."""
    operator = witness_operator(product_basis_of(SHIFTS, qubit_bases(3)), EPS)
    with pytest.raises(PositivityError):
        gleason_assemblage(operator, (2, 4), qubit_bases(1).measurements)


def test_beyond_the_least_value_the_operator_is_no_witness():
    """In the basis that a product vector of small value has, the elements are not positive."""
    with pytest.raises(PositivityError):
        upb_assemblage(SHIFTS, qubit_bases(3), Fraction(1, 4))


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(3)), st.lists(unitaries(2), min_size=3, max_size=3))
def test_parties_may_be_permuted_and_bases_turned(order, turned):
    """Permuted events and bases give permuted probabilities; turning all bases of a party changes none of them."""
    bases = qubit_bases(3, ((3, 4), (4, -3)))
    moved = [(tuple(a[k] for k in order), tuple(x[k] for k in order)) for a, x in SHIFTS]
    rays = [[[turned[k] @ ray for ray in basis] for basis in bases.rays[k]] for k in order]
    there = upb_assemblage(moved, LocalBases(tuple(tuple(map(tuple, p)) for p in rays)), Fraction(1, 50), trusted=0)
    here = upb_assemblage(SHIFTS, bases, Fraction(1, 50), trusted=0)
    for (a, x, *_), matrix in here.elements.items():
        label = tuple(a[k] for k in order), tuple(x[k] for k in order)
        assert there.elements[label] == matrix


@settings(max_examples=10, deadline=None)
@given(hermitian(4))
def test_the_elements_are_affine_in_the_operator(perturbation):
    """Near the maximally mixed state every operator of trace 1 gives a valid assemblage."""
    traceless = perturbation.scale(4) - Matrix.identity(4).scale(perturbation.trace())
    elements = []
    for c in (Fraction(0), Fraction(1, 2000), Fraction(1, 1000)):
        operator = Matrix.identity(4).scale(Fraction(1, 4)) + traceless.scale(c)
        elements.append(gleason_assemblage(operator, (2, 2), qubit_bases(1).measurements).elements)
    for label, middle in elements[1].items():
        assert middle.scale(2) == elements[0][label] + elements[2][label]


def test_bad_input_is_named():
    bases = qubit_bases(3)
    for trusted in (-1, 3, 4):
        with pytest.raises(ScenarioError):
            upb_assemblage(SHIFTS, bases, EPS, trusted)
    with pytest.raises(ScenarioError):
        upb_bound(SHIFTS, bases, 0)
    with pytest.raises(ScenarioError, match="trusted bases"):
        steered_local_orthogonality(QUBITS, SHIFTS, THREE_OUTCOME_BASES)
    with pytest.raises(ScenarioError, match="trusted bases"):
        steered_local_orthogonality(QUBITS, SHIFTS, bases)
    with pytest.raises(ScenarioError, match="measured boxes"):
        gleason_assemblage(Matrix.identity(2), (2,), [])
    with pytest.raises(ShapeError):
        gleason_assemblage(Matrix.identity(2), (2, 2), bases.measurements[:1])
    for function in (local_orthogonality, local_orthogonality_bound):
        with pytest.raises(InputError, match="are not orthogonal"):
            function(QUBITS, [*SHIFTS, SHIFTS[0]])
        with pytest.raises(ScenarioError, match="there is no event"):
            function(QUBITS, THREE_OUTCOMES)
    for eps in (Fraction(1, 2), -1):
        with pytest.raises(InputError):
            upb_assemblage(SHIFTS, bases, eps)


@pytest.mark.parametrize("second", [HADAMARD, ((3, 4), (4, -3))])
def test_the_black_boxes_alone_are_quantum(second):
    """SAPHS18 Remark 8: an explicit realisation shows what is left when the trusted party is traced out."""
    bases = qubit_bases(3, second)
    operator = Operator((2, 2, 2), witness_operator(product_basis_of(SHIFTS, bases), Fraction(1, 50)))
    devices = Devices.of(bases.measurements[:2])
    sigma = upb_assemblage(SHIFTS, bases, Fraction(1, 50))
    verdict = boxes_alone(operator, devices)
    assert verdict.is_proved
    assert verdict.witness.assemblage(Scenario.of([(2, 2)] * 2, 1)) == sigma.behaviour()
    with pytest.raises(ScenarioError):
        boxes_alone(operator, Devices.of(bases.measurements[:1]))
