"""Exact linear programs: what comes out proves itself by weak duality, whatever columns were suggested to start from.

A solution and a dual of equal value are both optimal; a Farkas vector and a solution cannot both exist. Programs with
an irrational right side or irrational columns, degenerate ones and such with redundant rows are among them.
"""

from fractions import Fraction

import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.exact.convert import numbers_from_sympy
from steeralg.exact.linear_program import minimise
from steeralg.exact.number import Number
from steeralg.verdict import Proved

small = st.integers(-2, 2)


def total(terms):
    return sum(terms, Number.of(0))


def check(table, right, cost, start):
    """`table` holds rows."""
    columns = [{k: row[j] for k, row in enumerate(table) if not row[j].is_zero} for j in range(len(cost))]
    verdict = minimise(columns, right, cost, start)
    if not isinstance(verdict, Proved):
        y = verdict.witness.vector
        assert all(total(y[k] * x for k, x in column.items()).sign() >= 0 for column in columns)
        assert total(a * b for a, b in zip(y, right, strict=True)).sign() < 0
        return None
    found = verdict.witness
    assert all(x.sign() > 0 for x in found.solution.values())
    for k, row in enumerate(table):
        assert (total(row[j] * x for j, x in found.solution.items()) - right[k]).is_zero
    for column, price in zip(columns, cost, strict=True):
        assert (price - total(found.dual[k] * x for k, x in column.items())).sign() >= 0
    paid = total(cost[j] * x for j, x in found.solution.items())
    assert (paid - found.value).is_zero
    assert (total(a * b for a, b in zip(found.dual, right, strict=True)) - found.value).is_zero
    return found.value


rational = small.map(Number.of)


@st.composite
def programs(draw, numbers=rational):
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 8))
    table = [[draw(numbers) for _ in range(columns)] for _ in range(rows)]
    right = [draw(numbers) for _ in range(rows)]
    if draw(st.booleans()):
        # A right side that has a solution, often a degenerate one.
        weights = [Number.of(draw(st.integers(0, 1))) for _ in range(columns)]
        right = [total(x * w for x, w in zip(row, weights, strict=True)) for row in table]
    if draw(st.booleans()):
        table.append([x + y for x, y in zip(table[0], table[-1], strict=True)])
        right.append(right[0] + right[-1])
    cost = [Number.of(draw(st.integers(0, 2))) for _ in range(columns)]
    return table, right, cost, draw(st.lists(st.integers(0, columns - 1), max_size=4))


@given(programs())
@settings(deadline=None, max_examples=80)
def test_every_verdict_proves_itself(program):
    check(*program)


@given(programs(st.tuples(small, small).map(lambda pair: Number.of(pair[0]) + Number.of(pair[1]) * ROOT)))
@settings(deadline=None, max_examples=30)
def test_over_a_number_field(program):
    check(*program)


(ROOT,) = numbers_from_sympy([sympy.sqrt(2)])


@given(programs())
@settings(deadline=None, max_examples=30)
def test_the_start_does_not_change_the_value(program):
    table, right, cost, start = program
    first, second = check(table, right, cost, start), check(table, right, cost, ())
    assert (first is None) == (second is None)
    assert first is None or (first - second).is_zero


def test_a_program_on_which_careless_pivots_cycle():
    """Beale's example (1955) with the optimum -5/4; 3/2 and 5/4 times the last rows make the costs non-negative."""
    table = [
        ["1/4", "-8", "-1", "9", "1", "0", "0"],
        ["1/2", "-12", "-1/2", "3", "0", "1", "0"],
        ["0", "0", "1", "0", "0", "0", "1"],
    ]
    rows = [[Number.of(Fraction(x)) for x in row] for row in table]
    cost = [Number.of(Fraction(x)) for x in ("0", "2", "0", "21/2", "0", "3/2", "5/4")]
    found = check(rows, [Number.of(k) for k in (0, 0, 1)], cost, (4, 5, 6))
    assert found == Number.of(Fraction(5, 4) - Fraction(5, 4))


def test_a_program_without_rows_or_with_nothing_to_pay():
    assert minimise([], [], []).is_proved
    assert minimise([{}], [Number.of(0)], [Number.of(1)]).is_proved
    assert minimise([{}], [Number.of(1)], [Number.of(1)]).is_refuted
    assert minimise([], [Number.of(1)], []).is_refuted
