"""Bound certificates: what is verified holds on every quantum assemblage, and nothing but a proof is verified.

Soundness: the exact values of thousands of explicit quantum assemblages (rational projective measurements and channels,
and states chosen to come near the bound) are never below it; and in every realisation both sides of the identity are
the same operator, in every kind of scenario. Sums of squares are accepted, singular ones included. Tampering: a change
of any Gram entry, word, bound, functional or witness of positivity, and every malformed block, raises
VerificationError.
"""

from fractions import Fraction
from functools import cache
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.certificates.bounds import best_bound
from steeralg.certificates.certificate import Block, BoundCertificate, class_sums
from steeralg.certificates.membership import certify
from steeralg.errors import VerificationError
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.psd import Factor
from steeralg.objects.functional import Functional
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from steeralg.sdp.basis import to_array
from tests import operators
from tests.strategies import Model, gaussian, inverse, matrices, pr_boxes, random_functional

CHSH = Scenario.of([(2, 2), (2, 2)], 1)
TINY, SAMPLES = Fraction(1, 10**9), 350


def correlations(scenario, signs):
    """sum over settings of sign * (-1)^(a + b), for two boxes with two outcomes."""
    return Functional.of(scenario, {(a, x): [[signs[x] * (-1) ** sum(a)]] for a, x in scenario.labels()})


@cache
def certificate(name):
    if name == "chsh":
        return best_bound(correlations(CHSH, {(0, 0): 1, (0, 1): 1, (1, 0): 1, (1, 1): -1})).witness
    if name == "pr box":
        return certify(pr_boxes(2, Matrix.rational([[Fraction(2, 3), 0], [0, Fraction(1, 3)]]))).witness.certificate
    scenario, level = {
        "one box": (Scenario.of([(2, 2)], 2), 1),
        "three outcomes": (Scenario.of([(3, 2)], 2), 1),
        "two boxes": (Scenario.of([(2, 2), (2, 2)], 2), "1+AB"),
        "unequal": (Scenario.of([(3, 1), (2, 3)], 2), "1+AB"),
        "three boxes": (Scenario.of([(2, 2), (2,), (2, 2)], 1), "almost quantum"),
        "input": (Scenario.of([(2,)], 2, 2), 1),
        "two settings and input": (Scenario.of([(2, 2)], 2, 2), "1+AB"),
        "qutrit input": (Scenario.of([(2,)], 3, 2), "1+AB"),
        "instrumental": (Scenario.of([(2, 2)], 2, 2, True), 1),
        "several trusted": (Scenario.of([(2,)], [2, 2]), 1),
    }[name]
    return best_bound(random_functional(scenario, 1), level).witness


NAMES = ["chsh", "pr box", "one box", "three outcomes", "two boxes", "unequal", "three boxes"]
NAMES += ["input", "two settings and input", "qutrit input", "instrumental", "several trusted"]
SMALL = ["chsh", "one box", "three outcomes", "input", "several trusted"]
every_certificate = pytest.mark.parametrize("name", NAMES)
every_small_certificate = pytest.mark.parametrize("name", SMALL)


def random_povm(random, dim, outcomes):
    """Rational projectors: integer vectors orthogonalised exactly, shared out among the outcomes."""
    rest, effects = Matrix.identity(dim), [Matrix.zero(dim, dim)] * outcomes
    while not rest.is_zero:
        seed = [[gaussian(random.randint(-3, 3), random.randint(-3, 3))] for _ in range(dim)]
        vector = rest @ Matrix.from_numbers(seed, RATIONALS)
        if vector.is_zero:
            continue
        projector = vector @ vector.adjoint
        projector = projector.scale(projector.trace().inverse())
        outcome = random.randrange(outcomes)
        effects[outcome], rest = effects[outcome] + projector, rest - projector
    return POVM(tuple(effects))


def random_unitary(random, dim):
    """A rational unitary, the Cayley transform of a random Hermitian matrix."""
    half = Matrix.from_numbers(
        [[gaussian(random.randint(-2, 2), random.randint(-2, 2)) for _ in range(dim)] for _ in range(dim)], RATIONALS
    )
    turned = (half + half.adjoint).scale(gaussian(0, 1))
    return (Matrix.identity(dim) + turned) @ inverse(Matrix.identity(dim) - turned)


def quantum_values(functional, count, seed):
    """Exact values of quantum assemblages: pooled measurements and channels, states near the least eigenvector."""
    random, scenario = Random(seed), functional.scenario
    dims = [max(2, *box.outcomes) for box in scenario.black_boxes]
    pools = [
        [[random_povm(random, dim, d) for _ in range(12)] for d in box.outcomes]
        for dim, box in zip(dims, scenario.black_boxes, strict=True)
    ]
    trusted = scenario.views[0] if scenario.has_input else scenario.dim
    turns = [random_unitary(random, trusted) for _ in range(12)] if scenario.has_input else []
    for _ in range(count):
        boxes = [[random.choice(povms) for povms in pool] for pool in pools]
        chosen = [random.choice(turns) for _ in scenario.views] if turns else []
        effects = Model(scenario, None, boxes, chosen).effects
        energy = operators.functional_operator(functional, [[[to_array(e) for e in row] for row in p] for p in effects])
        vector = np.rint(40 * np.linalg.eigh(energy)[1][:, 0])
        column = Matrix.from_numbers([[gaussian(int(z.real), int(z.imag))] for z in vector], RATIONALS)
        rho = column @ column.adjoint
        state = State((*dims, trusted), rho.scale(rho.trace().inverse()))
        yield functional.value(Model(scenario, state, boxes, chosen).assemblage)


def samples(name):
    """Channels make samples dearer."""
    return SAMPLES // 3 if certificate(name).functional.scenario.has_input else SAMPLES


@cache
def values_and_bound(name):
    proved = certificate(name)
    return list(quantum_values(proved.functional, samples(name), seed=7)), Number.of(proved.bound)


@every_certificate
def test_no_quantum_assemblage_is_below_the_bound(name):
    values, bound = values_and_bound(name)
    assert len(values) == samples(name) and not any(value < bound for value in values)


@pytest.mark.parametrize("name", ["chsh", "one box", "three outcomes", "two boxes", "several trusted"])
def test_the_quantum_assemblages_of_that_test_come_near_the_bound(name):
    values, bound = values_and_bound(name)
    assert min((value - bound).fraction() for value in values) < Fraction(1, 100)


@every_certificate
def test_both_sides_of_the_identity_are_one_operator_under_every_measurement(name):
    proved = certificate(name)
    scenario = proved.functional.scenario
    for seed in range(3):
        parties = operators.random_parties(scenario, seed)
        letters = operators.letter_tables(scenario, parties)
        left = operators.functional_operator(proved.functional, parties)
        left = left - float(proved.bound) * np.eye(len(left))
        right = 0
        for block in proved.blocks:
            words = np.array([operators.word_operator(word, letters) for word in block.words])
            gram = to_array(block.gram).reshape(len(words), scenario.dim, len(words), scenario.dim)
            squares = np.einsum("vba,wbc,viwj->aicj", words.conj(), words, gram, optimize=True)
            right = right + squares.reshape(left.shape)
        assert np.abs(left - right).max() < 1e-8


ONE_BOX = Scenario.of([(3, 2)], 2)


def functional_of(blocks):
    """The functional of one box that a sum of squares of single letters defines."""
    table = {}
    for block in blocks:
        for word, matrix in class_sums(ONE_BOX, block.words, block.gram).items():
            x, a = word[0][0] if word[0] else (None, None)
            table[(a,), (x,)] = total([matrix, *(m for label, m in table.items() if label == ((a,), (x,)))])
    return Functional.from_marginals(ONE_BOX, table)


@st.composite
def squares(draw):
    """One block for each setting of one box, with the Gram matrix K K*, mostly singular."""
    blocks = []
    for x, d in enumerate(ONE_BOX.black_boxes[0].outcomes):
        words = (((),), *((((x, a),),) for a in range(d - 1)))
        k = draw(matrices(2 * d, draw(st.integers(1, 2 * d))))
        blocks.append(Block(words, k @ k.adjoint, None))
    return blocks


@given(squares())
@settings(deadline=None, max_examples=40)
def test_every_sum_of_squares_is_verified_singular_ones_included(blocks):
    assert BoundCertificate.verified(functional_of(blocks), Fraction(0), blocks).bound == 0


@given(squares(), st.integers(0, 3))
@settings(deadline=None, max_examples=40)
def test_a_slightly_negative_direction_is_rejected_though_the_identity_holds(blocks, row):
    first, *rest = blocks
    dent = Matrix.unit(first.gram.rows, row, row).scale(first.gram.entry(row, row).fraction() + TINY)
    dented = [Block(first.words, first.gram - dent, None), *rest]
    rejected(functional_of(dented), Fraction(0), dented)


def rejected(functional, bound, blocks):
    with pytest.raises(VerificationError):
        BoundCertificate.verified(functional, bound, blocks)


def with_planes(matrix, changes):
    """Add numerators, given by (plane, row, column), to a matrix."""
    planes = [list(plane) for plane in matrix.planes]
    for (plane, i, j), amount in changes.items():
        planes[plane][i * matrix.columns + j] += amount
    return Matrix(matrix.field, matrix.rows, matrix.columns, tuple(map(tuple, planes)), matrix.denominator)


@every_small_certificate
@pytest.mark.parametrize("keep_factor", [True, False])
def test_any_single_changed_gram_entry_is_rejected(name, keep_factor):
    proved = certificate(name)
    (block,) = proved.blocks
    factor, n = block.factor if keep_factor else None, block.gram.rows
    for plane, i, j, amount in ((p, i, j, s) for p in (0, 1) for i in range(n) for j in range(n) for s in (1, -1)):
        gram = with_planes(block.gram, {(plane, i, j): amount})
        rejected(proved.functional, proved.bound, [Block(block.words, gram, factor)])


@pytest.mark.parametrize("name", ["chsh", "one box"])
def test_any_pair_of_entries_changed_alike_is_rejected(name):
    proved = certificate(name)
    (block,) = proved.blocks
    for i, j in combinations(range(block.gram.rows), 2):
        gram = with_planes(block.gram, {(0, i, j): 1, (0, j, i): 1})
        rejected(proved.functional, proved.bound, [Block(block.words, gram, block.factor)])


@every_small_certificate
def test_changes_that_keep_the_identity_are_rejected_when_they_spoil_positivity(name):
    """`1 * v - v* * 1` vanishes for a letter v, so an antisymmetric imaginary part of any size keeps the identity."""
    proved = certificate(name)
    (block,) = proved.blocks
    dim = proved.functional.scenario.dim
    gram = with_planes(
        block.gram, {(1, 0, dim): 100 * block.gram.denominator, (1, dim, 0): -100 * block.gram.denominator}
    )
    sums = [class_sums(proved.functional.scenario, block.words, g) for g in (gram, block.gram)]
    assert sums[0] == sums[1]
    for factor in (block.factor, None):
        rejected(proved.functional, proved.bound, [Block(block.words, gram, factor)])


@every_certificate
def test_swapped_words_are_rejected(name):
    proved = certificate(name)
    (block,) = proved.blocks
    for i, j in list(combinations(range(len(block.words)), 2))[:40]:
        words = list(block.words)
        words[i], words[j] = words[j], words[i]
        rejected(proved.functional, proved.bound, [Block(tuple(words), block.gram, block.factor)])


@every_certificate
def test_another_bound_is_rejected(name):
    proved = certificate(name)
    for bound in (proved.bound + TINY, proved.bound - TINY, -proved.bound - 1, Fraction(10**6)):
        rejected(proved.functional, bound, proved.blocks)


@every_certificate
def test_another_functional_is_rejected(name):
    proved = certificate(name)
    scenario, elements = proved.functional.scenario, dict(proved.functional.elements)
    for label in scenario.labels():
        order = scenario.order(label)
        change = Matrix.unit(order, order - 1, order - 1).scale(TINY)
        changed = elements | {label: total([change, *([elements[label]] if label in elements else [])])}
        rejected(Functional(scenario, changed), proved.bound, proved.blocks)
    rejected(proved.functional.scale(2), proved.bound, proved.blocks)


@every_certificate
def test_missing_and_repeated_blocks_are_rejected(name):
    proved = certificate(name)
    rejected(proved.functional, proved.bound, [])
    rejected(proved.functional, proved.bound, [*proved.blocks, *proved.blocks])


@every_small_certificate
def test_a_factor_of_another_matrix_is_no_witness(name):
    proved = certificate(name)
    (block,) = proved.blocks
    n, factor = block.gram.rows, block.factor
    zero = (0,) * (n * n)
    doubled = tuple(2 * x for x in factor.re), tuple(2 * x for x in factor.im)
    for forged in (Factor(0, n, zero, zero), Factor(factor.exponent, n, *doubled), Factor(0, n, factor.re, factor.im)):
        rejected(proved.functional, proved.bound, [Block(block.words, block.gram, forged)])


def test_a_gram_matrix_of_the_wrong_order_is_rejected():
    """Read row by row as a 3 x 3 matrix, this 2 x 2 one would give 1 - E[0|0] - E[0|1] >= 0, which is false."""
    scenario = Scenario.of([(2, 2)], 1)
    words = (((),), (((0, 0),),), (((1, 0),),))
    table = {((None,), (None,)): [[1]], ((0,), (0,)): [[-1]], ((0,), (1,)): [[-1]]}
    small = Matrix.rational([[1, -1], [-1, 1]])
    rejected(Functional.from_marginals(scenario, table), Fraction(0), [Block(words, small, None)])


def cut(matrix, rows, columns):
    """The top left part of a matrix, or the matrix padded with ones on the diagonal."""
    n = matrix.rows
    entries = [
        [matrix.entry(i, j) if max(i, j) < n else gaussian(int(i == j), 0) for j in range(columns)] for i in range(rows)
    ]
    return Matrix.from_numbers(entries, RATIONALS)


MALFORMED = {
    "gram too large": lambda b, n: Block(b.words, cut(b.gram, n + 1, n + 1), None),
    "gram too small": lambda b, n: Block(b.words, cut(b.gram, n - 1, n - 1), None),
    "gram not square": lambda b, n: Block(b.words, cut(b.gram, n, n - 1), None),
    "word missing": lambda b, n: Block(b.words[:-1], b.gram, b.factor),
    "word too many": lambda b, n: Block((*b.words, b.words[0]), b.gram, b.factor),
    "words of fewer boxes": lambda b, n: Block(tuple(word[:-1] for word in b.words), b.gram, b.factor),
    "words of more boxes": lambda b, n: Block(tuple((*word, ()) for word in b.words), b.gram, b.factor),
    "factor too short": lambda b, n: Block(
        b.words, b.gram, Factor(b.factor.exponent, n, b.factor.re[:-1], b.factor.im)
    ),
    "factor too small": lambda b, n: Block(b.words, b.gram, Factor(b.factor.exponent, n - 1, b.factor.re, b.factor.im)),
    "negative exponent": lambda b, n: Block(b.words, b.gram, Factor(-1, n, b.factor.re, b.factor.im)),
}


@every_small_certificate
@pytest.mark.parametrize("kind", MALFORMED)
def test_malformed_blocks_are_rejected(name, kind):
    proved = certificate(name)
    (block,) = proved.blocks
    rejected(proved.functional, proved.bound, [MALFORMED[kind](block, block.gram.rows)])


def test_repeated_words_are_rejected():
    scenario = Scenario.of([(2,)], 1)
    functional = Functional.of(scenario, {((a,), (0,)): [[1]] for a in range(2)})
    quarter = Matrix.rational([[1, 1], [1, 1]]).scale(Fraction(1, 4))
    rejected(functional, Fraction(0), [Block((((),), ((),)), quarter, None)])
