"""Directions: rational vectors of Bloch space, and whether a body spanned by them contains the unit ball.

Above: locality for all projective measurements, constructions. Below: the exact layer's numbers. Only lines count: a
set of vectors v_k stands for the convex hull of all v_k and -v_k. If every vector has y = 0 the set is *planar*, and
the disc in the x-z plane takes the place of the ball. Suggestions (`polygon`, `polyhedron`) are unit vectors near
regular ones; the questions (`inradius_squared`, `covers`, `expressed`) are decided exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import gcd, isqrt, lcm

import sympy

from steeralg.arguments import checked
from steeralg.errors import InputError, ShapeError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import IMAGINARY_UNIT, Number, exact_rational

Direction = tuple[Fraction, Fraction, Fraction]
"""A rational vector (x, y, z) of Bloch space, of any length."""

MAX_DIRECTIONS = 64
_SCALE = 10**24


@checked
def as_directions(vectors: Sequence[Sequence[Fraction | int | str]]) -> tuple[Direction, ...]:
    """Return vectors (x, y, z) of integers, fractions or strings as directions. Raises ShapeError, NumberError."""
    found = [tuple(exact_rational(c) for c in vector) for vector in vectors]
    if not 1 <= len(found) <= MAX_DIRECTIONS:
        raise ShapeError(f"{len(found)} directions; between 1 and {MAX_DIRECTIONS} are supported")
    result: list[Direction] = []
    for k, vector in enumerate(found):
        if len(vector) != 3:
            raise ShapeError(f"direction {k} has {len(vector)} coordinates; write (x, y, z)")
        result.append((vector[0], vector[1], vector[2]))
    return tuple(result)


def is_planar(vectors: Sequence[Direction]) -> bool:
    """Whether all vectors lie in the x-z plane."""
    return not any(y for _, y, _ in vectors)


def squared_length(vector: Direction) -> Fraction:
    """Return the squared length of a vector."""
    x, y, z = vector
    return x * x + y * y + z * z


def bloch(matrix: Matrix) -> tuple[Number, tuple[Number, Number, Number]]:
    """Return the trace t and the Bloch vector r of a Hermitian 2 x 2 matrix (t 1 + r . (X, Y, Z))/2."""
    upper, lower = matrix.entry(0, 1), matrix.entry(1, 0)
    return matrix.trace(), (upper + lower, (upper - lower) * IMAGINARY_UNIT, matrix.entry(0, 0) - matrix.entry(1, 1))


def response(matrix: Matrix, direction: Direction) -> Number:
    """Return (t + v . r)/2: for a unit vector v the probability of the projector onto v, times the trace."""
    trace, vector = bloch(matrix)
    terms = (r * Number.of(v) for r, v in zip(vector, direction, strict=True))
    return sum(terms, trace) * Number.of(Fraction(1, 2))


@checked
def polygon(count: int, max_denominator: int = 200) -> tuple[Direction, ...]:
    """Return `count` rational unit vectors in the x-z plane, near the angles k pi/count from the z axis.

    With their opposites they are nearly a regular polygon of 2 count vertices: `polygon(4)` is the octagon of SBCSV15
    App. B. Denominators are at most `max_denominator`. Raises InputError for numbers out of range.
    """
    if not 2 <= count <= MAX_DIRECTIONS:
        raise InputError(f"a polygon has between 2 and {MAX_DIRECTIONS} directions, not {count}")
    angles = [sympy.pi * k / count for k in range(count)]
    return tuple(_unit((_scaled(sympy.sin(t)), 0, _scaled(sympy.cos(t))), max_denominator) for t in angles)


def _scaled(value: sympy.Expr) -> int:
    return int(sympy.floor(sympy.N(value * _SCALE, 40)))


_GOLDEN = (_SCALE + isqrt(5 * _SCALE**2)) // 2
_CYCLIC = ((0, 1, 2), (1, 2, 0), (2, 0, 1))
_OCTAHEDRON, _CUBE, _CUBOCTAHEDRON = (_SCALE, 0, 0), (_SCALE, _SCALE, _SCALE), (_SCALE, _SCALE, 0)
_ICOSAHEDRON, _DODECAHEDRON = (0, _SCALE, _GOLDEN), (0, _GOLDEN, _GOLDEN - _SCALE)
_ICOSIDODECAHEDRON = (_SCALE, _GOLDEN + _SCALE, _GOLDEN)
POLYHEDRA = {
    3: (_OCTAHEDRON,),
    6: (_ICOSAHEDRON,),
    13: (_OCTAHEDRON, _CUBOCTAHEDRON, _CUBE),
    16: (_ICOSAHEDRON, _DODECAHEDRON, _CUBE),
    31: (_ICOSAHEDRON, _DODECAHEDRON, _CUBE, _OCTAHEDRON, _ICOSIDODECAHEDRON),
}
"""The polyhedra by their numbers of axes, as orbits of vectors under cyclic permutations and changes of sign: the
octahedron; the icosahedron; the axes of the octahedral group; those of the icosahedral one through vertices and faces;
all of them."""


@checked
def polyhedron(count: int, max_denominator: int = 200) -> tuple[Direction, ...]:
    """Return `count` rational unit vectors, one for each axis of a well-spread polyhedron: 3, 6, 13, 16 or 31.

    Denominators are at most `max_denominator`. Raises InputError for other numbers.
    """
    if count not in POLYHEDRA:
        raise InputError(f"no polyhedron with {count} axes; there are {', '.join(map(str, POLYHEDRA))}")
    axes: dict[Direction, None] = {}
    for seed in POLYHEDRA[count]:
        for signs, order in product(product((1, -1), repeat=3), _CYCLIC):
            turned = tuple(signs[i] * seed[i] for i in order)
            first = next(c for c in turned if c)
            if first > 0:
                axes[_unit((turned[0], turned[1], turned[2]), max_denominator)] = None
    return tuple(axes)


def _unit(target: tuple[int, int, int], max_denominator: int) -> Direction:
    """Return a rational unit vector near a direction, by stereographic projection along its largest coordinate.

    (2a, 2b, q^2 - a^2 - b^2)/(a^2 + b^2 + q^2) is a unit vector for all integers a, b, q; the best that has a small
    denominator is taken.
    """
    if max_denominator < 1:
        raise InputError(f"max_denominator = {max_denominator}: at least 1")
    length = isqrt(sum(c * c for c in target))
    pole = max(range(3), key=lambda i: abs(target[i]))
    sign = 1 if target[pole] > 0 else -1
    others = [i for i in range(3) if i != pole]
    height = length + abs(target[pole])
    best = Fraction(4), (Fraction(0), Fraction(0), Fraction(0))
    for q in range(1, isqrt(4 * max_denominator) + 1):
        a, b = (_nearest(q * target[i], height) for i in others)
        squares = a * a + b * b
        common = gcd(2 * a * q, 2 * b * q, q * q - squares, q * q + squares)
        if (q * q + squares) // common > max_denominator:
            continue
        vector = [Fraction(0)] * 3
        for i, c in ((others[0], 2 * a * q), (others[1], 2 * b * q), (pole, sign * (q * q - squares))):
            vector[i] = Fraction(c, q * q + squares)
        error = sum(((v - Fraction(t, length)) ** 2 for v, t in zip(vector, target, strict=True)), Fraction(0))
        if error < best[0]:
            best = error, (vector[0], vector[1], vector[2])
    return best[1]


def _nearest(numerator: int, denominator: int) -> int:
    """Round a quotient to the nearest integer, halves away from zero, so that opposite vectors round to opposites."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def inradius_squared(vectors: Sequence[Sequence[Fraction | int | str]]) -> Fraction:
    """Return the squared radius of the largest ball (planar sets: disc) around 0 in the hull of all +-v_k, exactly.

    It is the least squared distance of a facet from 0, and 0 if the vectors do not span. A facet is a hyperplane
    through d linearly independent vertices with no other vertex beyond it. Raises ShapeError, NumberError.
    """
    exact = as_directions(vectors)
    points = [_homogeneous(v, is_planar(exact)) for v in exact]
    least: Fraction | None = None
    for normal, level in _facets(points):
        distance = Fraction(level * level, sum(c * c for c in normal))
        if least is None or distance < least:
            least = distance
    return least or Fraction(0)


def covers(vectors: Sequence[Sequence[Fraction | int | str]]) -> bool:
    """Whether the hull of all +-v_k contains the unit ball (planar sets: the unit disc of the x-z plane).

    Raises ShapeError, NumberError for what is no direction.
    """
    return inradius_squared(vectors) >= 1


@checked
def circumscribed(
    vectors: Sequence[Sequence[Fraction | int | str]], max_denominator: int = 1000
) -> tuple[Direction, ...]:
    """Return the vectors divided by a rational mu, their inradius or slightly less, so that they cover the ball.

    Raises InputError for vectors that do not span, ShapeError and NumberError for what is no direction.
    """
    if max_denominator < 1:
        raise InputError(f"max_denominator = {max_denominator}: at least 1")
    exact = as_directions(vectors)
    squared = inradius_squared(exact)
    mu = max(
        Fraction(isqrt(q * q * squared.numerator // squared.denominator), q) for q in range(1, max_denominator + 1)
    )
    if not mu:
        raise InputError(
            f"the inradius is below 1/{max_denominator}: the vectors do not span, or raise max_denominator"
        )
    return tuple((x / mu, y / mu, z / mu) for x, y, z in exact)


def expressed(vectors: Sequence[Direction], target: Direction) -> tuple[Fraction, ...] | None:
    """Return coefficients c_k with sum c_k v_k = target and the least sum |c_k|; None if target is not in the span.

    The least sum is at most 1 iff the target lies in the hull of all +-v_k. It is attained on linearly independent
    vectors.
    """
    planar = is_planar(vectors)
    if planar and target[1]:
        return None
    axes = (0, 2) if planar else (0, 1, 2)
    best: tuple[Fraction, tuple[Fraction, ...]] | None = None
    for chosen in combinations(range(len(vectors)), len(axes)):
        rows = [[vectors[k][i] for i in axes] for k in chosen]
        whole = _determinant(rows)
        if not whole:
            continue
        wanted = [target[i] for i in axes]
        solved = [_determinant([*rows[:j], wanted, *rows[j + 1 :]]) / whole for j in range(len(rows))]
        size = sum(map(abs, solved), Fraction(0))
        if best is None or size < best[0]:
            coefficients = [Fraction(0)] * len(vectors)
            for k, c in zip(chosen, solved, strict=True):
                coefficients[k] = c
            best = size, tuple(coefficients)
    return best[1] if best else None


def _homogeneous(vector: Direction, planar: bool) -> tuple[tuple[int, ...], int]:
    """Write a vector as integers over one positive integer."""
    coordinates = (vector[0], vector[2]) if planar else vector
    common = lcm(*(c.denominator for c in coordinates))
    return tuple(int(c * common) for c in coordinates), common


def _facets(points: Sequence[tuple[tuple[int, ...], int]]) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield (normal, level) with normal . x = level > 0 on a facet, each facet or its opposite at least once."""
    d = len(points[0][0])
    for chosen in combinations(points, d):
        for signs in product((1, -1), repeat=d - 1):
            corners = [chosen[0], *((tuple(s * c for c in p), q) for s, (p, q) in zip(signs, chosen[1:], strict=True))]
            normal, level = _plane(corners)
            if level < 0:
                normal, level = tuple(-c for c in normal), -level
            # The set is symmetric, so both sides of the pair of planes are checked at once.
            if level and all(abs(sum(n * c for n, c in zip(normal, p, strict=True))) <= level * q for p, q in points):
                yield normal, level


def _plane(corners: Sequence[tuple[tuple[int, ...], int]]) -> tuple[tuple[int, ...], int]:
    """Return the hyperplane normal . x = level through d points; level 0 if they are linearly dependent."""
    if len(corners) == 2:
        ((a, b), q), ((c, d), r) = corners
        return (q * d - r * b, r * a - q * c), a * d - b * c
    (u, p), (v, q), (w, r) = corners
    vw, wu, uv = _cross(v, w), _cross(w, u), _cross(u, v)
    normal = tuple(p * a + q * b + r * c for a, b, c in zip(vw, wu, uv, strict=True))
    return normal, sum(a * b for a, b in zip(u, vw, strict=True))


def _cross(v: Sequence[int], w: Sequence[int]) -> tuple[int, int, int]:
    return v[1] * w[2] - v[2] * w[1], v[2] * w[0] - v[0] * w[2], v[0] * w[1] - v[1] * w[0]


def _determinant(rows: Sequence[Sequence[Fraction]]) -> Fraction:
    if len(rows) == 2:
        return rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0]
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
