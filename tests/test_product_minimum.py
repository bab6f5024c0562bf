"""Laws of the least value on product vectors, and of the product vectors that are suggested.

Both ends are proved: below by a certificate of the shifted operator, above by a product vector; whatever is changed is
refused. The published and elementary values come out: eigenvalues for one factor, 0 for the SWAP, 1/2 for the projector
on a Bell vector's complement, 1 - 3 sqrt(6)/8 for SHIFTS, exactly; TILES and other bases between close ends. The least
value moves with multiples of one, scales, and does not change with local unitaries. Descent ends where no factor alone
can do better; scans report the least eigenvalue of what short vectors leave.
"""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.form import value_at
from steeralg.algebra.squares import SquareSystem
from steeralg.constructions.product_bases import SHIFTS, gen_tiles_2, pyramid, qubit_bases, shifts, tiles
from steeralg.errors import InputError, VerificationError
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import kron
from steeralg.maps import choi, transpose
from steeralg.objects.devices import Operator
from steeralg.objects.local_bases import product_basis_of
from steeralg.positivity.block_positive import search_shift
from steeralg.positivity.maps import choi_operator
from steeralg.positivity.minimum import product_minimum, shifted
from steeralg.positivity.values import left_on, square_norm, value_on
from steeralg.sdp.basis import to_array
from steeralg.sdp.product_vectors import (
    local_minima,
    polished_zeros,
    recognised_zeros,
    scan,
    short_candidates,
    short_vectors,
)
from tests.strategies import hermitian, matrices, unitaries

laws = settings(deadline=None, max_examples=15)
few = settings(deadline=None, max_examples=6)


def projector(basis):
    return Operator(basis.dims, basis.projector)


def number(expression):
    return as_matrices([sympy.Matrix([[expression]])])[0].entry(0, 0)


def found(operator, **options):
    """The proved minimum, verified: both ends, close to each other."""
    digits = options.get("digits", 7)
    verdict = product_minimum(operator, **options)
    assert verdict.is_proved, verdict
    minimum = verdict.witness
    minimum.verify()
    assert minimum.operator == operator and minimum.below.operator == shifted(operator, minimum.lower)
    assert value_on(operator, minimum.vectors) == minimum.upper * square_norm(minimum.vectors)
    gap = minimum.upper.enclosure(80)[1] - minimum.lower.enclosure(80)[0]
    assert 0 <= gap < Fraction(1, 10 ** (digits - 1))
    return minimum


# ---- values ----------------------------------------------------------------------------------------------------------

(BELL,) = as_matrices([sympy.Matrix([[1, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 1]]) / 2])
EXACT = {
    "shifts": (projector(shifts()), 1 - 3 * sympy.sqrt(6) / 8),
    "swap of qubits": (Operator((2, 2), transpose(2).choi), 0),
    "swap of qutrits": (Operator((3, 3), transpose(3).choi), 0),
    "minus a bell vector": (Operator((2, 2), -BELL), sympy.Rational(-1, 2)),
    "its complement": (Operator((2, 2), Matrix.identity(4) - BELL), sympy.Rational(1, 2)),
    "one factor": (Operator((2,), Matrix.rational([[1, 1], [1, 0]])), (1 - sympy.sqrt(5)) / 2),
    "one factor, rational": (Operator((3,), Matrix.rational([[2, 1, 0], [1, 2, 0], [0, 0, 3]])), 1),
    "beside dimension one": (Operator((1, 2), Matrix.rational([[1, 1], [1, 0]])), (1 - sympy.sqrt(5)) / 2),
    "choi": (choi_operator(choi()), 0),
    "zero": (Operator((2, 2), Matrix.zero(4, 4)), 0),
    "a third": (Operator((2, 2), Matrix.identity(4).scale(Fraction(1, 3))), sympy.Rational(1, 3)),
}


@pytest.mark.parametrize("name", EXACT)
def test_values_that_are_short_are_recognised_and_proved(name):
    operator, expected = EXACT[name]
    minimum = found(operator)
    assert minimum.is_recognised and (minimum.lower - number(expected)).is_zero
    assert (minimum.upper - minimum.lower).sign() >= 0


def test_a_recognised_value_needs_no_recognition():
    operator, expected = EXACT["shifts"]
    minimum = found(operator, digits=6, recognise=False)
    assert not minimum.is_recognised and minimum.lower.is_rational
    exact = number(expected)
    assert (exact - minimum.lower).sign() >= 0 and (minimum.upper - exact).sign() >= 0


def test_a_value_that_only_looks_short_is_enclosed():
    """The least value -10^-14 is taken for 0 first; where decimals below it are too coarse, the next one is."""
    table = [[Fraction(int(i == j)) for j in range(4)] for i in range(4)]
    table[3][3] = -Fraction(1, 10**14)
    operator = Operator((2, 2), Matrix.rational(table))
    minimum = found(operator, digits=5)
    assert not minimum.is_recognised and minimum.lower.sign() < 0
    shift, certificate = search_shift(operator, (1, 1), 5)[0]
    certificate.verify()
    assert shift == -Fraction(1, 10**5)


BRACKETS = {
    "tiles": (projector(tiles()), "0.0284162"),
    "pyramid": (projector(pyramid()), "0.0379118"),
    "shifts in other bases": (projector(product_basis_of(SHIFTS, qubit_bases(3, ((3, 4), (4, -3))))), "0.0354529"),
    "gen_tiles_2(3, 4)": (projector(gen_tiles_2(3, 4)), "0.0303247"),
}


@pytest.mark.parametrize("name", BRACKETS)
def test_least_values_of_product_bases_are_enclosed(name):
    operator, expected = BRACKETS[name]
    minimum = found(operator, digits=5, most_copies=1)
    ends = minimum.lower.enclosure(80)[0], minimum.upper.enclosure(80)[1]
    assert ends[0] <= Fraction(expected) + Fraction(1, 10**7) and ends[1] >= Fraction(expected) - Fraction(1, 10**7)
    assert minimum.above(ends[1] + Fraction(1, 10**9)).value.sign() < 0


def test_a_shift_below_the_upper_end_has_no_witness():
    minimum = found(*EXACT["shifts"][:1])
    assert minimum.above(minimum.upper + Number.of(Fraction(1, 10**20))).value.sign() < 0
    for shift in (minimum.upper, minimum.lower, Fraction(2, 25)):
        with pytest.raises(VerificationError, match="not negative"):
            minimum.above(shift)


# ---- laws ------------------------------------------------------------------------------------------------------------


@st.composite
def operators(draw, dims=((2, 2), (2, 3), (2, 1, 2))):
    chosen = draw(st.sampled_from(dims))
    matrix = draw(hermitian(prod(chosen)))
    return Operator(chosen, matrix.real if draw(st.booleans()) else matrix)


@laws
@given(operators(), st.data())
def test_no_product_vector_is_below_the_minimum(operator, data):
    minimum = found(operator, digits=4)
    vectors = [data.draw(matrices(d, 1)) for d in operator.dims]
    assert (value_on(operator, vectors) - minimum.lower * square_norm(vectors)).sign() >= 0
    assert (
        decide_psd(operator.matrix - Matrix.identity(operator.matrix.rows).scale(minimum.lower)).is_refuted
        or (minimum.upper - minimum.lower).sign() >= 0
    )


@few
@given(operators(((2, 2),)), st.integers(-3, 3), st.data())
def test_the_minimum_moves_with_multiples_of_one_and_does_not_with_local_unitaries(operator, shift, data):
    base = found(operator, digits=4)
    turn = kron(*(data.draw(unitaries(d)) for d in operator.dims))
    moved = shifted(Operator(operator.dims, turn @ operator.matrix @ turn.adjoint), Number.of(-shift))
    other = found(moved, digits=4)
    close = Fraction(2, 10**3)
    distance = (other.upper - base.upper).enclosure(60)[0] - shift
    assert abs(distance) < close


# ---- forgeries -------------------------------------------------------------------------------------------------------


def refused(minimum):
    with pytest.raises(VerificationError):
        minimum.verify()


def test_changed_ends_are_refused():
    minimum = found(projector(shifts()))
    tiny = Number.of(Fraction(1, 10**20))
    refused(replace(minimum, lower=minimum.lower + tiny))
    refused(replace(minimum, lower=Number.of(0)))
    refused(replace(minimum, upper=minimum.upper - tiny))
    refused(replace(minimum, upper=minimum.lower))
    refused(replace(minimum, operator=projector(product_basis_of(SHIFTS, qubit_bases(3, ((3, 4), (4, -3)))))))
    refused(replace(minimum, vectors=tuple(Matrix.rational([[1], [0]]) for _ in range(3))))
    refused(replace(minimum, below=replace(minimum.below, copies=(1, 1, 1))))
    refused(replace(minimum, below=replace(minimum.below, blocks=minimum.below.blocks[1:])))
    minimum.verify()


def test_too_few_digits_and_too_few_copies():
    with pytest.raises(InputError, match="digit"):
        product_minimum(projector(tiles()), digits=0)
    verdict = product_minimum(projector(tiles()), digits=4, most_copies=0)
    assert not verdict.is_proved and "copies (1, 1)" in verdict.reason and "0.0284" in verdict.reason


def test_shifting_forth_and_back():
    operator = projector(tiles())
    shift = number(sympy.sqrt(2))
    there = shifted(operator, shift)
    assert there.matrix.trace() == operator.matrix.trace() - shift * Number.of(9)
    assert (shifted(there, -shift).matrix - operator.matrix).is_zero


# ---- suggestions -----------------------------------------------------------------------------------------------------


def left(operator, vectors, free):
    """What unit vectors of all other factors leave on one, contracted factor by factor."""
    table = to_array(operator.matrix).reshape(*operator.dims, *operator.dims)
    n = len(vectors)
    for k in reversed(range(n)):
        if k != free:
            table = np.tensordot(table, vectors[k], axes=(k + table.ndim // 2, 0))
            table = np.tensordot(vectors[k].conj(), table, axes=(0, k))
    return table


@laws
@given(operators(((2, 2), (2, 3), (3,), (2, 2, 2))), st.integers(0, 100))
def test_converged_descents_are_stationary_and_have_the_value_they_say(operator, seed):
    minima = local_minima(operator, seed, 6, rounds=3000)
    scale = max(1.0, float(np.abs(to_array(operator.matrix)).max()))
    assert len(minima) == 6
    for minimum in minima:
        assert all(abs(np.linalg.norm(v) - 1) < 1e-9 for v in minimum.vectors)
        for free, vector in enumerate(minimum.vectors):
            here = left(operator, minimum.vectors, free)
            assert abs(vector.conj() @ here @ vector - minimum.value) < 1e-6 * scale or not minimum.converged
            if minimum.converged:
                assert np.linalg.eigvalsh(here)[0] > minimum.value - 1e-9 * scale
                assert np.linalg.norm(here @ vector - minimum.value * vector) < 1e-6 * scale
        for bits in (10, 40):
            vectors = minimum.rounded(bits)
            value = value_on(operator, vectors) * square_norm(vectors).inverse()
            assert abs(float(value.enclosure(60)[0]) - minimum.value) < 40 * scale * 2.0**-bits or not minimum.converged


@laws
@given(operators(((2, 2), (2, 3))))
def test_descents_start_anew_with_every_seed_and_repeat_with_the_same(operator):
    one, two, other = (local_minima(operator, seed, 4) for seed in (3, 3, 4))
    assert all((a.vectors[0] == b.vectors[0]).all() for a, b in zip(one, two, strict=True))
    assert any(np.abs(a.vectors[0] - b.vectors[0]).max() > 1e-6 for a, b in zip(one, other, strict=True))


def test_zeros_of_the_swap_are_found_polished_and_recognised():
    operator = Operator((2, 2), transpose(2).choi)
    zeros = polished_zeros(operator, local_minima(operator, 0, 24))
    assert zeros and all(z.is_zero and abs(np.vdot(*z.vectors)) < 1e-7 for z in zeros)
    system = SquareSystem.build(operator.matrix, (2, 2), (1, 1))
    for words, kernel in zip(system.blocks, recognised_zeros(system, zeros, operator.field), strict=True):
        if kernel is not None:
            x, y = Matrix.rational([[1], [2]]), Matrix.rational([[-2], [1]])
            column = value_at(words, [x, y])
            # What is recognised spans the monomials at every zero.
            assert kernel.columns < len(words)
            assert all(abs(z) < 1e-9 for z in np.linalg.lstsq(to_array(kernel), to_array(column), rcond=None)[1])
    assert polished_zeros(shifted(operator, Number.of(-1)), local_minima(operator, 0, 4)) == []
    assert recognised_zeros(system, [], operator.field) == [None] * len(system.blocks)


@pytest.mark.parametrize(("dim", "support"), [(2, 2), (3, 1), (3, 2), (3, 3), (4, 2)])
def test_short_vectors_are_all_there_are(dim, support):
    """Entries 0, 1, -1, i, -i, the first that is not zero 1: one for each ray."""
    every = {v for v in product((0j, 1, -1, 1j, -1j), repeat=dim) if 0 < sum(x != 0 for x in v) <= support}
    found = short_vectors(dim, support)
    assert len(found) == len(set(found)) == len(every) / 4
    assert all(next(x for x in v if x) == 1 and v in every for v in found)


@pytest.mark.parametrize("dims", [(2,), (3,), (2, 2), (6,), (2, 2, 2, 2), (10,)], ids=str)
def test_candidates_stay_few_and_hold_the_basis(dims):
    found = short_candidates(dims)
    basis = set(product(*(short_vectors(d, 1) for d in dims)))
    assert basis <= set(found) and len(found) <= max(4000, len(basis))
    assert short_candidates([]) == [()]


@laws
@given(operators(((2, 2), (2, 3), (3,), (2, 2, 2))), st.data())
def test_scans_report_what_short_vectors_leave(operator, data):
    free = data.draw(st.integers(0, len(operator.dims) - 1))
    seen = scan(operator, free)
    k = data.draw(st.integers(0, len(seen.candidates) - 1))
    vectors = [
        as_matrices([sympy.Matrix([sympy.sympify(int(x.real)) + sympy.I * int(x.imag) for x in map(complex, v)])])[0]
        for v in seen.candidates[k]
    ]
    exact = to_array(left_on(operator, free, vectors))
    assert np.abs(exact - seen.left[k]).max() < 1e-9
    size = float(square_norm(vectors).fraction()) if vectors else 1.0
    assert abs(seen.values[k] - np.linalg.eigvalsh(exact)[0] / size) < 1e-9
    assert len(seen.negative) <= 4
    for chosen in seen.negative:
        assert decide_psd(left_on(operator, free, chosen)).is_refuted


@pytest.mark.parametrize("free", [0, 1])
def test_scans_find_zeros_that_span_what_all_zeros_do(free):
    """For Choi's map the short zeros span 15 of the 18 dimensions of the kernel with one balanced cut."""
    operator = choi_operator(choi())
    system = SquareSystem.build(operator.matrix, (3, 3), (1, 2), [(0, 1)])
    chosen = scan(operator, free).spanning_zeros(system)
    assert 0 < len(chosen) < 60
    for vectors in chosen:
        assert decide_psd(left_on(operator, free, vectors)).is_proved
        assert len(decide_psd(left_on(operator, free, vectors)).witness.pivots) < 3
    assert scan(shifted(operator, Number.of(-1)), free).spanning_zeros(system) == []
