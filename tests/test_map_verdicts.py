"""Laws of the verdicts on maps.

They never contradict each other: completely positive implies decomposable implies positive, and what is not positive is
not decomposable. Maps of known kind (Kraus maps, their transposes, sums of both; Choi's map between invertible
matrices) are never called anything else, and decided where the kind is stable. Published thresholds are met exactly,
and beside them: the maps of Cho, Kye and Lee, of Breuer and Hall, Robertson, Tanahashi and Tomiyama, Hall. Verdicts do
not change with unitaries before and after, with transpositions, with the dual, or with positive multiples.
"""

from fractions import Fraction

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steeralg.constructions.saphs18 import breuer_hall_map
from steeralg.exact.convert import as_matrices
from steeralg.exact.echelon import rank
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.maps import (
    choi,
    depolarising,
    extended_reduction,
    generalised_choi,
    identity,
    kraus_map,
    reduction,
    robertson,
    subunitary_reduction,
    tanahashi_tomiyama,
    transpose,
)
from steeralg.maps.linear import LinearMap
from steeralg.positivity.maps import (
    choi_operator,
    decide_completely_copositive,
    decide_completely_positive,
    decide_map_decomposable,
    decide_positive,
)
from steeralg.verdict import Proved, Refuted, Undecided
from tests.strategies import FIELDS, hermitian, matrices

few = settings(deadline=None, max_examples=10)
orders = st.sampled_from([(2, 2), (2, 3), (3, 2), (3, 3), (1, 2)])
TINY = Fraction(1, 10**6)
P, R, U = Proved, Refuted, Undecided


def verdicts(phi, most_copies=1):
    """Completely positive, completely copositive, decomposable, positive: without contradiction, witnesses verified."""
    cp, copositive = decide_completely_positive(phi), decide_completely_copositive(phi)
    assert cp.witness.verify(phi.choi) and copositive.witness.verify(phi.transposed.choi)
    decomposable, positive = decide_map_decomposable(phi), decide_positive(phi, most_copies=most_copies)
    for verdict in (decomposable, positive):
        if not isinstance(verdict, Undecided):
            verdict.witness.verify()
            assert verdict.witness.operator == choi_operator(phi)
    if cp.is_proved or copositive.is_proved:
        assert decomposable.is_proved
    if decomposable.is_proved:
        assert positive.is_proved
    if positive.is_refuted:
        assert decomposable.is_refuted
    return cp, copositive, decomposable, positive


def kinds(phi, most_copies=1):
    return tuple(map(type, verdicts(phi, most_copies)))


def noise(dim_in, dim_out, share):
    """X -> share tr(X) 1, in the interior of all these cones."""
    return LinearMap(dim_in, dim_out, Matrix.identity(dim_in * dim_out).scale(share))


# ---- maps of known kind ----------------------------------------------------------------------------------------------


@st.composite
def kraus_maps(draw):
    m, n = draw(orders)
    return kraus_map(draw(st.lists(matrices(n, m), min_size=1, max_size=3)))


@few
@given(kraus_maps())
def test_kraus_maps_are_completely_positive_and_their_transposes_copositive(phi):
    cp, _, decomposable, positive = verdicts(phi)
    assert cp.is_proved and decomposable.is_proved and positive.is_proved
    _, copositive, decomposable, positive = verdicts(phi.transposed)
    assert copositive.is_proved and decomposable.is_proved and positive.is_proved


@few
@given(kraus_maps(), st.data())
def test_sums_of_kraus_maps_and_transposed_ones_are_decomposable(phi, data):
    """With noise they are in the interior. Without it they may be undecided: kernels are not always recognised."""
    m, n = phi.dims
    other = kraus_map(data.draw(st.lists(matrices(n, m), min_size=1, max_size=2)))
    phi = phi + other.transposed
    _, _, decomposable, positive = verdicts(phi + noise(m, n, Fraction(1, 4)), most_copies=0)
    assert decomposable.is_proved and positive.is_proved
    _, _, decomposable, positive = verdicts(phi, most_copies=0)
    assert not decomposable.is_refuted and not positive.is_refuted


@few
@given(orders, st.data(), st.integers(0, 8))
def test_verdicts_on_any_maps_do_not_contradict_each_other(dims, data, shift):
    m, n = dims
    phi = LinearMap(m, n, data.draw(hermitian(m * n))) + noise(m, n, shift)
    _, _, decomposable, positive = verdicts(phi, most_copies=0)
    dual = verdicts(phi.dual, most_copies=0)
    # At the boundary one of them may be undecided where the other is not.
    for one, other in ((decomposable, dual[2]), (positive, dual[3])):
        assert {type(one), type(other)} != {Proved, Refuted}


@st.composite
def invertible(draw, order):
    m = draw(matrices(order, order))
    assume(rank(m) == order)
    return m


@few
@given(invertible(3), invertible(3))
def test_chois_map_between_invertible_matrices_is_positive_and_not_decomposable(a, b):
    """X -> A Phi(B X B*) A*. That it is not decomposable is stable, and shown; its positivity is on the boundary, where
    the squares that show it need a multiplier |B* x|^2 instead of |x|^2 and short kernels: undecided is allowed.
    """
    phi = kraus_map([a]) @ choi() @ kraus_map([b])
    cp, copositive, decomposable, positive = verdicts(phi, most_copies=0)
    assert cp.is_refuted and copositive.is_refuted and decomposable.is_refuted and not positive.is_refuted


@pytest.mark.parametrize(
    ("after", "before"),
    [
        (sympy.diag(1, sympy.I, -1), sympy.eye(3)),
        (sympy.diag(1, 2, 3), sympy.eye(3)),
        (sympy.eye(3), sympy.diag(1, 2, 3)),
        (sympy.diag(2, 1, sympy.I), sympy.diag(1, 1 + sympy.I, 1)),
        (sympy.eye(3), sympy.Matrix([[0, 1, 0], [0, 0, 2], [1, 0, 0]])),
        (sympy.Matrix([["3/5", "4/5", 0], ["-4/5", "3/5", 0], [0, 0, 1]]), sympy.eye(3)),
        (sympy.eye(3), sympy.Matrix([["3/5", "4/5", 0], ["-4/5", "3/5", 0], [0, 0, 1]])),
        (sympy.Matrix([[1, 2, 2], [2, 1, -2], [2, -2, 1]]) / 3, sympy.eye(3)),
        (sympy.diag(1, sympy.sqrt(2), 1), sympy.diag(1, sympy.I, 1)),
    ],
    ids=str,
)
def test_chois_map_between_simple_matrices_is_proved_positive(after, before):
    """Phases, scales, permutations, Pythagorean rotations: the boundary is met exactly."""
    phi = kraus_map([after]) @ choi() @ kraus_map([before])
    assert kinds(phi) == (R, R, R, P)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: str(field.minimal_polynomial))
def test_chois_map_scaled_by_an_algebraic_number(field):
    """Kernels with numbers of a degree above 2 are not recognised; where rational ones do not suffice, undecided."""
    theta = Number(field, tuple(int(k == 1) for k in range(field.degree)), (0,) * field.degree)
    scale = theta if field.degree > 1 else Number.of(2)
    one = Matrix.identity(3, field)
    phi = kraus_map([one + Matrix.unit(3, 1, 1, field).scale(scale - Number.of(1))]) @ choi()
    cp, _, decomposable, positive = verdicts(phi)
    assert cp.is_refuted and decomposable.is_refuted and not positive.is_refuted
    assert positive.is_proved or field.degree > 2


# ---- published boundaries --------------------------------------------------------------------------------------------

S = Fraction(3, 5)


def antisymmetric(*sizes, order=None):
    """Blocks [[0, s], [-s, 0]]."""
    d = order or 2 * len(sizes)
    table = [[Fraction(0)] * d for _ in range(d)]
    for k, s in enumerate(sizes):
        table[2 * k][2 * k + 1], table[2 * k + 1][2 * k] = Fraction(s), -Fraction(s)
    return Matrix.rational(table)


PUBLISHED = {
    "identity": (identity(3), P, R, P, P),
    "transpose": (transpose(3), R, P, P, P),
    "depolarising": (depolarising(2, "4/3"), P, P, P, P),
    "reduction": (reduction(3), R, P, P, P),
    "reduction of qubits": (reduction(2), R, P, P, P),
    "choi": (choi(), R, R, R, P),
    "choi, the other": (generalised_choi(1, 0, 1), R, R, R, P),
    "breuer-hall": (breuer_hall_map(), R, R, R, P),
    "robertson": (robertson(), R, R, R, P),
    "tanahashi-tomiyama(4, 0)": (tanahashi_tomiyama(4, 0), P, R, P, P),
    "tanahashi-tomiyama(4, 1)": (tanahashi_tomiyama(4, 1), R, R, R, P),
    "tanahashi-tomiyama(4, 2)": (tanahashi_tomiyama(4, 2), R, R, R, P),
    "tanahashi-tomiyama(4, 3)": (tanahashi_tomiyama(4, 3), R, P, P, P),
    "hall, d = 3": (subunitary_reduction(antisymmetric(1, order=3)), R, P, P, P),
    "hall, d = 4, tr(U*U) = 68/25": (subunitary_reduction(antisymmetric(1, S)), R, R, R, P),
    "hall, d = 4, tr(U*U) = 2": (subunitary_reduction(antisymmetric("4/5", S)), R, P, P, P),
    "hall, d = 5": (subunitary_reduction(antisymmetric(1, 1, order=5)), R, R, R, P),
    "breuer-hall, d = 6": (extended_reduction(antisymmetric(1, 1, 1)), R, R, R, P),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_maps(name):
    phi, *expected = PUBLISHED[name]
    assert kinds(phi) == tuple(expected)


@pytest.mark.parametrize("name", ["choi", "robertson", "tanahashi-tomiyama(4, 1)", "hall, d = 4, tr(U*U) = 68/25"])
def test_a_millionth_less_than_a_map_on_the_boundary_is_not_positive(name):
    phi = PUBLISHED[name][0]
    below = verdicts(phi + noise(*phi.dims, -TINY))
    assert below[3].is_refuted
    above = verdicts(phi + noise(*phi.dims, TINY))
    assert above[2].is_refuted and above[3].is_proved


def ternary(a, b, c):
    """Completely positive, decomposable, positive: Cho, Kye, Lee, Linear Algebra Appl. 171, 213 (1992)."""
    positive = a + b + c >= 2 and (a >= 1 or b * c >= (1 - a) ** 2)
    return a >= 2, positive and (a >= 2 or b * c >= ((2 - a) / 2) ** 2), positive


def triples(text):
    return [tuple(map(Fraction, word.split(","))) for word in text.split()]


ON_THRESHOLDS = triples(
    """1,1,0 1,0,1 0,1,1 1/2,1/2,1 1/2,3/4,3/4 2/3,1/3,1 1/2,3,1/12 1/2,2,1/8 2/7,5,5/49 3/2,1/2,0 1,1/2,1/2 1,1/4,1
    1,1,1/4 3/2,1/8,1/2 3/2,1/3,3/16 2,0,0 2,1,0 0,1/4,4 0,1/2,2 1/2,1/2,1/2"""
)
STEP = Fraction(1, 1000)


@pytest.mark.parametrize("point", ON_THRESHOLDS, ids=lambda p: ",".join(map(str, p)))
def test_generalised_choi_maps_on_thresholds_and_beside_them(point):
    near = {tuple(x + s * (k == j) for k, x in enumerate(point)) for j in range(3) for s in (0, STEP, -STEP)}
    for a, b, c in sorted(near):
        if min(a, b, c) >= 0:
            phi = generalised_choi(a, b, c)
            cp, decomposable, positive = (P if yes else R for yes in ternary(a, b, c))
            found = kinds(phi)
            assert (found[0], found[2], found[3]) == (cp, decomposable, positive), (a, b, c)


@pytest.mark.parametrize("digits", [5, 6, 7, 8])
def test_generalised_choi_maps_closer_to_thresholds(digits):
    """bc = (1 - a)^2 at (1/2, 2, 1/8); bc = (1 - a/2)^2 at (3/2, 1/3, 3/16)."""
    tiny = Fraction(1, 10**digits)
    for (a, b, c), threshold in [(ON_THRESHOLDS[7], 3), (ON_THRESHOLDS[14], 2)]:
        assert kinds(generalised_choi(a, b, c + tiny))[threshold] is P
        assert kinds(generalised_choi(a, b, c - tiny))[threshold] is R


@few
@given(st.tuples(*[st.fractions(0, 3, max_denominator=6)] * 3))
def test_generalised_choi_maps_anywhere(point):
    assume(any(point))
    cp, decomposable, positive = (P if yes else R for yes in ternary(*point))
    found = kinds(generalised_choi(*point))
    assert (found[0], found[2], found[3]) == (cp, decomposable, positive)


def test_the_corner_of_the_region_over_a_quadratic_field():
    """a = 1/2, b + c = 3/2, bc = 1/4: both conditions are equalities, at b = (3 + sqrt(5))/4."""
    b, c = (sympy.Rational(3, 4) + sign * sympy.sqrt(5) / 4 for sign in (1, -1))
    assert kinds(generalised_choi(sympy.Rational(1, 2), b, c)) == (R, R, R, P)
    below = verdicts(generalised_choi(sympy.Rational(1, 2), b, c - sympy.Rational(1, 10**4)))
    assert below[3].is_refuted


# ---- invariance ------------------------------------------------------------------------------------------------------

(TURN,) = as_matrices([sympy.Matrix([["3/5", "4/5", 0], ["-4/5", "3/5", 0], [0, 0, 1]])])
(PHASE,) = as_matrices([sympy.diag(1, sympy.I, (3 + 4 * sympy.I) / 5)])
INVARIANT = triples("1,1,0 3/2,1/2,1/4 3/2,1/2,1/16 1/2,1/2,1/2")
"""On the boundary of the positive maps, and inside and outside of the decomposable and of the positive ones."""


@pytest.mark.parametrize("point", INVARIANT, ids=lambda p: ",".join(map(str, p)))
def test_verdicts_do_not_change_with_unitaries_transpositions_the_dual_and_multiples(point):
    phi = generalised_choi(*point)
    cp, copositive, decomposable, positive = expected = kinds(phi)
    assert kinds(phi.dual) == expected
    assert kinds(phi.scale(10**9)) == kinds(phi.scale(Fraction(1, 10**9))) == expected
    assert kinds(phi.transposed) == (copositive, cp, decomposable, positive)
    assert kinds(phi @ transpose(3)) == (copositive, cp, decomposable, positive)
    assert kinds(phi.transposed @ transpose(3)) == expected
    for u in (TURN, PHASE):
        assert kinds(kraus_map([u]) @ phi) == expected
        assert kinds(phi @ kraus_map([u])) == expected


@pytest.mark.parametrize("name", ["choi", "robertson", "breuer-hall", "tanahashi-tomiyama(4, 1)"])
def test_the_dual_of_a_published_map_is_as_positive(name):
    phi, *expected = PUBLISHED[name]
    assert kinds(phi.dual) == tuple(expected)


@few
@given(st.integers(1, 3), st.data())
def test_compositions_of_positive_maps_are_positive(order, data):
    """A positive map after a Kraus map is never refuted; with a tenth of noise, Choi's map is decomposable."""
    kraus = kraus_map(data.draw(st.lists(matrices(3, order), min_size=1, max_size=2)))
    assert not verdicts(choi() @ kraus, most_copies=0)[3].is_refuted
    noisy = (choi() + noise(3, 3, Fraction(1, 10))) @ kraus + noise(order, 3, Fraction(1, 4))
    assert verdicts(noisy, most_copies=0)[2].is_proved


def test_the_refutation_of_positivity_names_a_matrix_with_an_image_that_is_not_positive():
    """x, y with <y|map(conj(x) x^T)|y> < 0."""
    phi = generalised_choi("1/2", "1/2", "1/2")
    x, y = decide_positive(phi).witness.vectors
    image = phi(x.conjugate @ x.transpose)
    assert (y.adjoint @ image @ y).entry(0, 0).sign() < 0 and decide_psd(image).is_refuted


def test_the_decomposition_of_a_map():
    """C = P + Q^T_out: a Kraus map and the transpose of one."""
    phi = generalised_choi("3/2", "1/2", "1/4")
    parts = decide_map_decomposable(phi).witness.parts
    cp, copositive = (LinearMap(3, 3, parts[cut]) for cut in ((), (1,)))
    assert cp + copositive.transposed == phi
    assert decide_psd(cp.choi).is_proved and decide_psd(copositive.choi).is_proved


def test_zeros_of_maps_are_pairs_of_an_input_and_an_output():
    one = Matrix.rational([[1]] * 3)
    phi = generalised_choi(1, 1, 0)
    assert (one.adjoint @ phi(one @ one.transpose) @ one).entry(0, 0).is_zero
    assert decide_positive(phi, zeros=[(one, one)]).is_proved
    assert decide_map_decomposable(phi, zeros=[(one, one)]).is_refuted


def test_maps_of_a_product_are_no_more_positive():
    """1 (x) Phi for Choi's map is not positive; transposed on one of two qubits neither."""
    half = transpose(2).on_subsystem((2, 2), 1)
    assert decide_positive(half, most_copies=0).is_refuted
    assert decide_map_decomposable(half).is_refuted
    assert decide_positive(choi().on_subsystem((2, 3), 1), most_copies=0).is_refuted
