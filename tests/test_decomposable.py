"""Laws of decomposability, for any number of factors.

Witnesses hold either way: parts are positive and sum to the operator, PPT operators are positive together with all
their partial transposes and have a negative value. Whatever is changed in a witness is refused, and what only looks
like one. Decomposable operators are block-positive; what has a negative product vector is not decomposable. Sums of
partially transposed operators are decomposable, at the boundary never refuted, and decided in the interior. Verdicts do
not change with local unitaries, partial transpositions, permutations or positive multiples. Published boundaries are
met to a millionth.
"""

from dataclasses import replace
from fractions import Fraction
from math import prod

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.constructions.product_bases import shifts, tiles
from steeralg.errors import VerificationError
from steeralg.exact.convert import as_matrices
from steeralg.exact.field import quadratic
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import kron, partial_transpose
from steeralg.maps import choi, generalised_choi, transpose
from steeralg.objects.devices import Operator
from steeralg.positivity.block_positive import decide_block_positive
from steeralg.positivity.decomposable import Decomposition, PPTOperator, decide_decomposable, transpositions
from steeralg.positivity.maps import choi_operator
from steeralg.positivity.squares import BlockPositivity
from steeralg.verdict import Proved, Refuted
from tests.strategies import SQRT2, algebraic_matrices, hermitian, matrices, unitaries

laws = settings(deadline=None, max_examples=20)
few = settings(deadline=None, max_examples=8)
TINY = Fraction(1, 10**6)
DIMS = [(2, 2), (2, 3), (3, 2), (2, 2, 2)]


def decide(operator, **options):
    """The verdict, its witness verified by its definition and about this operator."""
    verdict = decide_decomposable(operator, **options)
    if isinstance(verdict, Proved):
        parts = verdict.witness.parts
        assert parts and all(decide_psd(part).is_proved for part in parts.values())
        summed = total(partial_transpose(part, operator.dims, cut) for cut, part in parts.items())
        assert (summed - operator.matrix).is_zero and verdict.witness.operator == operator
        verdict.witness.verify()
    if isinstance(verdict, Refuted):
        found = verdict.witness
        for cut in transpositions(len(operator.dims)):
            assert decide_psd(partial_transpose(found.matrix, operator.dims, cut)).is_proved
        assert found.value == found.matrix.inner(operator.matrix) and found.value.sign() < 0
        assert found.operator == operator
        found.verify()
    return verdict


def shifted(operator, shift):
    return Operator(operator.dims, operator.matrix + Matrix.identity(operator.matrix.rows).scale(shift))


@pytest.mark.parametrize("factors", [1, 2, 3, 4])
def test_transpositions_name_one_of_each_pair_of_complements(factors):
    found = [set(cut) for cut in transpositions(factors)]
    every = set(range(factors))
    assert len(found) == 2 ** (factors - 1) and found[0] == set()
    assert all(every - cut not in found or every - cut == cut for cut in found)


@st.composite
def sums(draw, field=None, terms=(1, 2)):
    """Partially transposed positive operators with different transpositions, and their sum."""
    dims = draw(st.sampled_from(DIMS))
    order, parts = prod(dims), {}
    cuts = st.lists(st.sampled_from(transpositions(len(dims))), min_size=terms[0], max_size=terms[1], unique=True)
    for cut in draw(cuts):
        half = draw(matrices(order, 2)) if field is None else draw(algebraic_matrices(field, order, 1))
        parts[cut] = half @ half.adjoint
    return Operator(dims, total(partial_transpose(p, dims, cut) for cut, p in parts.items())), parts


@laws
@given(sums(terms=(1, 1)))
def test_one_partially_transposed_operator_is_decomposable_as_it_stands(case):
    operator, parts = case
    verdict = decide(operator)
    assert verdict.is_proved and len(verdict.witness.parts) == 1
    # By the same transposition or another that is as good.
    assert verdict.witness.parts == parts or decide_psd(next(iter(verdict.witness.parts.values()))).is_proved


@few
@given(sums(terms=(2, 2)), st.sampled_from([Fraction(1, 2), Fraction(1, 100)]))
def test_sums_are_decided_in_the_interior_and_never_refuted_at_the_boundary(case, share):
    """At the boundary the kernels of the parts are not short, and not recognised: undecided is allowed there only."""
    operator, parts = case
    Decomposition.verified(operator, parts).verify()
    assert decide(shifted(operator, share)).is_proved
    assert not decide(operator).is_refuted


@few
@given(sums(SQRT2, terms=(2, 2)))
def test_the_same_over_a_quadratic_field(case):
    operator, parts = case
    Decomposition.verified(operator, parts)
    verdict = decide(shifted(operator, 1))
    assert verdict.is_proved and verdict.witness.operator.field == operator.field


@laws
@given(st.sampled_from(DIMS).flatmap(lambda dims: st.tuples(st.just(dims), hermitian(prod(dims)))), st.integers(0, 9))
def test_decomposable_is_block_positive_and_what_is_not_is_not(case, shift):
    operator = shifted(Operator(*case), shift)
    verdict, positive = decide(operator), decide_block_positive(operator, most_copies=0)
    if verdict.is_proved:
        assert positive.is_proved
    if positive.is_refuted:
        assert verdict.is_refuted
    # With one copy of each factor they are the same sums of squares.
    if positive.is_proved:
        assert verdict.is_proved


@pytest.mark.parametrize("dims", [(1,), (3,), (2, 2), (1, 2), (2, 2, 2)], ids=str)
def test_zero_one_and_minus_one(dims):
    n = prod(dims)
    for matrix, verdict in [(Matrix.zero(n, n), Proved), (Matrix.identity(n), Proved), (-Matrix.identity(n), Refuted)]:
        assert isinstance(decide(Operator(dims, matrix)), verdict)


def test_a_tiny_negative_product_vector_decides():
    for exponent in (6, 14, 30):
        table = [[Fraction(int(i == j)) for j in range(4)] for i in range(4)]
        table[3][3] = -Fraction(1, 10**exponent)
        assert decide(Operator((2, 2), Matrix.rational(table))).is_refuted


# ---- invariance ------------------------------------------------------------------------------------------------------

KNOWN = {
    "swap": (Operator((2, 2), transpose(2).choi), Proved),
    "choi": (choi_operator(choi()), Refuted),
    "inside": (choi_operator(generalised_choi("3/2", "1/2", "1/4")), Proved),
    "outside": (choi_operator(generalised_choi("3/2", "1/2", "1/16")), Refuted),
    "below": (Operator((2, 3), Matrix.identity(6).scale(2) - Matrix.rational([[1] * 6] * 6)), Refuted),
}
every_known = pytest.mark.parametrize("name", KNOWN)


@every_known
@settings(deadline=None, max_examples=3)
@given(data=st.data())
def test_verdicts_do_not_change_with_local_unitaries_and_transpositions(name, data):
    operator, verdict = KNOWN[name]
    assert isinstance(decide(operator), verdict)
    dims, matrix = operator.dims, operator.matrix
    turn = kron(*(data.draw(unitaries(d)) for d in dims))
    n, (d, e) = matrix.rows, dims
    swapped = [j * d + i for i in range(d) for j in range(e)]
    place = sorted(range(n), key=swapped.__getitem__)
    for other in (
        Operator(dims, turn @ matrix @ turn.adjoint),
        Operator(dims, partial_transpose(matrix, dims, [1])),
        Operator(dims, matrix.transpose),
        Operator((e, d), matrix.rearrange(n, n, [i * n + j for i in place for j in place])),
        Operator(dims, matrix.scale(Fraction(10) ** data.draw(st.sampled_from([-12, -6, 6, 12])))),
    ):
        assert isinstance(decide(other), verdict)


# ---- boundaries ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exponent", [2, 4, 6, 8])
def test_generalised_choi_maps_beside_the_boundary(exponent):
    """Cho, Kye, Lee: for a = 3/2 and b = 1/2 decomposable iff c >= 1/8."""
    tiny = Fraction(1, 10**exponent)
    for shift, verdict in [(0, Proved), (tiny, Proved), (-tiny, Refuted)]:
        assert isinstance(decide(choi_operator(generalised_choi("3/2", "1/2", Fraction(1, 8) + shift))), verdict)


def test_the_distance_of_chois_map_from_the_decomposable_ones():
    """The largest shift is (3 - 2 sqrt(3))/6 = -0.07735..: with a millionth more noise it is decomposable."""
    operator, least = choi_operator(choi()), Fraction(77350269, 10**9)
    assert decide(shifted(operator, least + TINY)).is_proved and decide(shifted(operator, least - TINY)).is_refuted


@pytest.mark.parametrize("basis", [shifts(), tiles()], ids=["shifts", "tiles"])
def test_witnesses_of_unextendible_product_bases_are_not_decomposable(basis):
    """The complementary projector is the PPT operator (Bennett et al.); the projector itself is positive."""
    projector, n = basis.projector, prod(basis.dims)
    for eps in (TINY, Fraction(1, 50)):
        operator = Operator(basis.dims, projector - Matrix.identity(n).scale(eps))
        assert decide(operator).is_refuted
        assert PPTOperator.verified(operator, Matrix.identity(n) - projector).value.sign() < 0
    assert decide(Operator(basis.dims, projector)).is_proved


def test_a_decomposition_at_the_boundary_over_a_quadratic_field():
    """A diagonal conjugation with sqrt(2) of a map at the boundary."""
    operator = choi_operator(generalised_choi("3/2", "1/2", "1/8"))
    (turn,) = as_matrices([sympy.diag(1, sympy.sqrt(2), 1)])
    whole = kron(turn, turn)
    verdict = decide(Operator((3, 3), whole @ operator.matrix @ whole.adjoint))
    assert verdict.is_proved and any(not part.field.is_rational for part in verdict.witness.parts.values())


# ---- forgeries -------------------------------------------------------------------------------------------------------


def refused(witness, message):
    with pytest.raises(VerificationError, match=message):
        witness.verify()


@few
@given(sums(terms=(2, 2)))
def test_forged_decompositions_are_refused(case):
    operator, parts = case
    witness = Decomposition.verified(operator, parts)
    order = operator.matrix.rows
    for cut, part in parts.items():
        rest = {other: p for other, p in parts.items() if other != cut}
        if not part.is_zero:
            refused(replace(witness, parts=rest), "sum")
        refused(replace(witness, parts={**rest, cut: part + Matrix.unit(order, 0, 0).scale(TINY)}), "sum")
        refused(replace(witness, parts={**rest, cut: part - Matrix.identity(order).scale(10**4)}), "semidefinite")
        refused(replace(witness, parts={**rest, cut: part + Matrix.unit(order, 0, 1)}), "Hermitian")
        refused(replace(witness, parts={**rest, cut: Matrix.identity(order + 1)}), "order")
    refused(replace(witness, operator=shifted(operator, TINY)), "sum")


def test_parts_that_sum_up_but_are_not_positive_are_refused():
    """SWAP itself is no positive operator, and its partial transpose with the wrong name is another operator."""
    swap, (bell,) = KNOWN["swap"][0], [partial_transpose(transpose(2).choi, (2, 2), [1])]
    Decomposition.verified(swap, {(1,): bell})
    Decomposition.verified(swap, {(0,): bell})
    refused(Decomposition(swap, {(): swap.matrix}), "semidefinite")
    refused(Decomposition(swap, {(): bell}), "sum")
    refused(Decomposition(swap, {(0, 1): bell}), "sum")


def test_parts_of_different_fields_are_added():
    """1 = (sqrt(3) - 1) + (2 - sqrt(3)), and sqrt(2) with its negative."""
    root = Number(quadratic(3), (0, 1), (0, 0))
    one, half = Matrix.identity(4), Matrix.identity(4).scale(root) - Matrix.identity(4)
    Decomposition.verified(Operator((2, 2), one), {(): half, (1,): one - half})
    other = Matrix.identity(4).scale(Number(SQRT2, (0, 1), (0, 0)))
    refused(Decomposition(Operator((2, 2), one), {(): half, (1,): other}), "sum")


def test_what_is_no_ppt_operator_is_refused():
    operator = choi_operator(choi())
    witness = decide(operator).witness
    bell = partial_transpose(transpose(3).choi, (3, 3), [1])
    assert operator.matrix.inner(bell).sign() < 0 and decide_psd(bell).is_proved
    refused(replace(witness, matrix=bell), "partial transpose on the factors")
    refused(replace(witness, matrix=transpose(3).choi), r"factors \(\)")
    refused(replace(witness, matrix=-witness.matrix), "semidefinite")
    refused(replace(witness, matrix=Matrix.identity(9)), "not negative")
    refused(replace(witness, matrix=Matrix.zero(9, 9)), "not negative")
    refused(replace(witness, matrix=Matrix.identity(4)), "order 9")
    refused(replace(witness, matrix=witness.matrix + Matrix.unit(9, 0, 1)), "Hermitian")
    refused(replace(witness, operator=KNOWN["inside"][0]), "not negative")


def test_with_three_factors_all_partial_transposes_count():
    """A product of a singlet-like vector and |0>: its transposes on the first two factors are not positive."""
    bell = partial_transpose(transpose(2).choi, (2, 2), [1])
    zero = Matrix.unit(2, 0, 0)
    for matrix in (kron(bell, zero), kron(zero, bell)):
        assert decide_psd(matrix).is_proved
        refused(PPTOperator(Operator((2, 2, 2), -matrix), matrix, Number.of(-1)), "partial transpose")


def test_a_decomposition_proves_block_positivity():
    verdict = decide_block_positive(KNOWN["inside"][0])
    assert isinstance(verdict.witness, BlockPositivity) and verdict.witness.copies == (1, 1)
    assert decide(KNOWN["inside"][0]).is_proved
