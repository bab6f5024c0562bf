"""Laws of the library of maps.

Every map does to matrix units what its formula says, and preserves the trace where its docstring says so. Positivity
is checked on the images of rational pure states, which have closed forms: the extended reduction sends |x><x| to
(1 - P)/(d-2) with P the projector on x and U conj(x), a subunitary one to no less. Complete positivity and copositivity
change exactly where the literature says: generalised Choi maps at a_0 = d - 1, the reduction at tr(U*U) = 2, noise at
p = d^2/(d^2-1). Special cases agree: Choi's map, the reduction map and Robertson's map are members of larger families.
Parameters may be written in any exact notation; what is no parameter of a map is refused with typed errors.
"""

from fractions import Fraction
from itertools import product

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steeralg.constructions.pauli import ONE, X, Y
from steeralg.constructions.saphs18 import breuer_hall_map
from steeralg.errors import InputError, NormalisationError, NumberError, PositivityError, ShapeError
from steeralg.exact.convert import as_matrices
from steeralg.exact.field import quadratic
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import partial_transpose
from steeralg.maps import (
    channel,
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
    unitary_channel,
)
from steeralg.maps.linear import LinearMap
from tests.strategies import FIELDS, SQRT2, algebraic_matrices, gaussian, hermitian, matrices, unitaries

laws = settings(deadline=None, max_examples=25)
few = settings(deadline=None, max_examples=10)
(XY,) = as_matrices([sympy.kronecker_product(X, Y)])
orders = st.integers(1, 3)
TINY = Fraction(1, 10**9)
weights = st.fractions(0, 3, max_denominator=4)


def units(d):
    return [(i, j, Matrix.unit(d, i, j)) for i, j in product(range(d), repeat=2)]


def is_cp(phi):
    return decide_psd(phi.choi).is_proved


def is_copositive(phi):
    return decide_psd(phi.transposed.choi).is_proved


def scalar(m):
    return Matrix.identity(m.rows).scale(m.trace())


def diagonal(m):
    return total(Matrix.unit(m.rows, i, i).scale(m.entry(i, i)) for i in range(m.rows))


@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_identity_and_transpose_on_matrix_units(d):
    for i, j, unit in units(d):
        assert identity(d)(unit) == unit
        assert transpose(d)(unit) == Matrix.unit(d, j, i)
    assert identity(d).is_trace_preserving and transpose(d).is_trace_preserving
    assert transpose(d).choi == partial_transpose(identity(d).choi, (d, d), [1])


@laws
@given(st.tuples(st.sampled_from(FIELDS), orders).flatmap(lambda s: algebraic_matrices(s[0], s[1], s[1])))
def test_identity_and_transpose_on_any_matrix(m):
    assert identity(m.rows)(m) == m and transpose(m.rows)(m) == m.transpose


@pytest.mark.parametrize("d", [2, 3])
def test_the_identity_is_completely_positive_and_the_transpose_copositive_only(d):
    assert is_cp(identity(d)) and not is_copositive(identity(d))
    assert not is_cp(transpose(d)) and is_copositive(transpose(d))


@pytest.mark.parametrize("d", [2, 3, 4])
def test_the_reduction_map(d):
    phi = reduction(d)
    for _, _, unit in units(d):
        assert reduction(d, normalised=False)(unit) == scalar(unit) - unit
    assert phi.scale(d - 1) == reduction(d, normalised=False)
    assert phi.is_trace_preserving and phi.is_unital and phi.dual == phi
    assert is_copositive(phi) and not is_cp(phi)
    # It is the transposition after the channel with the Kraus operators |i><j| - |j><i|, i < j.
    kraus = [Matrix.unit(d, i, j) - Matrix.unit(d, j, i) for i in range(d) for j in range(i)]
    assert reduction(d, normalised=False) == kraus_map(kraus) @ transpose(d)
    with pytest.raises(ShapeError):
        reduction(1)


@st.composite
def antisymmetric_unitaries(draw):
    """V (X (x) Y) V^T, V a rational unitary."""
    v = draw(unitaries(4))
    return v @ XY @ v.transpose


def extended(u, m):
    """The formula of SAPHS18 eq. (33)."""
    return (scalar(m) - m - u @ m.transpose @ u.adjoint).scale(Fraction(1, u.rows - 2))


@pytest.mark.parametrize("sign", [1, -1])
def test_the_extended_reduction_on_matrix_units(sign):
    phi = extended_reduction(XY.scale(sign))
    assert all(phi(unit) == extended(XY, unit) for _, _, unit in units(4))
    assert phi == breuer_hall_map() and phi.is_trace_preserving and phi.is_unital


@settings(deadline=None, max_examples=15)
@given(antisymmetric_unitaries(), unitaries(4), matrices(4, 4))
def test_the_extended_reduction_of_a_pure_state_is_half_a_projector(u, v, m):
    phi = extended_reduction(u)
    for k in range(4):
        x = v @ Matrix.identity(4).rearrange(4, 1, range(k, 16, 4))  # a rational unit vector
        partner = u @ x.conjugate
        assert (x.adjoint @ partner).is_zero  # antisymmetry
        plane = x @ x.adjoint + partner @ partner.adjoint
        image = phi(x @ x.adjoint)
        assert plane @ plane == plane and image == (Matrix.identity(4) - plane).scale(Fraction(1, 2))
        assert (image @ x).is_zero and (image @ partner).is_zero
        assert phi(plane) == image.scale(2)
    assert phi(m @ m.adjoint).trace() == (m @ m.adjoint).trace()
    assert decide_psd(phi(m @ m.adjoint)).is_proved


def test_the_extended_reduction_is_neither_completely_positive_nor_copositive():
    verdict = decide_psd(breuer_hall_map().choi)
    assert verdict.is_refuted and verdict.witness.verify(breuer_hall_map().choi)
    assert not is_copositive(breuer_hall_map())


def test_the_extended_reduction_of_order_six_over_sqrt2():
    """U is antisymmetric and unitary: blocks [[0, -w], [w, 0]] with w = (1 + i)/sqrt(2)."""
    w = (1 + sympy.I) / sympy.sqrt(2)
    (u,) = as_matrices([sympy.diag(*[sympy.Matrix([[0, -w], [w, 0]])] * 3)])
    phi = extended_reduction(u)
    x = Matrix.unit(6, 0, 0) + Matrix.unit(6, 2, 2).scale(Number(SQRT2, (0, 1), (0, 0)))
    assert phi.is_trace_preserving and phi(x) == extended(u, x)
    assert phi(Matrix.unit(6, 0, 0)) == total(Matrix.unit(6, k, k) for k in range(2, 6)).scale(Fraction(1, 4)).over(
        SQRT2
    )
    assert extended_reduction(u.scale(gaussian(0, 1))) == phi  # phases of U do not matter


@pytest.mark.parametrize(
    "unitary, reason",
    [
        (sympy.kronecker_product(X, X), "antisymmetric"),
        (sympy.eye(4), "antisymmetric"),
        (sympy.kronecker_product(X, Y) + sympy.kronecker_product(ONE, X), "antisymmetric"),
        (2 * sympy.kronecker_product(X, Y), "unitary"),
        (sympy.zeros(4), "unitary"),
        (sympy.diag(Y, 2 * Y), "unitary"),
    ],
)
def test_a_matrix_that_is_no_antisymmetric_unitary_is_refused(unitary, reason):
    with pytest.raises(InputError, match=f"not {reason}"):
        extended_reduction(unitary)


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 3), (5, 5), (4, 6), (4, 1)])
def test_orders_that_are_odd_too_small_or_not_square_are_refused(shape):
    with pytest.raises(ShapeError):
        extended_reduction(sympy.zeros(*shape))
    with pytest.raises(ShapeError):
        extended_reduction(sympy.Matrix([[0, -1], [1, 0]]))


def test_floats_are_refused():
    with pytest.raises(NumberError):
        extended_reduction(sympy.kronecker_product(X, Y) * 1.0)


def blocks(d, *sizes):
    """The antisymmetric matrix with blocks [[0, s], [-s, 0]], zero beyond them."""
    table = [[Fraction(0)] * d for _ in range(d)]
    for k, s in enumerate(map(Fraction, sizes)):
        table[2 * k][2 * k + 1], table[2 * k + 1][2 * k] = s, -s
    return Matrix.rational(table)


SUBUNITARY = [blocks(3, 1), blocks(3, "1/2"), blocks(4, 1, "3/5"), blocks(5, 1, 1), blocks(5, "4/5", "3/5"), blocks(5)]


@pytest.mark.parametrize("u", SUBUNITARY)
def test_a_subunitary_reduction_on_matrix_units_and_its_trace(u):
    phi, d = subunitary_reduction(u), u.rows
    excess = Matrix.identity(d) - u.adjoint @ u
    for _, _, unit in units(d):
        assert phi(unit) == extended(u, unit)
        grown = excess.transpose.inner(unit) * Number.of(Fraction(1, d - 2))
        assert phi(unit).trace() == unit.trace() + grown
    assert not phi.is_trace_preserving
    assert decide_psd(phi.dual(Matrix.identity(d)) - Matrix.identity(d)).is_proved


@pytest.mark.parametrize("u", SUBUNITARY)
@settings(deadline=None, max_examples=6)
@given(data=st.data())
def test_a_subunitary_reduction_of_a_pure_state_is_positive(u, data):
    d = u.rows
    v = data.draw(unitaries(d)) if d < 5 else Matrix.identity(d)
    turned = v @ u @ v.transpose
    phi = subunitary_reduction(turned)
    x = data.draw(matrices(d, 1))
    partner = turned @ x.conjugate
    assert (x.adjoint @ partner).is_zero
    norm = (x.adjoint @ x).entry(0, 0)
    image = Matrix.identity(d).scale(norm) - x @ x.adjoint - partner @ partner.adjoint
    assert phi(x @ x.adjoint) == image.scale(Fraction(1, d - 2))
    assert decide_psd(image).is_proved


@pytest.mark.parametrize("d", [3, 4, 5])
@pytest.mark.parametrize("s", [0, "3/5", "4/5", "41/50", 1])
def test_a_subunitary_reduction_is_copositive_iff_the_square_is_small(d, s):
    """tr(U*U) = 2 (r^2 + s^2) <= 2, r = 3/5: the boundary is at s = 4/5. One block is never too large."""
    one = subunitary_reduction(blocks(d, s))
    assert is_copositive(one) and not is_cp(one)
    if d > 3:
        two = subunitary_reduction(blocks(d, "3/5", s))
        assert is_copositive(two) == (Fraction(s) <= Fraction(4, 5)) and not is_cp(two)


def test_a_unitary_is_subunitary():
    assert subunitary_reduction(XY) == extended_reduction(XY)
    assert subunitary_reduction(sympy.zeros(5)).scale(3) == reduction(5, normalised=False)


def test_a_subunitary_reduction_in_odd_dimension_becomes_trace_preserving_behind_a_filter():
    """d = 5, U unitary on four dimensions: dual(1) is 1 there and 4/3 on the fifth, so T = diag(1,1,1,1,sqrt(3)/2)."""
    phi = subunitary_reduction(blocks(5, 1, 1))
    assert phi.dual(Matrix.identity(5)) == Matrix.identity(5) + Matrix.unit(5, 4, 4).scale(Fraction(1, 3))
    filtered = phi @ kraus_map([sympy.diag(1, 1, 1, 1, sympy.sqrt(3) / 2)])
    assert filtered.is_trace_preserving and not is_cp(filtered) and not is_copositive(filtered)


@pytest.mark.parametrize(
    "matrix, error, message",
    [
        (sympy.eye(3), InputError, "antisymmetric"),
        (blocks(3, "101/100"), PositivityError, r"U\*U <= 1"),
        (blocks(5, 1, 2), PositivityError, r"U\*U <= 1"),
        (blocks(2, 1), ShapeError, "above 2"),
        (sympy.zeros(3, 4), ShapeError, "3 x 4"),
        (blocks(3, "1/2").sympy() * 1.0, NumberError, "float"),
    ],
)
def test_a_matrix_that_is_not_antisymmetric_and_subunitary_is_refused(matrix, error, message):
    with pytest.raises(error, match=message):
        subunitary_reduction(matrix)


@laws
@given(matrices(4, 4))
def test_robertsons_map_by_blocks(m):
    def block(i, j):
        return m.rearrange(2, 2, [(2 * i + a) * 4 + 2 * j + b for a in range(2) for b in range(2)])

    def r(x):
        return scalar(x) - x

    image = robertson()(m)
    wanted = {
        (0, 0): scalar(block(1, 1)),
        (1, 1): scalar(block(0, 0)),
        (0, 1): -(block(0, 1) + r(block(1, 0))),
        (1, 0): -(block(1, 0) + r(block(0, 1))),
    }
    for (i, j), value in wanted.items():
        found = image.rearrange(2, 2, [(2 * i + a) * 4 + 2 * j + b for a in range(2) for b in range(2)])
        assert found.scale(2) == value


def test_robertsons_map_is_trace_preserving_unital_and_neither_cp_nor_copositive():
    phi = robertson()
    assert phi.is_trace_preserving and phi.is_unital and not is_cp(phi) and not is_copositive(phi)


def choi_formula(a, m):
    """Diagonal sum_k a_k x_{i+k,i+k}, off-diagonal -x_ij, over the sum of the weights."""
    d = len(a)
    bare = diagonal(m) - m
    for i in range(d):
        for k, weight in enumerate(a):
            bare = bare + Matrix.unit(d, i, i).scale(m.entry((i + k) % d, (i + k) % d)).scale(weight)
    return bare.scale(1 / Fraction(sum(a)))


@laws
@given(st.lists(weights, min_size=2, max_size=4))
def test_a_generalised_choi_map_on_matrix_units(a):
    assume(any(a))
    phi = generalised_choi(*a)
    assert all(phi(unit) == choi_formula(a, unit) for _, _, unit in units(len(a)))
    assert phi.is_trace_preserving and phi.is_unital
    assert is_cp(phi) == (a[0] >= len(a) - 1)
    # The dual runs around the circle the other way.
    assert phi.dual == generalised_choi(a[0], *a[:0:-1])


@pytest.mark.parametrize("b, c", [(0, 0), (1, 0), (Fraction(1, 2), 3)])
def test_the_generalised_choi_map_is_completely_positive_exactly_from_two_on(b, c):
    assert is_cp(generalised_choi(2, b, c)) and is_cp(generalised_choi(2 + TINY, b, c))
    assert not is_cp(generalised_choi(2 - TINY, b, c))


POINTS = [(a, b, c) for a in ("0", "1/2", "1", "3/2", "2") for b in ("0", "1/4", "1", "4") for c in ("0", "1/4", "1")]


def is_positive_choi(a, b, c):
    """Cho, Kye, Lee, Theorem 2.1."""
    return a + b + c >= 2 and (a >= 1 or b * c >= (1 - a) ** 2)


@pytest.mark.parametrize("point", [p for p in POINTS if is_positive_choi(*map(Fraction, p))])
def test_in_the_region_of_positivity_rational_pure_states_have_positive_images(point):
    phi = generalised_choi(*point)
    for amplitudes in product([0, 1, -2, 3], [0, 1, 2], [1, -1]):
        x = Matrix.rational([[value] for value in amplitudes])
        assert decide_psd(phi(x @ x.transpose)).is_proved


@pytest.mark.parametrize(
    "point, amplitudes",
    [
        (("1", "1/2", "49/100"), (1, 1, 1)),
        (("0", "1", "99/100"), (1, 1, 1)),
        (("1/2", "1/8", "15/8"), (1, 2, 0)),
        (("3/4", "1/100", "3"), (1, 4, 0)),
        (("0", "1/2", "19/10"), (1, 1, 0)),
    ],
)
def test_outside_the_region_of_positivity_some_pure_state_has_an_image_that_is_not(point, amplitudes):
    x = Matrix.rational([[value] for value in amplitudes])
    assert not is_positive_choi(*map(Fraction, point))
    assert decide_psd(generalised_choi(*point)(x @ x.transpose)).is_refuted


def bare_choi(a, b, c):
    return generalised_choi(a, b, c).scale(a + b + c)


def decomposition(a, b, c):
    """A completely positive and a completely copositive map with sum Phi[a,b,c], for bc >= (1 - a/2)^2 or a >= 2."""
    share = max(1 - a / 2, Fraction(0))
    minus_off_diagonal = (bare_choi(1, 0, 0) + identity(3).scale(-1)).scale(Fraction(1, 2))
    copositive = LinearMap(3, 3, Matrix.zero(9, 9)) if b == c == 0 else bare_choi(0, b, c)
    copositive = copositive + minus_off_diagonal.scale(share - (b + c > 0))
    return bare_choi(a, b, c) + copositive.scale(-1), copositive


def ppt_operator(t):
    """Stormer's: the maximally entangled vector, t on the |i, i-1>, 1/t on the |i, i+1>."""
    around = [total(Matrix.unit(9, i * 3 + (i - k) % 3, i * 3 + (i - k) % 3) for i in range(3)) for k in (1, 2)]
    return identity(3).choi + around[0].scale(t) + around[1].scale(1 / t)


@pytest.mark.parametrize("point", [p for p in POINTS if is_positive_choi(*map(Fraction, p))])
def test_the_region_of_decomposability_is_the_published_one(point):
    """Inside, a decomposition; outside, an operator that is positive, its partial transpose too, with tr(C w) < 0."""
    a, b, c = map(Fraction, point)
    if a >= 2 or b * c >= ((2 - a) / 2) ** 2:
        rest, copositive = decomposition(a, b, c)
        assert is_cp(rest) and is_copositive(copositive)
        assert rest + copositive == bare_choi(a, b, c)
        return
    w = next(
        w
        for w in map(ppt_operator, (Fraction(2) ** k for k in range(-12, 13)))
        if generalised_choi(a, b, c).choi.inner(w).sign() < 0
    )
    assert decide_psd(w).is_proved and decide_psd(partial_transpose(w, (3, 3), [1])).is_proved


def test_the_choi_map():
    for i, j, unit in units(3):
        image = choi()(unit).scale(2)
        if i == j:
            assert image == unit + Matrix.unit(3, (i - 1) % 3, (i - 1) % 3)
        else:
            assert image == -unit
    assert choi() == generalised_choi(1, 1, 0) == tanahashi_tomiyama(3, 1)
    assert choi().is_trace_preserving and choi().dual == generalised_choi(1, 0, 1)
    assert not is_cp(choi()) and not is_copositive(choi())


@pytest.mark.parametrize("d", [2, 3, 4])
def test_tanahashi_and_tomiyamas_maps_by_their_formula(d):
    shift = total(Matrix.unit(d, (j - 1) % d, j) for j in range(d))
    for k in range(d):
        phi = tanahashi_tomiyama(d, k)
        for _, _, unit in units(d):
            wanted = diagonal(unit).scale(d - k) - unit
            power = Matrix.identity(d)
            for _ in range(k):
                power = shift @ power
                wanted = wanted + diagonal(power @ unit @ power.adjoint)
            assert phi(unit).scale(d - 1) == wanted
        assert phi.is_trace_preserving and phi.is_unital
        assert is_cp(phi) == (k == 0) and is_copositive(phi) == (k == d - 1)
    assert tanahashi_tomiyama(d, d - 1) == reduction(d)


@few
@given(st.integers(1, 2), matrices(4, 1))
def test_tanahashi_and_tomiyamas_maps_of_pure_states_are_positive(k, x):
    assert decide_psd(tanahashi_tomiyama(4, k)(x @ x.adjoint)).is_proved


@pytest.mark.parametrize("d, k", [(1, 0), (3, 3), (3, -1), (0, 0)])
def test_shifts_beyond_the_order_are_refused(d, k):
    with pytest.raises(ShapeError):
        tanahashi_tomiyama(d, k)


def test_weights_in_any_exact_notation():
    half = generalised_choi(Fraction(1, 2), 1, 1)
    for a in ("1/2", "0.5", sympy.Rational(1, 2), Number.of(Fraction(1, 2)), Number.of(Fraction(1, 2), SQRT2)):
        assert (generalised_choi(a, "1", sympy.Integer(1)).choi - half.choi).is_zero
    root = Number(SQRT2, (0, 1), (0, 0))
    irrational = generalised_choi(root, sympy.sqrt(2), "1/2")
    assert irrational == generalised_choi(sympy.sqrt(2), root, Fraction(1, 2)) and irrational.choi.field == SQRT2
    assert irrational.is_trace_preserving
    boundary = generalised_choi(2, sympy.sqrt(3), root)
    assert is_cp(boundary) and boundary.choi.field.degree == 4


@pytest.mark.parametrize(
    "point, error, message",
    [
        ((1, 1, 0.5), NumberError, "float"),
        ((1, "sqrt(2)", 0), NumberError, "rational"),
        ((1, sympy.I, 0), NumberError, "not real"),
        ((1, sympy.Symbol("b"), 0), NumberError, "not a number"),
        ((1, 1, -1), PositivityError, "weight 2 is -1"),
        ((1, 1 - sympy.sqrt(2), 1), PositivityError, "weight 1"),
        ((0, 0, 0), NormalisationError, "all be 0"),
        ((1,), ShapeError, "at least two"),
        ((), ShapeError, "at least two"),
    ],
)
def test_weights_of_no_generalised_choi_map_are_refused(point, error, message):
    with pytest.raises(error, match=message):
        generalised_choi(*point)


@laws
@given(st.data(), st.integers(1, 3), st.integers(1, 3), st.sampled_from(FIELDS))
def test_kraus_maps_act_by_their_operators_and_are_completely_positive(data, rows, columns, field):
    kraus = [data.draw(algebraic_matrices(field, rows, columns)) for _ in range(data.draw(st.integers(1, 2)))]
    phi, x = kraus_map(kraus), data.draw(algebraic_matrices(field, columns, columns))
    assert phi.dims == (columns, rows)
    assert phi(x) == total(k @ x @ k.adjoint for k in kraus)
    assert is_cp(phi) and phi.dual == kraus_map([k.adjoint for k in kraus])
    assert phi.is_trace_preserving == (total(k.adjoint @ k for k in kraus) == Matrix.identity(columns, field))


@few
@given(unitaries(3), matrices(3, 3), hermitian(3))
def test_conjugations_compose_like_their_matrices(u, a, x):
    assert kraus_map([u]) == unitary_channel(u) == channel([u])
    assert kraus_map([a]) @ unitary_channel(u) == kraus_map([a @ u])
    assert kraus_map([a])(x) == a @ x @ a.adjoint


@pytest.mark.parametrize(
    "kraus", [[], [Matrix.identity(2), Matrix.identity(3)], [sympy.zeros(2, 3), sympy.zeros(3, 2)]]
)
def test_kraus_operators_of_different_shapes_are_refused(kraus):
    with pytest.raises(ShapeError, match="Kraus"):
        kraus_map(kraus)


HALF_ROOT2 = Number(SQRT2, (0, 1), (0, 0), 2)
NOISES = [(0, 0), ("1/2", Fraction(1, 2)), (1, 1), (sympy.sqrt(2) / 2, HALF_ROOT2), (HALF_ROOT2, HALF_ROOT2)]


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("written, p", NOISES)
def test_the_depolarising_channel_mixes_with_noise(d, written, p):
    phi = depolarising(d, written)
    for _, _, unit in units(d):
        wanted = unit - unit.scale(p) + scalar(unit).scale(p).scale(Fraction(1, d))
        assert (phi(unit) - wanted).is_zero
    assert phi.is_trace_preserving and phi.is_unital and is_cp(phi)


@pytest.mark.parametrize("d", [2, 3])
def test_depolarising_noise_is_a_channel_exactly_up_to_its_bound(d):
    largest = Fraction(d * d, d * d - 1)
    assert is_cp(depolarising(d, largest))
    for p in (largest + TINY, -TINY, 2, -1, -sympy.sqrt(2)):
        with pytest.raises(PositivityError, match="no channel"):
            depolarising(d, p)
        if isinstance(p, Fraction):
            noise = LinearMap.from_action(d, lambda m: scalar(m).scale(Fraction(1, d)))
            assert not is_cp(identity(d).scale(1 - p) + noise.scale(p))
    # Beyond it lies, at p = d/(d-1), the reduction map.
    noise = LinearMap.from_action(d, lambda m: scalar(m).scale(Fraction(1, d)))
    assert identity(d).scale(Fraction(-1, d - 1)) + noise.scale(Fraction(d, d - 1)) == reduction(d)


def test_depolarising_needs_an_order_and_an_exact_real_number():
    assert depolarising(2, "1/2").mix(depolarising(2, 1), "1/2") == depolarising(2, "3/4")
    assert depolarising(3, 1) @ depolarising(3, "1/2") == depolarising(3, 1)
    with pytest.raises(ShapeError):
        depolarising(0, 1)
    for p in (0.5, sympy.I, "half"):
        with pytest.raises(NumberError):
            depolarising(2, p)


def test_maps_over_different_fields_compose():
    root = Number(quadratic(3), (0, 1), (0, 0), 2)
    phi = generalised_choi(sympy.sqrt(2), 1, 0) @ depolarising(3, root)
    assert phi.is_trace_preserving and phi.choi.field.degree == 4
