"""Convexity, exactly: weights are found where an assemblage lies between others, and mixtures are what they should be.

Weights: those that mixtures were made with come back, also on a curved path and with noise on top; off the segment
there are none. Parents, moment matrices and operators of two assemblages give verified ones of everything between, with
tr N affine (SAPHS18 Thm 9); asked of another assemblage they give nothing.
"""

from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.certificates.convexity import between, least_noise, mixed_model, mixed_operator
from steeralg.certificates.families import Parent, find_parent
from steeralg.certificates.negativity_search import measured_blocks, operator_for
from steeralg.certificates.robustness import InLevel, in_level
from steeralg.constructions.negativity import pr_box_negativity
from steeralg.constructions.s26 import QUBITS, ghz_noise, w_noise
from steeralg.constructions.sbcsv15 import table_1
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.assemblage import white_noise
from steeralg.objects.devices import Devices
from steeralg.objects.mixture import mixed_realisation
from tests.strategies import pr_boxes

weights = st.fractions(0, 1, max_denominator=40)
PR = pr_boxes(2, Matrix.identity(1))
NOISE = white_noise(PR.scenario)
TABLE, QUBIT_NOISE = table_1(), white_noise(table_1().scenario)
OTHER = pr_boxes(2, Matrix.identity(2).scale(Fraction(1, 2)))


# ---- weights ---------------------------------------------------------------------------------------------------------
@given(weights, weights, weights)
@settings(deadline=None, max_examples=10)
def test_the_weight_of_a_mixture_comes_back(p, low, high):
    one, other = (TABLE.mix(QUBIT_NOISE, w) for w in (low, high))
    found = between(one.mix(other, p), one, other)
    assert found is not None and one.mix(other, found).agrees_with(one.mix(other, p))
    assert low == high or found == p


def test_what_is_not_between_has_no_weight():
    half = TABLE.mix(QUBIT_NOISE, Fraction(1, 2))
    assert between(TABLE, half, QUBIT_NOISE) is None
    assert between(TABLE, OTHER, QUBIT_NOISE) is None and between(TABLE, half, half) is None


@given(weights, weights)
@settings(deadline=None, max_examples=10)
def test_noise_leads_into_the_hull_of_two_models(p, w):
    """(1 - u) sigma + u noise for models off the line: the weights are unique where sigma is not among them."""
    one, other = (sigma.mix(QUBIT_NOISE, Fraction(1, 3)) for sigma in (TABLE, OTHER))
    sigma = TABLE.mix(OTHER, p)
    u, q = least_noise(sigma, QUBIT_NOISE, one, other)
    assert (u, q) == (Fraction(1, 3), p)
    inside = sigma.mix(QUBIT_NOISE, w)
    found = least_noise(inside, QUBIT_NOISE, one, other)
    assert (found is not None) == (w <= Fraction(1, 3))
    if found is not None:
        u, q = found
        assert (1 - w) * (1 - u) == Fraction(2, 3)
        assert inside.mix(QUBIT_NOISE, u).agrees_with(one.mix(other, q))


@given(weights, st.fractions(Fraction(1, 5), Fraction(1, 2), max_denominator=40))
@settings(deadline=None, max_examples=10)
def test_on_the_line_of_the_noise_the_least_weight_is_taken(w, inner):
    one, other = (TABLE.mix(QUBIT_NOISE, x) for x in (inner, Fraction(3, 4)))
    sigma, found = TABLE.mix(QUBIT_NOISE, w), least_noise(TABLE.mix(QUBIT_NOISE, w), QUBIT_NOISE, one, other)
    if w > Fraction(3, 4):
        assert found is None
    elif w < inner:
        assert found == (1 - (1 - inner) / (1 - w), 0)
    else:
        assert found[0] == 0 and one.mix(other, found[1]).agrees_with(sigma)


# ---- models ----------------------------------------------------------------------------------------------------------
@cache
def models(kind):
    ends = [QUBITS_ENDS, PR_ENDS][kind == "level"]
    decide = in_level if kind == "level" else find_parent
    return [decide(sigma).witness for sigma in ends]


QUBITS_ENDS = [noise().mix(white_noise(QUBITS), Fraction(1, 3)) for noise in (ghz_noise, w_noise)]
PR_ENDS = [PR.mix(NOISE, Fraction(1, 3)), NOISE]


@pytest.mark.parametrize(("kind", "expected"), [("level", InLevel), ("parent", Parent)])
@given(weights)
@settings(deadline=None, max_examples=6)
def test_models_are_mixed(kind, expected, p):
    one, other = models(kind)
    sigma = one.assemblage.mix(other.assemblage, p)
    found = mixed_model(sigma, one, other, p)
    assert isinstance(found, expected) and found.assemblage.agrees_with(sigma)
    if kind == "level":
        found.matrix.verify()
        found.matrix.verify_data(sigma)
    else:
        assert found.proves_quantum and found.parent.agrees_with(one.parent.mix(other.parent, p))


def test_models_of_something_else_are_refused():
    (one, other), (parent, _) = models("level"), models("parent")
    sigma = one.assemblage.mix(other.assemblage, Fraction(1, 2))
    assert mixed_model(sigma, one, other, Fraction(1, 3)) is None
    assert mixed_model(sigma, one, InLevel(other.assemblage, 3, other.matrix), Fraction(1, 2)) is None
    assert mixed_model(sigma, one, parent, Fraction(1, 2)) is None
    wrong = parent.assemblage.mix(white_noise(QUBITS), Fraction(1, 2))
    assert mixed_model(wrong, *models("parent"), Fraction(1, 2)) is None


# ---- operators -------------------------------------------------------------------------------------------------------
@cache
def operators():
    """The PR box by hand, the noise with the same POVMs, and with others."""
    above = pr_box_negativity().above
    noise = white_noise(above.assemblage.scenario)
    same = operator_for(noise, measured_blocks(above.devices), Fraction(1, 1000))
    turned = Devices.of([box[::-1] for box in above.devices.measurements[::-1]])
    return above, same, operator_for(noise, measured_blocks(turned), Fraction(1, 1000))


@pytest.mark.parametrize("devices", ["the same", "others"])
@given(weights)
@settings(deadline=None, max_examples=6)
def test_operators_are_mixed_and_their_bounds_with_them(devices, p):
    above, same, turned = operators()
    other = same if devices == "the same" else turned
    sigma = above.assemblage.mix(other.assemblage, p)
    found = mixed_operator(sigma, above, other, p)
    found.verify()
    assert found.assemblage.agrees_with(sigma)
    assert (found.value - above.value * Number.of(1 - p) - other.value * Number.of(p)).is_zero
    order = above.operator.matrix.rows * (1 if devices == "the same" or p in (0, 1) else 4)
    assert found.operator.matrix.rows == order


def test_operators_of_something_else_are_refused():
    above, same, turned = operators()
    for other in (same, turned):
        sigma = above.assemblage.mix(other.assemblage, Fraction(1, 2))
        assert mixed_operator(sigma, above, other, Fraction(1, 3)) is None


def test_blocks_of_devices_are_those_they_were_made_of():
    above, _, turned = operators()
    _, devices = mixed_realisation((above.operator, above.devices), (turned.operator, turned.devices), Fraction(1, 2))
    for box, one, other in zip(
        measured_blocks(devices), above.devices.measurements, turned.devices.measurements, strict=True
    ):
        for block, povms in zip(box, (one, other), strict=True):
            effects = [
                (e, f) for p, q in zip(block, povms, strict=True) for e, f in zip(p.effects, q.effects, strict=True)
            ]
            assert all((e - f).is_zero for e, f in effects)
