"""Functionals with known symmetries, relabellings of any scenario, groups of symmetries."""

from itertools import permutations, product

import sympy
from hypothesis import strategies as st

from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.objects.symmetry import Symmetry

PAULI_X, PAULI_Z = [[0, 1], [1, 0]], [[1, 0], [0, -1]]


def chsh() -> Functional:
    """The CHSH expression, with least value -2 sqrt(2) (Tsirelson 1980)."""
    scenario = Scenario.of([(2, 2), (2, 2)])
    return Functional.of(scenario, {(a, x): [[(-1) ** (sum(a) + x[0] * x[1])]] for a, x in scenario.labels()})


def i3322() -> Functional:
    """I3322 of Collins and Gisin (2004) in probabilities of outcome 0, negated; 0 is the least local value."""
    table = {(0, 0): 1, (0, 1): 1, (0, 2): 1, (1, 0): 1, (1, 1): 1, (1, 2): -1, (2, 0): 1, (2, 1): -1}
    partial = {((0, 0), x): [[-c]] for x, c in table.items()}
    partial |= {((0, None), (0, None)): [[1]], ((None, 0), (None, 0)): [[2]], ((None, 0), (None, 1)): [[1]]}
    return Functional.from_marginals(Scenario.of([(2, 2, 2), (2, 2, 2)]), partial)


def hadamard() -> Functional:
    """Two boxes correlated with X and Z of a qubit in two ways: the Fourier matrix exchanges the settings."""
    scenario = Scenario.of([(2, 2), (2, 2)], 2)
    operators = [sympy.Matrix(PAULI_Z), sympy.Matrix(PAULI_X)]
    elements = {}
    for a, x in scenario.labels():
        own = (-1) ** (a[0] + a[1]) * int(x[0] == x[1]) * sympy.eye(2)
        elements[a, x] = own - (-1) ** a[0] * operators[x[0]] + (-1) ** a[1] * operators[x[1]]
    return Functional.of(scenario, elements)


def qutrit() -> Functional:
    """One box against projectors on the eigenvectors of Z and X of a qutrit."""
    w = sympy.Rational(-1, 2) + sympy.sqrt(3) * sympy.I / 2
    elements = {}
    for a in range(3):
        vectors = [sympy.Matrix([int(j == a) for j in range(3)]), sympy.Matrix([w ** (a * j % 3) for j in range(3)])]
        for x, v in enumerate(vectors):
            projector = (v * v.H / (v.H * v)[0]).applyfunc(sympy.expand)
            elements[(a,), (x,)] = (projector - sympy.eye(3) / 3).applyfunc(sympy.expand)
    return Functional.of(Scenario.of([(3, 3)], 3), elements)


@st.composite
def bijections(draw, sizes, targets):
    """A permutation that takes places to places of the same size."""
    free = {size: draw(st.permutations([i for i, t in enumerate(targets) if t == size])) for size in set(sizes)}
    return tuple(free[size].pop() for size in sizes)


@st.composite
def relabellings(draw, scenario):
    """Any relabelling of a scenario, as arguments of `Symmetry.of`."""
    sizes = [box.outcomes for box in scenario.black_boxes]
    kinds = [tuple(sorted(box)) for box in sizes]
    boxes = draw(bijections(kinds, kinds))
    maps = tuple(draw(bijections(sizes[k], sizes[to])) for k, to in enumerate(boxes))
    outcomes = tuple(tuple(tuple(draw(st.permutations(range(d)))) for d in box) for box in sizes)
    return {"boxes": boxes, "settings": maps, "outcomes": outcomes}


def every_relabelling(scenario):
    """Yield all relabellings of a scenario."""
    sizes = [box.outcomes for box in scenario.black_boxes]
    for boxes in permutations(range(len(sizes))):
        maps = [
            [m for m in permutations(range(len(box))) if [sizes[to][y] for y in m] == list(box)]
            * (len(sizes[to]) == len(box))
            for box, to in zip(sizes, boxes, strict=True)
        ]
        places = [list(product(*(permutations(range(d)) for d in box))) for box in sizes]
        for settings in product(*maps):
            for outcomes in product(*places):
                yield Symmetry.of(scenario, boxes=boxes, settings=settings, outcomes=outcomes)


def following(first, second):
    """First one symmetry, then another."""
    return Symmetry.of(
        first.scenario,
        boxes=[second.boxes[k] for k in first.boxes],
        settings=[[second.settings[to][y] for y in first.settings[k]] for k, to in enumerate(first.boxes)],
        outcomes=[
            [
                [second.outcomes[to][y][b] for b in row]
                for y, row in zip(first.settings[k], first.outcomes[k], strict=True)
            ]
            for k, to in enumerate(first.boxes)
        ],
        unitary=second.unitary @ (first.unitary.conjugate if second.antiunitary else first.unitary),
        antiunitary=first.antiunitary != second.antiunitary,
    )


def generated(scenario, generators):
    """The group of relabellings that some generate."""
    found = [Symmetry.of(scenario)]
    known = set(found)
    for element in found:
        for generator in generators:
            new = following(element, generator)
            if new not in known:
                known.add(new)
                found.append(new)
    return known
