"""One-way quantum operations and mixtures (SAPHS18 Thms 9 and 10): on assemblages they do what they do on operators and
devices; quantum assemblages stay quantum, by an explicit state; a negative part keeps its trace, so that the negativity
cannot grow; every quantum assemblage can be made from scratch; what does not fit is a typed error.
"""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import NormalisationError, NumberError, PositivityError, ScenarioError, ShapeError
from steeralg.exact.field import quadratic
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import contract, kron
from steeralg.maps.channels import kraus_map
from steeralg.maps.library import identity, transpose
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.devices import Devices, Operator, born
from steeralg.objects.instrument import Instrument
from steeralg.objects.measurement import POVM
from steeralg.objects.mixture import mixed_realisation
from steeralg.objects.one_way import BoxOperation, OneWayOperation
from steeralg.objects.pseudo import hermitian_realisation
from steeralg.objects.realisation import Realisation
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from tests.strategies import models, povms, pr_boxes, quantum_assemblages, unitaries

ONE_BOX, TWO_BOXES = Scenario.of([(2, 3)], 2), Scenario.of([(2, 2), (2, 2)], 2)
PURE = Matrix.rational([[1, 0], [0, 0]])
PR = pr_boxes(2, PURE)
HALF = Fraction(1, 2)


def isometry_parts(unitary, before, after):
    rows = [[unitary.entry(i, j) for j in range(before)] for i in range(unitary.rows)]
    return [Matrix.from_numbers(rows[k : k + after], unitary.field) for k in range(0, unitary.rows, after)]


@st.composite
def instruments(draw, before, after, outcomes):
    kraus = isometry_parts(draw(unitaries(after * max(outcomes, before))), before, after)
    return Instrument(tuple(kraus_map(kraus[a::outcomes]) for a in range(outcomes)))


@st.composite
def box_operations(draw, box, received, left, new_settings, new_outcomes):
    return BoxOperation(
        tuple(draw(instruments(received, left, len(box.outcomes))) for _ in range(new_settings)),
        tuple(draw(povms(left, new_outcomes)) for _ in range(max(box.outcomes))),
    )


@st.composite
def operations(draw, scenario):
    """Boxes that receive qubits or nothing (dimension 1), with one or two new settings and outcomes."""
    boxes = []
    for box in scenario.black_boxes:
        received, left, new_settings, new_outcomes = (draw(st.integers(1, 2)) for _ in range(4))
        boxes.append(draw(box_operations(box, received, left, new_settings, new_outcomes)))
    dim, kept, sent = scenario.views[0], draw(st.integers(1, 2)), 1
    for box in boxes:
        sent *= box.dim
    return OneWayOperation(draw(instruments(dim, kept * sent, 1)).maps[0], tuple(boxes))


def oracle(operation, sigma):
    """Fig. 3 read off: Lambda(sigma[a|x]), then box by box the effect of a' after the instrument's outcome x."""
    new = operation.scenario(sigma.scenario)
    dims, elements = operation.dims, {}
    for a, x in new.labels():
        parts = []
        for (old_a, old_x), element in sigma.elements.items():
            matrix, left = operation.channel(element), list(dims)
            for k, box in enumerate(operation.boxes):
                step = box.instruments[x[k]].maps[old_x[k]]
                matrix = step.on(matrix, left, 0)
                left[0] = step.dim_out
                matrix = contract(matrix, left, 0, box.measurements[old_a[k]].effects[a[k]])
                left.pop(0)
            parts.append(matrix)
        elements[a, x] = total(parts)
    return Assemblage(new, elements)


@pytest.mark.parametrize("scenario", [ONE_BOX, TWO_BOXES], ids=["one box", "two boxes"])
def test_an_operation_does_the_same_to_the_assemblage_and_to_its_operator(scenario):
    @given(operations(scenario), models(scenario))
    @settings(deadline=None, max_examples=8)
    def check(operation, model):
        sigma = model.assemblage
        image = operation.on(sigma)
        assert image == oracle(operation, sigma)
        realisation = Realisation(model.state, tuple(map(tuple, model.measurements)))
        operator, devices = operation.on_realisation(realisation.operator, realisation.devices)
        assert born(image.scenario, operator, devices) == image
        # Quantum goes to quantum: the new operator is a state.
        quantum = Realisation(State(operator.dims, operator.matrix), devices.measurements)
        assert quantum.assemblage(image.scenario) == image

    check()


@given(operations(TWO_BOXES), st.integers(0, 2))
@settings(deadline=None, max_examples=8)
def test_the_negative_part_keeps_its_trace(operation, noise):
    """W = P - N with P, N >= 0: then Lambda(W) = Lambda(P) - Lambda(N) has a negative part of trace tr N at most."""
    sigma = PR.mix(white_noise(PR.scenario), Fraction(noise, 4))
    w, devices = hermitian_realisation(sigma)
    size = w.matrix.rows
    # The hidden states are diagonal here, so that the negative part is that of the diagonal.
    diagonal = [w.matrix.entry(i, i) for i in range(size)]
    assert all(w.matrix.entry(i, j).is_zero for i, j in product(range(size), repeat=2) if i != j)
    negative = total(Matrix.unit(size, i, i).scale(-x) for i, x in enumerate(diagonal) if x.sign() < 0)
    operator, measured = operation.on_realisation(w, devices)
    assert born(operation.scenario(sigma.scenario), operator, measured) == operation.on(sigma)
    part = operation.on_operator(Operator(w.dims, negative))
    assert decide_psd(part.matrix).is_proved and part.matrix.trace() == negative.trace()
    assert decide_psd(operator.matrix + part.matrix).is_proved
    assert operator.matrix.trace() == Number.of(1)


def plain(scenario):
    """The operation that does nothing: the new setting is handed on as the old one, the old outcome as the new one."""
    boxes = []
    for box in scenario.black_boxes:
        chosen = range(len(box.outcomes))
        one, zero = identity(1), identity(1).scale(0)
        instruments_ = tuple(Instrument(tuple(one if x == y else zero for x in chosen)) for y in chosen)
        most = max(box.outcomes)
        effects = [[Matrix.rational([[int(a == b)]]) for b in range(most)] for a in range(most)]
        boxes.append(BoxOperation(instruments_, tuple(POVM(tuple(row)) for row in effects)))
    return OneWayOperation(identity(scenario.views[0]), tuple(boxes))


@given(quantum_assemblages(TWO_BOXES))
@settings(deadline=None, max_examples=5)
def test_the_operation_that_does_nothing(sigma):
    assert plain(TWO_BOXES).on(sigma) == sigma
    assert plain(TWO_BOXES).on(PR) == PR


def test_the_trusted_maps_are_operations_too():
    """The trusted party's channel alone, and one that is not completely positive is refused."""
    flip = kraus_map([Matrix.rational([[0, 1], [1, 0]])])
    operation = OneWayOperation(flip, plain(TWO_BOXES).boxes)
    assert operation.on(PR) == PR.apply(flip)
    with pytest.raises(PositivityError):
        OneWayOperation(transpose(2), plain(TWO_BOXES).boxes)


@given(models(Scenario.of([(2, 2)], 2)))
@settings(deadline=None, max_examples=5)
def test_every_quantum_assemblage_can_be_made_from_any_other(model):
    """Lambda prepares the state, the instruments measure and keep the outcome, the last measurement reads it."""
    state = model.state
    size = state.matrix.rows
    prepare = LinearMap(1, size, state.matrix)
    forget = LinearMap.from_action(2, lambda m: Matrix.from_numbers([[m.trace()]], m.field))
    keep = []
    for povm in model.measurements[0]:
        kept = total(kron(effect.transpose, Matrix.unit(2, a, a)) for a, effect in enumerate(povm.effects))
        nothing = LinearMap(2, 2, Matrix.zero(4, 4))
        keep.append(Instrument((LinearMap(2, 2, kept), nothing)))
    read = POVM((Matrix.unit(2, 0, 0), Matrix.unit(2, 1, 1)))
    operation = OneWayOperation(prepare @ forget, (BoxOperation(tuple(keep), (read,) * 3),))
    for start in (white_noise(ONE_BOX), white_noise(Scenario.of([(3, 2)], 2))):
        assert operation.on(start) == model.assemblage


def test_over_a_number_field():
    """Boxes and channels over Q(sqrt2), data over Q."""
    root = quadratic(2)
    half = Number(root, (0, 1), (0, 0), 2)
    turn = kraus_map([Matrix.rational([[1, 1], [1, -1]]).scale(half)])
    operation = OneWayOperation(turn, plain(TWO_BOXES).boxes)
    operator, devices = hermitian_realisation(PR)
    image = operation.on(PR)
    assert image.field == root
    assert born(TWO_BOXES, *operation.on_realisation(operator, devices)) == image


def test_the_channels_of_devices_act_first():
    devices = hermitian_realisation(PR)
    flip = kraus_map([Matrix.rational([[0, 1], [1, 0]])])
    with_channel = Devices.of(devices[1].measurements, [flip])
    operator, measured = plain(TWO_BOXES).on_realisation(devices[0], with_channel)
    assert born(TWO_BOXES, operator, measured) == PR.apply(flip)


def test_behaviours_have_no_trusted_factor():
    """Dimension 1: the operator may leave the trusted factor out."""
    scenario = Scenario.of([(2, 2)])
    sigma = white_noise(scenario)
    half = Matrix.identity(2).scale(HALF)
    devices = Devices.of([[POVM((PURE, Matrix.identity(2) - PURE))] * 2])
    operator, measured = plain(scenario).on_realisation(Operator((2,), half), devices)
    assert operator.dims == (2, 1) and born(scenario, operator, measured) == sigma


@given(models(TWO_BOXES), st.integers(0, 4))
@settings(deadline=None, max_examples=8)
def test_mixtures_of_realisations_are_realisations_of_mixtures(model, quarters):
    weight = Fraction(quarters, 4)
    realisation = Realisation(model.state, tuple(map(tuple, model.measurements)))
    first, second = (realisation.operator, realisation.devices), hermitian_realisation(PR)
    for one, other, mixture in [
        (first, second, model.assemblage.mix(PR, weight)),
        (second, first, PR.mix(model.assemblage, weight)),
    ]:
        operator, devices = mixed_realisation(one, other, weight)
        assert born(TWO_BOXES, operator, devices) == mixture
        assert operator.dims == (5, 5, 2)


@given(st.integers(0, 4))
@settings(deadline=None, max_examples=5)
def test_negative_parts_mix_alike(quarters):
    """nu(mixture) <= (1 - w) tr N + w tr N': the mixture of the negative parts is one of the mixture."""
    weight = Fraction(quarters, 4)
    w, devices = hermitian_realisation(PR)
    other = Operator(w.dims, w.matrix.scale(HALF) + Matrix.identity(w.matrix.rows).scale(Fraction(1, 36)))
    n, parts = w.matrix.rows, []
    for operator in (w, other):
        values = [operator.matrix.entry(i, i).fraction() for i in range(n)]
        negative = total(Matrix.unit(n, i, i).scale(-min(x, 0)) for i, x in enumerate(values))
        parts.append(Operator(w.dims, negative))
    mixed, _ = mixed_realisation((w, devices), (other, devices), weight)
    part, _ = mixed_realisation((parts[0], devices), (parts[1], devices), weight)
    assert decide_psd(part.matrix).is_proved and decide_psd(mixed.matrix + part.matrix).is_proved
    traces = [one.matrix.trace().fraction() for one in parts]
    assert part.matrix.trace().fraction() == (1 - weight) * traces[0] + weight * traces[1]


def test_irrational_weights():
    root = quadratic(2)
    weight = Number(root, (0, 1), (0, 0), 2)
    pair = hermitian_realisation(PR)
    noise = hermitian_realisation(white_noise(TWO_BOXES))
    sigma = born(TWO_BOXES, *mixed_realisation(pair, noise, weight))
    for label, element in sigma.elements.items():
        rest = Number.of(1, root) - weight
        other = white_noise(TWO_BOXES).elements[label]
        assert element == PR.elements[label].over(root).scale(rest) + other.over(root).scale(weight)


def test_mixtures_that_do_not_fit_are_refused():
    pair = hermitian_realisation(PR)
    for weight in (Fraction(-1, 2), 2, Number(quadratic(2), (0, 1), (0, 0))):
        with pytest.raises(NumberError):
            mixed_realisation(pair, pair, weight)
    with pytest.raises(ScenarioError):
        mixed_realisation(pair, hermitian_realisation(white_noise(ONE_BOX)), HALF)
    with pytest.raises(ScenarioError):
        mixed_realisation(pair, hermitian_realisation(pr_boxes(2, Matrix.identity(3).scale(Fraction(1, 3)))), HALF)
    channels = (pair[0], Devices.of(pair[1].measurements, [identity(2)]))
    with pytest.raises(ScenarioError):
        mixed_realisation(pair, channels, HALF)


@pytest.mark.parametrize(
    "sigma",
    [
        white_noise(ONE_BOX),
        white_noise(Scenario.of([(2, 2), (2, 2)], 3)),
        white_noise(Scenario.of([(2, 2), (3, 2)], 2)),
        white_noise(Scenario.of([(2, 2), (2,)], 2)),
        white_noise(Scenario.of([(2, 2), (2, 2)], 2, 2)),
        white_noise(Scenario.of([(2, 2), (2, 2)], [2, 2])),
        white_noise(Scenario.of([(2, 2), (2, 2)], 2, sequential=True)),
    ],
    ids=["boxes", "dimension", "outcomes", "settings", "input", "several trusted", "sequential"],
)
def test_operations_for_other_scenarios_are_refused(sigma):
    with pytest.raises(ScenarioError):
        plain(TWO_BOXES).on(sigma)


def test_malformed_operations_are_refused():
    boxes = plain(TWO_BOXES).boxes
    with pytest.raises(NormalisationError):
        OneWayOperation(identity(2).scale(2), boxes)
    qubit = Instrument((identity(2),))
    one = Instrument((identity(1),))
    coin = POVM((Matrix.rational([[HALF]]),) * 2)
    for operation in [
        lambda: OneWayOperation(identity(2), ()),
        lambda: OneWayOperation(identity(3), (BoxOperation((qubit,), (POVM((Matrix.identity(2),)),)),)),
        lambda: BoxOperation((), (coin,)),
        lambda: BoxOperation((one,), ()),
        lambda: BoxOperation((one, qubit), (coin,)),
        lambda: BoxOperation((qubit,), (coin,)),
        lambda: BoxOperation((one,), (coin, POVM((Matrix.identity(1),)))),
    ]:
        with pytest.raises(ShapeError):
            operation()
    operator, devices = hermitian_realisation(PR)
    with pytest.raises(ShapeError):
        plain(TWO_BOXES).on_operator(Operator((3, 3, 2, 1), operator.matrix))
    with pytest.raises(ScenarioError):
        plain(TWO_BOXES).on_realisation(operator, Devices.of(devices.measurements, [identity(2)] * 2))
