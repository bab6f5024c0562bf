"""Laws of block positivity.

Witnesses hold either way: certificates verify, product vectors have negative values, and no verdict contradicts the
least value that a search of product vectors finds. For one factor, and beside factors of dimension one, it is positive
semidefiniteness. Operators with a positive partial transpose are block-positive, and sums of them. Verdicts do not
change with local unitaries, permutations and transpositions of the factors, or positive multiples. At the boundary
(SWAP on qutrits, witnesses of unextendible product bases) a millionth decides. What is no zero is refused as a hint.
"""

from fractions import Fraction
from itertools import product
from math import comb, prod

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.constructions.product_bases import SHIFTS, qubit_bases, shifts, tiles
from steeralg.errors import InputError, ShapeError, VerificationError
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import kron, partial_transpose
from steeralg.maps import choi, kraus_map, robertson, transpose
from steeralg.objects.devices import Operator
from steeralg.objects.local_bases import product_basis_of
from steeralg.positivity.block_positive import (
    decide_block_positive,
    find_negative,
    levels,
    search_shift,
    search_squares,
)
from steeralg.positivity.maps import choi_operator
from steeralg.positivity.values import NegativeProduct, left_on, square_norm, value_on
from steeralg.sdp.product_vectors import local_minima, scan
from steeralg.verdict import Proved, Refuted
from tests.strategies import SQRT2, hermitian, matrices, unitaries

laws = settings(deadline=None, max_examples=20)
few = settings(deadline=None, max_examples=8)
TINY = Fraction(1, 10**6)


def decide(operator, **options):
    """The verdict, its witness verified and about this operator."""
    verdict = decide_block_positive(operator, **options)
    if isinstance(verdict, Proved | Refuted):
        verdict.witness.verify()
        assert verdict.witness.operator == operator
    if isinstance(verdict, Refuted):
        assert verdict.witness.value == value_on(operator, verdict.witness.vectors) and verdict.witness.value.sign() < 0
    return verdict


def shifted(operator, shift):
    return Operator(operator.dims, operator.matrix + Matrix.identity(operator.matrix.rows).scale(shift))


def swap(d):
    return Operator((d, d), transpose(d).choi)


def permuted(operator, order):
    """The operator with its factors in another order."""
    dims = operator.dims
    labels = list(product(*(range(dims[k]) for k in order)))
    place = [sum(label[order.index(k)] * prod(dims[k + 1 :]) for k in range(len(dims))) for label in labels]
    n = len(labels)
    index = [place[i] * n + place[j] for i in range(n) for j in range(n)]
    return Operator(tuple(dims[k] for k in order), operator.matrix.rearrange(n, n, index))


# ---- where it is decided by positive semidefiniteness ----------------------------------------------------------------


@laws
@given(st.integers(1, 3).flatmap(hermitian), st.sampled_from([(), (0,), (1,), (0, 1)]))
def test_one_factor_and_factors_of_dimension_one(matrix, ones):
    dims = [matrix.rows]
    for place in ones:
        dims.insert(place * len(dims), 1)
    verdict = decide(Operator(tuple(dims), matrix), most_copies=0)
    assert verdict.is_proved == decide_psd(matrix).is_proved and verdict.is_refuted != verdict.is_proved


@st.composite
def sums_of_transposed(draw):
    dims = draw(st.sampled_from([(2, 2), (2, 3), (3, 3), (2, 2, 2)]))
    order = prod(dims)
    half = draw(matrices(order, draw(st.integers(1, 3))))
    cut = draw(st.sets(st.integers(0, len(dims) - 1)))
    return dims, partial_transpose(half @ half.adjoint, dims, cut)


@few
@given(sums_of_transposed())
def test_operators_with_a_positive_partial_transpose_are_block_positive(case):
    assert decide(Operator(*case), most_copies=0).is_proved


@few
@given(sums_of_transposed(), st.data())
def test_products_with_positive_operators_are_block_positive(case, data):
    dims, matrix = case
    half = data.draw(matrices(2, 2))
    operator = Operator((*dims, 2), kron(matrix, half @ half.adjoint))
    assert decide(operator, most_copies=0).is_proved


@pytest.mark.parametrize("dims", [(1,), (3,), (2, 2), (1, 2), (2, 2, 2)], ids=str)
def test_zero_one_and_minus_one(dims):
    n = prod(dims)
    assert decide(Operator(dims, Matrix.zero(n, n))).is_proved
    assert decide(Operator(dims, Matrix.identity(n))).is_proved
    assert decide(Operator(dims, -Matrix.identity(n))).is_refuted


# ---- any operators ---------------------------------------------------------------------------------------------------


@st.composite
def operators(draw, dims=((2, 2), (2, 3), (3, 2), (2, 2, 2))):
    """Hermitian operators with all kinds of spectra, real ones among them."""
    chosen = draw(st.sampled_from(dims))
    matrix = draw(hermitian(prod(chosen)))
    matrix = matrix.real if draw(st.booleans()) else matrix
    return shifted(Operator(chosen, matrix), draw(st.integers(-1, 9)))


@laws
@given(operators(), st.data())
def test_verdicts_agree_with_the_values_at_product_vectors(operator, data):
    verdict = decide(operator, most_copies=0)
    least = min(minimum.value for minimum in local_minima(operator, 1, 20, rounds=400))
    scale = 1e-7 * max(1.0, abs(least))
    if verdict.is_proved:
        assert least > -scale
        vectors = [data.draw(matrices(d, 1)) for d in operator.dims]
        assert value_on(operator, vectors).sign() >= 0
    if verdict.is_refuted:
        assert least < scale
    # Two qubits, a qubit and a qutrit: block-positive operators are decomposable, so one copy decides (Stormer;
    # Woronowicz), unless floats cannot tell on which side of the boundary it is.
    if prod(operator.dims) <= 6 and abs(least) > 1e-2:
        assert verdict.is_proved == (least > 0) and verdict.is_refuted == (least < 0)


@few
@given(operators(((2, 2), (2, 3))), st.data())
def test_verdicts_do_not_change_with_local_unitaries_permutations_and_transpositions(operator, data):
    minima = local_minima(operator, 0, 20, rounds=200)
    if abs(min(minimum.value for minimum in minima)) < 1e-3:
        return
    verdict = decide(operator, most_copies=0)
    turn = kron(*(data.draw(unitaries(d)) for d in operator.dims))
    for other in (
        Operator(operator.dims, turn @ operator.matrix @ turn.adjoint),
        permuted(operator, [1, 0]),
        Operator(operator.dims, operator.matrix.transpose),
        Operator(operator.dims, partial_transpose(operator.matrix, operator.dims, [1])),
    ):
        assert type(decide(other, most_copies=0)) is type(verdict)


@pytest.mark.parametrize("exponent", [-30, -12, -6, 6, 12, 30])
def test_verdicts_do_not_change_with_positive_multiples(exponent):
    factor = Fraction(10) ** exponent
    for operator, verdict in [
        (choi_operator(choi()), Proved),
        (swap(3), Proved),
        (shifted(swap(3), TINY), Proved),
        (shifted(choi_operator(choi()), Fraction(1, 10)), Proved),
        (shifted(choi_operator(choi()), -TINY), Refuted),
    ]:
        assert type(decide(Operator(operator.dims, operator.matrix.scale(factor)))) is verdict


# ---- the boundary ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exponent", [1, 3, 6, 9, 15, 30])
def test_the_swap_of_qutrits_is_at_the_boundary(exponent):
    """Its least value is |<x|y>|^2 = 0."""
    tiny = Fraction(1, 10**exponent)
    assert decide(swap(3)).is_proved
    assert decide(shifted(swap(3), -tiny)).is_refuted
    if exponent <= 9:
        assert decide(shifted(swap(3), tiny), most_copies=0).is_proved


@pytest.mark.parametrize("exponent", [1, 2, 4, 6])
def test_chois_map_is_at_the_boundary(exponent):
    tiny = Fraction(1, 10**exponent)
    operator = choi_operator(choi())
    assert decide(shifted(operator, -tiny)).is_refuted and decide(shifted(operator, tiny), most_copies=1).is_proved
    # Added where the form vanishes only at some zeros, the interior stays thin on a face.
    corner = Operator((3, 3), operator.matrix + Matrix.unit(9, 0, 0).scale(tiny))
    assert decide(corner, most_copies=1).is_proved
    corner = Operator((3, 3), operator.matrix - Matrix.unit(9, 0, 0).scale(tiny))
    assert decide(corner, most_copies=1).is_refuted


def witness(basis, eps):
    return Operator(basis.dims, basis.projector - Matrix.identity(prod(basis.dims)).scale(Fraction(eps)))


@pytest.mark.parametrize(
    ("eps", "proved"), [("0", True), ("2/25", True), ("0.0814", True), ("0.0815", False), ("1/10", False)]
)
def test_the_witness_of_shifts(eps, proved):
    """The largest eps is 1 - 3 sqrt(6)/8 = 0.08144.., see test_product_minimum."""
    verdict = decide(witness(shifts(), eps), most_copies=1)
    assert verdict.is_proved == proved and verdict.is_refuted != proved


def test_the_witness_of_shifts_in_any_order_and_in_other_bases():
    for order in ([1, 0, 2], [2, 1, 0], [1, 2, 0]):
        assert decide(permuted(witness(shifts(), "2/25"), order), most_copies=1).is_proved
    third = product_basis_of(SHIFTS, qubit_bases(3, ((3, 4), (4, -3))))
    assert decide(witness(third, "7/200"), most_copies=1).is_proved
    assert decide(witness(third, "9/250"), most_copies=1).is_refuted


@pytest.mark.parametrize(("eps", "proved"), [("0.0284", True), ("0.0285", False)])
def test_the_witness_of_tiles(eps, proved):
    verdict = decide(witness(tiles(), eps), most_copies=1)
    assert verdict.is_proved == proved and verdict.is_refuted != proved


def test_a_boundary_over_a_quadratic_field():
    """diag(a, 0, 0, 1/a) + |01><10| + h.c. has the least value 0, for any a > 0: here a = sqrt(2) - 1."""
    a = sympy.sqrt(2) - 1

    def operator(tiny):
        table = sympy.Matrix([[a - tiny, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, a + 2]])
        return Operator((2, 2), as_matrices([table])[0])

    assert operator(0).field == SQRT2
    assert decide(operator(0)).is_proved and decide(operator(sympy.Rational(1, 10**6))).is_refuted


def test_an_undecided_operator_says_how_far_each_attempt_got():
    """One copy shows decomposability only; Choi's map is not decomposable."""
    verdict = decide(choi_operator(choi()), most_copies=0)
    assert not verdict.is_proved and not verdict.is_refuted
    assert "copies (1, 1)" in verdict.reason and "-0.077" in verdict.reason
    scaled = Operator((3, 3), choi().choi.scale(2**20))
    assert "divided by" in decide(scaled, most_copies=0).reason


# ---- hints -----------------------------------------------------------------------------------------------------------


def column(*entries):
    return as_matrices([sympy.Matrix(entries)])[0]


def test_known_zeros_may_be_given():
    """Robertson's map after a rational rotation: x (x) y with y in the span of conj(x) and U x, x rotated back."""
    turn = as_matrices([sympy.diag(sympy.Matrix([["3/5", "4/5"], ["-4/5", "3/5"]]), 1, 1)])[0]
    u = kron(Matrix.identity(2), Matrix.rational([[0, 1], [-1, 0]]))
    operator = choi_operator(robertson() @ kraus_map([turn]))
    zeros = []
    for entries in product([0, 1], [0, 1, sympy.I], [0, 1], [0, 1]):
        if any(entries):
            x = column(*entries)
            zeros += [(turn.transpose @ x, x.conjugate), (turn.transpose @ x, u @ x)]
    assert decide(operator, most_copies=1, zeros=zeros).is_proved


def test_zeros_over_several_fields_may_be_given_together():
    root = sympy.sqrt(2) / 2
    phase = root + sympy.I * root
    zeros = [
        (column(1, phase, 1), column(1, sympy.conjugate(phase), 1)),
        (column(1, 1, 1), column(1, 1, 1)),
        (column(1, sympy.I, 1), column(1, -sympy.I, 1).over(SQRT2)),
    ]
    assert decide(choi_operator(choi()), zeros=zeros).is_proved


@pytest.mark.parametrize(
    ("zero", "error", "message"),
    [
        ((column(1, 0, 0), column(1, 0, 0)), InputError, "zero 0 is none: .* 1/2"),
        ((column(1, 1, 1),), ShapeError, "zero 0"),
        ((column(1, 1), column(1, 1, 1)), ShapeError, "zero 0"),
        ((Matrix.identity(3), column(1, 1, 1)), ShapeError, "zero 0"),
    ],
)
def test_what_is_no_zero_is_refused(zero, error, message):
    with pytest.raises(error, match=message):
        decide_block_positive(choi_operator(choi()), zeros=[zero])
    with pytest.raises(error, match=message):
        search_squares(choi_operator(choi()), (1, 2), zeros=[zero])


# ---- parts -----------------------------------------------------------------------------------------------------------


@laws
@given(operators(((2, 3), (2, 2, 2))), st.data())
def test_what_vectors_leave_on_a_factor(operator, data):
    vectors = [data.draw(matrices(d, 1)) for d in operator.dims]
    for free, dim in enumerate(operator.dims):
        left = left_on(operator, free, [*vectors[:free], *vectors[free + 1 :]])
        assert (left.rows, left.columns) == (dim, dim) and left.is_hermitian
        assert (vectors[free].adjoint @ left @ vectors[free]).entry(0, 0) == value_on(operator, vectors)
    norm = Number.of(1)
    for v in vectors:
        norm = norm * (v.adjoint @ v).entry(0, 0)
    assert (
        square_norm(vectors) == norm == value_on(Operator(operator.dims, Matrix.identity(prod(operator.dims))), vectors)
    )


@laws
@given(operators())
def test_a_negative_product_is_found_or_the_scans_see_none(operator):
    scans = [scan(operator, free) for free in range(len(operator.dims))]
    found = find_negative(operator, scans, local_minima(operator, 0, 10))
    if found is None:
        assert not any(seen.negative for seen in scans)
    else:
        found.verify()


@laws
@given(operators(), st.data())
def test_product_vectors_with_other_values_are_no_witnesses(operator, data):
    vectors = [data.draw(matrices(d, 1)) for d in operator.dims]
    value = value_on(operator, vectors)
    if value.sign() < 0:
        assert NegativeProduct.verified(operator, vectors).value == value
    else:
        with pytest.raises(VerificationError, match="not negative"):
            NegativeProduct(operator, tuple(vectors), Number.of(-1)).verify()


@pytest.mark.parametrize(("dims", "most"), [((2, 2), 3), ((3, 2), 2), ((2, 2, 2), 2), ((4,), 3)], ids=str)
def test_levels_add_copies_of_some_factors_the_cheapest_first(dims, most):
    found = list(levels(dims, most))
    assert found[0] == (1,) * len(dims)
    assert set(found) == {k for k in product(range(1, most + 2), repeat=len(dims)) if sum(k) <= len(dims) + most}
    orders = [prod(comb(d + k - 1, k) for d, k in zip(dims, copies, strict=True)) for copies in found]
    assert orders == sorted(orders) and len(set(found)) == len(found)


@pytest.mark.parametrize("copies", [(1, 2), (2, 1)], ids=str)
def test_certified_shifts_are_close_to_the_optimum(copies):
    """The largest shift of SWAP + |00><00|/3 is 0; the certificate is about the shifted operator."""
    operator = Operator((2, 2), swap(2).matrix + Matrix.unit(4, 0, 0).scale(Fraction(1, 3)))
    (shift, certificate), figure = search_shift(operator, copies, 5)
    certificate.verify()
    assert certificate.copies == copies and certificate.operator == shifted(operator, -shift)
    assert -Fraction(2, 10**5) <= shift <= 0 and "certified shift" in figure


@few
@given(operators(((2, 2),)))
def test_certified_shifts_are_below_the_least_value(operator):
    found, _ = search_shift(operator, (1, 1), 4)
    shift, certificate = found
    certificate.verify()
    least = min(minimum.value for minimum in local_minima(operator, 0, 20, rounds=200))
    assert least - 3e-4 < float(shift) <= least + 1e-9


def test_progress_is_reported():
    lines = []
    decide_block_positive(choi_operator(choi()), progress=lines.append)
    assert any("copies (1, 2)" in line for line in lines) and any("face" in line for line in lines)


def test_the_sum_of_a_positive_and_a_transposed_operator_in_the_interior():
    half = total(Matrix.unit(9, i, (i * 2 + 1) % 9) for i in range(9))
    operator = Operator((3, 3), half @ half.adjoint + swap(3).matrix + Matrix.identity(9).scale(Fraction(1, 100)))
    assert decide(operator, most_copies=0).is_proved
