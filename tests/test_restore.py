"""Restoring equations: they hold exactly afterwards, with the least change, in any field; contradictions are seen.

The change is orthogonal to whatever the equations leave free, which makes it the least one. Observed data are the
values of observed elements: together with the coordinates of a functional they give its value.
"""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.level import level_words
from steeralg.algebra.word import projector_algebra
from steeralg.certificates.restore import observed_data, restored
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.solve import solve
from steeralg.objects.assemblage import white_noise
from steeralg.objects.functional import Functional
from steeralg.sdp.observation import observation
from tests.strategies import CUBIC, KINDS, SQRT2, models, numbers

every_kind = pytest.mark.parametrize("name", KINDS)
FIELDS = {"Q": RATIONALS, "Q(sqrt2)": SQRT2, "cubic": CUBIC[2]}
UNKNOWNS = 4


@st.composite
def systems(draw):
    """Up to four integer equations in four unknowns, dependent ones among them."""
    rows = draw(st.lists(st.lists(st.integers(-2, 2), min_size=UNKNOWNS, max_size=UNKNOWNS), min_size=1, max_size=3))
    if draw(st.booleans()):
        rows.append([sum(column) for column in zip(*rows, strict=True)])
    return rows


def equations(rows):
    return [{r: k for r, k in enumerate(row) if k} for row in rows]


def value(row, x):
    return sum((Number.of(k) * v for k, v in zip(row, x, strict=True)), x[0] - x[0])


def vectors(field, size=UNKNOWNS):
    return st.lists(numbers(field), min_size=size, max_size=size)


@pytest.mark.parametrize("name", FIELDS)
def test_equations_hold_after_the_least_change(name):
    field = FIELDS[name]

    @given(systems(), vectors(RATIONALS), vectors(field))
    @settings(deadline=None, max_examples=40)
    def check(rows, start, other):
        wanted = [value(row, other) for row in rows]
        found = restored(start, equations(rows), wanted, [list(range(len(rows)))])
        assert [value(row, found) for row in rows] == wanted
        change = [a - b for a, b in zip(found, start, strict=True)]
        for free in sympy.Matrix(rows).nullspace():
            terms = (Number.of(Fraction(int(x.p), int(x.q))) * y for x, y in zip(free, change, strict=True))
            assert sum(terms, Number.of(0)).is_zero

    check()


@given(systems(), vectors(RATIONALS))
@settings(deadline=None, max_examples=30)
def test_what_holds_already_is_left_alone(rows, start):
    wanted = [value(row, start) for row in rows]
    assert restored(start, equations(rows), wanted, [list(range(len(rows)))]) == start


@given(systems(), systems(), vectors(RATIONALS, 2 * UNKNOWNS), vectors(RATIONALS, 2 * UNKNOWNS))
@settings(deadline=None, max_examples=25)
def test_groups_without_common_unknowns_may_be_solved_apart(first, second, start, other):
    nothing = [0] * UNKNOWNS
    rows = [[*row, *nothing] for row in first] + [[*nothing, *row] for row in second]
    wanted = [value(row, other) for row in rows]
    groups = [list(range(len(first))), list(range(len(first), len(rows)))]
    apart = restored(start, equations(rows), wanted, groups)
    assert apart == restored(start, equations(rows), wanted, [groups[0] + groups[1]])


@given(systems(), vectors(RATIONALS), st.data())
@settings(deadline=None, max_examples=60)
def test_contradictions_are_seen_exactly_where_there_is_no_solution(rows, start, data):
    wanted = [data.draw(numbers(RATIONALS)) for _ in rows]
    solvable = solve([[Number.of(k) for k in row] for row in rows], wanted, UNKNOWNS) is not None
    assert (restored(start, equations(rows), wanted, [list(range(len(rows)))]) is not None) == solvable


def test_the_same_sum_cannot_have_two_values():
    one, two, start = Number.of(1), Number.of(2), [Number.of(0)] * 2
    assert restored(start, [{0: 1, 1: 1}] * 2, [one, two], [[0, 1]]) is None
    half = Number.of(Fraction(1, 2))
    assert restored(start, [{0: 1, 1: 1}] * 2, [one, one], [[0, 1]]) == [half, half]


def observed(scenario):
    return observation(scenario, level_words(projector_algebra(scenario), "almost quantum"))


@every_kind
def test_observed_data_with_coordinates_give_the_value_of_a_functional(name):
    """L is linear: the functional with coordinates c has the value sum of c * L on any assemblage."""
    scenario = KINDS[name]
    seen = observed(scenario)
    place = {key: c for c, key in enumerate(zip(seen.parts, seen.units, strict=True))}

    @given(models(scenario), st.sampled_from(sorted(place.values())), st.integers(1, 3), st.integers(-3, 3))
    @settings(deadline=None, max_examples=10)
    def check(model, column, re, im):
        data = observed_data(seen, model.assemblage)
        part, unit = seen.parts[column], seen.units[column]
        order = scenario.order(part)
        if unit is None or unit[0] == unit[1]:
            operator = Matrix.identity(order) if unit is None else Matrix.unit(order, *unit)
            functional = Functional.from_marginals(scenario, {part: operator.scale(re)})
            assert functional.value(model.assemblage) == Number.of(re) * data[column]
        else:
            z = Number(RATIONALS, (re,), (im,))
            half = Matrix.unit(order, *unit).scale(re) + _imaginary(order, unit, im)
            functional = Functional.from_marginals(scenario, {part: half + half.adjoint})
            mirror = data[place[part, unit[::-1]]]
            assert functional.value(model.assemblage) == z * data[column] + z.conjugate() * mirror

    check()


def _imaginary(order, unit, im):
    rows = [[Number(RATIONALS, (0,), (im * ((i, j) == unit),)) for j in range(order)] for i in range(order)]
    return Matrix.from_numbers(rows, RATIONALS)


@every_kind
def test_observed_data_are_linear_in_the_assemblage(name):
    scenario = KINDS[name]
    seen = observed(scenario)
    noise = observed_data(seen, white_noise(scenario))

    @given(models(scenario), st.integers(0, 4))
    @settings(deadline=None, max_examples=5)
    def check(model, quarters):
        weight = Fraction(quarters, 4)
        mixed = observed_data(seen, model.assemblage.mix(white_noise(scenario), weight))
        pure = observed_data(seen, model.assemblage)
        expected = [x * Number.of(1 - weight) + y * Number.of(weight) for x, y in zip(pure, noise, strict=True)]
        assert mixed == expected

    check()
