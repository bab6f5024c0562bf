"""Quantum realisations: a state, a POVM for every setting of every black box, and channels of the trusted side, exact.

Above: strategies, constructions. Below: assemblages, functionals, steering, maps, the exact layer. A realisation is a
proof that its assemblage is quantum, and that a functional's quantum minimum is not above its value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from steeralg.arguments import checked
from steeralg.errors import ScenarioError, ShapeError
from steeralg.exact.convert import unify
from steeralg.exact.field import Field
from steeralg.exact.markup import OfMatrices
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices, Operator, born
from steeralg.objects.functional import Functional
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from steeralg.objects.steering import measured_boxes, require_dims


@checked
@dataclass(frozen=True, repr=False)
class Realisation(OfMatrices):
    """An explicit quantum realisation in finite dimensions.

    `state.dims` has one factor for each black box, then one for each trusted party (none: a trusted party of dimension
    1); `measurements[k][x]` is the POVM of box k for setting x. `channels` has one completely positive, trace
    preserving map for each view of the scenario, the settings of an input or the several trusted parties; none at all
    stand for identities. Everything is brought to one field and checked exactly; raises ShapeError, PositivityError
    or NormalisationError, naming the box and setting, or the channel.
    """

    state: State
    measurements: tuple[tuple[POVM, ...], ...]
    channels: tuple[LinearMap, ...] = ()

    def __post_init__(self) -> None:
        self._check_measurements()
        self._check_channels()
        effects = [effect for box in self.measurements for povm in box for effect in povm.effects]
        exact = iter(unify([self.state.matrix, *effects, *(m.choi for m in self.channels)]))
        # unify keeps what is in the common field already, and then nothing has to be checked again.
        matrix = next(exact)
        state = self.state if matrix is self.state.matrix else replace(self.state, matrix=matrix)
        boxes = []
        for box in self.measurements:
            tables = [(povm, tuple(next(exact) for _ in povm.effects)) for povm in box]
            boxes.append(tuple(p if p.effects == effects else POVM(effects) for p, effects in tables))
        channels = tuple(replace(m, choi=next(exact)) for m in self.channels)
        object.__setattr__(self, "state", state)
        object.__setattr__(self, "measurements", tuple(boxes))
        object.__setattr__(self, "channels", channels)
        # That the maps are channels is for the devices to check, once.
        _ = self.devices

    def _check_measurements(self) -> None:
        dims, n = self.state.dims, len(self.measurements)
        if not 1 <= n <= len(dims):
            raise ShapeError(f"{n} black boxes do not fit a state of {len(dims)} factors")
        for k, box in enumerate(self.measurements):
            if not box:
                raise ShapeError(f"black box {k} has no measurement")
        require_dims(self.measurements, dims)

    def _check_channels(self) -> None:
        factors, count = self.trusted_dims, len(self.channels)
        if count and 1 < len(factors) != count:
            raise ShapeError(f"{count} channels for {len(factors)} trusted factors")
        for k, channel in enumerate(self.channels):
            factor = factors[k] if len(factors) > 1 else factors[0]
            if channel.dim_in != factor:
                raise ShapeError(f"channel {k} acts on dimension {channel.dim_in}; its factor has {factor}")

    def __repr__(self) -> str:
        return f"<Realisation: dimensions {self.state.dims}, {len(self.channels)} channels; over {self.field}>"

    def matrices(self) -> Iterator[tuple[str, Matrix]]:
        """Yield the state and every effect and channel, with its label."""
        yield "state", self.state.matrix
        yield from self.devices.matrices()

    @property
    def field(self) -> Field:
        """The real number field of the entries' real and imaginary parts."""
        return self.state.matrix.field

    @property
    def trusted_dims(self) -> tuple[int, ...]:
        """The dimensions of the trusted factors; one of dimension 1 where the state has none."""
        return self.state.dims[len(self.measurements) :] or (1,)

    @checked
    def assemblage(self, scenario: Scenario) -> Assemblage:
        """Return what the scenario observes of this realisation. Raises ScenarioError if the two do not fit."""
        self._require_fit(scenario)
        return born(scenario, self.operator, self.devices)

    @property
    def operator(self) -> Operator:
        """The state as an operator."""
        return Operator(self.state.dims, self.state.matrix)

    @cached_property
    def devices(self) -> Devices:
        """The measurements and channels."""
        return Devices(self.measurements, self.channels)

    @checked
    def value(self, functional: Functional) -> Number:
        """Return <F, sigma>, exactly: an upper bound of the functional's minimum over quantum assemblages."""
        return functional.value(self.assemblage(functional.scenario))

    def _require_fit(self, scenario: Scenario) -> None:
        boxes = measured_boxes(self.measurements)
        if len(boxes) != len(scenario.black_boxes):
            raise ScenarioError(f"the realisation has {len(boxes)} black boxes, the scenario {scenario}")
        for k, (here, there) in enumerate(zip(boxes, scenario.black_boxes, strict=True)):
            if here != there:
                raise ScenarioError(
                    f"black box {k} of the realisation has outcomes {here.outcomes}, that of the scenario "
                    f"{there.outcomes}"
                )
        factors, views = self.trusted_dims, scenario.views
        if len(factors) != len(scenario.trusted):
            raise ScenarioError(f"the realisation has {len(factors)} trusted factors, the scenario {scenario}")
        if self.channels and len(self.channels) != len(views):
            raise ScenarioError(
                f"the realisation has {len(self.channels)} channels for the {len(views)} views of the scenario"
            )
        plain = factors if len(factors) > 1 else factors * len(views)
        found = tuple(m.dim_out for m in self.channels) or plain
        for k, (got, wanted) in enumerate(zip(found, views, strict=True)):
            if got != wanted:
                raise ScenarioError(f"view {k} of the realisation has dimension {got}, that of the scenario {wanted}")
