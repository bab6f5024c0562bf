"""What tests draw from beside `steeralg.strategies`: fixed scenarios and fields, experiments with all their parts.

Names that the public strategies have, too, stand for these, with the arguments that the tests use. `Model` goes its own
way from a state to what a scenario observes, step by step, and stays an oracle for the Born rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod
from random import Random

from hypothesis import strategies as st

from steeralg import strategies as public
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.tensor import kron, partial_trace
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from steeralg.strategies.matrix import ENTRIES, FIELDS

Draw = Callable[[st.SearchStrategy], object]

small = ENTRIES
matrices, hermitian, unitaries = public.matrices, public.hermitian_matrices, public.unitaries
povms, functionals, numbers, fields = public.povms, public.functionals, public.numbers, public.fields()


def gaussian(re: int, im: int) -> Number:
    return Number(RATIONALS, (re,), (im,))


def inverse(m: Matrix) -> Matrix:
    n = m.rows
    rows = [[m.entry(i, j) for j in range(n)] + [Number.of(int(i == j), m.field) for j in range(n)] for i in range(n)]
    for i in range(n):
        pivot = next(r for r in range(i, n) if not rows[r][i].is_zero)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        scale = rows[i][i].inverse()
        rows[i] = [x * scale for x in rows[i]]
        for r in range(n):
            if r != i and not rows[r][i].is_zero:
                factor = rows[r][i]
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[i], strict=True)]
    return Matrix.from_numbers([row[n:] for row in rows], m.field)


def states(dims: tuple[int, ...], max_rank: int = 2) -> st.SearchStrategy[State]:
    """States of low rank."""
    return st.one_of([public.states(dims, rank=rank) for rank in range(1, min(max_rank, prod(dims)) + 1)])


scenarios = st.sampled_from(
    [
        Scenario.of([(2, 2)], 2),
        Scenario.of([(2, 2), (2, 2)], 1),
        Scenario.of([(2, 2), (2, 2)], 2),
        Scenario.of([(2, 3), (2,)], 2),
        Scenario.of([(3, 2), (1, 2)], 2),
        Scenario.of([(2, 2), (3,)], 3),
    ]
)


KINDS = {
    "one box": Scenario.of([(2, 2)], 2),
    "two boxes": Scenario.of([(2, 2), (3,)], 2),
    "bell": Scenario.of([(2, 2), (2, 1)]),
    "input": Scenario.of([(2, 2)], 2, 2),
    "input, three outcomes": Scenario.of([(3, 1)], 2, 3),
    "input, qutrit": Scenario.of([(2,)], 3, 2),
    "input, two boxes": Scenario.of([(2, 1), (2,)], 2, 2),
    "input, dimension one": Scenario.of([(2, 2)], 1, 2),
    "instrumental": Scenario.of([(2, 2)], 2, 2, True),
    "instrumental, fewer outcomes": Scenario.of([(1, 2)], 2, 3, True),
    "instrumental, dimension one": Scenario.of([(2, 3)], 1, 3, True),
    "several trusted": Scenario.of([(2, 2)], [2, 2]),
    "several trusted, two boxes": Scenario.of([(2,), (2, 1)], [2, 3]),
    "three trusted": Scenario.of([(2, 1)], [2, 1, 2]),
}
"""Small scenarios of every kind."""

kinds = st.sampled_from(list(KINDS.values()))


@dataclass(frozen=True)
class Model:
    """An explicit realisation: boxes measure their factors of the state; at setting y of an input the trusted factor,
    of dimension D * copies, is turned by a unitary U_y and the second factor thrown away.
    """

    scenario: Scenario
    state: State
    measurements: list[list[POVM]]
    unitaries: list[Matrix]

    def channel(self, unitary: Matrix) -> LinearMap:
        dims = (self.scenario.views[0], unitary.rows // self.scenario.views[0])
        return LinearMap.from_action(unitary.rows, lambda m: partial_trace(unitary @ m @ unitary.adjoint, dims, [1]))

    @cached_property
    def assemblage(self) -> Assemblage:
        """What the scenario observes, step by step: steer, send through the channels, restrict."""
        scenario = self.scenario
        sigma = Assemblage.from_state(self.state, self.measurements)
        if scenario.has_input:
            sigma = sigma.with_input([self.channel(u) for u in self.unitaries])
        if scenario.instrumental:
            return sigma.instrumental()
        return sigma.marginals([p.dim for p in scenario.trusted]) if len(scenario.trusted) > 1 else sigma

    @property
    def effects(self) -> list[list[list[Matrix]]]:
        """For every party and setting the basis elements in order: effects, then the matrix units U*(e_ij (x) 1)U."""
        result = [[list(povm.effects) for povm in box] for box in self.measurements]
        if self.scenario.has_input:
            d = self.scenario.views[0]
            one = [Matrix.identity(u.rows // d) for u in self.unitaries]
            result.append(
                [
                    [u.adjoint @ kron(Matrix.unit(d, i, j), rest) @ u for i in range(d) for j in range(d)]
                    for u, rest in zip(self.unitaries, one, strict=True)
                ]
            )
        return result


@st.composite
def models(draw, scenario: Scenario, local_dim: int = 2, projective: bool = False, copies: int = 2) -> Model:
    """Explicit realisations of any scenario."""
    measured = projective_measurements if projective else povms
    trusted = scenario.dim
    unitary: list[Matrix] = []
    if scenario.has_input:
        trusted = scenario.views[0] * draw(st.integers(1, copies))
        unitary = [draw(unitaries(trusted)) for _ in scenario.views]
    state = draw(states((*(local_dim for _ in scenario.black_boxes), trusted)))
    measurements = [[draw(measured(local_dim, d)) for d in box.outcomes] for box in scenario.black_boxes]
    return Model(scenario, state, measurements, unitary)


def quantum_assemblages(scenario: Scenario, local_dim: int = 2) -> st.SearchStrategy[Assemblage]:
    """Assemblages of an explicit state and explicit POVMs on systems of dimension `local_dim`, in any scenario."""
    return public.quantum_assemblages(scenario, local_dim=local_dim)


def pr_boxes(outcomes: int, trusted: Matrix) -> Assemblage:
    """The generalised PR box a2 - a1 = x1 x2 (mod d) times a state: postquantum by a wide margin."""
    dim = trusted.rows
    scenario = Scenario.of([(outcomes,) * 2] * 2, dim)
    part, zero = trusted.scale(Fraction(1, outcomes)), Matrix.zero(dim, dim)
    return Assemblage(
        scenario,
        {(a, x): part if (a[1] - a[0] - x[0] * x[1]) % outcomes == 0 else zero for a, x in scenario.labels()},
    )


def deterministic_elements(scenario: Scenario):
    """Every deterministic strategy of the boxes: one outcome for each setting of each box."""
    return product(*(product(*(range(d) for d in box.outcomes)) for box in scenario.black_boxes))


def projective_measurements(dim: int, outcomes: int) -> st.SearchStrategy[POVM]:
    """Projectors on some vectors each of an orthonormal basis."""
    return public.povms(dim, outcomes, projective=True)


SQRT2, MINUS_SQRT2, CUBIC = FIELDS[1], FIELDS[2], FIELDS[4:7]
"""Two square roots; the three real embeddings of x^3 - 3x + 1, from left to right."""


@st.composite
def algebraic_matrices(draw, field: Field, rows: int, columns: int) -> Matrix:
    return Matrix.from_numbers([[draw(numbers(field)) for _ in range(columns)] for _ in range(rows)], field)


three_boxes = Scenario.of([(2,), (2, 3), (2,)], 2)


@st.composite
def experiments(draw):
    """A scenario with a state and one POVM for every box and setting that realise it; the first box may be a qutrit."""
    scenario = draw(scenarios | st.just(three_boxes))
    dims = [draw(st.integers(2, 3)), *(2 for _ in scenario.black_boxes[1:])]
    state = draw(states((*dims, scenario.dim)))
    boxes = zip(dims, scenario.black_boxes, strict=True)
    return scenario, state, [[draw(povms(dim, d)) for d in box.outcomes] for dim, box in boxes]


def random_functional(scenario: Scenario, seed: int) -> Functional:
    """A fixed complex functional with small integers, for tests that solve: drawing one anew each time is too slow."""
    random = Random(seed)

    def operator(dim: int) -> Matrix:
        m = Matrix.from_numbers(
            [[gaussian(random.randint(-4, 4), random.randint(-4, 4)) for _ in range(dim)] for _ in range(dim)],
            RATIONALS,
        )
        return m + m.adjoint

    return Functional(scenario, {label: operator(scenario.order(label)) for label in scenario.labels()})
