"""What the parties do, and what comes of it: measurements, channels, and the Born rule for any Hermitian operator.

Above: realisations, proofs. Below: steering, assemblages. The operator need not be positive: steered by an
entanglement witness, a valid assemblage may come out that no state gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from steeralg.arguments import checked
from steeralg.errors import NormalisationError, PositivityError, ScenarioError, ShapeError
from steeralg.exact.convert import unify
from steeralg.exact.field import Field
from steeralg.exact.markup import OfMatrices
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import brief
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import partial_trace
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Label, Scenario
from steeralg.objects.steering import measured_boxes, steer
from steeralg.verdict import Refuted


@checked
@dataclass(frozen=True, repr=False)
class Operator(OfMatrices):
    """A Hermitian operator on tensor factors of dimensions `dims`. Raises ShapeError or HermitianError."""

    dims: tuple[int, ...]
    matrix: Matrix

    def __post_init__(self) -> None:
        if not self.dims or any(d < 1 for d in self.dims) or self.matrix.rows != prod(self.dims):
            raise ShapeError(
                f"the operator has order {self.matrix.rows}; dimensions {self.dims} need {prod(self.dims)}"
            )
        self.matrix.require_hermitian("the operator")

    @property
    def field(self) -> Field:
        """The real number field of the entries' real and imaginary parts."""
        return self.matrix.field

    def matrices(self) -> Iterator[tuple[str, Matrix]]:
        """Yield the matrix, without a label."""
        yield "", self.matrix


@checked
@dataclass(frozen=True, repr=False)
class Devices(OfMatrices):
    """`measurements[k][x]`, the POVM of box k for setting x, and one channel for each view, or none (the identity).

    Views are the settings y of a trusted party with input, or the trusted parties. Raises ShapeError for a box without
    measurement, PositivityError or NormalisationError for a map that is not a channel.
    """

    measurements: tuple[tuple[POVM, ...], ...]
    channels: tuple[LinearMap, ...] = ()

    def __post_init__(self) -> None:
        if not self.measurements or not all(self.measurements):
            raise ShapeError("every black box needs at least one measurement")
        for k, channel in enumerate(self.channels):
            verdict = decide_psd(channel.choi)
            if isinstance(verdict, Refuted):
                value = brief(verdict.witness.value)
                raise PositivityError(
                    f"channel {k} is not completely positive: a vector has value {value} in its Choi matrix"
                )
            if not channel.is_trace_preserving:
                raise NormalisationError(f"channel {k} is not trace preserving")

    @classmethod
    @checked
    def of(cls, measurements: Sequence[Sequence[POVM]], channels: Sequence[LinearMap] = ()) -> Devices:
        """Return devices from any sequences."""
        return cls(tuple(map(tuple, measurements)), tuple(channels))

    @property
    def field(self) -> Field:
        """The number field of all entries together."""
        effects = [e for box in self.measurements for povm in box for e in povm.effects]
        return unify([*effects, *(channel.choi for channel in self.channels)])[0].field

    def matrices(self) -> Iterator[tuple[str, Matrix]]:
        """Yield every effect and the Choi matrix of every channel, with its label."""
        for k, box in enumerate(self.measurements):
            for x, povm in enumerate(box):
                yield from ((f"box {k}: {a}|{x}", effect) for a, effect in enumerate(povm.effects))
        yield from ((f"channel {v}", channel.choi) for v, channel in enumerate(self.channels))


@checked
def born(scenario: Scenario, operator: Operator, devices: Devices) -> Assemblage:
    """Return Lambda_v(tr_A[(M_{a1|x1} (x) ... (x) 1) W]), for the view's party (SHSA20 Def. 1, S26 Def. 3).

    The operator has one factor for each black box, then one for each trusted party (none for a trusted party of
    dimension 1). Raises ScenarioError where devices and scenario do not fit (for a sequential one: `sequential_born`),
    and what Assemblage raises where no valid assemblage comes out.
    """
    scenario.require_simultaneous("measurements on separate factors")
    boxes, dims = len(scenario.black_boxes), operator.dims
    if measured_boxes(devices.measurements) != scenario.black_boxes:
        raise ScenarioError(f"the measurements do not have the settings and outcomes of {scenario}")
    trusted = dims[boxes:] or (1,)
    if len(trusted) != len(scenario.trusted):
        raise ScenarioError(f"an operator of {len(dims)} factors does not fit {scenario}")
    if devices.channels and len(devices.channels) != len(scenario.views):
        raise ScenarioError(
            f"{len(devices.channels)} channels do not fit {scenario}: it has {len(scenario.views)} views"
        )
    steered = steer(operator.matrix, (*dims[:boxes], *trusted), devices.measurements)
    elements: dict[Label, Matrix] = {}
    for label in scenario.labels():
        view = scenario.view(label)
        matrix = steered[label[0], label[1]]
        if len(trusted) > 1:
            matrix = partial_trace(matrix, trusted, [k for k in range(len(trusted)) if k != view])
        elements[label] = devices.channels[view](matrix) if devices.channels else matrix
    return Assemblage(scenario, elements)
