"""Repair: the result is a valid assemblage; exact data do not move, so repair is idempotent; the residual of the affine
projection is orthogonal to every no-signalling direction of trace zero (found here by exact linear algebra from the
definition, in every kind of scenario), so that nothing valid is nearer; the noise added for positivity is the least
multiple of its grid.
"""

from fractions import Fraction
from functools import cache
from itertools import product
from math import ceil, prod

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.polys.matrices import DomainMatrix

from steeralg.constructions import saphs18
from steeralg.errors import FormatError, InputError, NumberError, PositivityError
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.assemblage import white_noise
from steeralg.objects.repair import repair
from steeralg.objects.scenario import Scenario
from tests import strategies as own

fast = settings(deadline=None, max_examples=20)
scenarios = own.scenarios | st.just(own.three_boxes) | own.kinds
assemblages = scenarios.flatmap(own.quantum_assemblages)
GRID = Fraction(1, 1 << 80)


def tables(scenario):
    """A basis of the no-signalling tables c(a|x): no sum over a box's outcomes depends on that box's setting."""
    labels = [(a, x) for x in scenario.settings() for a in scenario.outcomes(x)]
    equations = []
    for k, (a, x), (b, y) in product(range(len(scenario.black_boxes)), labels, labels):
        if x[k] < y[k] and elsewhere(a, k) == elsewhere(b, k) and elsewhere(x, k) == elsewhere(y, k):
            sums = [{c for c in labels if c[1] == z and elsewhere(c[0], k) == elsewhere(a, k)} for z in (x, y)]
            equations.append([(label in sums[0]) - (label in sums[1]) for label in labels])
    matrix = DomainMatrix(equations, (len(equations), len(labels)), sympy.ZZ).convert_to(sympy.QQ)
    rows = matrix.nullspace().to_Matrix().tolist()
    return [{m: Fraction(int(c.p), int(c.q)) for m, c in zip(labels, row, strict=True)} for row in rows]


def directions(scenario):
    """Families that span the differences of normalised no-signalling families, from the definition.

    A table times a traceless operator in one view; a table of sum zero times 1/d in all views at once. Of instrumental
    data only the total trace at every setting is fixed.
    """
    if scenario.instrumental:
        for label in scenario.labels():
            order, first = scenario.order(label), ((0,), label[1])
            yield from ({label: m} for m in hermitian_basis(order) if m.trace().is_zero)
            yield from ({label: m} for m in differences(order))
            if label != first:
                other = Matrix.unit(scenario.order(first), 0, 0)
                yield {label: Matrix.unit(order, 0, 0), first: -other}
        return
    found = tables(scenario)
    sums = [sum(c for (_, x), c in table.items() if not any(x)) for table in found]
    base = next(k for k, total in enumerate(sums) if total)
    for table, total in zip(found, sums, strict=True):
        for view, order in enumerate(scenario.views):
            for m in [*(m for m in hermitian_basis(order) if m.trace().is_zero), *differences(order)]:
                yield {scenario.label(*label, view): m.scale(c) for label, c in table.items()}
        flat = {label: c - total / sums[base] * found[base][label] for label, c in table.items()}
        yield {
            scenario.label(*label, view): Matrix.identity(order).scale(c / order)
            for label, c in flat.items()
            for view, order in enumerate(scenario.views)
        }


def differences(order):
    """Traceless diagonal matrices."""
    return [Matrix.unit(order, i, i) - Matrix.unit(order, 0, 0) for i in range(1, order)]


def elsewhere(values, box):
    return values[:box] + values[box + 1 :]


SMALL = [([(2, 3)], 2), ([(2, 3), (3, 1, 2)], 1), ([(2, 3)] * 2, 2), ([(2,), (2, 3), (2, 2)], 1)]
BASES = [*(Scenario.of(boxes, dim) for boxes, dim in SMALL), *own.KINDS.values()]
DIRECTIONS = cache(lambda scenario: list(directions(scenario)))


@st.composite
def perturbed(draw, scenario, size=Fraction(1, 10**5)):
    """An interior assemblage and small complex matrices, Hermitian or not, added to its elements."""
    sigma = draw(own.quantum_assemblages(scenario)).mix(white_noise(scenario), Fraction(1, 2))
    seed = draw(st.randoms(use_true_random=False))

    def entry():
        re, im = (Fraction(seed.randint(-100, 100), 100) * size for _ in range(2))
        return Number.of(re) + Number.of(im) * own.gaussian(0, 1)

    ranges = {label: range(scenario.order(label)) for label in scenario.labels()}
    shifts = {k: Matrix.from_numbers([[entry() for _ in d] for _ in d], RATIONALS) for k, d in ranges.items()}
    return sigma, {label: sigma.elements[label] + shift for label, shift in shifts.items()}


def squared_norm(matrices):
    return sum((m.adjoint.inner(m).fraction() for m in matrices), Fraction(0))


def hermitian_basis(dim):
    i = own.gaussian(0, 1)
    for j, k in product(range(dim), repeat=2):
        unit = Matrix.unit(dim, j, k)
        yield unit if j == k else unit + unit.adjoint if j < k else (unit - unit.adjoint).scale(i)


@pytest.mark.parametrize("scenario", BASES, ids=str)
def test_the_no_signalling_space_has_the_dimension_of_its_independent_marginals(scenario):
    boxes = prod(1 + sum(d - 1 for d in box.outcomes) for box in scenario.black_boxes)
    assert len(tables(scenario)) == boxes
    rows = []
    for family in DIRECTIONS(scenario):
        row = []
        for label in scenario.labels():
            order = scenario.order(label)
            re, im = family.get(label, Matrix.zero(order, order)).sympy().as_real_imag()
            row += [*re, *im]
        rows.append(row)
    rank = DomainMatrix.from_list_sympy(len(rows), len(rows[0]), rows).convert_to(sympy.QQ).rank() if rows else 0
    if scenario.instrumental:
        assert rank == sum(d**2 for d in map(scenario.order, scenario.labels())) - len(list(scenario.settings()))
    else:
        assert rank == boxes * (sum(d**2 - 1 for d in scenario.views) + 1) - 1


@given(st.sampled_from(BASES).flatmap(perturbed))
@fast
def test_the_residual_is_orthogonal_to_every_no_signalling_direction_of_trace_zero(pair):
    sigma, elements = pair
    scenario, repaired = sigma.scenario, repair(sigma.scenario, elements)
    assert repaired.noise == 0
    residual = {label: repaired.assemblage.elements[label] - m for label, m in elements.items()}
    hermitian = {label: (m + m.adjoint).scale(Fraction(1, 2)) for label, m in residual.items()}
    for family in DIRECTIONS(scenario):
        assert sum(m.inner(hermitian[label]).fraction() for label, m in family.items()) == 0


@given(scenarios.flatmap(perturbed))
@fast
def test_nothing_is_moved_further_than_it_was_away(pair):
    sigma, elements = pair
    repaired = repair(sigma.scenario, elements)
    moved = squared_norm(repaired.assemblage.elements[k] - m for k, m in elements.items())
    assert repaired.squared_distance == moved <= squared_norm(sigma.elements[k] - m for k, m in elements.items())
    assert repaired.noise == 0


@given(scenarios.flatmap(perturbed))
@fast
def test_the_reported_figures_are_those_of_the_move(pair):
    sigma, elements = pair
    repaired = repair(sigma.scenario, elements)
    changes = [(repaired.assemblage.elements[k] - m).sympy() for k, m in elements.items()]
    parts = [part for change in changes for entry in change for part in entry.as_real_imag()]
    assert repaired.largest_change == max(map(abs, parts))
    assert repaired.squared_distance == sum(p**2 for p in parts)
    below = max(repaired.distance - Fraction(2, 1 << 100), Fraction(0))
    assert below**2 <= repaired.squared_distance <= repaired.distance**2


@given(assemblages)
@fast
def test_exact_data_do_not_move(sigma):
    repaired = repair(sigma.scenario, sigma.elements)
    assert repaired.assemblage == sigma
    assert repaired.largest_change == repaired.squared_distance == repaired.distance == repaired.noise == 0


@given(scenarios.flatmap(own.quantum_assemblages), st.integers(2, 6))
@fast
def test_rounded_data_are_repaired_and_the_result_stays(sigma, digits):
    """Singular elements, rounded to so many digits, can become negative."""
    scale = 10 ** (digits + 2)
    elements = {
        label: m if m.is_zero else Matrix(m.field, m.rows, m.columns, rounded(m, scale), scale)
        for label, m in sigma.elements.items()
    }
    repaired = repair(sigma.scenario, elements)
    again = repair(sigma.scenario, repaired.assemblage.elements)
    assert again.assemblage == repaired.assemblage
    assert again.noise == again.distance == 0


def rounded(matrix, scale):
    return tuple(tuple(round(Fraction(x * scale, matrix.denominator)) for x in plane) for plane in matrix.planes)


@given(st.fractions(Fraction(1, 10**6), Fraction(1, 200)))
@fast
def test_the_noise_is_the_least_multiple_of_the_grid_that_makes_the_elements_positive(negative):
    """One box, one setting, probabilities 1 + e and -e: (1 - t)(-e) + t/2 >= 0 iff t >= 2e/(1 + 2e)."""
    scenario = Scenario.of([(2,)], 1)
    elements = {((0,), (0,)): Matrix.rational([[1 + negative]]), ((1,), (0,)): Matrix.rational([[-negative]])}
    exact = 2 * negative / (1 + 2 * negative)
    assert repair(scenario, elements).noise == ceil(exact / GRID) * GRID


def test_doubles_of_the_breuer_hall_assemblage_are_repaired_by_less_than_their_last_bits():
    sigma = saphs18.breuer_hall()
    elements = {}
    for label, matrix in sigma.elements.items():
        table = [[complex(x) for x in row] for row in matrix.sympy().tolist()]
        numbers = [
            [Number.of(Fraction(z.real)) + Number.of(Fraction(z.imag)) * own.gaussian(0, 1) for z in row]
            for row in table
        ]
        elements[label] = Matrix.from_numbers(numbers, RATIONALS)
    repaired = repair(sigma.scenario, elements)
    assert 0 < repaired.largest_change < Fraction(1, 10**15)
    assert repaired.noise < Fraction(1, 10**14)


@given(assemblages, st.data())
@fast
def test_data_far_from_every_assemblage_are_refused(sigma, data):
    label = data.draw(st.sampled_from(list(sigma.elements)))
    far = dict(sigma.elements) | {label: sigma.elements[label] - Matrix.identity(sigma.scenario.order(label)).scale(2)}
    with pytest.raises(PositivityError):
        repair(sigma.scenario, far)


@given(assemblages)
@fast
def test_the_limit_of_the_move_is_the_callers(sigma):
    scaled = {label: m.scale(Fraction(11, 10)) for label, m in sigma.elements.items()}
    assert repair(sigma.scenario, scaled, Fraction(1)).largest_change > 0
    with pytest.raises(PositivityError):
        repair(sigma.scenario, scaled, Fraction(1, 10**6))


def test_only_complete_rational_data_of_the_right_shape_are_repaired():
    scenario = Scenario.of([(2, 2)], 2)
    elements, label = dict(white_noise(scenario).elements), ((0,), (0,))
    with pytest.raises(NumberError):
        repair(saphs18.breuer_hall().scenario, saphs18.breuer_hall().elements)
    with pytest.raises(InputError):
        repair(scenario, elements | {label: Matrix.identity(3)})
    with pytest.raises(InputError):
        repair(scenario, elements | {label: Matrix.zero(2, 3)})
    with pytest.raises(InputError):
        repair(scenario, {key: Matrix.identity(3).scale(Fraction(1, 6)) for key in elements})
    del elements[label]
    with pytest.raises(FormatError):
        repair(scenario, elements)
