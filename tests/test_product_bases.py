"""Product bases of the literature: orthogonal, unextendible, of the published sizes, no member superfluous; their
defining properties from formulae of the tests' own; the event sets that give a basis, and the one that never does.
"""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steeralg.constructions import s26
from steeralg.constructions.product_bases import (
    FOUR_QUBITS,
    SHIFTS,
    THREE_OUTCOME_BASES,
    THREE_OUTCOMES,
    extendible_event_set,
    four_qubits,
    gen_shifts,
    gen_tiles_1,
    gen_tiles_2,
    pyramid,
    qubit_bases,
    shifts,
    three_outcome_basis,
    tiles,
)
from steeralg.errors import InputError
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import partial_transpose
from steeralg.objects.events import always_extendible, is_maximal, letters
from steeralg.objects.local_bases import LocalBases, product_basis_of
from steeralg.objects.product_basis import decide_unextendible, ray_projector, witness_operator
from steeralg.verdict import Proved, Refuted
from tests.strategies import unitaries

LIBRARY = {
    "shifts": (shifts, (2, 2, 2), 4),
    "shifts, other angle": (lambda: shifts(((3, 4), (4, -3))), (2, 2, 2), 4),
    "shifts, complex": (lambda: shifts(((1, 1), (sympy.I, -sympy.I))), (2, 2, 2), 4),
    "GenShifts 3": (lambda: gen_shifts(3), (2,) * 3, 4),
    "GenShifts 5": (lambda: gen_shifts(5), (2,) * 5, 6),
    "tiles": (tiles, (3, 3), 5),
    "pyramid": (pyramid, (3, 3), 5),
    "GenTiles1 4": (lambda: gen_tiles_1(4), (4, 4), 9),
    "GenTiles1 6": (lambda: gen_tiles_1(6), (6, 6), 25),
    "GenTiles2 3 4": (lambda: gen_tiles_2(3, 4), (3, 4), 7),
    "GenTiles2 4 4": (lambda: gen_tiles_2(4, 4), (4, 4), 9),
    "GenTiles2 3 6": (lambda: gen_tiles_2(3, 6), (3, 6), 13),
    "four qubits": (four_qubits, (2,) * 4, 6),
    "four qubits, other bases": (lambda: four_qubits(((3, 4), (4, -3)), ((1, 5), (5, -1))), (2,) * 4, 6),
    "three outcomes": (three_outcome_basis, (3, 2, 2, 2), 12),
}
each = pytest.mark.parametrize("name", LIBRARY)


@each
def test_orthogonal_unextendible_and_of_the_published_size(name):
    """The least size of an unextendible basis is sum (d_j - 1) + 1, or more (Alon, Lovasz 2001)."""
    build, dims, size = LIBRARY[name]
    basis = build()
    assert (basis.dims, len(basis)) == (dims, size) and basis.is_orthogonal
    verdict = decide_unextendible(basis)
    assert isinstance(verdict, Proved) and verdict.witness.verify(basis)
    assert sum(d - 1 for d in dims) + 1 <= size < basis.dim


@each
def test_without_any_member_it_is_extendible(name):
    basis = LIBRARY[name][0]()
    for k in range(len(basis)):
        fewer = replace(basis, vectors=basis.vectors[:k] + basis.vectors[k + 1 :])
        verdict = decide_unextendible(fewer)
        assert isinstance(verdict, Refuted) and verdict.witness.verify(fewer)


@pytest.mark.parametrize("name", ["shifts", "tiles", "GenTiles1 4", "GenTiles2 3 4", "four qubits"])
def test_what_is_left_is_bound_entangled_and_seen_by_the_witness(name):
    """1 - Pi is positive under partial transposition of any parties; a witness of eps > 0 is negative on it."""
    basis = LIBRARY[name][0]()
    rest = Matrix.identity(basis.dim) - basis.projector
    parties = range(len(basis.dims))
    for size in range(1, len(basis.dims) // 2 + 1):
        for some in combinations(parties, size):
            assert decide_psd(partial_transpose(rest, basis.dims, some)).is_proved
    assert witness_operator(basis, Fraction(1, 50)).inner(rest).sign() < 0


def test_shifts_are_those_of_the_multi_party_paper():
    assert SHIFTS == s26.UPB
    for eps in (0, Fraction(2, 25), "1/3"):
        exact = Fraction(eps)
        scaled = witness_operator(shifts(), eps).scale(4 - 8 * exact)
        assert scaled + Matrix.identity(8).scale(exact) == shifts().projector


@settings(max_examples=30, deadline=None)
@given(unitaries(2))
def test_shifts_are_unextendible_for_any_second_basis_but_the_first(second):
    permuted = second.entry(0, 0).is_zero or second.entry(0, 1).is_zero
    assert decide_unextendible(shifts(second)).is_proved == (not permuted)


def test_shifts_in_one_basis_are_extendible():
    for second in (((1, 0), (0, 1)), ((0, 1), (1, 0))):
        verdict = decide_unextendible(shifts(second))
        assert isinstance(verdict, Refuted) and verdict.witness.verify(shifts(second))


@pytest.mark.parametrize("n", [3, 5])
def test_gen_shifts_are_cyclic(n):
    """All members but the first are the cyclic shifts of one; settings that meet are each other's opposites."""
    basis = gen_shifts(n)
    first = basis.vectors[1]
    assert {basis.vectors[1 + k] for k in range(n)} == {first[n - k :] + first[: n - k] for k in range(n)}
    for j in range(1, n // 2 + 1):
        assert (first[j].adjoint @ first[n - j]).is_zero
    rays = [ray_projector(v) for v in (basis.vectors[0][0], *first)]
    assert len(set(rays)) == n + 1


def test_the_pyramid_has_the_published_inner_products():
    """<v_j, v_k> = cos(2 pi (j - k)/5) + h^2, h^2 = (1 + sqrt 5)/4, and P_0, P_1 overlap by (3 - sqrt 5)/2."""
    basis, root = pyramid(), sympy.sqrt(5)
    corners = [member[0] for member in basis.vectors]
    cosines = [1, (root - 1) / 4, (-1 - root) / 4, (-1 - root) / 4, (root - 1) / 4]
    for j, v in enumerate(corners):
        for k, w in enumerate(corners):
            expected = cosines[(j - k) % 5] + (1 + root) / 4
            difference = (v.adjoint @ w).entry(0, 0) - as_element(expected, basis.field)
            assert difference.is_zero
    assert [member[1] for member in basis.vectors] == [corners[2 * j % 5] for j in range(5)]
    overlap = ray_projector(corners[0]).inner(ray_projector(corners[1]))
    assert (overlap - as_element((3 - root) / 2, basis.field)).is_zero
    assert basis.field.degree == 4 and basis.field.minimal_polynomial == (-1, 0, -1, 0, 1)


def as_element(expression, field):
    """Write a + b sqrt 5 in Q(t), t^4 = t^2 + 1: sqrt 5 = 2 t^2 - 1."""
    b = sympy.expand(expression).coeff(sympy.sqrt(5))
    a = sympy.expand(expression - b * sympy.sqrt(5))
    whole, square = (Fraction(int(x.p), int(x.q)) for x in (a - b, 2 * b))
    return Number.of(whole, field) + Number.of(square, field) * Number(field, (0, 0, 1, 0), (0,) * 4)


@pytest.mark.parametrize("n", [4, 6])
def test_gen_tiles_1_span_what_the_published_fourier_vectors_span(n):
    """|k> (x) sum_j w^(jm) |j + k + 1> and sum_j w^(jm) |j + k> (x) |k>, w = exp(4 pi i/n), j < n/2, 0 < m < n/2."""
    columns = []
    for k in range(n):
        unit = sympy.Matrix(n, 1, lambda i, _, k=k: int(i == k))
        for m in range(1, n // 2):
            for shift, swap in ((1, False), (0, True)):
                tile = sympy.zeros(n, 1)
                for j in range(n // 2):
                    tile[(j + k + shift) % n] = sympy.expand_complex(sympy.exp(4 * sympy.pi * sympy.I * j * m / n))
                columns.append((tile, unit) if swap else (unit, tile))
    columns.append((sympy.ones(n, 1),) * 2)
    flat = iter(as_matrices([v for pair in columns for v in pair]))
    published = replace(gen_tiles_1(n), vectors=tuple((next(flat), next(flat)) for _ in columns))
    assert published.is_orthogonal and (published.projector - gen_tiles_1(n).projector).is_zero


@pytest.mark.parametrize("m, n", [(3, 4), (4, 5)])
def test_gen_tiles_2_cover_the_board_once(m, n):
    """Tiles are the supports of all members with one unit vector in common: they are disjoint and fill the board."""
    basis, board = gen_tiles_2(m, n), {}
    for left, right in basis.vectors[:-1]:
        rows, columns = ([i for i in range(v.rows) if not v.entry(i, 0).is_zero] for v in (left, right))
        name = ("row", rows[0]) if len(rows) == 1 else ("column", columns[0])
        board.setdefault(name, set()).update((i, j) for i in rows for j in columns)
    assert sorted(cell for tile in board.values() for cell in tile) == [(i, j) for i in range(m) for j in range(n)]
    assert {name: len(tile) for name, tile in board.items()} == {
        (kind, j): size for kind, size in (("row", n - 2), ("column", 2)) for j in range(m)
    }
    ones = basis.vector(len(basis) - 1)
    assert all((basis.vector(k).adjoint @ ones).is_zero for k in range(len(basis) - 1))


@pytest.mark.parametrize(
    "build",
    [
        lambda: gen_shifts(4),
        lambda: gen_shifts(1),
        lambda: gen_tiles_1(5),
        lambda: gen_tiles_1(2),
        lambda: gen_tiles_2(3, 3),
        lambda: gen_tiles_2(2, 4),
        lambda: gen_tiles_2(5, 4),
    ],
)
def test_sizes_that_do_not_exist_are_refused(build):
    with pytest.raises(InputError, match="exist"):
        build()


def test_the_four_qubit_events_are_maximal_and_use_three_settings():
    outcomes = [(2, 2, 2)] * 4
    assert is_maximal(outcomes, FOUR_QUBITS) and always_extendible(outcomes, FOUR_QUBITS).is_refuted
    assert all(always_extendible(outcomes, FOUR_QUBITS[:k] + FOUR_QUBITS[k + 1 :]).is_proved for k in range(6))
    assert product_basis_of(FOUR_QUBITS, qubit_bases(4, ((1, 1), (1, -1)), ((1, 2), (2, -1)))) == four_qubits()


def test_the_three_outcome_events_use_every_outcome_of_both_settings():
    outcomes = THREE_OUTCOME_BASES.outcomes
    assert outcomes == ((3, 3), (2, 2), (2, 2), (2, 2))
    assert is_maximal(outcomes, THREE_OUTCOMES) and always_extendible(outcomes, THREE_OUTCOMES).is_refuted
    assert {letters(e)[0] for e in THREE_OUTCOMES} == {(x, a) for x in range(2) for a in range(3)}


@settings(max_examples=8, deadline=None)
@given(unitaries(3), unitaries(2))
def test_the_three_outcome_basis_is_unextendible_in_generic_bases(qutrit, qubit):
    """No entry zero is generic enough at the qubits; at the qutrit no minor of any order may vanish."""
    entries = [u.entry(i, j) for u in (qutrit, qubit) for i in range(u.rows) for j in range(u.columns)]
    assume(not any(x.is_zero for x in entries))
    minors = [
        qutrit.entry(i, j) * qutrit.entry(k, m) - qutrit.entry(i, m) * qutrit.entry(k, j)
        for i, k in combinations(range(3), 2)
        for j, m in combinations(range(3), 2)
    ]
    assume(not any(x.is_zero for x in minors))
    bases = LocalBases.of([[Matrix.identity(3), qutrit], *[[Matrix.identity(2), qubit]] * 3])
    assert decide_unextendible(product_basis_of(THREE_OUTCOMES, bases)).is_proved


def test_the_extendible_event_set_is_maximal_and_never_gives_an_unextendible_basis():
    outcomes, events = [(3, 3)] * 3, extendible_event_set()
    assert len(events) == 12 and is_maximal(outcomes, events)
    verdict = always_extendible(outcomes, events)
    assert isinstance(verdict, Proved) and all(len(chosen) <= 2 for chosen in verdict.witness)
    assert all(any(x in s for x, s in zip(letters(e), verdict.witness, strict=True)) for e in events)


@settings(max_examples=8, deadline=None)
@given(st.lists(unitaries(3), min_size=6, max_size=6))
def test_the_extendible_event_set_in_random_bases(turned):
    bases = LocalBases.of([turned[:2], turned[2:4], turned[4:]])
    basis = product_basis_of(extendible_event_set(), bases)
    verdict = decide_unextendible(basis)
    assert isinstance(verdict, Refuted) and verdict.witness.verify(basis) and basis.is_orthogonal
