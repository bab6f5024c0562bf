"""Laws of faces of Gram matrices and of rounding on them.

What a face leaves annihilates the kernel it was made from, and nothing else is left out; real systems have real faces.
Where a form vanishes, every Gram matrix annihilates the monomials. Rounding solves the system exactly from any guess,
on the face, and changes nothing where the guess is a solution; from a wrong face there is none. There are as many
pivots as independent equations. Facial reduction finds certificates on the boundary, with the zeros or from nothing,
also over number fields, and none where the operator is not block-positive.
"""

from fractions import Fraction
from functools import partial
from itertools import product

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.form import balanced_cuts, square_sums, value_at
from steeralg.algebra.squares import SquareSystem
from steeralg.errors import VerificationError
from steeralg.exact.convert import as_matrices
from steeralg.exact.echelon import rank
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import kron
from steeralg.maps import choi, generalised_choi, kraus_map, robertson, transpose
from steeralg.objects.devices import Operator
from steeralg.positivity.face import joined, restrict, whole
from steeralg.positivity.facial import on_faces, rounded, solved
from steeralg.positivity.maps import choi_operator
from steeralg.positivity.rounding import Rounding
from steeralg.positivity.squares import BlockPositivity, SquareBlock
from steeralg.positivity.values import value_on, zero_kernels, zeros_at
from steeralg.sdp.gram import GramRelaxation
from tests.strategies import FIELDS, SQRT2, algebraic_matrices, gaussian, matrices

laws = settings(deadline=None, max_examples=20)
few = settings(deadline=None, max_examples=6)


def dense(is_real):
    """A system with two blocks of order 4."""
    entries = [gaussian(1, 0), gaussian(1, 0), gaussian(2, 0), gaussian(1, int(not is_real))]
    vector = Matrix.from_numbers([[x] for x in entries], RATIONALS)
    return SquareSystem.build(vector @ vector.adjoint, (2, 2), (1, 1))


def complex_rank(kernel, is_real):
    """The dimension that real matrices annihilate with it, if they are to be real."""
    return rank(joined([kernel.real, kernel.imaginary])) if is_real else rank(kernel)


@laws
@given(st.booleans(), st.integers(1, 3).flatmap(lambda k: matrices(4, k)), matrices(4, 4))
def test_what_a_face_leaves_annihilates_the_kernel_and_nothing_else(is_real, kernel, y):
    system = dense(is_real)
    face = restrict(system, whole(system), [kernel, None])
    basis = face[0]
    assert face[1] is None and basis.denominator == 1
    assert (kernel.adjoint @ basis).is_zero and not (is_real and not basis.is_real)
    assert basis.columns == rank(basis) == 4 - complex_rank(kernel, is_real)
    if basis.columns:
        n = basis.columns
        inner = (y + y.adjoint).rearrange(n, n, [4 * i + j for i in range(n) for j in range(n)])
        assert (basis @ inner @ basis.adjoint @ kernel).is_zero


@laws
@given(st.booleans(), matrices(4, 1), matrices(4, 1))
def test_faces_in_turn_are_the_face_of_both_kernels(is_real, one, other):
    system = dense(is_real)
    first = restrict(system, whole(system), [one, None])
    # What Y annihilates for Z = V Y V* to annihilate a vector is V* of it.
    inner = first[0].adjoint @ other
    second = restrict(system, first, [inner, None])
    both = restrict(system, whole(system), [joined([one, other]), None])
    assert second[0].columns == both[0].columns
    assert not both[0].columns or rank(joined([second[0], both[0]])) == both[0].columns


def test_no_kernel_and_every_kernel():
    system = dense(True)
    assert restrict(system, whole(system), [None, Matrix.zero(4, 0)]) == [None, None]
    everything = restrict(system, whole(system), [Matrix.identity(4), None])
    assert (everything[0].rows, everything[0].columns) == (4, 0)
    assert GramRelaxation.build(system, restrict(system, whole(system), [Matrix.identity(4)] * 2)) is None


@laws
@given(st.lists(st.sampled_from(FIELDS[:2]).flatmap(lambda f: algebraic_matrices(f, 3, 2)), min_size=1, max_size=3))
def test_joined_columns_stand_side_by_side(kernels):
    found = joined([None, *kernels, Matrix.zero(3, 0)])
    assert (found.rows, found.columns) == (3, 2 * len(kernels))
    for k, kernel in enumerate(kernels):
        for i, j in product(range(3), range(2)):
            assert (found.entry(i, 2 * k + j) - kernel.entry(i, j)).is_zero
    assert joined([None]) is None and joined([]) is None


def column(*entries):
    return as_matrices([sympy.Matrix(entries)])[0]


PHASES = [1, sympy.I, -1, (3 + 4 * sympy.I) / 5, (5 - 12 * sympy.I) / 13, (1 + sympy.I) / sympy.sqrt(2)]
"""The form of Choi's map vanishes at x (x) conj(x) if all entries of x have modulus 1."""


def zeros_of_choi():
    found = [
        (column(1, a, b), column(1, sympy.conjugate(a), sympy.conjugate(b)))
        for a, b in [(1, 1), (PHASES[1], 1), (-1, PHASES[1]), (PHASES[3], PHASES[4]), (PHASES[5], 1), (1, PHASES[5])]
    ]
    units = [column(*(int(k == j) for k in range(3))) for j in range(3)]
    return found + [(units[j], units[(j + 1) % 3]) for j in range(3)]


CHOI = choi_operator(choi())
BALANCED = SquareSystem.build(CHOI.matrix, (3, 3), (1, 2), balanced_cuts((1, 2)))


def accepted(operator, system, grams):
    blocks = [SquareBlock(words, gram) for words, gram in zip(system.blocks, grams, strict=True)]
    try:
        return BlockPositivity.verified(operator, system.copies, blocks)
    except VerificationError:
        return None


def test_gram_matrices_annihilate_the_monomials_where_the_form_vanishes():
    zeros = zeros_of_choi()
    assert all(value_on(CHOI, vectors).is_zero for vectors in zeros)
    certificate = on_faces(BALANCED, whole(BALANCED), partial(accepted, CHOI, BALANCED))
    kernels = zero_kernels(BALANCED, zeros)
    assert len(certificate.blocks) == len(kernels) and any(kernel is not None for kernel in kernels)
    for block, kernel in zip(certificate.blocks, kernels, strict=True):
        for vectors in zeros:
            assert (block.gram @ value_at(block.words, _common(vectors))).is_zero
        if kernel is not None:
            assert (block.gram @ kernel).is_zero and rank(kernel) == kernel.columns


def _common(vectors):
    return [v.over(SQRT2) if any(not u.field.is_rational for u in vectors) else v for v in vectors]


@few
@given(st.lists(st.sampled_from(zeros_of_choi()), min_size=1, max_size=4))
def test_kernels_at_zeros_are_what_their_monomials_span(zeros):
    for words, kernel in zip(BALANCED.blocks, zero_kernels(BALANCED, zeros), strict=True):
        columns = [value_at(words, [v.over(SQRT2) for v in vectors]) for vectors in zeros]
        parts = joined([part for c in columns for part in (c.real, c.imaginary)])
        assert (kernel is None) == parts.is_zero
        if kernel is not None:
            assert rank(kernel) == kernel.columns == rank(parts) == rank(joined([kernel, parts]))
            assert kernel.is_real


@laws
@given(st.sampled_from([0, 1]), matrices(3, 1).filter(lambda v: not v.is_zero))
def test_zeros_of_what_is_left_are_zeros(free, vector):
    """Choi's map has at least one zero with any vector on either side, or it is definite there."""
    found = zeros_at(CHOI, free, [vector])
    assert isinstance(found, list)
    for zero in found:
        assert zero[1 - free] == vector and value_on(CHOI, zero).is_zero


R = sympy.sqrt(2)
ALGEBRAIC = sympy.Matrix([[2, R, 0, 1], [R, 3, sympy.I, 0], [0, -sympy.I, 1, 0], [1, 0, 0, 4]])
SYSTEMS = {
    "swap": SquareSystem.build(transpose(2).choi, (2, 2), (1, 1)),
    "choi": BALANCED,
    "dense": dense(True),
    "complex": dense(False),
    "more copies": SquareSystem.build(kron(*[Matrix.rational([[2, 1], [1, 3]])] * 2), (2, 2), (2, 1)),
    "sqrt2": SquareSystem.build(as_matrices([ALGEBRAIC])[0], (2, 2), (1, 2)),
}
every_system = pytest.mark.parametrize("name", SYSTEMS)


def solves(system, grams):
    """Whether the squares sum to the form."""
    left = dict(system.form)
    for words, gram in zip(system.blocks, grams, strict=True):
        for monomial, x in square_sums(words, gram):
            left[monomial] = left[monomial] - x if monomial in left else -x
    return all(x.is_zero for x in left.values())


def guesses(system, orders):
    """Hermitian guesses, real ones for a real system, of small dyadic entries."""

    @st.composite
    def drawn(draw):
        result = []
        for n in orders:
            m = draw(matrices(n, n)).scale(Fraction(1, 4)) if n else Matrix.zero(0, 0)
            m = m + m.adjoint
            result.append(m.real if system.is_real else m)
        return result

    return drawn()


@every_system
@few
@given(data=st.data())
def test_rounding_solves_the_system_from_any_guess(name, data):
    system = SYSTEMS[name]
    relaxation = GramRelaxation.build(system, whole(system))
    rounding = Rounding(system, whole(system), relaxation.pivots)
    grams = rounding.near(data.draw(guesses(system, system.orders)))
    assert solves(system, grams)
    assert all(gram.is_hermitian for gram in grams)
    assert rounding.near(grams) == grams


@every_system
def test_there_are_as_many_pivots_as_equations(name):
    """On the whole space all equations are independent: no entry belongs to two classes."""
    system = SYSTEMS[name]
    pivots = GramRelaxation.build(system, whole(system)).pivots
    count = sum(1 if system.is_real or c == other else 2 for c, other in enumerate(system.adjoints) if c <= other)
    assert len(pivots) == len(set(pivots)) == count
    for block, row, column, imaginary in pivots:
        assert 0 <= column <= row < system.orders[block] and not (imaginary and (system.is_real or row == column))


FACE = restrict(BALANCED, whole(BALANCED), zero_kernels(BALANCED, zeros_of_choi()[:4]))


@few
@given(guesses(BALANCED, [len(w) if v is None else v.columns for w, v in zip(BALANCED.blocks, FACE, strict=True)]))
def test_rounding_stays_on_the_face(guess):
    grams = Rounding(BALANCED, FACE, GramRelaxation.build(BALANCED, FACE).pivots).near(guess)
    assert solves(BALANCED, grams)
    for gram, kernel in zip(grams, zero_kernels(BALANCED, zeros_of_choi()[:4]), strict=True):
        assert kernel is None or (gram @ kernel).is_zero


def test_without_pivots_only_a_solution_is_one():
    system = SYSTEMS["swap"]
    right = GramRelaxation.build(system, whole(system))
    grams = Rounding(system, whole(system), right.pivots).near([Matrix.zero(n, n) for n in system.orders])
    rounding = Rounding(system, whole(system), ())
    assert rounding.near(grams) == grams
    assert rounding.near([gram + Matrix.identity(gram.rows) for gram in grams]) is None


def test_on_a_wrong_face_there_is_no_solution():
    """Choi's form does not vanish at |00>: on the face that is made from it |x_0 y_0|^2 |y_0|^2 has no square."""
    e = column(1, 0, 0)
    face = restrict(BALANCED, whole(BALANCED), zero_kernels(BALANCED, [(e, e)]))
    assert solved(BALANCED, face) is None
    assert on_faces(BALANCED, face, partial(accepted, CHOI, BALANCED)) is None


def conjugated(matrix):
    """Choi's map followed by conjugation with a diagonal matrix."""
    return choi_operator(kraus_map([matrix]) @ choi())


BOUNDARY = {
    "swap": (Operator((2, 2), transpose(2).choi), (1, 1)),
    "choi": (CHOI, (1, 2)),
    "robertson": (choi_operator(robertson()), (1, 2)),
    "generalised choi": (choi_operator(generalised_choi("1/2", 2, "1/8")), (1, 2)),
    "decomposable": (choi_operator(generalised_choi("3/2", "1/2", "1/8")), (1, 1)),
    "sqrt2": (conjugated(sympy.diag(1, sympy.sqrt(2), 1)), (2, 1)),
    "complex": (conjugated(sympy.diag(1, 1 + sympy.I, 2)), (2, 1)),
}


@pytest.mark.parametrize("name", BOUNDARY)
def test_facial_reduction_from_nothing_finds_a_certificate_on_the_boundary(name):
    operator, copies = BOUNDARY[name]
    system = SquareSystem.build(operator.matrix, operator.dims, copies, balanced_cuts(copies))
    said = []
    certificate = on_faces(system, whole(system), partial(accepted, operator, system), said.append)
    assert certificate is not None and certificate.operator == operator
    assert len(said) > 1 and all("face of dimension" in line for line in said)
    # On the boundary Gram matrices are singular.
    assert any(rank(block.gram) < block.gram.rows for block in certificate.blocks)


def test_what_is_not_block_positive_is_not_accepted():
    below = Operator((3, 3), CHOI.matrix - Matrix.identity(9).scale(Fraction(1, 10**5)))
    system = SquareSystem.build(below.matrix, (3, 3), (1, 2), balanced_cuts((1, 2)))
    assert on_faces(system, whole(system), partial(accepted, below, system)) is None


def test_definite_solutions_are_rounded_to_coarse_grids():
    operator = Operator((3, 3), CHOI.matrix + Matrix.identity(9).scale(Fraction(1, 2)))
    system = SquareSystem.build(operator.matrix, (3, 3), (1, 2), balanced_cuts((1, 2)))
    relaxation, solution = solved(system, whole(system))
    certificate = rounded(system, whole(system), relaxation, solution, partial(accepted, operator, system))
    assert certificate is not None
    assert all(decide_psd(block.gram).is_proved and block.gram.denominator <= 64 for block in certificate.blocks)
    assert solves(system, [block.gram for block in certificate.blocks])
    assert rounded(system, whole(system), relaxation, solution, lambda grams: None) is None


def test_numbers_of_the_field_are_kept():
    root = Matrix.identity(9).scale(Number(SQRT2, (0, 1), (0, 0)))
    scaled = Operator((3, 3), root @ CHOI.matrix)
    system = SquareSystem.build(scaled.matrix, (3, 3), (1, 2), balanced_cuts((1, 2)))
    certificate = on_faces(system, whole(system), partial(accepted, scaled, system))
    assert any(not block.gram.field.is_rational for block in certificate.blocks)
