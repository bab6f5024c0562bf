"""Directions on the Bloch ball: inradii against an independent oracle (the plane: hulls by sorted angles), polytopes
known by heart, and the identity for a double pyramid that joins the plane to space; gauges against inradii; unit
vectors that are unit vectors; what is no direction is a typed error.
"""

from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull

from steeralg.constructions import pauli
from steeralg.errors import InputError, NumberError, ShapeError
from steeralg.exact.convert import as_matrices
from steeralg.objects.directions import (
    MAX_DIRECTIONS,
    POLYHEDRA,
    as_directions,
    bloch,
    circumscribed,
    covers,
    expressed,
    inradius_squared,
    is_planar,
    polygon,
    polyhedron,
    response,
    squared_length,
)
from tests.strategies import hermitian

AXES = [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
rationals = st.fractions(-2, 2, max_denominator=5)
planar = st.lists(st.tuples(rationals, st.just(Fraction(0)), rationals), min_size=1, max_size=6)
spatial = st.lists(st.tuples(rationals, rationals, rationals), min_size=1, max_size=5)


def cross(p, q):
    return p[0] * q[1] - p[1] * q[0]


def oracle(vectors):
    """The squared inradius in the plane: the hull of all +-v by the monotone chain, then the nearest edge."""
    points = sorted({(s * x, s * z) for x, _, z in vectors for s in (1, -1)})
    hull = []
    for chain in (points, points[::-1]):
        start = len(hull)
        for p in chain:
            while len(hull) >= start + 2:
                (a, b), (c, d) = hull[-2], hull[-1]
                if cross((c - a, d - b), (p[0] - a, p[1] - b)) > 0:
                    break
                hull.pop()
            hull.append(p)
        hull.pop()
    edges = [(p, q) for p, q in zip(hull, hull[1:] + hull[:1], strict=True) if p != q]
    return min(
        (Fraction(cross(p, q) ** 2) / ((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2) for p, q in edges), default=Fraction(0)
    )


def test_small_sets_in_the_plane_agree_with_the_hull_by_sorted_points():
    vectors = [(x, 0, z) for x, z in product(range(3), range(-2, 3)) if (x, z) > (0, 0)]
    for size in (1, 2, 3):
        for chosen in combinations(vectors, size):
            assert inradius_squared(as_directions(chosen)) == oracle(chosen)


@given(planar)
@settings(deadline=None)
def test_sets_in_the_plane_agree_with_the_hull_by_sorted_points(vectors):
    assert inradius_squared(vectors) == oracle(vectors)


@pytest.mark.parametrize("count", [2, 3, 5, 8, 13, 30])
def test_polygons_agree_with_the_hull_by_sorted_points(count):
    chosen = polygon(count)
    assert inradius_squared(chosen) == oracle(chosen)
    assert oracle(circumscribed(chosen)) >= 1


@given(spatial)
@settings(deadline=None, max_examples=40)
def test_bodies_agree_with_a_hull_in_floats(vectors):
    points = np.array([[s * float(c) for c in v] for v in vectors for s in (1, -1)])
    assume(not is_planar(vectors) and np.linalg.matrix_rank(points) == 3)
    assert float(inradius_squared(vectors)) == pytest.approx(np.min(ConvexHull(points).equations[:, 3] ** 2))


@pytest.mark.parametrize(
    ("vectors", "squared"),
    [
        (AXES, Fraction(1, 3)),
        ([(1, 1, 1), (1, 1, -1), (1, -1, 1), (-1, 1, 1)], 1),
        ([(1, 1, 0), (1, -1, 0), (1, 0, 1), (1, 0, -1), (0, 1, 1), (0, 1, -1)], 1),
        ([*AXES, *((x, y, z) for x in (1, -1) for y in (1, -1) for z in (1, -1))], 1),
        ([(3, 0, 0), (0, 2, 0), (0, 0, 6)], Fraction(18, 7)),
        ([(1, 0, 0), (0, 1, 0), (1, 1, 0)], 0),
        ([(1, 0, 0), (0, 0, 1)], Fraction(1, 2)),
        ([(1, 0, 0), (-2, 0, 0)], 0),
        ([(0, 0, 0), *AXES], Fraction(1, 3)),
    ],
    ids=["octahedron", "cube", "cuboctahedron", "cube and inside", "stretched", "flat", "square", "line", "zero"],
)
def test_known_bodies(vectors, squared):
    chosen = as_directions(vectors)
    assert inradius_squared(chosen) == squared
    assert covers(chosen) == (squared >= 1)
    shrunk = [tuple(c * (1 - Fraction(1, 10**12)) for c in v) for v in chosen]
    assert covers(shrunk) == (squared > 1)


@given(planar, st.integers(1, 4))
@settings(deadline=None, max_examples=40)
def test_a_double_pyramid_over_a_polygon(vectors, height):
    """The distance d of its faces: 1/d^2 = 1/r^2 + 1/h^2, r the inradius of the polygon; the poles are h away."""
    squared = oracle(vectors)
    tall = [*vectors, (Fraction(0), Fraction(height), Fraction(0))]
    assert inradius_squared(tall) == (0 if not squared else 1 / (1 / squared + Fraction(1, height**2)))


@given(spatial, st.permutations(range(3)), st.tuples(*[st.sampled_from([1, -1])] * 3), st.integers(1, 3))
@settings(deadline=None, max_examples=40)
def test_turning_and_stretching(vectors, order, signs, factor):
    turned = [tuple(factor * signs[i] * v[i] for i in order) for v in vectors]
    assume(is_planar(vectors) == is_planar(turned))
    assert inradius_squared(turned) == factor**2 * inradius_squared(vectors)


@given(spatial | planar, st.tuples(rationals, rationals, rationals))
@settings(deadline=None, max_examples=60)
def test_gauges_reach_one_only_outside_the_inscribed_ball(vectors, target):
    if is_planar(vectors):
        target = (target[0], Fraction(0), target[2])
    found = expressed(vectors, target)
    squared = inradius_squared(vectors)
    assert (found is None) == (squared == 0)
    if found is not None:
        combined = tuple(sum(c * v[i] for c, v in zip(found, vectors, strict=True)) for i in range(3))
        assert combined == target
        gauge = sum(map(abs, found))
        assert squared_length(target) > squared or gauge <= 1
        assert gauge**2 <= squared_length(target) / squared


def test_a_vector_out_of_the_plane_is_not_expressed_in_it():
    assert expressed(polygon(4), (Fraction(0), Fraction(1), Fraction(0))) is None


@pytest.mark.parametrize("count", [2, 4, 7, 8, 16])
@pytest.mark.parametrize("largest", [5, 200, 10_000])
def test_polygons_are_unit_vectors_near_regular_ones(count, largest):
    chosen = polygon(count, largest)
    for k, (x, y, z) in enumerate(chosen):
        assert x * x + z * z == 1 and y == 0
        assert max(x.denominator, z.denominator) <= largest
        if largest == 10_000:
            assert float(x) == pytest.approx(np.sin(k * np.pi / count), abs=0.02)
            assert float(z) == pytest.approx(np.cos(k * np.pi / count), abs=0.02)


def test_fine_polygons_have_the_inradius_of_regular_ones():
    """cos(pi/(2 m)): for the octagon of SBCSV15 App. B, cos(pi/8)."""
    for count in (2, 3, 4, 7, 8):
        squared = inradius_squared(polygon(count, 10**5))
        assert float(squared) == pytest.approx(np.cos(np.pi / 2 / count) ** 2, abs=1e-4)


@pytest.mark.parametrize(("count", "inradius"), [(3, 0.577), (6, 0.794), (13, 0.886), (16, 0.922), (31, 0.946)])
def test_polyhedra_are_unit_vectors_and_well_spread(count, inradius):
    chosen = polyhedron(count)
    assert len(set(chosen)) == count
    assert all(squared_length(v) == 1 and max(c.denominator for c in v) <= 200 for v in chosen)
    assert not {tuple(-c for c in v) for v in chosen} & set(chosen)
    assert float(inradius_squared(chosen)) == pytest.approx(inradius**2, abs=2e-3)
    assert covers(circumscribed(chosen)) and not covers(chosen)


@given(planar | spatial, st.sampled_from([1, 7, 1000]))
@settings(deadline=None, max_examples=40)
def test_circumscribed_sets_cover_and_not_by_much(vectors, largest):
    squared = inradius_squared(vectors)
    if squared * largest**2 < 1:
        with pytest.raises(InputError, match="span, or raise max_denominator"):
            circumscribed(vectors, largest)
        return
    scaled = circumscribed(vectors, largest)
    assert covers(scaled)
    mu = next(c / d for v, w in zip(vectors, scaled, strict=True) for c, d in zip(v, w, strict=True) if d)
    assert all(tuple(mu * c for c in w) == v for v, w in zip(vectors, scaled, strict=True))
    assert mu**2 <= squared < (mu + Fraction(1, largest)) ** 2


@given(hermitian(2), st.tuples(rationals, rationals, rationals))
@settings(deadline=None)
def test_bloch_vectors_give_back_the_matrix_and_its_responses(matrix, direction):
    trace, (x, y, z) = bloch(matrix)
    assert matrix.entry(0, 0).fraction() == (trace + z).fraction() / 2
    assert matrix.entry(1, 1).fraction() == (trace - z).fraction() / 2
    entry = matrix.entry(0, 1)
    assert Fraction(entry.re[0], entry.denominator) == x.fraction() / 2
    assert Fraction(entry.im[0], entry.denominator) == -y.fraction() / 2
    along = sum(v * r.fraction() for v, r in zip(direction, (x, y, z), strict=True))
    assert response(matrix, direction).fraction() == (trace.fraction() + along) / 2


@pytest.mark.parametrize("k", range(3))
def test_projectors_along_the_axes(k):
    """|+>, |+i> and |0> answer + to x, y and z for certain, and to the other two at random."""
    plus = as_matrices([(pauli.ONE + (pauli.X, pauli.Y, pauli.Z)[k]) / 2])[0]
    for j, axis in enumerate(as_directions(AXES)):
        assert response(plus, axis).fraction() == (1 if j == k else Fraction(1, 2))


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: as_directions([]), ShapeError),
        (lambda: as_directions([(1, 0, 0)] * (MAX_DIRECTIONS + 1)), ShapeError),
        (lambda: as_directions([(1, 0, 0), (1, 0)]), ShapeError),
        (lambda: as_directions([(1, 0, 0.5)]), NumberError),
        (lambda: polygon(1), InputError),
        (lambda: polygon(MAX_DIRECTIONS + 1), InputError),
        (lambda: polygon(4, 0), InputError),
        (lambda: polyhedron(7), InputError),
        (lambda: polyhedron(6, 0), InputError),
        (lambda: circumscribed(as_directions([(1, 0, 0), (0, 1, 0)])), InputError),
    ],
)
def test_what_is_no_direction_is_refused(call, error):
    with pytest.raises(error):
        call()


def test_every_polyhedron_has_as_many_axes_as_it_says():
    assert all(len(polyhedron(count)) == count for count in POLYHEDRA)
