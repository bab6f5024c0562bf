"""Exact linear systems against sympy over Q(i) and Q(sqrt2), and by their defining laws over other fields.

A solution is found if and only if there is one, with zeros where a column depends on those before it; for all systems
of two equations with small entries determinants decide. Integer echelon forms are the reduced ones, by either route.
Systems given by their non-zero entries have the same solutions.
"""

from itertools import product

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.polys.matrices import DomainMatrix

from steeralg.exact import integer
from steeralg.exact.field import RATIONALS
from steeralg.exact.number import Number
from steeralg.exact.solve import solve, solve_sparse
from tests.strategies import CUBIC, MINUS_SQRT2, SQRT2, numbers

FIELDS = {"Q": RATIONALS, "Q(sqrt2)": SQRT2, "Q(-sqrt2)": MINUS_SQRT2, "cubic": CUBIC[2]}
DOMAINS = {
    "Q": sympy.QQ.algebraic_field(sympy.I),
    "Q(sqrt2)": sympy.QQ.algebraic_field(sympy.sqrt(2)),
}
every_field = pytest.mark.parametrize("name", FIELDS)


def times(rows, columns, field):
    """The product of two tables of numbers."""
    zero = Number.of(0, field)
    return [
        [sum((x * y for x, y in zip(row, c, strict=True)), zero) for c in zip(*columns, strict=True)] for row in rows
    ]


def real_numbers(field):
    return numbers(field).map(lambda x: Number(field, x.re, field.embed(0), x.denominator))


@st.composite
def tables(draw, field, height=None, width=None, numbers=numbers):
    """Tables of numbers of any rank: products of two factors, through few columns."""
    height, width = height or draw(st.integers(1, 4)), width or draw(st.integers(1, 4))
    inner = draw(st.integers(1, min(height, width)))
    left, right = (
        [[draw(numbers(field)) for _ in range(b)] for _ in range(a)] for a, b in ((height, inner), (inner, width))
    )
    return times(left, right, field)


def by_sympy(rows, domain):
    """Sympy's reduced row echelon form without its zero rows, and its pivots."""
    matrix = sympy.Matrix([[x.sympy() for x in row] for row in rows])
    reduced, pivots = DomainMatrix.from_Matrix(matrix).convert_to(domain).rref()
    return reduced.to_Matrix()[: len(pivots), :], list(pivots)


def agree(rows, expected):
    """Whether a table is a sympy matrix, entry by entry."""
    return all(sympy.expand(x.sympy() - expected[i, j]) == 0 for i, row in enumerate(rows) for j, x in enumerate(row))


@pytest.mark.parametrize("name", DOMAINS)
def test_solutions_are_those_of_sympy(name):
    """Its echelon form of the matrix with the right side as one more column says all."""
    field = FIELDS[name]
    drawn = real_numbers if name == "Q(sqrt2)" else numbers

    @given(tables(field, numbers=drawn), st.data())
    @settings(deadline=None, max_examples=20)
    def check(rows, data):
        width = len(rows[0])
        right = [data.draw(drawn(field)) for _ in rows]
        expected, pivots = by_sympy([[*row, b] for row, b in zip(rows, right, strict=True)], DOMAINS[name])
        solution = solve(rows, right, width)
        assert (solution is None) == (width in pivots)
        if solution is not None:
            assert agree([[solution[p]] for p in pivots], expected[:, width])
            assert all(solution[c].is_zero for c in range(width) if c not in pivots)

    check()


@every_field
def test_a_consistent_system_is_solved(name):
    field = FIELDS[name]

    @given(tables(field), st.data())
    @settings(deadline=None, max_examples=25)
    def check(rows, data):
        width = len(rows[0])
        wanted = [x for (x,) in times(rows, [[data.draw(numbers(field))] for _ in range(width)], field)]
        solution = solve(rows, wanted, width)
        assert [x for (x,) in times(rows, [[v] for v in solution], field)] == wanted
        # Columns that depend on those before them are not used, and the others are independent: only zero gives zero.
        for c in range(width):
            column, before = [row[c] for row in rows], [row[:c] for row in rows]
            assert solution[c].is_zero or solve(before, column, c) is None
        assert all(x.is_zero for x in solve(rows, [x - x for x in wanted], width))

    check()


@every_field
def test_what_is_not_in_the_range_has_no_solution(name):
    """A vector y with y A = 0 and y b != 0 is a proof that A x = b has no solution."""
    field = FIELDS[name]

    @given(tables(field), numbers(field), numbers(field), st.data())
    @settings(deadline=None, max_examples=25)
    def check(rows, factor, error, data):
        width = len(rows[0])
        longer = [*rows, [factor * x for x in rows[0]]]
        right = [x for (x,) in times(longer, [[data.draw(numbers(field))] for _ in range(width)], field)]
        assert solve(longer, right, width) is not None
        wrong = solve(longer, [*right[:-1], right[-1] + error], width)
        assert (wrong is None) == (not error.is_zero)

    check()


@st.composite
def integer_tables(draw, height, width):
    """Integer matrices of any rank, of a size for either route."""
    inner = draw(st.integers(1, min(height, width)))
    entries = st.integers(-4, 4)
    left = [[draw(entries) for _ in range(inner)] for _ in range(height)]
    right = [[draw(entries) for _ in range(width)] for _ in range(inner)]
    return [
        [sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*right, strict=True)] for row in left
    ]


@pytest.mark.parametrize("size", [(1, 1), (3, 4), (5, 3), (8, 8), (7, 10), (12, 6)], ids=str)
def test_integer_echelon_forms_are_those_of_sympy(size, monkeypatch):
    """With and without python-flint, below and above the size from which it is used."""

    @given(integer_tables(*size))
    @settings(deadline=None, max_examples=10)
    def check(rows):
        expected, pivots = sympy.Matrix(rows).rref()
        wanted = [[int(x.p) / sympy.Integer(x.q) for x in expected.row(k)] for k in range(len(pivots))]
        found = integer.echelon(rows, size[1])
        assert found[1] == list(pivots) and [list(map(sympy.Rational, row)) for row in found[0]] == wanted
        with monkeypatch.context() as patched:
            patched.setattr(integer, "flint", None)
            assert integer.echelon(rows, size[1]) == found

    check()


def test_all_systems_of_two_equations_with_small_entries():
    """Solvable if and only if no determinant of the matrix with the right side beats the rank of the matrix."""
    for a, b, c, d in product((-1, 0, 1), repeat=4):
        for e, f in product((-1, 0, 1), repeat=2):
            found = solve([[Number.of(a), Number.of(b)], [Number.of(c), Number.of(d)]], [Number.of(e), Number.of(f)], 2)
            rank = 2 if a * d != b * c else int(any((a, b, c, d)))
            extended = 2 if a * d != b * c or a * f != c * e or b * f != d * e else int(any((a, b, c, d, e, f)))
            assert (found is None) == (extended > rank)
            if found is not None:
                x, y = (z.fraction() for z in found)
                assert (a * x + b * y, c * x + d * y) == (e, f)


def test_no_equations_leave_everything_free():
    assert solve([], [], 2) == solve_sparse([], [], 2) == [Number.of(0)] * 2
    assert solve([], [], 0) == solve_sparse([], [], 0) == []


@st.composite
def sparse_systems(draw, field):
    """Few entries in each row, zeros among them now and then; half of the systems have a solution."""
    height, width = draw(st.integers(0, 5)), draw(st.integers(1, 6))
    places = st.sets(st.integers(0, width - 1), max_size=3)
    rows = [{column: draw(numbers(field)) for column in sorted(draw(places))} for _ in range(height)]
    values = [draw(numbers(field)) for _ in range(width)]
    zero = Number.of(0)
    right = [sum((x * values[c] for c, x in row.items()), zero) for row in rows]
    if height and draw(st.booleans()):
        right[draw(st.integers(0, height - 1))] = draw(numbers(field))
    return rows, right, width


@every_field
def test_sparse_systems_have_the_same_solutions(name):
    """Whatever shares no unknown is solved apart; zero rows want a zero on the right."""

    @given(sparse_systems(FIELDS[name]), st.randoms(use_true_random=False))
    @settings(deadline=None, max_examples=30)
    def check(system, random):
        rows, right, width = system
        dense = solve([[row.get(c, Number.of(0)) for c in range(width)] for row in rows], right, width)
        found = solve_sparse(rows, right, width)
        assert (found is None) == (dense is None)
        if found is not None:
            assert all((x - y).is_zero for x, y in zip(found, dense, strict=True))
        # The order of the equations, and of the entries in each, says nothing.
        order = random.sample(range(len(rows)), len(rows))
        shuffled = [dict(random.sample(list(rows[k].items()), len(rows[k]))) for k in order]
        again = solve_sparse(shuffled, [right[k] for k in order], width)
        assert (again is None) == (found is None)
        assert again is None or all((x - y).is_zero for x, y in zip(again, found, strict=True))

    check()


def test_a_chain_of_equations_is_one_part_and_an_empty_row_decides_alone():
    """x_k + x_{k+1} = 1 for all k with x_0 = 1: alternating ones and zeros, through every unknown."""
    one, zero = Number.of(1), Number.of(0)
    rows = [{0: one}, *({k: one, k + 1: one} for k in range(40))]
    assert solve_sparse(rows, [one] * 41, 41) == [one if k % 2 == 0 else zero for k in range(41)]
    assert solve_sparse([*rows, {}], [*[one] * 41, one], 41) is None
    assert solve_sparse([*rows, {}], [*[one] * 41, zero], 41) is not None
    assert solve_sparse([*rows, {40: one}], [*[one] * 41, zero], 41) is None
