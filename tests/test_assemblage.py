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
all_assemblages = (own.scenarios | own.kinds).flatmap(own.quantum_assemblages)
every_kind = pytest.mark.parametrize("scenario", own.KINDS.values(), ids=list(own.KINDS))
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


@given(all_assemblages, st.data())
@fast
def test_a_moved_entry_is_not_hermitian(sigma, data):
    label = data.draw(st.sampled_from(list(sigma.elements)))
    order = sigma.scenario.order(label)
    i, j = data.draw(st.integers(0, order - 1)), data.draw(st.integers(0, order - 1))
    change = Matrix.unit(order, i, j).scale(own.gaussian(0, 1) if i == j else Fraction(1, 7))
    with pytest.raises(HermitianError) as caught:
        Assemblage(sigma.scenario, spoil(sigma, label, change))
    assert f"element {sigma.scenario.key(label)} " in str(caught.value)
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
    box, first, second = re.search(
        r"black box (\d+): the sum over its outcomes of sigma\[(.*?)\] .* sigma\[(.*?)\]", message
    ).groups()
    sums = []
    for key in (first, second):
        main, _, name = key.partition(";")
        a, x = (tuple(map(int, part.split(","))) for part in main.split("|"))
        view = (int(name[1:]) - 1 if name.startswith("B") else int(name),) if name else ()
        family = ((label, m) for label, m in elements.items() if label[1] == x and label[2:] == view)
        sums.append(total(m for label, m in family if differ_at_most(a, label[0], int(box))))
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


@given(all_assemblages, st.data())
@fast
def test_missing_extra_and_misshapen_elements_are_named(sigma, data):
    scenario, label = sigma.scenario, data.draw(st.sampled_from(list(sigma.elements)))
    dim, elements, key = scenario.order(label), dict(sigma.elements), re.escape(scenario.key(label))
    with pytest.raises(ShapeError, match=key):
        Assemblage(scenario, elements | {label: Matrix.identity(dim + 1)})
    with pytest.raises(ShapeError, match=key):
        Assemblage(scenario, elements | {label: Matrix.zero(dim, dim + 1)})
    outside = ((*label[0][:-1], 7), *label[1:])
    if len(outside) == 2:
        with pytest.raises(FormatError, match=re.escape(format_label(outside))):
            Assemblage(scenario, elements | {outside: Matrix.zero(dim, dim)})
    aliens = [outside, (*label[:2], len(scenario.views)), (*label, 0), label[:2] if scenario.has_views else (*label, 1)]
    for alien in aliens:
        with pytest.raises(FormatError, match="does not belong to the scenario"):
            Assemblage(scenario, elements | {alien: Matrix.zero(dim, dim)})
    del elements[label]
    with pytest.raises(FormatError, match=f"{key} is missing"):
        Assemblage(scenario, elements)


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


@given(all_assemblages)
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


# ---- inputs, several trusted parties, instrumental data ----------------------------------------------------------
VIEWED = [s for s in own.KINDS.values() if s.has_views]
every_viewed = pytest.mark.parametrize("scenario", VIEWED, ids=str)


@every_kind
def test_white_noise_of_every_kind_is_uniform_and_maximally_mixed(scenario):
    noise = white_noise(scenario)
    for label, matrix in noise.elements.items():
        outcomes = prod(box.outcomes[s] for box, s in zip(scenario.black_boxes, label[1], strict=True))
        order = scenario.order(label)
        assert matrix.scale(outcomes * order) == Matrix.identity(order)


@every_viewed
def test_signalling_from_a_box_in_one_view_alone_is_found_with_its_equation(scenario):
    for k, box in enumerate(scenario.black_boxes):
        for setting, view in product(range(1, len(box.outcomes)), range(len(scenario.views))):
            order = scenario.views[view]
            if order == 1 or box.outcomes[setting] == 1 == max(scenario.views):
                continue
            # Traces stay as they are, so that only this view shows it.
            change = Matrix.unit(order, 0, 0) - Matrix.unit(order, 1, 1)
            elements = dict(white_noise(scenario).elements)
            label = next(m for m in elements if m[1][k] == setting and m[2] == view)
            elements[label] = elements[label] + change.scale(Fraction(1, 1000))
            with pytest.raises(SignallingError, match=f"black box {k}:") as caught:
                Assemblage(scenario, elements)
            assert f"sigma[{scenario.key(label)}]" in str(caught.value)
            check_equation(str(caught.value), elements)


@every_viewed
def test_traces_that_differ_between_views_are_signalling_from_the_trusted_side(scenario):
    for view in range(1, len(scenario.views)):
        elements = {}
        for label, m in white_noise(scenario).elements.items():
            # Shift the outcome probabilities of box 0, in this view alone, by as much at every setting.
            last = scenario.black_boxes[0].outcomes[label[1][0]] - 1
            sign = (label[0][0] == 0) - (label[0][0] == last) if label[2] == view else 0
            elements[label] = m.scale(1 + Fraction(sign, 3))
        if max(d for box in scenario.black_boxes[:1] for d in box.outcomes) == 1:
            continue
        with pytest.raises(SignallingError, match="trusted side") as caught:
            Assemblage(scenario, elements)
        here, there = re.findall(r"sigma\[(.*?)\]", str(caught.value))
        by_key = {scenario.key(label): m for label, m in elements.items()}
        difference = by_key[here].trace() - by_key[there].trace()
        assert not difference.is_zero and str(caught.value).endswith(f"by {difference}")
        assert here.split(";")[0] == there.split(";")[0] and here != there


INSTRUMENTAL = [s for s in own.KINDS.values() if s.instrumental]


@pytest.mark.parametrize("scenario", INSTRUMENTAL, ids=str)
def test_instrumental_probabilities_sum_to_one_for_every_setting(scenario):
    noise = white_noise(scenario).elements
    elements = {label: m.scale(2 if label[1] == (1,) else 1) for label, m in noise.items()}
    with pytest.raises(SignallingError, match="at setting 1 sum to 2, those at setting 0 to 1"):
        Assemblage(scenario, elements)
    with pytest.raises(NormalisationError, match="2, not 1"):
        Assemblage(scenario, {label: m.scale(2) for label, m in noise.items()})


def test_instrumental_elements_need_no_common_sum():
    """|0><0| and |1><1| by setting, the same outcome: the channel of the outcome cannot know, but that is a theorem."""
    scenario = own.KINDS["instrumental"]
    zero, one = Matrix.unit(2, 0, 0), Matrix.unit(2, 1, 1)
    none = Matrix.zero(2, 2)
    elements = {((0,), (0,)): zero, ((1,), (0,)): none, ((0,), (1,)): one, ((1,), (1,)): none}
    assert Assemblage(scenario, elements).elements == elements


@every_kind
def test_a_view_with_a_negative_state_is_named(scenario):
    """The state of one view is made negative for all outcomes alike: no signalling, no change of traces."""
    for view, order in enumerate(scenario.views):
        if order == 1 or (scenario.instrumental and view not in map(scenario.view, scenario.labels())):
            continue
        change = Matrix.unit(order, 0, 0) - Matrix.unit(order, 1, 1)
        noise = dict(white_noise(scenario).elements)
        changed = [label for label in noise if scenario.view(label) == view]
        for label in changed:
            noise[label] = noise[label] + change.scale(2 * noise[label].trace().fraction())
        with pytest.raises(PositivityError, match="is not positive: a vector has value -") as caught:
            Assemblage(scenario, noise)
        assert str(caught.value).split()[1] in map(scenario.key, changed)


@given(own.kinds.flatmap(own.quantum_assemblages))
@fast
def test_assemblages_of_every_kind_are_no_signalling_by_the_definition(sigma):
    """Sums over a box's outcomes, for every view, and traces over the views, compared one by one."""
    scenario = sigma.scenario
    assert list(sigma.elements) == list(scenario.labels())
    for label in scenario.labels():
        assert sigma.elements[label].rows == scenario.order(label)
    if scenario.instrumental:
        for x in scenario.settings():
            assert sum(sigma.elements[a, x].trace().fraction() for a in scenario.outcomes(x)) == 1
        return
    for k, box in enumerate(scenario.black_boxes):
        for (a, x, *view), y in product(scenario.labels(), range(len(box.outcomes))):

            def column(s, a=a, x=x, view=view, k=k, box=box):
                outcomes = (((*a[:k], b, *a[k + 1 :]), (*x[:k], s, *x[k + 1 :]), *view) for b in range(box.outcomes[s]))
                return total(sigma.elements[label] for label in outcomes)

            assert column(x[k]) == column(y)
    for label in scenario.labels():
        assert sigma.elements[label].trace() == sigma.elements[scenario.label(*label[:2])].trace()
