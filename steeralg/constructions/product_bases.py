"""Product bases of the literature, exact: unextendible ones, and event sets that give one or never do.

Above: Gleason assemblages, claims. Below: product bases, events. Local vectors are not normalised. DMSST is
DiVincenzo, Mor, Shor, Smolin, Terhal, Commun. Math. Phys. 238, 379 (2003).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from steeralg.arguments import checked, require_between
from steeralg.errors import InputError
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.local_bases import LocalBases, product_basis_of
from steeralg.objects.product_basis import ProductBasis
from steeralg.objects.scenario import Label

Vector = tuple[int, ...]
MAX_QUBITS, MAX_LEVELS = 12, 16
COMPUTATIONAL, HADAMARD = ((1, 0), (0, 1)), ((1, 1), (1, -1))


def _events(text: str) -> tuple[Label, ...]:
    """Read events written as outcomes|settings, a digit for every party."""
    pairs = (word.split("|") for word in text.split())
    return tuple((tuple(map(int, a)), tuple(map(int, x))) for a, x in pairs)


@checked
def qubit_bases(parties: int, *others: Any) -> LocalBases:
    """Return, for every party, the computational basis (setting 0) and others, by default that of Pauli X alone.

    The columns of each are the rays of outcomes 0 and 1, orthogonal and of any norm. At most 12 parties.
    """
    require_between("parties", parties, 1, MAX_QUBITS)
    return LocalBases.of([[COMPUTATIONAL, *(others or [HADAMARD])]] * parties)


SHIFTS: tuple[Label, ...] = _events("000|000 110|011 011|101 101|110")
"""The events of the three-party guess-your-neighbour's-input inequality, relabelled (SAPHS18 eq. (24))."""


def shifts(second: Any = HADAMARD) -> ProductBasis:
    """Return |000>, |1 e' e>, |e 1 e'>, |e' e 1> (DMSST; SAPHS18 eq. (24)): three qubits, four members.

    The columns of `second` are |e> and |e'>, orthogonal; it is unextendible unless they are |0> and |1>, in some order.
    """
    return product_basis_of(SHIFTS, qubit_bases(3, second))


@checked
def gen_shifts(n: int) -> ProductBasis:
    """Return GenShifts (DMSST): n + 1 members on n qubits, the fewest possible, for odd n > 1.

    |0...0> and the cyclic shifts of |1 f_1 ... f_k f_k' ... f_1'>, n = 2k + 1, where f_j = (1, j) and f_j' = (j, -1)
    here; any different bases do, also different from the computational one.
    """
    if not 3 <= n < MAX_QUBITS or n % 2 == 0:
        raise InputError(f"these bases exist for 3, 5, 7, ... qubits (here up to 11), not {n}")
    half = range(1, n // 2 + 1)
    first: list[Vector] = [(0, 1), *((1, j) for j in half), *((j, -1) for j in reversed(half))]
    return ProductBasis.of([[(1, 0)] * n, *(first[n - k :] + first[: n - k] for k in range(n))])


def tiles() -> ProductBasis:
    """Return TILES (Bennett et al., PRL 82, 5385 (1999)): five members on two qutrits."""
    left, right, ones = (1, -1, 0), (0, 1, -1), (1, 1, 1)
    low, high = (1, 0, 0), (0, 0, 1)
    return ProductBasis.of([[low, left], [high, right], [left, high], [right, low], [ones, ones]])


def pyramid() -> ProductBasis:
    """Return PYRAMID (Bennett et al., PRL 82, 5385 (1999)): v_j (x) v_2j, j = 0, ..., 4, on two qutrits.

    The v_j = (cos 2 pi j/5, sin 2 pi j/5, h), 2 h^2 = golden ratio g, point to the corners of a regular pentagon. Here
    the second and third coordinates are multiplied by phases, a local unitary, which brings everything to K(i) with
    K = Q(t), t = sqrt(g), t^4 = t^2 + 1: the sine is (5)^(1/4) s with s in K, and (5)^(1/4) is replaced by t + i/t, of
    square modulus g + 1/g = sqrt(5); t/sqrt(2) by (1 + i)t/2. No smaller field will do: tr(P_0 P_1) = (3 - sqrt(5))/2
    for projectors P_j on the v_j would be more than 1 in the other embedding of sqrt(5), so that K must have none that
    is real.
    """
    field = Field((-1, 0, -1, 0, 1), (Fraction(1), Fraction(3, 2)))
    zero, one, t = Number.of(0, field), Number.of(1, field), Number(field, (0, 1, 0, 0), (0,) * 4)
    half, i = Number.of(Fraction(1, 2), field), Number(field, (0,) * 4, (1, 0, 0, 0))
    root = t + i / t
    # cos 72 = 1/(2 g), cos 144 = -g/2; sin 72 and sin 144 are 5^(1/4)/2 times t and 1/t.
    cosines = (one, half / (t * t), -(half * t * t))
    sines = (zero, half * t * root, half / t * root)
    height = (one + i) * half * t
    corners = [[cosines[min(j, 5 - j)], sines[j] if j < 3 else -sines[5 - j], height] for j in range(5)]
    columns = [Matrix.from_numbers([[x] for x in corner], field) for corner in corners]
    return ProductBasis((3, 3), tuple((columns[j], columns[2 * j % 5]) for j in range(5)))


def _sparse(dim: int, support: Sequence[int], values: Sequence[int]) -> Vector:
    table = dict(zip(support, values, strict=True))
    return tuple(table.get(k, 0) for k in range(dim))


def _unit(dim: int, k: int) -> Vector:
    return _sparse(dim, [k % dim], [1])


def _tile(dim: int, support: Sequence[int]) -> Iterator[Vector]:
    """Yield an orthogonal basis of the vectors on a support whose entries sum to 0: (1, -1, 0, ..), (1, 1, -2, ..)."""
    count = len(support)
    for k in range(1, count):
        yield _sparse(dim, support, [1] * k + [-k] + [0] * (count - k - 1))


@checked
def gen_tiles_1(n: int) -> ProductBasis:
    """Return GenTiles1 (DMSST): n^2 - 2n + 1 members on two systems of even dimension n >= 4.

    Row k of an n x n board has a tile of n/2 cells, cyclically from column k + 1 on, column k one from row k on; each
    gives the product vectors whose entries on the tile sum to 0, and one more member is constant. The published ones
    are Fourier vectors; these span the same, and are rational.
    """
    if not 4 <= n <= MAX_LEVELS or n % 2:
        raise InputError(f"these tiles exist for even dimensions from 4 on (here up to {MAX_LEVELS}), not {n}")
    members: list[tuple[Vector, Vector]] = []
    for k in range(n):
        members += ((_unit(n, k), v) for v in _tile(n, [(k + 1 + j) % n for j in range(n // 2)]))
        members += ((v, _unit(n, k)) for v in _tile(n, [(k + j) % n for j in range(n // 2)]))
    return ProductBasis.of([*members, ((1,) * n, (1,) * n)])


@checked
def gen_tiles_2(m: int, n: int) -> ProductBasis:
    """Return GenTiles2 (DMSST): mn - 2m + 1 members in dimensions m and n, for m >= 3 and n >= m, n > 3.

    Column j < m of an m x n board has a tile of the two cells in rows j and j + 1 (modulo m), row j one of all cells
    that are left in it; members as for GenTiles1.
    """
    if m < 3 or not max(m, 4) <= n <= MAX_LEVELS:
        raise InputError(
            f"these tiles exist in dimensions 3 <= m <= n, n > 3 (here up to {MAX_LEVELS}), not {m} and {n}"
        )
    members: list[tuple[Vector, Vector]] = []
    for j in range(m):
        members += ((v, _unit(n, j)) for v in _tile(m, [j, (j + 1) % m]))
        members += ((_unit(m, j), v) for v in _tile(n, [k for k in range(n) if k not in (j, (j - 1) % m)]))
    return ProductBasis.of([*members, ((1,) * m, (1,) * n)])


FOUR_QUBITS: tuple[Label, ...] = _events("0000|0000 0100|1011 0011|2101 1011|2210 1101|0111 1110|1201")
"""Six mutually orthogonal events of four parties with three settings of two outcomes."""


def four_qubits(second: Any = HADAMARD, third: Any = ((1, 2), (2, -1))) -> ProductBasis:
    """Return the product basis of `FOUR_QUBITS`: six members, the fewest possible on four qubits.

    That there is one of six members, and none of five, is due to Feng, Discrete Appl. Math. 154, 942 (2006).
    """
    return product_basis_of(FOUR_QUBITS, qubit_bases(4, second, third))


THREE_OUTCOMES: tuple[Label, ...] = _events(
    "0101|0001 0100|0111 1100|0001 1101|0111 2100|0000 2101|0110"
    " 0010|1010 0011|1100 1010|1100 1011|1010 2010|1011 2011|1101"
)
"""Twelve mutually orthogonal events of four parties with two settings, of 3, 2, 2, 2 outcomes.

The set is maximal, and every outcome of both three-outcome settings occurs.
"""

THREE_OUTCOME_BASES = LocalBases.of(
    [
        [((1, 0, 0), (0, 1, 0), (0, 0, 1)), ((12, 3, -4), (-4, 12, -3), (3, 4, 12))],
        *[[COMPUTATIONAL, HADAMARD]] * 3,
    ]
)
"""Rational bases for `THREE_OUTCOMES`; the second one of the first party is a rotation, up to a factor of 13.

The least value of the projector on product vectors is about 0.0768 (numerically; not proved here).
"""


def three_outcome_basis() -> ProductBasis:
    """Return the product basis of `THREE_OUTCOMES`: twelve members in dimensions 3, 2, 2, 2, unextendible."""
    return product_basis_of(THREE_OUTCOMES, THREE_OUTCOME_BASES)


def extendible_event_set() -> tuple[Label, ...]:
    """Return a maximal set of mutually orthogonal events whose product basis is extendible whatever the bases are.

    Three parties, two settings, three outcomes; `always_extendible` proves it. So SAPHS18 Sec. 6, which takes the
    product basis of any optimal inequality to be unextendible, gives nothing for this one.
    """
    return _events("021|011 022|011 121|011 122|011 200|000 201|000 220|000 221|000 010|101 102|110 112|110 210|101")
