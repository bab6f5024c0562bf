"""Families by name: exact members of one scenario, and what they are made of, by other means.

Mixtures are those of their data with noise; the boundary curve of the generalised Choi maps obeys its equations, passes
through the Choi maps and the reduction map, and its maps are proved positive; published examples are members.
"""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.constructions import saphs18
from steeralg.constructions.assemblage_families import FAMILIES, Family, boundary_weights, under
from steeralg.constructions.gleason import example_7
from steeralg.constructions.s26 import example_9, ghz_noise
from steeralg.errors import NumberError
from steeralg.maps.library import choi, generalised_choi, reduction
from steeralg.objects.assemblage import white_noise
from steeralg.positivity.maps import decide_positive

fractions = st.fractions(0, 1, max_denominator=50)


@pytest.mark.parametrize("name", FAMILIES)
def test_members_are_assemblages_of_one_scenario(name):
    family = FAMILIES[name]
    first, last = family(family.first), family(family.last)
    assert first.scenario == last.scenario and not first.agrees_with(last)
    assert family(str(family.last)).agrees_with(last) and family.first < family.last


@pytest.mark.parametrize("name", [name for name, family in FAMILIES.items() if family.data is not None])
def test_mixtures_are_of_the_data_and_white_noise(name):
    family = FAMILIES[name]
    data = family.data()
    noise = white_noise(data.scenario)
    assert family(0).agrees_with(data) and family(1).agrees_with(noise)
    assert family("1/7").agrees_with(data.mix(noise, Fraction(1, 7)))
    assert family.parameter == "weight of white noise"


def test_other_noise():
    noise = ghz_noise()
    family = FAMILIES["s26-example-9"].with_noise(noise, "GHZ")
    assert family(Fraction(1, 3)).agrees_with(example_9().mix(noise, Fraction(1, 3)))
    assert family.parameter == "weight of GHZ noise"
    assert FAMILIES["shifts"].with_noise(noise, "GHZ") is FAMILIES["shifts"]


def test_a_family_of_ones_own_needs_no_entry():
    family = Family("mine", "eps", Fraction(0), Fraction(1, 20), example_7)
    assert family("1/50").agrees_with(FAMILIES["shifts"]("1/50")) and family("1/50").agrees_with(example_7("1/50"))


@given(fractions)
@settings(deadline=None, max_examples=30)
def test_the_boundary_of_positivity(t):
    a, b, c = boundary_weights(t)
    assert a + b + c == 2 and b * c == (1 - a) ** 2 and 0 <= a <= 1
    assert boundary_weights(1 - t) == (a, c, b)


def test_the_boundary_passes_through_the_known_maps():
    maps = [generalised_choi(*boundary_weights(Fraction(k, 2))) for k in range(3)]
    assert maps == [generalised_choi(1, 0, 1), reduction(3), choi()]


def test_a_map_on_the_boundary_is_positive_and_one_beyond_is_not():
    a, b, c = boundary_weights(Fraction(1, 3))
    assert decide_positive(generalised_choi(a, b, c)).is_proved
    assert decide_positive(generalised_choi(a, b, c - Fraction(1, 10))).is_refuted


def test_published_members():
    assert FAMILIES["breuer-hall"](0).agrees_with(saphs18.breuer_hall())
    assert FAMILIES["generalised-choi"](1).agrees_with(under(choi())) and FAMILIES["choi"](0).agrees_with(under(choi()))
    assert FAMILIES["choi-maps"](0).agrees_with(FAMILIES["choi-to-channel"](0))


def test_only_exact_parameters():
    with pytest.raises(NumberError, match="not an exact rational"):
        FAMILIES["shifts"](0.01)
    with pytest.raises(NumberError, match="not between 0 and 1"):
        FAMILIES["pr-box"](2)
