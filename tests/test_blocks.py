"""Laws of block matrices: parts stand where they were put, and a Hermitian matrix falls into the parts it was made of.

- Stacked, side by side and summed directly, the parts are the blocks of the result; everything else is zero.
- Direct sums add traces, multiply block by block, and are positive iff all parts are.
- The blocks of a direct sum of connected matrices are its parts, whatever the order of the basis.
"""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import NumberError
from steeralg.exact.blocks import blocks, composed, direct_sum, side_by_side, stacked
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import IMAGINARY_UNIT, Number
from steeralg.exact.psd import decide_psd, is_psd
from tests.strategies import MINUS_SQRT2, SQRT2, algebraic_matrices, fields

laws = settings(deadline=None, max_examples=40)


def matrices(shapes):
    """Matrices of one field, some of them over Q."""
    return fields.flatmap(
        lambda field: st.tuples(
            *(st.one_of(algebraic_matrices(field, *s), algebraic_matrices(RATIONALS, *s)) for s in shapes)
        )
    )


squares = st.lists(st.integers(1, 3), min_size=1, max_size=3).flatmap(lambda ns: matrices([(n, n) for n in ns]))
tall = st.lists(st.integers(1, 3), min_size=1, max_size=3).flatmap(lambda ns: matrices([(n, 2) for n in ns]))


def part(matrix, top, left, rows, columns):
    """A block of a matrix, entry by entry."""
    entries = [[matrix.entry(top + i, left + j) for j in range(columns)] for i in range(rows)]
    return Matrix.from_numbers(entries, matrix.field)


def starts(sizes):
    return [0, *accumulate(sizes)]


@laws
@given(squares)
def test_the_blocks_of_a_direct_sum_are_its_parts(parts):
    whole, places = direct_sum(parts), starts([p.rows for p in parts])
    for k, (one, top) in enumerate(zip(parts, places, strict=False)):
        for m, (other, left) in enumerate(zip(parts, places, strict=False)):
            found = part(whole, top, left, one.rows, other.columns)
            assert (found - one).is_zero if k == m else found.is_zero


@laws
@given(squares)
def test_direct_sums_add_traces_and_multiply_block_by_block(parts):
    whole = direct_sum(parts)
    assert (whole.trace() - sum((p.trace() for p in parts), Number.of(0))).is_zero
    assert (whole @ whole - direct_sum([p @ p for p in parts])).is_zero
    assert direct_sum([p.adjoint for p in parts]) == whole.adjoint


@laws
@given(squares)
def test_a_direct_sum_is_positive_iff_its_parts_are(parts):
    hermitian = [p + p.adjoint for p in parts]
    wanted = all(decide_psd(p).is_proved for p in hermitian)
    assert decide_psd(direct_sum(hermitian)).is_proved is wanted is is_psd(direct_sum(hermitian), None)
    assert is_psd(direct_sum([p @ p.adjoint for p in parts]), None)


@laws
@given(tall.filter(lambda parts: len({p.field for p in parts}) == 1))
def test_stacked_parts_and_parts_side_by_side_are_transposes(parts):
    whole = stacked(parts)
    assert side_by_side([p.transpose for p in parts]).transpose == whole
    for p, top in zip(parts, starts([p.rows for p in parts]), strict=False):
        assert part(whole, top, 0, p.rows, 2) == p


def test_what_is_not_put_anywhere_is_zero():
    one = Matrix.identity(1)
    assert composed(2, 3, [(1, 2, one)], RATIONALS) == Matrix.rational([[0, 0, 0], [0, 0, 1]])
    assert direct_sum([]) == Matrix.zero(0, 0)


def test_parts_of_two_different_fields_do_not_meet():
    a, b = (Matrix.from_numbers([[Number(field, (0, 1), (0, 0))]], field) for field in (SQRT2, MINUS_SQRT2))
    with pytest.raises(NumberError):
        direct_sum([a, b])


@laws
@given(st.lists(st.integers(1, 3), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_connected_parts_are_found_again_in_any_order_of_the_basis(sizes, random):
    """Matrices without a zero entry are connected."""
    whole = direct_sum([Matrix.rational([[1] * n] * n) for n in sizes])
    order = list(range(whole.rows))
    random.shuffle(order)
    turned = whole.rearrange(len(order), len(order), [i * len(order) + j for i in order for j in order])
    ends = starts(sizes)
    wanted = {frozenset(order.index(i) for i in range(a, b)) for a, b in pairwise(ends)}
    assert {frozenset(found) for found in blocks(turned)} == wanted


@laws
@given(fields.flatmap(lambda field: algebraic_matrices(field, 1, 1)))
def test_a_number_is_its_real_part_plus_i_times_its_imaginary_part(matrix):
    z = matrix.entry(0, 0)
    assert z.real.is_real and z.imaginary.is_real and z.real + z.imaginary * IMAGINARY_UNIT == z
    assert z.conjugate().real == z.real and z.conjugate().imaginary == -z.imaginary
    assert Number.of(-1) == IMAGINARY_UNIT * IMAGINARY_UNIT
