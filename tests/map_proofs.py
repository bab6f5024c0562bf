"""Small proofs that use every rule on operators, maps, product vectors and events; and their evidence, changed.

No numerical solver: positive maps and operators are built from positive semidefinite parts and their transposes.
"""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import sympy

from steeralg.certificates.compose import Draft
from steeralg.certificates.compose_maps import (
    basis_witness,
    extendible_events,
    image_step,
    product_basis,
    quantum_correlations,
    trace_preserving,
    witnessed,
)
from steeralg.certificates.steps import Statement, Step
from steeralg.constructions.product_bases import shifts
from steeralg.exact.convert import as_matrices, numbers_from_sympy
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.tensor import kron, partial_transpose
from steeralg.maps.library import identity, transpose
from steeralg.maps.linear import LinearMap
from steeralg.objects.devices import Operator
from steeralg.objects.events import EventSet
from steeralg.objects.measurement import POVM
from steeralg.objects.product_basis import ProductBasis
from steeralg.objects.realisation import Realisation
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from steeralg.positivity.decomposable import Decomposition, PPTOperator
from steeralg.positivity.maps import choi_operator
from steeralg.positivity.squares import BlockPositivity, SquareBlock
from steeralg.positivity.values import NegativeProduct, value_on

HALF, TINY, IM = Fraction(1, 2), Fraction(1, 10**9), sympy.I
Y, Z = POVM.observable([[0, -IM], [IM, 0]]), POVM.observable([[1, 0], [0, -1]])
ONE, TURNED, FORGET = identity(2), transpose(2), LinearMap(2, 1, Matrix.identity(2))
PLACE = Scenario.of([(1,)], 1)
(ROOT,) = numbers_from_sympy([sympy.sqrt(2)])
(TINY_I,) = numbers_from_sympy([IM / 10**9])


def ray(*entries):
    """v v* of a vector."""
    (v,) = as_matrices([[[x] for x in entries]])
    return v @ v.adjoint


def summed(dims, parts):
    """The operator with this decomposition, and the decomposition."""
    matrix = total(partial_transpose(part, dims, cut) for cut, part in parts.items())
    operator = Operator(dims, matrix)
    return operator, Decomposition.verified(operator, parts)


def squares(found, twice=()):
    """The sum of squares of a decomposition, times |x_j|^2 for each j in `twice`."""
    dims, blocks = found.operator.dims, []
    for (cut, gram), *chosen in product(found.parts.items(), *(range(dims[j]) for j in twice)):
        extra = {j: (i,) for j, i in zip(twice, chosen, strict=True)}

        def factor(j, i, cut=cut, extra=extra):
            more = extra.get(j, ())
            return (more, (i,)) if j in cut else (tuple(sorted((i, *more))), ())

        labels = product(*map(range, dims))
        blocks.append(SquareBlock(tuple(tuple(factor(j, i) for j, i in enumerate(label)) for label in labels), gram))
    copies = [2 if j in twice else 1 for j in range(len(dims))]
    return BlockPositivity.verified(found.operator, copies, blocks)


def positive(linear_map, cut=()):
    """A map is positive: its Choi matrix is positive, or its partial transpose is."""
    operator = choi_operator(linear_map)
    part = partial_transpose(operator.matrix, operator.dims, cut)
    return squares(Decomposition.verified(operator, {cut: part}))


# ---- a proof for every rule ------------------------------------------------------------------------------------------
POSITIVITY = {"one": positive(ONE), "turned": positive(TURNED, (1,)), "forget": positive(FORGET)}
MAPS = {"one": ONE, "turned": TURNED, "forget": FORGET}


def images(name, model, data, sigma, views):
    draft = Draft(name, "a test", sigma.scenario, {"sigma": sigma})
    quantum_correlations(draft, "sigma", data, model, MAPS, views, POSITIVITY)
    return draft


def pair():
    """A qubit, its partner measured; as it is or transposed (SHSA20 eq. (6))."""
    model = Realisation(State.pure([1, 0, 0, 1], (2, 2)), ((Y, Z),))
    return model, model.assemblage(Scenario.of([(2, 2)], 2))


def input_images():
    """The data have one view, the image has three; a map occurs twice."""
    model, data = pair()
    return images("inputs", model, data, data.with_input([ONE, TURNED, ONE]), ["one", "turned", "one"]).proof()


def instrumental_images():
    """The image with y = a, which has a parent."""
    model, data = pair()
    parent = data.with_input([ONE, TURNED])
    draft = images("instrumental", model, data, parent.instrumental(), ["one", "turned"])
    draft.valid("sigma", claimed=True, parent=parent)
    return draft.proof()


def marginal_images():
    """Two trusted parties: one transposes, the other one forgets; the data have a scenario of their own."""
    model = Realisation(State.pure([1, 0, 0, 0, 0, 0, IM, 1], (2, 2, 2)), ((Y, Z),))
    data = model.assemblage(Scenario.of([(2, 2)], [2, 2]))
    return images("marginals", model, data, data.apply([TURNED, FORGET]), ["turned", "forget"]).proof()


def one_view_image():
    """An image under a map that is not positive, of data of which nothing is stated."""
    _, data = pair()
    flip = LinearMap(2, 2, TURNED.choi.scale(2) - ONE.choi)
    data = data.apply(LinearMap(2, 2, Matrix.identity(4).scale(HALF)))
    draft = Draft("image", "a test", data.scenario, {"sigma": data.apply(flip), "data": data})
    image_step(draft, "sigma", "data", ["flip"], {"flip": flip})
    vectors = as_matrices([[[1], [IM]], [[1], [-IM]]])
    witnessed(draft, "flip", NegativeProduct.verified(choi_operator(flip), vectors), claimed=True)
    trace_preserving(draft, "flip", claimed=True)
    return draft.proof()


def witness_of(basis, eps):
    """(Pi - eps)/(n - D eps) for orthogonal members."""
    share = (Number.of(len(basis)) - eps * Number.of(basis.dim)).inverse()
    return Operator(basis.dims, (basis.projector - Matrix.identity(basis.dim).scale(eps)).scale(share))


def unextendible_basis():
    """Complex shifts, a witness that is not decomposable, and one with an eps that is too large."""
    basis, little, much = shifts([[1, 1], [IM, -IM]]), Number.of(Fraction(1, 50)), Number.of(Fraction(2, 5))
    near, far = witness_of(basis, little), witness_of(basis, much)
    draft = Draft("unextendible", "a test", PLACE, {"S": basis, "W": near, "W_far": far})
    product_basis(draft, "S")
    basis_witness(draft, "W", "S", little)
    basis_witness(draft, "W_far", "S", much)
    rest = Matrix.identity(8) - basis.projector
    witnessed(draft, "W", PPTOperator.verified(near, rest), claimed=True)
    vectors = as_matrices([[[1], [0]], [[0], [1]], [[1], [IM]]])
    witnessed(draft, "W_far", NegativeProduct.verified(far, vectors), claimed=True)
    return draft.proof()


def irrational():
    """Bounds, vectors and Gram matrices over Q(sqrt2)."""
    root = sympy.sqrt(2)
    basis, eps = shifts([[1, root - 1], [root - 1, -1]]), ROOT * Number.of(Fraction(1, 50))
    operator = witness_of(basis, eps)
    swap, parts = summed((2, 2), {(1,): ONE.choi.scale(ROOT)})
    draft = Draft("irrational", "a test", PLACE, {"S": basis, "W": operator, "swap": swap})
    draft.objects["minus"] = Operator((2, 2), -swap.matrix)
    draft.step(Step(Statement("product-basis", vectors="S")), True)
    basis_witness(draft, "W", "S", eps)
    witnessed(draft, "W", PPTOperator.verified(operator, Matrix.identity(8) - basis.projector), claimed=True)
    witnessed(draft, "swap", parts, claimed=True)
    witnessed(draft, "swap", squares(parts), claimed=True)
    vectors = as_matrices([[[1], [root]], [[1 + root], [1]]])
    witnessed(draft, "minus", NegativeProduct.verified(draft.objects["minus"], vectors), claimed=True)
    return draft.proof()


def decomposable():
    """Three factors, two of them transposed together; the sum of squares has two copies of one factor."""
    parts = {
        (): ray(1, 0, 0, IM, 0, 1, 0, 0),
        (1,): ray(1, 0, 1 + IM, 0, 0, 0, 0, 2),
        (0, 2): ray(0, 1, IM, 0, 0, 0, 1, 1),
    }
    operator, found = summed((2, 2, 2), parts)
    draft = Draft("decomposable", "a test", PLACE, {"W": operator})
    witnessed(draft, "W", found, claimed=True)
    witnessed(draft, "W", squares(found, twice=(1,)), claimed=True)
    return draft.proof()


def complete_basis():
    """A complete orthogonal basis: (4 - 4 e) 1/4 = 1 - e for every e < 1, also an irrational one."""
    basis = ProductBasis.of([[(1, a), b] for a in (1, -1) for b in ((1, 0), (0, 1))])
    operator = Operator((2, 2), Matrix.identity(4).scale(HALF * HALF))
    draft = Draft("complete", "a test", PLACE, {"S": basis, "W": operator})
    basis_witness(draft, "W", "S", ROOT * Number.of(HALF))
    return draft.proof()


def events():
    """Six events of parties with 3, 2, 2 outcomes that two letters of the first and one of each other party cover."""
    words = ["000|000", "011|101", "100|000", "111|101", "201|110", "210|011"]
    labels = [tuple(tuple(map(int, part)) for part in word.split("|")) for word in words]
    found = EventSet.of([(3, 3), (2, 2), (2, 2)], labels)
    draft = Draft("events", "a test", PLACE, {"events": found})
    extendible_events(draft, "events")
    return draft.proof()


BUILD = [
    input_images,
    instrumental_images,
    marginal_images,
    one_view_image,
    unextendible_basis,
    irrational,
    decomposable,
    complete_basis,
    events,
]


# ---- evidence, changed -----------------------------------------------------------------------------------------------
def with_item(items, k, item):
    return (*items[:k], item, *items[k + 1 :])


def without_item(items, k):
    return (*items[:k], *items[k + 1 :])


def entry_moved(matrix, i, j, change=TINY):
    """A Hermitian matrix with one entry changed, and its mirror image."""
    unit = Matrix.unit(matrix.rows, i, j).scale(change)
    return matrix + (unit if i == j else unit + unit.adjoint)


def conjugated(word):
    return tuple((starred, plain) for plain, starred in word)


def changed_squares(found):
    """Yield (the evidence changed, whether it still proves the same; None where either may be)."""
    for k, copies in enumerate(found.copies):
        yield replace(found, copies=with_item(found.copies, k, copies + 1)), False
        yield replace(found, copies=with_item(found.copies, k, copies - 1)), False
    yield replace(found, copies=found.copies[1:]), False
    yield replace(found, copies=(*found.copies, 1)), False
    yield replace(found, blocks=()), False
    for k, block in enumerate(found.blocks):
        words, gram = block.words, block.gram
        first, *rest = words
        turned = tuple(map(conjugated, words))
        others = [
            (replace(block, gram=entry_moved(gram, 0, 0)), False),
            (replace(block, gram=-gram), False),
            (replace(block, words=words[1:]), False),
            (replace(block, words=(first, first, *rest)), False),
            (replace(block, words=(rest[0] if rest else first, *rest)), not rest),
            (replace(block, words=(first[1:], *rest)), False),
            (replace(block, words=(((first[0][0], (9,)), *first[1:]), *rest)), False),
            (replace(block, words=(conjugated(first), *rest)), None),
            (replace(block, words=turned), None),
            (replace(block, words=turned, gram=gram.conjugate), True),
            (replace(block, words=words[::-1]), None),
        ]
        if rest:
            others.append((replace(block, gram=entry_moved(gram, 0, 1)), False))
            others.append((replace(block, gram=entry_moved(gram, 0, 1, TINY_I)), None))
        yield from ((replace(found, blocks=with_item(found.blocks, k, other)), verdict) for other, verdict in others)
        yield replace(found, blocks=without_item(found.blocks, k)), False
        yield replace(found, blocks=(*found.blocks, block)), False


def changed_vectors(found):
    """See `changed_squares`. All vectors joined to one, or a matrix for a column, prove nothing."""
    vectors, operator = found.vectors, found.operator
    for k, v in enumerate(vectors):
        yield replace(found, vectors=with_item(vectors, k, v.scale(-3))), True
        yield replace(found, vectors=with_item(vectors, k, v.conjugate)), None
        yield replace(found, vectors=with_item(vectors, k, Matrix.zero(v.rows, 1))), False
        yield replace(found, vectors=with_item(vectors, k, kron(v, v))), False
        yield replace(found, vectors=with_item(vectors, k, v @ Matrix.rational([[1, 1]]))), False
        yield replace(found, vectors=without_item(vectors, k)), False
    yield replace(found, vectors=()), False
    yield replace(found, vectors=(kron(*vectors),)), False
    yield replace(found, vectors=vectors[::-1]), None
    units = [[Matrix.identity(d).rearrange(d, 1, range(i, d * d, d)) for i in range(d)] for d in operator.dims]
    for chosen in product(*units):
        yield replace(found, vectors=chosen), value_on(operator, chosen).sign() < 0


def changed_parts(found):
    """See `changed_squares`. The complementary cut of the transposed matrix proves the same."""
    dims, parts = found.operator.dims, found.parts
    cuts = [tuple(k for k, chosen in enumerate(c) if chosen) for c in product((0, 1), repeat=len(dims))]
    yield replace(found, parts={}), False
    for cut, part in parts.items():
        rest = {other: matrix for other, matrix in parts.items() if other != cut}
        yield replace(found, parts=rest), False
        for other in (entry_moved(part, 0, 0), -part, entry_moved(part, 0, 1), Matrix.identity(1), kron(part, part)):
            yield replace(found, parts={**parts, cut: other}), False
        yield replace(found, parts={**parts, cut: part + Matrix.unit(part.rows, 0, 1)}), False
        for place in cuts:
            same = partial_transpose(part, dims, place) == partial_transpose(part, dims, cut)
            yield replace(found, parts={**rest, place: part}), same and place not in rest
        yield replace(found, parts={**rest, (len(dims),): part}), False
        complement = tuple(k for k in range(len(dims)) if k not in cut)
        if complement not in rest:
            yield replace(found, parts={**rest, complement: part.transpose}), True


def changed_matrix(found):
    """See `changed_squares`. What is left of a pure state of the matrix is entangled: no PPT operator."""
    operator, matrix = found.operator, found.matrix
    n = matrix.rows
    vectors = (matrix.rearrange(n, 1, range(j, n * n, n)) for j in range(n))
    pure = next(v for v in vectors if not v.is_zero)
    for other in (-matrix, Matrix.zero(n, n), Matrix.identity(n), kron(matrix, matrix), pure @ pure.adjoint):
        yield replace(found, matrix=other), False
    yield replace(found, matrix=entry_moved(matrix, 0, 0, -1)), False
    yield replace(found, matrix=matrix.scale(TINY)), True
    yield replace(found, matrix=entry_moved(matrix, 0, 0)), None
    for k in range(len(operator.dims)):
        yield replace(found, matrix=partial_transpose(matrix, operator.dims, [k])), None


def changed_boxes(found):
    """See `changed_squares`."""
    for k, box in enumerate(found):
        yield from ((with_item(found, k, other), None) for other in range(3) if other != box)
        yield with_item(found, k, 3), False
        yield with_item(found, k, -1), False
        yield without_item(found, k), False
        yield (*found, box), False
    yield (), False


CHANGED = {
    BlockPositivity: changed_squares,
    NegativeProduct: changed_vectors,
    Decomposition: changed_parts,
    PPTOperator: changed_matrix,
    tuple: changed_boxes,
}


def changed_basis(basis):
    """Yield product vectors that are not those, and whether all is as it was."""
    (first, *factors), *others = basis.vectors
    yield replace(basis, vectors=basis.vectors[::-1]), True
    yield replace(basis, vectors=((first.scale(-2), *factors), *others)), True
    yield replace(basis, vectors=((first + others[-1][0].scale(2), *factors), *others)), False
    yield replace(basis, vectors=basis.vectors[1:]), False
    yield replace(basis, vectors=(*basis.vectors, basis.vectors[0])), False
    yield replace(basis, vectors=tuple(tuple(v.conjugate for v in member) for member in basis.vectors)), None
    yield ProductBasis((*basis.dims, 1), tuple((*m, Matrix.identity(1)) for m in basis.vectors)), False


def changed_events(found):
    """Yield other events, and whether all is as it was."""
    others = [label for label in found.scenario.labels() if label not in found.events]
    yield replace(found, events=found.events[1:]), False
    yield replace(found, events=found.events[::-1]), None
    yield from ((replace(found, events=with_item(found.events, 0, other)), False) for other in others[::7])
    yield replace(found, events=(*found.events, others[0])), False
