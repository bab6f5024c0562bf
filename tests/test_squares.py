"""Laws of sums of squares of forms: the exact system, and certificates of block positivity.

Positions are partitioned by the monomial conj(u) v, conjugate ones adjoint; what is wanted in every class is the
coefficient of the form. The diagonals of `unit` are Gram matrices of the unit operator, whatever the dimensions, copies
and cuts. Sums P + Q^T of positive operators are certified by P and Q, and a certified operator is non-negative on all
product vectors. Whatever is changed in a valid certificate is refused: the operator, its dimensions, the copies, an
entry, which entries are conjugated, a monomial; and Gram matrices that are not positive, or not on the face.
"""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.form import adjoint, balanced_cuts, cuts, form_of, monomials, star_times, value_at
from steeralg.algebra.squares import SquareSystem
from steeralg.errors import VerificationError
from steeralg.exact.field import quadratic
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.tensor import partial_transpose
from steeralg.maps import choi, generalised_choi, robertson, transpose
from steeralg.objects.devices import Operator
from steeralg.positivity.block_positive import decide_block_positive
from steeralg.positivity.maps import choi_operator
from steeralg.positivity.squares import BlockPositivity, SquareBlock
from steeralg.positivity.values import value_on
from tests.strategies import SQRT2, algebraic_matrices, gaussian, hermitian, matrices

laws = settings(deadline=None, max_examples=20)
few = settings(deadline=None, max_examples=8)
TINY = Fraction(1, 10**12)

SHAPES = [
    ((3,), (1,)),
    ((2,), (3,)),
    ((2, 2), (1, 1)),
    ((2, 3), (2, 1)),
    ((3, 2), (1, 3)),
    ((2, 2), (2, 2)),
    ((1, 2), (2, 2)),
    ((2, 2, 2), (1, 1, 1)),
    ((2, 2, 2), (1, 2, 1)),
]
every_shape = pytest.mark.parametrize(("dims", "copies"), SHAPES, ids=str)


def diagonal(values):
    return Matrix.rational([[x if i == j else 0 for j in range(len(values))] for i, x in enumerate(values)])


def certificate_of_unit(system):
    grams = [SquareBlock(words, diagonal(values)) for words, values in zip(system.blocks, system.unit, strict=True)]
    unit = Operator(system.dims, Matrix.identity(prod(system.dims)))
    return BlockPositivity.verified(unit, system.copies, grams)


@every_shape
def test_the_unit_diagonals_certify_the_unit_operator(dims, copies):
    order = prod(dims)
    full = Matrix.rational([[1] * order] * order)
    choices = {(), tuple(cuts(copies)), tuple(balanced_cuts(copies)), *((cut,) for cut in cuts(copies))}
    for matrix, chosen in product((Matrix.identity(order), full), choices):
        system = SquareSystem.build(matrix, dims, copies, chosen)
        assert all(value > 0 for values in system.unit for value in values)
        certificate_of_unit(system).verify()


@every_shape
@few
@given(data=st.data())
def test_the_positions_are_partitioned_by_monomials(dims, copies, data):
    matrix = data.draw(hermitian(prod(dims)))
    system = SquareSystem.build(matrix, dims, copies)
    names = {number: monomial for monomial, number in system.classes.items()}
    assert sorted(names) == list(range(len(names)))
    for words, table in zip(system.blocks, system.positions, strict=True):
        for (i, u), (j, v) in product(enumerate(words), repeat=2):
            assert names[table[i][j]] == star_times(u, v)
            assert system.adjoints[table[i][j]] == table[j][i]
    assert all(adjoint(names[c]) == names[other] for c, other in enumerate(system.adjoints))
    form = form_of(matrix, dims, copies)
    assert {names[c]: x for c, x in enumerate(system.right) if not x.is_zero} == form
    every = [word for cut in cuts(copies) for word in monomials(dims, copies, cut)]
    assert sorted(word for words in system.blocks for word in words) == sorted(every)
    assert system.is_real == matrix.is_real


def by_cut(dims, cut, gram):
    """A block of all monomials with one copy of each factor: their order is that of the rows of an operator."""
    return SquareBlock(tuple(monomials(dims, (1,) * len(dims), cut)), gram)


@st.composite
def decomposed(draw, field=None):
    """A sum of partially transposed positive operators with its certificate."""
    dims = draw(st.sampled_from([(2, 2), (2, 3), (3, 2), (2, 2, 2)]))
    order, parts = prod(dims), {}
    for cut in draw(st.lists(st.sampled_from(cuts((1,) * len(dims))), min_size=1, max_size=2, unique=True)):
        half = draw(matrices(order, 2)) if field is None else draw(algebraic_matrices(field, order, 1))
        parts[cut] = half @ half.adjoint
    transposed = [[k for k, c in enumerate(cut) if c] for cut in parts]
    summed = total(partial_transpose(p, dims, t) for p, t in zip(parts.values(), transposed, strict=True))
    blocks = [by_cut(dims, cut, gram) for cut, gram in parts.items()]
    return Operator(dims, summed), blocks


@laws
@given(decomposed(), st.data())
def test_sums_of_partially_transposed_positive_operators_are_certified(case, data):
    operator, blocks = case
    certificate = BlockPositivity.verified(operator, [1] * len(operator.dims), blocks)
    vectors = [data.draw(matrices(d, 1)) for d in operator.dims]
    value = value_on(operator, vectors)
    assert value.sign() >= 0
    squares = [value_at(block.words, vectors) for block in certificate.blocks]
    assert value == sum(
        ((z.adjoint @ block.gram @ z).entry(0, 0) for z, block in zip(squares, blocks, strict=True)), Number.of(0)
    )


@few
@given(decomposed(SQRT2))
def test_the_same_over_a_quadratic_field(case):
    operator, blocks = case
    BlockPositivity.verified(operator, [1] * len(operator.dims), blocks).verify()


def changed(certificate, k, **fields):
    blocks = list(certificate.blocks)
    blocks[k] = replace(blocks[k], **fields)
    return replace(certificate, blocks=tuple(blocks))


def refused(certificate, message=None):
    with pytest.raises(VerificationError, match=message):
        certificate.verify()


PROVED = {
    "swap": decide_block_positive(Operator((2, 2), transpose(2).choi)).witness,
    "choi": decide_block_positive(choi_operator(choi())).witness,
    "robertson": decide_block_positive(choi_operator(robertson())).witness,
    "interior": decide_block_positive(choi_operator(generalised_choi(1, 1, 1))).witness,
}
every_certificate = pytest.mark.parametrize("name", PROVED)


@every_certificate
def test_another_operator_dimensions_or_copies_are_refused(name):
    certificate = PROVED[name]
    certificate.verify()
    matrix, (d, e) = certificate.operator.matrix, certificate.operator.dims
    refused(replace(certificate, operator=Operator((d, e), matrix - Matrix.identity(d * e).scale(TINY))), "differs")
    refused(replace(certificate, operator=Operator((d, e), -matrix)), "differs")
    refused(replace(certificate, operator=Operator((d * e,), matrix)), "copies")
    refused(replace(certificate, operator=Operator((1, d * e), matrix)))
    refused(replace(certificate, operator=Operator((d, e, 1), matrix)), "copies")
    for copies in [(1, 1), (1, 2), (2, 1), (2, 2), (1, 3)]:
        if copies != certificate.copies:
            refused(replace(certificate, copies=copies), "differs")
    for copies in [(), (1,), (0, 1), (1, 1, 1), (1, -1)]:
        refused(replace(certificate, copies=copies), "copies")


@every_certificate
def test_another_entry_of_any_gram_matrix_is_refused(name):
    certificate = PROVED[name]
    for k, block in enumerate(certificate.blocks):
        order = len(block.words)
        for i in range(order):
            for j in range(i + 1):
                unit = Matrix.unit(order, i, j) + Matrix.unit(order, j, i)
                refused(changed(certificate, k, gram=block.gram + unit.scale(TINY)), "differs")
        refused(changed(certificate, k, gram=-block.gram), "differs")
        refused(replace(certificate, blocks=certificate.blocks[:k] + certificate.blocks[k + 1 :]), "differs")
        refused(replace(certificate, blocks=(*certificate.blocks, block)), "differs")


@every_certificate
def test_exchanged_conjugations_are_refused(name):
    """The entries of one factor conjugated, and the others not: another partial transpose of the Gram matrix."""
    certificate = PROVED[name]
    for k, block in enumerate(certificate.blocks):
        if block.gram == diagonal([block.gram.entry(i, i).fraction() for i in range(block.gram.rows)]):
            continue
        for factor in range(2):
            words = [tuple((s, p) if f == factor else (p, s) for f, (p, s) in enumerate(word)) for word in block.words]
            refused(changed(certificate, k, words=tuple(words)), "differs")
        # All of them conjugated is no other square if the Gram matrix is real.
        changed(certificate, k, words=tuple(map(adjoint, block.words))).verify()


@every_certificate
def test_malformed_blocks_are_refused(name):
    certificate = PROVED[name]
    for k, block in enumerate(certificate.blocks):
        order = len(block.words)
        refused(changed(certificate, k, words=(block.words[0],) * 2 + block.words[2:]), "block")
        refused(changed(certificate, k, words=block.words[1:]), "order")
        refused(changed(certificate, k, gram=Matrix.identity(order + 1)), "order")
        refused(changed(certificate, k, gram=Matrix.zero(order, order + 1)), "Hermitian of order")
        (factor, *others) = block.words[0]
        for wrong in [((*factor[0], 9), factor[1]), ((-1,), ()), ((1, 0), ())]:
            refused(changed(certificate, k, words=((wrong, *others), *block.words[1:])), "monomials")
        refused(changed(certificate, k, words=(block.words[0][:1], *block.words[1:])), "monomials")
        if order > 1:
            tilted = block.gram + Matrix.unit(order, 0, 1)
            refused(changed(certificate, k, gram=tilted), "Hermitian")


def test_repeated_monomials_are_refused_even_where_the_sum_is_right():
    word = monomials((1, 1), (1, 1), (0, 0))[0]
    block = SquareBlock((word, word), diagonal([Fraction(1, 2), Fraction(1, 2)]))
    refused(BlockPositivity(Operator((1, 1), Matrix.identity(1)), (1, 1), (block,)), "distinct")


@laws
@given(hermitian(4), st.sampled_from([(0, 0), (0, 1)]))
def test_gram_matrices_that_are_not_positive_are_refused(gram, cut):
    """The identity of forms alone proves nothing."""
    gram = gram - Matrix.identity(4).scale(40)
    operator = Operator((2, 2), partial_transpose(gram, (2, 2), [k for k in range(2) if cut[k]]))
    refused(BlockPositivity(operator, (1, 1), (by_cut((2, 2), cut, gram),)), "not positive")


def moved(certificate, size):
    """The certificate with something taken from one place of the Gram matrices and added at another of its class."""
    places = {}
    for k, block in enumerate(certificate.blocks):
        for (i, u), (j, v) in product(enumerate(block.words), repeat=2):
            if i <= j:
                places.setdefault(star_times(u, v), []).append((k, i, j))
    for (k, i, j), *others in places.values():
        for m, a, b in others:
            blocks = list(certificate.blocks)
            for number, row, column, x in ((k, i, j, size), (m, a, b, -size)):
                gram = blocks[number].gram
                change = (Matrix.unit(gram.rows, row, column) + Matrix.unit(gram.rows, column, row)).scale(x)
                blocks[number] = replace(blocks[number], gram=gram + change)
            yield replace(certificate, blocks=tuple(blocks))


@pytest.mark.parametrize("name", ["choi", "robertson"])
@pytest.mark.parametrize("size", [Fraction(1, 1000), Fraction(-1, 1000)])
def test_gram_matrices_off_the_face_are_refused(name, size):
    """Where the form vanishes every Gram matrix has the value 0. If the value moves with the sum as it was, it is
    negative in some block.
    """
    certificate, phases, refusals = PROVED[name], [gaussian(1, 0), gaussian(0, 1), gaussian(1, 0), gaussian(-1, 0)], 0
    x = Matrix.from_numbers([[phase] for phase in phases[: certificate.operator.dims[0]]], phases[0].field)
    zero = [x, x.conjugate]
    assert value_on(certificate.operator, zero).is_zero
    for other in moved(certificate, size):
        columns = [value_at(block.words, zero) for block in other.blocks]
        values = [(z.adjoint @ b.gram @ z).entry(0, 0) for z, b in zip(columns, other.blocks, strict=True)]
        assert sum(values, Number.of(0)).is_zero
        if not all(value.is_zero for value in values):
            refused(other, "not positive")
            refusals += 1
    assert refusals


def test_a_gram_matrix_of_another_field_is_refused_or_read_over_a_common_one():
    """An identity between numbers of different fields can hold only for their common part."""
    swap = PROVED["swap"]
    for k, block in enumerate(swap.blocks):
        gram = block.gram.scale(Number(quadratic(3), (0, 1), (0, 0)))
        refused(changed(swap, k, gram=gram))
        changed(swap, k, gram=block.gram.over(quadratic(3))).verify()
    root = Matrix.identity(4).scale(Number(SQRT2, (0, 1), (0, 0)))
    other = Matrix.identity(4).scale(Number(quadratic(3), (0, 1), (0, 0)))
    refused(BlockPositivity(Operator((2, 2), root), (1, 1), (by_cut((2, 2), (0, 0), other),)))
