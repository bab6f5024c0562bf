"""Extended nonlocal games: a referee with a quantum system of his own (Johnston, Mittal, Russo, Watrous 2016).

Above: claims. Below: objects. In a monogamy-of-entanglement game the players prepare a joint state with the referee,
who announces one of several bases and measures his part in it; both players must name his outcome. Here the bases are
the four mutually unbiased bases of a qutrit, announced with equal probabilities. The published quantum value is between
0.660986 and 2/3.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import sympy

from steeralg.arguments import checked
from steeralg.errors import InputError
from steeralg.exact.convert import as_matrices
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.functional import Functional
from steeralg.objects.measurement import POVM
from steeralg.objects.realisation import Realisation
from steeralg.objects.scenario import Label, Scenario
from steeralg.objects.state import State

MUB4_SYMMETRIES = (
    "(A B)",
    "A|0:(0 1 2); A|2:(0 1 2); A|3:(0 2 1); B|0:(0 1 2); B|2:(0 1 2); B|3:(0 2 1); U: X",
    "A|1:(0 2 1); A|2:(0 2 1); A|3:(0 2 1); B|1:(0 2 1); B|2:(0 2 1); B|3:(0 2 1); U: Z",
    "A:(0 1)(2 3); A|0:(1 2); A|2:(1 2); A|3:(0 2 1); B:(0 1)(2 3); B|0:(1 2); B|2:(1 2); B|3:(0 2 1); U: F",
    "A:(1 2 3); B:(1 2 3); U: P",
    "A:(2 3); A|1:(1 2); A|2:(1 2); A|3:(1 2); B:(2 3); B|1:(1 2); B|2:(1 2); B|3:(1 2); conj",
)
"""Symmetries of `mub4_game`: players exchanged, Weyl operators, Fourier and phase gate, complex conjugation."""

_REFLECTIONS = (
    (((256, 0), (217, 0), (34, 0)), ((0, 0), (1024, 0), (71, 80))),
    (((1024, 0), (-309, 212), (-187, 325)), ((0, 0), (1024, 0), (-183, -383))),
    (((1024, 0), (311, -810), (-68, -117)), ((0, 0), (1024, 0), (139, 818))),
)
"""Settings 1, 2, 3 of both players: two reflections each, the vectors as (re, im)."""

_STATE = (
    *((1024, 1), (-307, -1), (-237, 409), (16, -11), (16, -11), (-25, -330), (10, -17), (-165, 286), (9, 17)),
    *((16, -11), (16, -11), (-25, -330), (170, -441), (369, -955), (-193, -239), (-25, -330), (1, 19), (-17, -9)),
    *((10, -17), (-165, 286), (9, 17), (-25, -330), (1, 19), (-17, -9), (153, 266), (-237, -410), (1024, 0)),
)
"""The state of the players and the referee, not normalised, as (re, im)."""


@checked
def mutually_unbiased_bases(dim: int) -> list[list[Matrix]]:
    """Return the dim + 1 mutually unbiased bases of a prime dimension above 2, as projectors, exactly.

    The first is the eigenbasis of the clock Z, then come those of X Z^m, m = 0 .. dim - 1; outcome a has the eigenvalue
    w^a, w = exp(2 pi i/dim). Raises InputError for other dimensions.
    """
    if dim < 3 or not sympy.isprime(dim):
        raise InputError(f"the bases are written down for odd prime dimensions, not {dim}")
    w = sympy.cos(2 * sympy.pi / dim) + sympy.I * sympy.sin(2 * sympy.pi / dim)
    powers = as_matrices([sympy.Matrix([[sympy.expand_complex(w**k) for k in range(dim)]])])[0]
    bases = [[Matrix.unit(dim, a, a) for a in range(dim)]]
    for m in range(dim):
        basis = []
        for a in range(dim):
            # X Z^m v = w^a v for v_(j+1) = w^(m j - a) v_j.
            turns = [m * j * (j - 1) // 2 - a * j for j in range(dim)]
            rows = [[powers.entry(0, (s - t) % dim) for t in turns] for s in turns]
            basis.append(Matrix.from_numbers(rows, powers.field).scale(Fraction(1, dim)))
        bases.append(basis)
    return bases


def require_mutually_unbiased(bases: Sequence[Sequence[Matrix]]) -> None:
    """Raise InputError unless projectors of rank one form orthonormal bases, any two of them unbiased, exactly.

    That is tr(P Q) = 1 for P = Q, 0 for others of one basis, and 1/d for bases that differ.
    """
    for k, left in enumerate(bases):
        for m, right in enumerate(bases):
            for a, p in enumerate(left):
                for b, q in enumerate(right):
                    wanted = Fraction(int(a == b)) if k == m else Fraction(1, p.rows)
                    if p @ p != p or not (p.inner(q) - Number.of(wanted)).is_zero:
                        raise InputError(f"projectors {a} of basis {k} and {b} of basis {m} do not overlap by {wanted}")


def mub4_game() -> Functional:
    """Return minus the probability of winning: -1/4 sum_x sum_a E_A[a|x] E_B[a|x] (x) P[a|x].

    Two black boxes with four settings of three outcomes, a trusted qutrit; P[a|x] are `mutually_unbiased_bases(3)`,
    which are verified to be mutually unbiased.
    """
    bases = mutually_unbiased_bases(3)
    require_mutually_unbiased(bases)
    elements: dict[Label, Matrix] = {
        ((a, a), (x, x)): p.scale(Fraction(-1, 4)) for x, basis in enumerate(bases) for a, p in enumerate(basis)
    }
    return Functional(Scenario.of([[3] * 4, [3] * 4], 3), elements)


def mub4_strategy() -> Realisation:
    """Return an explicit strategy for the game, players with a qutrit each: it wins with more than 0.660986.

    Both players measure the same bases: the computational one, and the columns of H_1 H_2, H = 1 - 2 v v*/|v|^2. It was
    found by a see-saw and rounded to the integers written here; it reaches the published lower bound.
    """
    settings = [POVM(tuple(Matrix.unit(3, a, a) for a in range(3)))]
    for first, second in _REFLECTIONS:
        unitary = _reflection(first) @ _reflection(second)
        settings.append(POVM(tuple(unitary @ Matrix.unit(3, a, a) @ unitary.adjoint for a in range(3))))
    vector = _column(_STATE)
    projector = vector @ vector.adjoint
    state = State((3, 3, 3), projector.scale(projector.trace().inverse()))
    return Realisation(state, (tuple(settings), tuple(settings)))


def _column(entries: Sequence[tuple[int, int]]) -> Matrix:
    return Matrix.from_numbers([[Number(RATIONALS, (re,), (im,))] for re, im in entries], RATIONALS)


def _reflection(entries: Sequence[tuple[int, int]]) -> Matrix:
    vector = _column(entries)
    norm = vector.adjoint.inner(vector).fraction()
    return Matrix.identity(len(entries)) - (vector @ vector.adjoint).scale(2 / norm)
