"""The positive maps of the literature, exact: transpose, reduction, extended reduction (Breuer-Hall), Choi and its
generalisations.

Above: constructions. Below: linear maps. Every map here is normalised to preserve the trace unless its docstring says
otherwise.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from steeralg.arguments import checked
from steeralg.errors import InputError, NormalisationError, PositivityError, ShapeError
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, brief
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import kron
from steeralg.maps.channels import kraus_map
from steeralg.maps.linear import LinearMap
from steeralg.maps.parameters import real_numbers, require_order
from steeralg.verdict import Refuted


@checked
def identity(dim: int) -> LinearMap:
    """Return the identity map. Raises ShapeError unless 1 <= dim <= 64."""
    require_order(dim)
    return LinearMap.from_action(dim, lambda x: x)


@checked
def transpose(dim: int) -> LinearMap:
    """Return the transposition in the computational basis. Raises ShapeError unless 1 <= dim <= 64."""
    return identity(dim).transposed


@checked
def reduction(dim: int, normalised: bool = True) -> LinearMap:
    """Return the reduction map `X -> (tr(X) 1 - X)/(d - 1)`, d >= 2; without the factor if not `normalised`.

    With the factor it preserves the trace. Completely copositive: a channel followed by the transposition. Raises
    ShapeError unless 2 <= dim <= 64.
    """
    require_order(dim, 2)
    bare = LinearMap(dim, dim, Matrix.identity(dim * dim)) + identity(dim).scale(-1)
    return bare.scale(Fraction(1, dim - 1)) if normalised else bare


def extended_reduction(unitary: Any) -> LinearMap:
    """Return the Breuer-Hall map `X -> (tr(X) 1 - X - U X^T U*)/(d - 2)`, SAPHS18 eq. (33).

    U is an antisymmetric unitary of even order d > 2 (exact or sympy); it is checked, InputError otherwise. Positive:
    see `subunitary_reduction`. Trace preserving and unital.
    """
    u = as_matrices([unitary])[0]
    d = u.rows
    if d != u.columns or d % 2 or d <= 2:
        raise ShapeError(f"U is {u.rows} x {u.columns}; the extended reduction map needs an even order above 2")
    _require_antisymmetric(u)
    if u @ u.adjoint != Matrix.identity(d, u.field):
        raise InputError("U is not unitary: U U* = 1 is needed; subunitary_reduction takes U with U*U <= 1")
    return _extended_reduction(u)


def subunitary_reduction(matrix: Any) -> LinearMap:
    """Return `X -> (tr(X) 1 - X - U X^T U*)/(d - 2)`, U antisymmetric with U*U <= 1, of any order d >= 3, odd ones too.

    Hall, J. Phys. A 39, 14119 (2006). Positive: with `u = U conj(x)`, orthogonal to x by antisymmetry and not longer,
    the image of x x* is `(|x|^2 1 - x x* - u u*)/(d - 2)`. Completely copositive iff tr(U*U) <= 2, hence always for
    d = 3. The trace grows: tr Phi(X) = tr X + tr((1 - U*U)^T X)/(d - 2), and is preserved iff U is unitary, as in
    `extended_reduction`. Otherwise `subunitary_reduction(U) @ kraus_map([T])` preserves it, if T* dual(1) T = 1.
    Raises ShapeError, InputError unless U is antisymmetric, PositivityError unless U*U <= 1.
    """
    u = as_matrices([matrix])[0]
    d = u.rows
    if d != u.columns or d <= 2:
        raise ShapeError(f"U is {u.rows} x {u.columns}; the subunitary reduction map needs an order above 2")
    _require_antisymmetric(u)
    verdict = decide_psd(Matrix.identity(d, u.field) - u.adjoint @ u)
    if isinstance(verdict, Refuted):
        raise PositivityError(f"U*U <= 1 fails: a vector has value {brief(verdict.witness.value)} in 1 - U*U")
    return _extended_reduction(u)


def _require_antisymmetric(u: Matrix) -> None:
    if u.transpose != -u:
        raise InputError("U is not antisymmetric: U^T = -U is needed")


def _extended_reduction(u: Matrix) -> LinearMap:
    removed = kraus_map([u]) @ transpose(u.rows)
    return (reduction(u.rows, normalised=False) + removed.scale(-1)).scale(Fraction(1, u.rows - 2))


def robertson() -> LinearMap:
    """Return Robertson's map on M_4 = M_2 (x) M_2, by blocks `X_ij` of order 2 and `R(Y) = tr(Y) 1 - Y`:

    `1/2 [[tr(X_22) 1, -X_12 - R(X_21)], [-X_21 - R(X_12), tr(X_11) 1]]`; trace preserving and unital. Robertson,
    J. London Math. Soc. 32, 133 (1985), in the form of Chruscinski and Pytel, arXiv:1006.3059. It is the extended
    reduction map of U = 1 (x) iY.
    """
    return extended_reduction(kron(Matrix.identity(2), Matrix.rational([[0, 1], [-1, 0]])))


def choi() -> LinearMap:
    """Return the trace-preserving Choi map on qutrits, `generalised_choi(1, 1, 0)`.

    Half of x_ij -> -x_ij off the diagonal, x_ii -> x_ii + x_{i+1,i+1} on it: Choi, Linear Algebra Appl. 12, 95 (1975).
    Positive and not decomposable.
    """
    return generalised_choi(1, 1, 0)


def generalised_choi(*weights: Any) -> LinearMap:
    """Return the map Phi[a_0, .., a_{d-1}] of order d >= 2 with exact weights a_k >= 0: its image of X has the diagonal
    `sum_k a_k x_{i+k,i+k}` (indices modulo d) and `-x_ij` off it, all over `sum_k a_k`.

    Trace preserving and unital; completely positive iff a_0 >= d - 1, for its Choi matrix is diagonal but for the block
    of the |ii>, with eigenvalues a_0 + 1 and a_0 + 1 - d. For d = 3 these are the maps Phi[a,b,c] of Cho, Kye, Lee,
    Linear Algebra Appl. 171, 213 (1992), up to the normalisation: positive iff a + b + c >= 2 and
    (a >= 1 or bc >= (1-a)^2); decomposable iff moreover (a >= 2 or bc >= ((2-a)/2)^2). (Papers that subtract all of X
    write a + 1 for this a.)

    Raises ShapeError for fewer than two weights, NumberError for those that are not exact reals, PositivityError for
    negative ones (|i><i| then has an image that is not positive), NormalisationError if all vanish.
    """
    d = len(weights)
    if d < 2:
        raise ShapeError(f"a generalised Choi map needs at least two weights, one for each dimension, not {d}")
    a = real_numbers(weights)
    for k, weight in enumerate(a):
        if weight.sign() < 0:
            raise PositivityError(f"weight {k} is {brief(weight)}; with a negative weight no such map is positive")
    whole = sum(a, Number.of(0, a[0].field))
    if whole.is_zero:
        raise NormalisationError("the weights of a generalised Choi map must not all be 0")
    # |i><i| goes to sum_k a_k |i-k><i-k|, and what is off the diagonal changes its sign.
    diagonal = [a[(i - j) % d] for i in range(d) for j in range(d)]
    diagonal[:: d + 1] = [a[0] + Number.of(1, a[0].field)] * d
    zero = Number.of(0, a[0].field)
    table = [[value if i == j else zero for j in range(d * d)] for i, value in enumerate(diagonal)]
    circulant = LinearMap(d, d, Matrix.from_numbers(table, a[0].field))
    return (circulant + identity(d).scale(-1)).scale(whole.inverse())


@checked
def tanahashi_tomiyama(dim: int, shifts: int) -> LinearMap:
    """Return `X -> ((d - k) eps(X) + sum_{i=1..k} eps(S^i X S^-i) - X)/(d - 1)`, the Choi map in any dimension d >= 2.

    eps keeps the diagonal, and S|j> = |j-1 modulo d>, so that d = 3, k = 1 is `choi()`. It is the generalised Choi map
    with weights d - k - 1, then k ones: trace preserving and unital. Tanahashi and Tomiyama, Canad. Math. Bull. 31, 308
    (1988); Ha, Publ. RIMS 34, 591 (1998): positive, and not decomposable for 1 <= k <= d - 2. The ends are simple:
    k = 0 is completely positive, k = d - 1 the reduction map. Raises ShapeError for other d or k.
    """
    require_order(dim, 2)
    if not 0 <= shifts < dim:
        raise ShapeError(f"this map needs an order d >= 2 and 0 <= k <= d - 1 shifts, not d = {dim}, k = {shifts}")
    return generalised_choi(dim - shifts - 1, *[1] * shifts, *[0] * (dim - shifts - 1))
