"""Sequential steering: one party measures round after round, and every assemblage of it is quantum (SHSA20).

Above: claims. Below: GHJW purifications, instruments. After the history h = (outcomes, settings) of some rounds the
trusted party has sigma_h = K_h K_h*, and the other one the block h of its system, holding the purification
sum_k |k> (x) K_h|k>. The instrument of the next round takes block h to block h' = (h, a, x) by (J_h K_h')^T, where
J_h = K_h* sigma_h^-1: the blocks are the register of what happened, and the K_h the only square roots.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from steeralg.arguments import checked
from steeralg.errors import ScenarioError, ShapeError, VerificationError
from steeralg.exact.blocks import composed, stacked
from steeralg.exact.convert import unify
from steeralg.exact.factor import PositiveFactor, positive_factors
from steeralg.exact.field import Field
from steeralg.exact.markup import OfMatrices
from steeralg.exact.matrix import Matrix
from steeralg.exact.tensor import kron
from steeralg.maps.channels import kraus_map
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Operator
from steeralg.objects.ghjw import measured, purification, unreached
from steeralg.objects.instrument import Instrument
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import BlackBox, Label, Scenario
from steeralg.objects.state import State

MAX_ORDER = 2048

History: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]
"""The outcomes and the settings of the first rounds."""


@checked
@dataclass(frozen=True, repr=False)
class SequentialDevices(OfMatrices):
    """`rounds[k][x]`, the instrument of round k for setting x, for all rounds but the last; `measurements[x]`, the
    POVM of the last round.

    Raises ShapeError for a round without settings, or where the dimensions of successive rounds do not match.
    """

    rounds: tuple[tuple[Instrument, ...], ...]
    measurements: tuple[POVM, ...]

    def __post_init__(self) -> None:
        if not self.rounds or not all(self.rounds) or not self.measurements:
            raise ShapeError("sequential devices need two rounds or more, each with a setting or more")
        spaces = [{(i.dim_in, i.dim_out) for i in instruments} for instruments in self.rounds]
        spaces.append({(povm.dim, 1) for povm in self.measurements})
        for k, found in enumerate(spaces):
            if len(found) > 1:
                raise ShapeError(f"the settings of round {k} act on different dimensions: {sorted(found)}")
        ends = [next(iter(found)) for found in spaces]
        for k, (before, after) in enumerate(pairwise(ends)):
            if before[1] != after[0]:
                raise ShapeError(f"round {k} leaves dimension {before[1]}, round {k + 1} measures {after[0]}")

    @property
    def dim(self) -> int:
        """The dimension of the system before the first round."""
        return self.rounds[0][0].dim_in

    @property
    def field(self) -> Field:
        """The number field of all entries together."""
        chois = [m.choi for instruments in self.rounds for i in instruments for m in i.maps]
        return unify([*chois, *(e for povm in self.measurements for e in povm.effects)])[0].field

    def matrices(self) -> Iterator[tuple[str, Matrix]]:
        """Yield the Choi matrices of every round and the effects of the last one, with their labels."""
        rounds = [[[m.choi for m in i.maps] for i in settings] for settings in self.rounds]
        last = [list(povm.effects) for povm in self.measurements]
        for k, settings in enumerate([*rounds, last]):
            for x, matrices in enumerate(settings):
                yield from ((f"round {k}: {a}|{x}", matrix) for a, matrix in enumerate(matrices))

    @property
    def black_boxes(self) -> tuple[BlackBox, ...]:
        """The settings and outcomes of every round."""
        boxes = [BlackBox(tuple(len(i.maps) for i in instruments)) for instruments in self.rounds]
        return (*boxes, BlackBox(tuple(len(povm.effects) for povm in self.measurements)))


@checked
def sequential_born(scenario: Scenario, operator: Operator | State, devices: SequentialDevices) -> Assemblage:
    """Return tr_A[(M_{a2|x2} (x) 1) (I_{a1|x1} (x) 1)(W)] and so on for more rounds.

    The operator has a factor for the measured system and one for the trusted party (none for dimension 1). Raises
    ScenarioError where devices and scenario do not fit, and what Assemblage raises where no valid assemblage comes out.
    """
    dims = (*operator.dims, 1) if len(operator.dims) == 1 else operator.dims
    if not scenario.sequential or devices.black_boxes != scenario.black_boxes:
        raise ScenarioError(f"the devices do not have the rounds, settings and outcomes of {scenario}")
    if len(dims) != 2 or dims != (devices.dim, *scenario.views):
        raise ScenarioError(
            f"an operator of dimensions {operator.dims} does not fit devices of dimension {devices.dim} and {scenario}"
        )
    maps = [m.choi for round_ in devices.rounds for instrument in round_ for m in instrument.maps]
    effects = [effect for povm in devices.measurements for effect in povm.effects]
    exact = iter(unify([operator.matrix, *maps, *effects]))
    here, trusted = dims
    # A row for every history and every |i><j| of the trusted party, a column for every |s><t| of the measured system.
    index = [((s * trusted + i) * here + t) * trusted + j for i, j in _pairs(trusted) for s, t in _pairs(here)]
    rows = next(exact).rearrange(trusted**2, here**2, index)
    histories: list[History] = [((), ())]
    for round_ in devices.rounds:
        d, here = here, round_[0].dim_out
        index = [((s * here + u) * d + t) * here + v for s, t in _pairs(d) for u, v in _pairs(here)]
        steps = [(a, x) for x, instrument in enumerate(round_) for a in range(len(instrument.maps))]
        rows = stacked([rows @ next(exact).rearrange(d**2, here**2, index) for _ in steps])
        histories = [_after(history, a, x) for a, x in steps for history in histories]
    elements: dict[Label, Matrix] = {}
    for x, povm in enumerate(devices.measurements):
        for a in range(len(povm.effects)):
            column = rows @ next(exact).transpose.rearrange(here**2, 1, range(here**2))
            for k, history in enumerate(histories):
                place = range(k * trusted**2, (k + 1) * trusted**2)
                elements[_after(history, a, x)] = column.rearrange(trusted, trusted, place)
    return Assemblage(scenario, elements)


def _pairs(order: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(order) for j in range(order)]


@checked
@dataclass(frozen=True, repr=False)
class SequentialRealisation(OfMatrices):
    """A state of the measured system and the trusted party, and what is measured, round after round."""

    state: State
    devices: SequentialDevices

    def matrices(self) -> Iterator[tuple[str, Matrix]]:
        """Yield the state, and every map and effect, with its label."""
        yield "state", self.state.matrix
        yield from self.devices.matrices()

    @property
    def operator(self) -> Operator:
        """The state as an operator."""
        return Operator(self.state.dims, self.state.matrix)

    @checked
    def assemblage(self, scenario: Scenario) -> Assemblage:
        """Return what a sequential scenario observes of it. Raises ScenarioError if the two do not fit."""
        return sequential_born(scenario, self.state, self.devices)


@checked
def sequential_realisation(assemblage: Assemblage) -> SequentialRealisation:
    """Return a state of two systems, instruments and measurements that give a sequential assemblage, exactly.

    Raises ScenarioError unless the scenario is sequential, or if the instruments would be too large (a Choi matrix of
    order above 2048); NumberError where a field of degree above 16 would be needed.
    """
    scenario = assemblage.scenario
    if not scenario.sequential:
        raise ScenarioError(f"this needs a sequential scenario (ghjw serves one black box), not {scenario}")
    depths = _histories(scenario)
    states = {h: assemblage.marginal(_padded(scenario, h)) for depth in depths for h in depth}
    embedding, found = positive_factors(list(states.values()))
    factors = dict(zip(states, found, strict=True))
    blocks = [_Blocks.of({h: factors[h].root.columns for h in depth}) for depth in depths]
    for before, after in pairwise(blocks):
        if before.order * after.order > MAX_ORDER:
            raise ScenarioError(
                f"an instrument from dimension {before.order} to {after.order} would be needed, with a Choi matrix of "
                f"order above {MAX_ORDER}"
            )
    rounds = tuple(
        tuple(_instrument(blocks[k], blocks[k + 1], factors, x, d) for x, d in enumerate(box.outcomes))
        for k, box in enumerate(scenario.black_boxes[:-1])
    )
    elements = {label: embedding.matrix(matrix) for label, matrix in assemblage.elements.items()}
    measurements = tuple(
        _measurement(blocks[-1], factors, elements, x, d) for x, d in enumerate(scenario.black_boxes[-1].outcomes)
    )
    state, devices = purification(factors[(), ()]), SequentialDevices(rounds, measurements)
    if sequential_born(scenario, state, devices).elements != elements:
        raise VerificationError("the realisation does not reproduce the assemblage")
    return SequentialRealisation(state, devices)


@dataclass(frozen=True)
class _Blocks:
    """Where the block of every history begins in the system, and the dimension of the system."""

    starts: Mapping[History, int]
    order: int

    @classmethod
    def of(cls, sizes: Mapping[History, int]) -> _Blocks:
        starts, end = {}, 0
        for history, size in sizes.items():
            starts[history] = end
            end += size
        return cls(starts, end)


def _histories(scenario: Scenario) -> list[list[History]]:
    """Return the histories before each round."""
    depths: list[list[History]] = [[((), ())]]
    for box in scenario.black_boxes[:-1]:
        steps = [(a, x) for x, d in enumerate(box.outcomes) for a in range(d)]
        depths.append([_after(history, a, x) for history in depths[-1] for a, x in steps])
    return depths


def _after(history: History, a: int, x: int) -> History:
    return (*history[0], a), (*history[1], x)


def _padded(scenario: Scenario, history: History) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
    later = (None,) * (len(scenario.black_boxes) - len(history[0]))
    return (*history[0], *later), (*history[1], *later)


def _instrument(
    before: _Blocks, after: _Blocks, factors: Mapping[History, PositiveFactor], x: int, outcomes: int
) -> Instrument:
    """Return the instrument of a setting; what no purification reaches is thrown away under outcome 0."""
    field = next(iter(factors.values())).root.field
    maps = []
    for a in range(outcomes):
        kraus = []
        for history, column in before.starts.items():
            target = _after(history, a, x)
            step = (factors[history].inverse @ factors[target].root).transpose
            kraus.append(composed(after.order, before.order, [(after.starts[target], column, step)], field))
        maps.append(kraus_map(kraus))
    rest = _diagonal(before, {history: unreached(factors[history]) for history in before.starts}, field)
    lost = LinearMap(before.order, after.order, kron(rest.transpose, Matrix.unit(after.order, 0, 0, field)))
    return Instrument((maps[0] + lost, *maps[1:]))


def _measurement(
    blocks: _Blocks,
    factors: Mapping[History, PositiveFactor],
    elements: Mapping[Label, Matrix],
    x: int,
    outcomes: int,
) -> POVM:
    effects = {
        history: measured(factors[history], [elements[_after(history, a, x)] for a in range(outcomes)])
        for history in blocks.starts
    }
    field = next(iter(elements.values())).field
    return POVM(tuple(_diagonal(blocks, {h: e[a] for h, e in effects.items()}, field) for a in range(outcomes)))


def _diagonal(blocks: _Blocks, parts: Mapping[History, Matrix], field: Field) -> Matrix:
    placed = [(start, start, parts[history]) for history, start in blocks.starts.items()]
    return composed(blocks.order, blocks.order, placed, field)
