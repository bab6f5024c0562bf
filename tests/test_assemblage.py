"""Assemblages: those of states and measurements are valid and given by sigma[a|x] = tr_A[(M (x) 1) rho], computed here
index by index; every spoiled one is refused with a typed error that names the element or the no-signalling equation,
and that equation is computed once more from the raw elements.
"""

import re
from fractions import Fraction
from itertools import product
from math import prod

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steeralg.errors import (
    FormatError,
    HermitianError,
    InputError,
    NormalisationError,
    NumberError,
    PositivityError,
    ScenarioError,
    ShapeError,
    SignallingError,
)
from steeralg.exact.convert import number_to_sympy
from steeralg.exact.matrix import Matrix, total
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Scenario, format_label
from steeralg.objects.state import State
from tests import strategies as own

ONE = Scenario.of([(2, 2)], 2)
SIGNALLING = [(2, 2)], [(2, 3), (3, 2)], [(2,), (2, 2), (1, 3)], [(3, 1, 2), (2,)]
assemblages = (own.scenarios | st.just(own.three_boxes)).flatmap(own.quantum_assemblages)
fast = settings(deadline=None, max_examples=25)


def gaussian(matrix):
    """The entries as elements of sympy's Q(i)."""
    return [[sympy.QQ_I.from_sympy(x) for x in row] for row in matrix.sympy().tolist()]


def spoil(sigma, label, change):
    return dict(sigma.elements) | {label: sigma.elements[label] + change}


@given(own.experiments())
@fast
def test_an_element_is_the_state_left_when_the_outcomes_are_found(experiment):
    scenario, state, povms = experiment
    sigma = Assemblage.from_state(state, povms)
    assert sigma.scenario == scenario
    rho, dim = gaussian(state.matrix), scenario.dim
    effects = [[list(map(gaussian, povm.effects)) for povm in box] for box in povms]
    indices = list(product(*(range(d) for d in state.dims[:-1])))
    for a, x in scenario.labels():
        found = gaussian(sigma.elements[a, x])
        chosen = [box[s][o] for box, o, s in zip(effects, a, x, strict=True)]
        weights = {
            (i, j): prod((m[r][c] for m, r, c in zip(chosen, s, t, strict=True)), start=sympy.QQ_I.one)
            for (i, s), (j, t) in product(enumerate(indices), repeat=2)
        }
        for k, m in product(range(dim), repeat=2):
            wanted = sum((w * rho[j * dim + k][i * dim + m] for (i, j), w in weights.items()), sympy.QQ_I.zero)
            assert found[k][m] == wanted


@given(assemblages, st.data())
@fast
def test_a_moved_entry_is_not_hermitian(sigma, data):
    label = data.draw(st.sampled_from(list(sigma.elements)))
    i, j = data.draw(st.integers(0, sigma.scenario.dim - 1)), data.draw(st.integers(0, sigma.scenario.dim - 1))
    change = Matrix.unit(sigma.scenario.dim, i, j).scale(own.gaussian(0, 1) if i == j else Fraction(1, 7))
    with pytest.raises(HermitianError) as caught:
        Assemblage(sigma.scenario, spoil(sigma, label, change))
    assert f"element {format_label(label)} " in str(caught.value)
    assert f"({max(i, j)}, {min(i, j)})" in str(caught.value)


@given(assemblages, st.data())
@fast
def test_a_scaled_element_signals_and_the_equation_named_is_violated(sigma, data):
    scenario = sigma.scenario
    assume(any(len(box.outcomes) > 1 for box in scenario.black_boxes))
    label = data.draw(st.sampled_from([k for k, m in sigma.elements.items() if not m.is_zero]))
    elements = dict(sigma.elements) | {label: sigma.elements[label].scale(Fraction(3, 2))}
    with pytest.raises(SignallingError) as caught:
        Assemblage(scenario, elements)
    check_equation(str(caught.value), elements)


def check_equation(message, elements):
    """Recompute both sides of the equation that a SignallingError names."""
    box, party, first, second = re.search(
        r"black box (\d+): sum over a(\d+) of sigma\[(.*?)\] .* sigma\[(.*?)\]", message
    ).groups()
    assert int(party) == int(box) + 1
    sums = []
    for key in (first, second):
        a, x = (tuple(map(int, part.split(","))) for part in key.split("|"))
        sums.append(total(m for (b, y), m in elements.items() if y == x and differ_at_most(a, b, int(box))))
    i, j, difference = re.search(r"entry \((\d+), (\d+)\) by (.*)$", message).groups()
    assert number_to_sympy((sums[0] - sums[1]).entry(int(i), int(j))) == sympy.sympify(difference) != 0


def differ_at_most(a, b, box):
    return all(p == q for k, (p, q) in enumerate(zip(a, b, strict=True)) if k != box)


@pytest.mark.parametrize("boxes", SIGNALLING)
def test_a_signal_is_blamed_on_the_box_it_comes_from(boxes):
    scenario = Scenario.of(boxes, 2)
    for k, box in enumerate(boxes):
        for setting in range(1, len(box)):
            noise = dict(white_noise(scenario).elements)
            for a, x in scenario.labels():
                if x[k] == setting and a[k] == 0:
                    noise[a, x] = noise[a, x].scale(2)
            with pytest.raises(SignallingError, match=f"black box {k}:") as caught:
                Assemblage(scenario, noise)
            check_equation(str(caught.value), noise)


@given(assemblages, st.data())
@fast
def test_a_traceless_no_signalling_shift_far_enough_breaks_positivity(sigma, data):
    scenario = sigma.scenario
    k = data.draw(st.integers(0, len(scenario.black_boxes) - 1))

    def weight(a, x):
        others = prod(box.outcomes[s] for j, (box, s) in enumerate(zip(scenario.black_boxes, x, strict=True)) if j != k)
        return Fraction(0 if scenario.black_boxes[k].outcomes[x[k]] == 1 else {0: 1, 1: -1}.get(a[k], 0), others)

    one = Matrix.identity(scenario.dim).scale(2)
    shifted = {(a, x): m + one.scale(weight(a, x)) for (a, x), m in sigma.elements.items()}
    with pytest.raises(PositivityError) as caught:
        Assemblage(scenario, shifted)
    a, x = re.search(r"element (\S+)\|(\S+) ", str(caught.value)).groups()
    assert weight(tuple(map(int, a.split(","))), tuple(map(int, x.split(",")))) < 0
    assert re.search(r"value -", str(caught.value))


@given(assemblages, st.fractions(-2, 2, max_denominator=9).filter(lambda r: r != 1))
@fast
def test_a_scaled_assemblage_has_the_wrong_trace(sigma, factor):
    with pytest.raises(NormalisationError, match=re.escape(f"{factor}, not 1")):
        Assemblage(sigma.scenario, {label: m.scale(factor) for label, m in sigma.elements.items()})


@given(assemblages, st.data())
@fast
def test_missing_extra_and_misshapen_elements_are_named(sigma, data):
    dim, label = sigma.scenario.dim, data.draw(st.sampled_from(list(sigma.elements)))
    elements, key = dict(sigma.elements), re.escape(format_label(label))
    with pytest.raises(ShapeError, match=key):
        Assemblage(sigma.scenario, elements | {label: Matrix.identity(dim + 1)})
    with pytest.raises(ShapeError, match=key):
        Assemblage(sigma.scenario, elements | {label: Matrix.zero(dim, dim + 1)})
    outside = ((*label[0][:-1], 7), label[1])
    with pytest.raises(FormatError, match=re.escape(format_label(outside))):
        Assemblage(sigma.scenario, elements | {outside: Matrix.zero(dim, dim)})
    del elements[label]
    with pytest.raises(FormatError, match=f"{key} is missing"):
        Assemblage(sigma.scenario, elements)


def test_floats_are_refused():
    scenario = Scenario.of([(2,)], 1)
    with pytest.raises(NumberError):
        Assemblage.of(scenario, {((0,), (0,)): [[0.5]], ((1,), (0,)): [[0.5]]})


MALFORMED = [
    0,
    (0, 0),
    ((0, 0),),
    ((0,), (0,), (0,)),
    ((0,), (2,)),
    ((0, 0), (0, 0)),
    ((-1,), (0,)),
    ((0.5,), (0,)),
    "00",
]


@pytest.mark.parametrize("label", MALFORMED)
def test_a_malformed_label_has_no_element(label):
    with pytest.raises(ScenarioError):
        white_noise(ONE)[label]


@pytest.mark.parametrize("label", MALFORMED)
def test_a_malformed_label_has_no_marginal(label):
    with pytest.raises(ScenarioError):
        white_noise(ONE).marginal(label)


@pytest.mark.parametrize("label", MALFORMED)
def test_a_malformed_label_is_no_extra_element(label):
    with pytest.raises(InputError):
        Assemblage(ONE, dict(white_noise(ONE).elements) | {label: Matrix.identity(2)})


@given(assemblages)
@fast
def test_the_elements_cannot_be_changed(sigma):
    label = next(iter(sigma.elements))
    with pytest.raises(TypeError):
        sigma.elements[label] = sigma.elements[label]
    assert sigma[label] == sigma.elements[label].sympy()


def test_a_state_has_a_factor_for_every_box_and_measurements_fit_them():
    bell, z, trit = State.pure([1, 0, 0, 1], (2, 2)), POVM.observable([[1, 0], [0, -1]]), POVM((Matrix.identity(3),))
    for boxes in ([[trit]], [[z]] * 3, [[z, trit]], [[z], [trit]], [], [[]], [[z], []]):
        with pytest.raises(InputError):
            Assemblage.from_state(bell, boxes)
    assert Assemblage.from_state(bell, [[z], [z]]).scenario.dim == 1


def test_white_noise_is_uniform_and_maximally_mixed():
    for boxes, dim in product(SIGNALLING, (1, 3)):
        noise = white_noise(Scenario.of(boxes, dim))
        for (_, x), matrix in noise.elements.items():
            size = prod(box[s] for box, s in zip(boxes, x, strict=True)) * dim
            assert matrix.scale(size) == Matrix.identity(dim)
