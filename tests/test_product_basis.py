"""Product bases: the decision against brute force over all sharings out, witnesses that verify and forged ones that
do not, invariance under everything that should not matter, the projector and the witness operator by their identities.
"""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import InputError, NumberError, ScenarioError, ShapeError
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.tensor import kron
from steeralg.objects.covering import Split
from steeralg.objects.local_bases import LocalBases, product_basis_of
from steeralg.objects.product_basis import (
    Exhaustion,
    ProductBasis,
    ProductVector,
    decide_unextendible,
    orthogonal_complement,
    ray_projector,
    witness_operator,
)
from steeralg.verdict import Proved, Refuted
from tests.strategies import gaussian, matrices, unitaries

DIMS = [(2,), (3,), (2, 2), (3, 2), (2, 2, 2), (3, 3), (1, 2)]


@st.composite
def bases(draw, dims=None, most=5) -> ProductBasis:
    """Product vectors from small pools of rays, so that many are parallel, orthogonal or dependent."""
    dims = dims or draw(st.sampled_from(DIMS))
    entries = st.sampled_from([gaussian(0, 0), gaussian(1, 0), gaussian(-1, 0), gaussian(0, 1), gaussian(2, 0)])

    def ray(d):
        return st.lists(entries, min_size=d, max_size=d).filter(lambda v: not all(x.is_zero for x in v))

    pools = [draw(st.lists(ray(d), min_size=1, max_size=4)) for d in dims]
    size = draw(st.integers(1, most))
    members = [[draw(st.sampled_from(pool)) for pool in pools] for _ in range(size)]
    columns = tuple(tuple(Matrix.from_numbers([[x] for x in v], RATIONALS) for v in member) for member in members)
    return ProductBasis(dims, columns)


def extendible_by_brute_force(basis: ProductBasis) -> bool:
    """Some map from members to parties leaves every party with local vectors of rank below its dimension."""

    @cache
    def rank(party, members):
        return sympy.Matrix.hstack(*(basis.vectors[m][party].sympy() for m in members)).rank() if members else 0

    parties = range(len(basis.dims))
    for owners in product(parties, repeat=len(basis)):
        shares = [tuple(m for m, owner in enumerate(owners) if owner == j) for j in parties]
        if all(rank(j, shares[j]) < d for j, d in enumerate(basis.dims)):
            return True
    return False


def complete(basis: ProductBasis) -> ProductBasis:
    """Extend until nothing is orthogonal to all."""
    while isinstance(verdict := decide_unextendible(basis), Refuted):
        basis = replace(basis, vectors=(*basis.vectors, verdict.witness.factors))
    return basis


@settings(max_examples=60, deadline=None)
@given(bases())
def test_the_decision_agrees_with_brute_force_and_its_witness_verifies(basis):
    verdict = decide_unextendible(basis)
    assert verdict.is_refuted == extendible_by_brute_force(basis)
    assert verdict.witness.verify(basis)
    if isinstance(verdict, Refuted):
        vector = kron(*verdict.witness.factors)
        assert not vector.is_zero and all((basis.vector(k).adjoint @ vector).is_zero for k in range(len(basis)))


@settings(max_examples=30, deadline=None)
@given(bases(), st.data())
def test_the_decision_does_not_depend_on_order_norms_or_local_unitaries(basis, data):
    verdict = decide_unextendible(basis)
    order = data.draw(st.permutations(range(len(basis))))
    parties = data.draw(st.permutations(range(len(basis.dims))))
    turns = [data.draw(unitaries(d)) for d in basis.dims]
    factor = data.draw(st.sampled_from([gaussian(2, 0), gaussian(1, 3), gaussian(0, -1)]))
    moved = ProductBasis(
        tuple(basis.dims[j] for j in parties),
        tuple(tuple((turns[j] @ basis.vectors[k][j]).scale(factor) for j in parties) for k in order),
    )
    assert decide_unextendible(moved).is_proved == verdict.is_proved
    assert moved.is_orthogonal == basis.is_orthogonal


@settings(max_examples=30, deadline=None)
@given(bases(), st.data())
def test_more_members_are_harder_to_extend(basis, data):
    fewer = data.draw(st.sets(st.integers(0, len(basis) - 1), min_size=1))
    part = replace(basis, vectors=tuple(basis.vectors[k] for k in sorted(fewer)))
    assert decide_unextendible(basis).is_proved or decide_unextendible(part).is_refuted


@settings(max_examples=25, deadline=None)
@given(bases(most=3))
def test_extending_ends_with_an_unextendible_basis_of_at_most_all_dimensions(basis):
    basis = complete(replace(basis, vectors=basis.vectors[:1]))
    assert basis.is_orthogonal and sum(d - 1 for d in basis.dims) < len(basis) <= basis.dim
    if len(basis) == basis.dim:
        assert basis.projector == Matrix.identity(basis.dim)


@given(bases())
def test_orthogonality_is_that_of_the_whole_space(basis):
    columns = [basis.vector(k) for k in range(len(basis))]
    assert basis.is_orthogonal == all((v.adjoint @ w).is_zero for k, v in enumerate(columns) for w in columns[:k])
    if not basis.is_orthogonal:
        with pytest.raises(InputError, match=r"members \d and \d are not orthogonal"):
            _ = basis.projector


@settings(max_examples=30, deadline=None)
@given(bases(most=1))
def test_the_projector_has_the_members_as_its_range(basis):
    basis = complete(basis)
    basis = replace(basis, vectors=basis.vectors[: (len(basis) + 1) // 2])
    pi = basis.projector
    assert pi.is_hermitian and pi @ pi == pi and pi.trace().fraction() == len(basis)
    assert all(pi @ basis.vector(k) == basis.vector(k) for k in range(len(basis)))
    assert replace(basis, vectors=tuple(tuple(v.scale(3) for v in m) for m in basis.vectors)).projector == pi


@settings(max_examples=30, deadline=None)
@given(bases(most=1), st.fractions(0, Fraction(1, 2)))
def test_the_witness_operator_is_affine_in_the_projector(basis, share):
    everything = complete(basis)
    if len(everything) == 1:
        return
    basis = replace(everything, vectors=everything.vectors[: len(everything) // 2])
    size, dim = len(basis), basis.dim
    eps = share * Fraction(size, dim)
    w = witness_operator(basis, eps)
    assert w.trace().fraction() == 1
    assert w.scale(size - dim * eps) + Matrix.identity(dim).scale(eps) == basis.projector
    for k, vector in enumerate(everything.vector(k) for k in range(len(everything))):
        assert (w @ vector).scale(size - dim * eps) == vector.scale(1 - eps if k < size else -eps)


@pytest.mark.parametrize("eps", [Fraction(1, 2), -1, "0.6", 1])
def test_eps_has_to_leave_a_positive_trace(eps):
    with pytest.raises(InputError, match=r"is not in \[0, 1/2\)"):
        witness_operator(ProductBasis.of([[(1, 0), (1, 0)], [(0, 1), (1, 1)]]), eps)


def test_a_complete_basis_has_no_witness():
    with pytest.raises(InputError, match="span the whole space"):
        witness_operator(ProductBasis.of([[(1, 1)], [(1, -1)]]), 0)
    with pytest.raises(NumberError):
        witness_operator(ProductBasis.of([[(1, 1)]]), 0.25)
    with pytest.raises(InputError, match="not orthogonal"):
        witness_operator(ProductBasis.of([[(1, 1), (1, 0)], [(1, 0), (1, 2)]]), 0)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.data())
def test_the_orthogonal_complement_is_orthogonal_and_of_the_right_dimension(dim, data):
    vectors = [data.draw(matrices(dim, 1)) for _ in range(data.draw(st.integers(0, 4)))]
    found = orthogonal_complement(vectors, dim)
    rank = sympy.Matrix.hstack(*(v.sympy() for v in vectors)).rank() if vectors else 0
    assert len(found) == dim - rank
    assert all((v.adjoint @ n).is_zero for v in vectors for n in found)
    assert not found or sympy.Matrix.hstack(*(n.sympy() for n in found)).rank() == len(found)


SHIFTS = [[(1, 0)] * 3, [(0, 1), (1, -1), (1, 1)], [(1, 1), (0, 1), (1, -1)], [(1, -1), (1, 1), (0, 1)]]


def test_forged_witnesses_do_not_verify():
    basis, extendible = ProductBasis.of(SHIFTS), ProductBasis.of(SHIFTS[:3])
    proved, refuted = decide_unextendible(basis), decide_unextendible(extendible)
    assert isinstance(proved, Proved) and isinstance(refuted, Refuted)
    split = proved.witness.split
    assert split.leaves == 33 and not proved.witness.verify(extendible) and not refuted.witness.verify(basis)
    for forged in [
        Split(split.member, split.cases[:2]),
        Split(split.member, (None, *split.cases[1:])),
        Split(7, split.cases),
        Split(-1, split.cases),
    ]:
        assert not Exhaustion(forged).verify(basis)
    factors = refuted.witness.factors
    zero = Matrix.zero(2, 1)
    for wrong in [factors[:2], (zero, *factors[1:]), (Matrix.zero(3, 1), *factors[1:]), factors[::-1]]:
        assert not ProductVector(wrong).verify(extendible)
    assert not ProductVector((zero,) * 3).verify(extendible)


def test_numbers_of_a_field_and_sympy_columns_are_read():
    root = sympy.sqrt(2)
    basis = ProductBasis.of([[(1, root), sympy.Matrix([1, sympy.I])], [(root, -1), Matrix.rational([[1], [0]])]])
    assert basis.dims == (2, 2) and basis.dim == 4 and len(basis) == 2
    assert basis.field.degree == 2 and basis.is_orthogonal
    assert ray_projector(basis.vectors[0][1]) == Matrix.from_numbers(
        [[gaussian(1, 0), gaussian(0, -1)], [gaussian(0, 1), gaussian(1, 0)]], RATIONALS
    ).scale(Fraction(1, 2)).over(basis.field)


@pytest.mark.parametrize(
    ("vectors", "error", "text"),
    [
        ([], ShapeError, "at least one"),
        ([[]], ShapeError, "at least one party"),
        ([[(1, 0), (1, 0)], [(1, 0)]], ShapeError, "member 1 has 1 local vectors"),
        ([[(1, 0), (1, 0)], [(1, 0), (1, 0, 0)]], ShapeError, "member 1 at party 1 is 3 x 1"),
        ([[(1, 0), (0, 0)]], InputError, "member 0 at party 1 is zero"),
        ([[(1, 0), 3]], ShapeError, "is not a vector"),
        ([[(1, 0.5)]], NumberError, "float"),
        ([[[[1, 0], [0, 1]]]], NumberError, "is not a"),
    ],
)
def test_bad_members_are_named(vectors, error, text):
    with pytest.raises(error, match=text):
        ProductBasis.of(vectors)


def test_a_basis_needs_parties_of_positive_dimension():
    with pytest.raises(ShapeError):
        ProductBasis((0,), ((Matrix.zero(0, 1),),))


@settings(max_examples=20, deadline=None)
@given(unitaries(3), unitaries(3))
def test_local_bases_measure_their_rays(first, second):
    both = LocalBases.of([[first, second.scale(3)], [((1, 1), (1, -1))]])
    assert both.dims == (3, 2) and both.outcomes == ((3, 3), (2,))
    for k, party in enumerate(both.measurements):
        for x, povm in enumerate(party):
            for a, effect in enumerate(povm.effects):
                ray = both.rays[k][x][a]
                assert effect @ ray == ray and effect @ effect == effect and effect.trace().fraction() == 1
    assert both.rays[0][1][2] == second.scale(3) @ Matrix.rational([[0], [0], [1]])
    events = [((0, 1), (1, 0)), ((2, 1), (1, 0))]
    basis = product_basis_of(events, both)
    assert basis.is_orthogonal and basis.vector(0) == kron(both.rays[0][1][0], both.rays[1][0][1])
    left, right = both.split(1)
    assert left.rays + right.rays == both.rays and right.dims == (2,)


@pytest.mark.parametrize(
    ("given_bases", "error", "text"),
    [
        ([], ShapeError, "every party"),
        ([[]], ShapeError, "every party"),
        ([[((1, 0), (0, 1)), ((1, 0, 0), (0, 1, 0), (0, 0, 1))]], ShapeError, "setting 1 of party 0"),
        ([[((1, 0, 0), (0, 1, 0))]], ShapeError, "setting 0 of party 0"),
        ([[((1, 1), (0, 1))]], InputError, "rays 0 and 1 of setting 0 of party 0"),
        ([[((1, 0), (0, 0))]], InputError, "ray 1 of setting 0 of party 0 is zero"),
    ],
)
def test_bad_local_bases_are_named(given_bases, error, text):
    with pytest.raises(error, match=text):
        LocalBases.of(given_bases)


def test_events_need_rays_and_both_sides_a_party():
    both = LocalBases.of([[((1, 0), (0, 1))]] * 2)
    for event in [((0, 2), (0, 0)), ((0, 0), (0, 1)), ((0,), (0,)), ((0, 0), (0, 0), 0)]:
        with pytest.raises(ScenarioError, match="there is no event"):
            product_basis_of([event], both)
    for count in (0, 2, -1):
        with pytest.raises(ScenarioError, match="split off"):
            both.split(count)
