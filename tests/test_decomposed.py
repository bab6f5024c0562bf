"""Realisations from decompositions: one defining law, and what has to be refused.

The assemblage of the realisation is the Born rule of W = sum_S Q_S^(T_S), whatever the boxes, the trusted factors, the
devices and the parts: one box and two, with a trusted party, with one that has an input, with several, with none. The
images of states under decomposable maps are of this form. Boxes double their dimension only where they have to measure
both ways. Parts that are not positive, do not fit or do not sum to W are refused, by name.
"""

from fractions import Fraction
from math import prod

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import (
    HermitianError,
    InputError,
    NormalisationError,
    PositivityError,
    ShapeError,
    VerificationError,
)
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import kron, partial_transpose
from steeralg.maps import depolarising, generalised_choi, identity, reduction, transpose, unitary_channel
from steeralg.maps.linear import LinearMap
from steeralg.objects.decomposed import decomposed_realisation, image_parts
from steeralg.objects.devices import Devices, Operator, born
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Scenario, TrustedParty
from steeralg.objects.state import State
from steeralg.objects.steering import measured_boxes
from tests.strategies import matrices, povms, states, unitaries

few = settings(deadline=None, max_examples=12)
X, Y, Z = (POVM.observable(m) for m in ([[0, 1], [1, 0]], [[0, -sympy.I], [sympy.I, 0]], [[1, 0], [0, -1]]))
TILTED = POVM.observable(sympy.Matrix([[1, 1], [1, -1]]) / sympy.sqrt(2))
BELL = State.pure([1, 0, 0, 1], (2, 2))
BOTH = Devices.of([[X, Y]])


def scenario_of(devices, trusted):
    return Scenario(measured_boxes(devices.measurements), tuple(map(TrustedParty, trusted)))


def random_parts(draw, dims, subsets):
    """A positive operator for each subset, of total trace 1, and the operator they make."""
    order = prod(dims)
    raw = {subset: draw(matrices(order, draw(st.integers(1, 2)))) for subset in subsets}
    positive = {subset: k @ k.adjoint + Matrix.unit(order, 0, 0) for subset, k in raw.items()}
    trace = total(positive.values()).trace().inverse()
    parts = {subset: m.scale(trace) for subset, m in positive.items()}
    return Operator(dims, total(partial_transpose(m, dims, s) for s, m in parts.items())), parts


LAYOUTS = {
    "one box": ((2,), (2,), [(), (0,), (1,), (0, 1)]),
    "one box, transposed": ((3,), (2,), [(1,)]),
    "two boxes": ((2, 2), (2,), [(), (0,), (2,), (1, 2)]),
    "two boxes, every subset": ((2, 2), (1,), [(), (0,), (1,), (0, 1), (2,), (0, 2), (1, 2), (0, 1, 2)]),
    "bell": ((2, 3), (), [(), (0,), (1,), (0, 1)]),
    "several trusted": ((2,), (2, 2), [(), (0,), (1, 2), (0, 1, 2)]),
}


@pytest.mark.parametrize("name", LAYOUTS)
@few
@given(data=st.data())
def test_the_realisation_gives_the_born_rule_of_the_operator(name, data):
    boxes, trusted, subsets = LAYOUTS[name]
    chosen = data.draw(st.lists(st.sampled_from(subsets), min_size=1, max_size=4, unique=True))
    operator, parts = random_parts(data.draw, (*boxes, *trusted), chosen)
    devices = Devices.of([[data.draw(povms(d, 2)), data.draw(povms(d, 3))] for d in boxes])
    scenario = scenario_of(devices, trusted)
    realisation = decomposed_realisation(operator, parts, devices)
    assert realisation.assemblage(scenario) == born(scenario, operator, devices)
    sizes = zip(realisation.state.dims, operator.dims, strict=True)
    assert all(new in (old, 2 * old) if k < len(boxes) else new == old for k, (new, old) in enumerate(sizes))


@few
@given(st.data(), unitaries(2))
def test_the_trusted_party_may_have_an_input(data, u):
    operator, parts = random_parts(data.draw, (2, 2), [(), (0,), (1,)])
    devices = Devices.of([[X, Y]], [identity(2), unitary_channel(u)])
    for scenario in (Scenario.of([(2, 2)], 2, 2), Scenario.of([(2, 2)], 2, 2, True)):
        realisation = decomposed_realisation(operator, parts, devices)
        assert realisation.assemblage(scenario) == born(scenario, operator, devices)


@st.composite
def decomposable_maps(draw, dim_in, dim_out):
    """A trace-preserving map with Choi matrix P + Q^(T_out), and P."""
    order = dim_in * dim_out
    k, m = (draw(matrices(order, draw(st.integers(1, 2)))) for _ in "km")
    bare = LinearMap(dim_in, dim_out, k @ k.adjoint) + LinearMap(dim_in, dim_out, m @ m.adjoint).transposed
    # Scaled down until the trace does not grow; what is missing goes to a fixed state.
    size = 1 + sum(abs(x) for plane in bare.dual(Matrix.identity(dim_out)).planes for x in plane)
    shrunk, positive = bare.scale(Fraction(1, size)), (k @ k.adjoint).scale(Fraction(1, size))
    missing = (Matrix.identity(dim_in) - shrunk.dual(Matrix.identity(dim_out))).transpose
    assert decide_psd(missing).is_proved
    rest = kron(missing, Matrix.unit(dim_out, 0, 0))
    return LinearMap(dim_in, dim_out, shrunk.choi + rest), positive + rest


@pytest.mark.parametrize("boxes", [(2,), (2, 2)])
@few
@given(data=st.data())
def test_decomposable_maps_give_quantum_assemblages(boxes, data):
    dim_in, dim_out = data.draw(st.sampled_from([(2, 2), (2, 3), (3, 2)]))
    decomposable, positive = data.draw(decomposable_maps(dim_in, dim_out))
    assert decomposable.is_trace_preserving
    state = data.draw(states((*boxes, dim_in)))
    operator, parts = image_parts(decomposable, positive, state)
    assert operator.matrix == decomposable.on(state.matrix, state.dims, len(boxes))
    devices = Devices.of([[data.draw(povms(d, 2)), data.draw(povms(d, 2))] for d in boxes])
    scenario = scenario_of(devices, (dim_out,))
    realisation = decomposed_realisation(operator, parts, devices)
    assert realisation.assemblage(scenario) == born(scenario, operator, devices)


def test_transposing_half_a_bell_state():
    """W has a negative eigenvalue; X and Y of the box steer as on the state, but with Y's outcomes exchanged."""
    operator, parts = image_parts(transpose(2), Matrix.zero(4, 4), BELL)
    assert decide_psd(operator.matrix).is_refuted
    assert parts[frozenset()].is_zero and parts[frozenset({1})] == BELL.matrix
    realisation = decomposed_realisation(operator, parts, BOTH)
    # One part only, so nothing has to be told apart: the state is transposed, and so is Y.
    assert realisation.state == BELL
    assert realisation.measurements == ((X, POVM(Y.effects[::-1])),)
    scenario = Scenario.of([(2, 2)], 2)
    assert realisation.assemblage(scenario) == born(scenario, operator, BOTH)
    assert realisation.assemblage(scenario) != born(scenario, Operator((2, 2), BELL.matrix), BOTH)


def test_a_box_that_measures_both_ways_gets_a_second_copy():
    mixed = identity(2).mix(transpose(2), "1/3")
    operator, parts = image_parts(mixed, identity(2).choi.scale(Fraction(2, 3)), BELL)
    realisation = decomposed_realisation(operator, parts, BOTH)
    assert realisation.state.dims == (4, 2)
    untransposed, transposed = (realisation.state.matrix.rearrange(4, 4, corner) for corner in (BLOCK, LAST))
    assert untransposed == BELL.matrix.scale(Fraction(2, 3)) and transposed == BELL.matrix.scale(Fraction(1, 3))
    for povm, original in zip(realisation.measurements[0], (X, Y), strict=True):
        for effect, m in zip(povm.effects, original.effects, strict=True):
            assert effect == kron(Matrix.unit(2, 0, 0), m) + kron(Matrix.unit(2, 1, 1), m.transpose)


BLOCK = [i * 8 + j for i in range(4) for j in range(4)]
LAST = [(4 + i) * 8 + 4 + j for i in range(4) for j in range(4)]


def test_boxes_with_symmetric_effects_need_no_copy():
    symmetric = Devices.of([[X, Z, TILTED], [Y]])
    parts = {(): State.maximally_mixed((2, 2, 2)).matrix.scale(Fraction(1, 2)), (0,): GHZ.scale(Fraction(1, 2))}
    operator = Operator((2, 2, 2), total(partial_transpose(m, (2, 2, 2), s) for s, m in parts.items()))
    realisation = decomposed_realisation(operator, parts, symmetric)
    assert realisation.state.dims == (2, 2, 2)
    scenario = Scenario.of([(2, 2, 2), (2,)], 2)
    assert realisation.assemblage(scenario).agrees_with(born(scenario, operator, symmetric))


GHZ = State.pure([1, 0, 0, 0, 0, 0, 0, 1], (2, 2, 2)).matrix


def test_a_qutrit_behind_the_reduction_map_and_decomposable_choi_maps():
    state = State.pure([1, 0, 0, 0, sympy.I, 1], (2, 3))
    scenario = Scenario.of([(2, 2)], 3)
    half = reduction(3).scale("1/2").choi
    maps = [
        (reduction(3), Matrix.zero(9, 9)),
        (depolarising(3, "1/2"), depolarising(3, "1/2").choi),
        (reduction(3).mix(identity(3), "1/2"), identity(3).choi.scale(Fraction(1, 2))),
        (generalised_choi(2, 1, 0).mix(reduction(3), "1/2"), generalised_choi(2, 1, 0).scale("1/2").choi),
    ]
    assert maps[2][0].choi - maps[2][1] == half
    for decomposable, positive in maps:
        operator, parts = image_parts(decomposable, positive, state)
        found = decomposed_realisation(operator, parts, BOTH).assemblage(scenario)
        assert found == born(scenario, operator, BOTH)
        # The last law of all: the map acts on what is steered.
        assert found == born(scenario, Operator(state.dims, state.matrix), BOTH).apply(decomposable)


def test_fields_of_the_parts_and_of_the_devices_come_together():
    (w,) = as_matrices([sympy.Matrix([[1, 0, 0, sympy.sqrt(3)], [0] * 4, [0] * 4, [sympy.sqrt(3), 0, 0, 3]]) / 4])
    devices = Devices.of([[TILTED, Y]])
    operator, parts = image_parts(transpose(2).mix(identity(2), "1/2"), identity(2).choi.scale(HALF), State((2, 2), w))
    scenario = Scenario.of([(2, 2)], 2)
    realisation = decomposed_realisation(operator, parts, devices)
    assert realisation.field.degree == 4
    assert realisation.assemblage(scenario).agrees_with(born(scenario, operator, devices))


HALF = Fraction(1, 2)
NOISE = Matrix.identity(4).scale(Fraction(1, 4))
SWAP = identity(2).transposed.choi.scale(HALF)
REFUSED = {
    "a trace other than 1": (Matrix.identity(4), {(): Matrix.identity(4)}, BOTH, NormalisationError, "trace 4"),
    "nothing": (NOISE, {}, BOTH, VerificationError, "do not sum"),
    "another sum": (NOISE, {(): NOISE.scale(HALF)}, BOTH, VerificationError, "do not sum"),
    "another factor": (SWAP, {(): BELL.matrix}, BOTH, VerificationError, "do not sum"),
    "a negative part": (SWAP, {(): SWAP}, BOTH, PositivityError, r"part \[\] is not positive"),
    "a part that is not Hermitian": (NOISE, {(0,): Matrix.unit(4, 0, 1)}, BOTH, HermitianError, r"part \[0\]"),
    "a part of another order": (NOISE, {(1,): Matrix.identity(2)}, BOTH, ShapeError, r"part \[1\].* order 2"),
    "a part that is not square": (NOISE, {(1,): Matrix.zero(4, 2)}, BOTH, ShapeError, "square"),
    "a factor that is not there": (NOISE, {(2,): NOISE}, BOTH, ShapeError, r"part \[2\]"),
    "a negative factor": (NOISE, {(-1,): NOISE}, BOTH, ShapeError, r"part \[-1\]"),
    "more boxes than factors": (NOISE, {(): NOISE}, Devices.of([[X]] * 3), ShapeError, "3 black boxes"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_decomposition_is_refused(name):
    matrix, parts, devices, error, message = REFUSED[name]
    with pytest.raises(error, match=message):
        decomposed_realisation(Operator((2, 2), matrix), parts, devices)


def test_measurements_have_to_fit_their_factors():
    noise = State.maximally_mixed((3, 2)).matrix
    with pytest.raises(ShapeError, match="setting 1 of box 0 measures dimension 2"):
        devices = Devices.of([[POVM((Matrix.identity(3),)), X]])
        decomposed_realisation(Operator((3, 2), noise), {(): noise}, devices)


def test_trusted_factors_are_transposed_together():
    noise = State.maximally_mixed((2, 2, 2)).matrix
    with pytest.raises(InputError, match=r"part \[0, 2\] transposes only some"):
        decomposed_realisation(Operator((2, 2, 2), noise), {(0, 2): noise}, BOTH)


@pytest.mark.parametrize(
    "phi, positive, error, message",
    [
        (transpose(2), transpose(2).choi, PositivityError, "positive part P"),
        (transpose(2), identity(2).choi, PositivityError, "the rest"),
        (identity(2), Matrix.zero(4, 4), PositivityError, "the rest"),
        (identity(2), Matrix.unit(4, 0, 1), HermitianError, "Choi"),
        (identity(2), Matrix.identity(2), ShapeError, "order"),
        (identity(3), identity(3).choi, ShapeError, "factor 1"),
    ],
)
def test_what_does_not_decompose_a_map_is_refused(phi, positive, error, message):
    with pytest.raises(error, match=message):
        image_parts(phi, positive, BELL)
